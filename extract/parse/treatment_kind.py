"""Does an item ask for a treatment that comes in visits, and for which kind?"""

import re
from functools import cache

from extract.lexicon import load_lexicon
from extract.parse.mentions import PhraseTable
from extract.parse.sentences import lowered

# Of these an item's title asks for the encounter itself, not for a course of treatment.
_ONE_ENCOUNTER = re.compile(
    r"\bre-?exam|\b(?:re-?)?evaluat|\bconsult|\bfollow[- ]?up\b|\breferral|\bunit\b"
)

_NO_KIND = "none"


def find_kind(title: str) -> str | None:
    """The kind of treatment that an item's title asks for, if it comes in visits.

    >>> find_kind("Physical therapy 3x4 for the lumbar spine"), find_kind("Soma 350mg")
    ('therapy', None)
    """
    text = lowered(title)
    if _ONE_ENCOUNTER.search(text):
        return None
    kind = _title_table().first(text)
    return kind if kind != _NO_KIND else None


@cache
def _title_table() -> PhraseTable:
    return PhraseTable(
        {kind["name"]: kind["title"] for kind in load_lexicon("visits")["kind"]}
    )
