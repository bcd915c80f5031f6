"""The parts into which a letter is cut before its fields are read. Data, no logic."""

from dataclasses import dataclass, field

from extract.spans import Found, Passage
from schemas import Decision, Layout

VERDICTS = {
    "": Decision.OVERTURNED,
    "not": Decision.UPHELD,
    "partially": Decision.PARTIALLY_OVERTURNED,
}
"""What the word before "medically necessary", in lower case, decides."""


@dataclass(slots=True)
class ItemParts:
    """One disputed item: the passages that speak of it, and the decision.

    Args:
        title: what was asked for, without number and decision.
        decision: read from the title or the heading, `None` if none is stated.
        claims_line: what the claims administrator's decision was based on.
        reviewer_line: what the expert reviewer's decision was based on.
        rationale: the reviewer's rationale.
    """

    title: Passage
    decision: Found[Decision] | None = None
    claims_line: Passage | None = None
    reviewer_line: Passage | None = None
    rationale: Passage | None = None


@dataclass(slots=True)
class LetterParts:
    """A letter, cut up. Passages are flat (no line feeds) except `header`.

    Args:
        layout: the form of the letter, where a heading shows it.
        header: everything before the first heading, with its lines.
        margin: the page furniture.
        notice: the notice's paragraph on application and denial.
        qualifications: who the reviewer is.
        summary: the clinical case summary.
        items: the disputed items, in the order decided.
        untitled: which decisions, counted from 1, have no title and so are no items.
    """

    layout: Found[Layout] | None
    header: Passage
    margin: Passage
    notice: Passage | None = None
    qualifications: Passage | None = None
    summary: Passage | None = None
    items: list[ItemParts] = field(default_factory=list)
    untitled: list[int] = field(default_factory=list)
