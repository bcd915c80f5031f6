"""Which items were disputed? Cuts the decisions into items, one way for each layout."""

from collections.abc import Callable

from extract.parse.cut.labelled import split_labelled
from extract.parse.cut.notice import split_notice
from extract.parse.cut.professional import split_professional
from extract.parse.cut.sections import Sections
from extract.parse.cut.sentence import split_decisions
from extract.parse.cut.unknown import split_unknown
from extract.parse.parts import ItemParts
from schemas import Layout

SPLITTERS: dict[Layout, Callable[[str, Sections], list[ItemParts]]] = {
    Layout.ISSUES_DECISIONS_RATIONALES: split_labelled,
    Layout.DECISIONS_AND_RATIONALES: split_decisions,
    Layout.NOTICE_OF_DETERMINATION: split_notice,
    Layout.PROFESSIONAL_REVIEW: split_professional,
}


def split_items(lines: str, sections: Sections, layout: Layout | None) -> list[ItemParts]:
    """The disputed items of the letter `lines`, in the order decided.

    A letter of no known layout is tried by labels of its own, then by those of the
    commonest layout, which cannot be mistaken for anything else.
    """
    if layout is None:
        return split_unknown(lines) or split_labelled(lines, sections)
    return SPLITTERS[layout](lines, sections)
