"""Made-up replies: a letter's label said in the shape of a model's reply.

Each quotation is looked for in the letter by the test itself, so the replies are as good
as a careful reader's. They are no model's.
"""

import json
import re
from pathlib import Path
from typing import Any

from extract.clean import clean
from extract.cues import PROOF, cue
from extract.examine import Examination
from extract.follow import Proof, follows
from extract.wire import POINTED, VERBATIM, asked_fields
from schemas import BodyPart, Citation
