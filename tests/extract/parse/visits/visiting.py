"""Reads the visits of an item for the tests of their parsers."""

from extract.parse.visits.item import find_visits
from extract.spans import Passage

PT = "Physical therapy 3x4 for the lumbar spine"
ACUPUNCTURE = "Acupuncture 6 sessions"
CHIROPRACTIC = "Chiropractic treatment twice a week"


def visits_of(title: str, *, summary: str = "", rationale: str = "") -> tuple[object, object]:
    """The visits had and the guideline's most, of the item with this title."""
    values = find_visits(
        Passage(title),
        summary=Passage(summary, 100) if summary else None,
        rationale=Passage(rationale, 900) if rationale else None,
    )
    found = (values.get("prior_visits"), values.get("guideline_max_visits"))
    assert not any(isinstance(value, list) for value in found)
    return found[0] and getattr(found[0], "value", None), found[1] and getattr(
        found[1], "value", None
    )
