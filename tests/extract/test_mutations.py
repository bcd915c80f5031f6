"""Letters that somebody damaged: whatever is left gives a record, and true evidence."""

import random
from datetime import date
from pathlib import Path

import pytest

from extract import Extraction, Settings, extract_record
from extract.errors import ReadError

GOLD = Path(__file__).parents[2] / "gold"
SETTINGS = Settings(today=date(2026, 1, 1))
LETTERS_A_SEED = 40

# Characters that change their length or kind when they are folded, and words at which
# parsers begin.
PIECES = [
    "İ", "ﬃ", "ß", "\u212a", "\u200b", "\u00ad", "\x1c", "\u2028", "\f", "\r\n", "-\n", "- ", "–", "－",
    "²", "½", "٣", "１２", "(", ")", "[", "#", "%", "&", ",", ";", ".", "\"", "“", "…", "§", "0",
    "999999999", "0 visits", "1. 2. 3.", "12/31/99", "2/30/2013", "00/00/00", "CM14-0000001",
    "Page 2 of 3", "Page(s): 1-2", "(updated 12/20/16)", "2100", "year old", "status post ",
    "diagnosis:", "thousand", "hundred and", "and", "Upheld", "Overturned", "Decision rationale:",
    "MAXIMUS guideline:", "is not medically necessary.", "the original request.",
    "remaining IMR eligible portion", "Board Certified in ", "State(s) of Licensure:",
]  # fmt: skip


def _damaged(text: str, chance: random.Random) -> str:
    """`text` with up to a dozen places cut out, put in, doubled or moved."""
    for _ in range(chance.randint(1, 12)):
        start = chance.randrange(len(text))
        end = min(len(text), start + chance.randint(1, 80))
        other = chance.randrange(len(text))
        piece = chance.choice(
            [
                chance.choice(PIECES) + text[start:end],
                chance.choice(PIECES) * chance.randint(2, 5),
                text[other : other + chance.randint(0, 200)],
                "",
            ]
        )
        text = text[:start] + piece + text[end:]
    return text


@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_letter_gives_a_record_with_true_evidence(seed: int) -> None:
    chance = random.Random(seed)
    paths = sorted(GOLD.glob("**/letters/*.txt"))
    for _ in range(LETTERS_A_SEED):
        text = _damaged(chance.choice(paths).read_text("utf-8"), chance)
        try:
            extraction = extract_record(text, settings=SETTINGS)
        except ReadError:
            continue
        for evidence in extraction.evidence.values():
            assert text[evidence.start : evidence.end] == evidence.quote
        assert Extraction.model_validate_json(extraction.model_dump_json()) == extraction
