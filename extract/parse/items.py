"""Which items were disputed? Cuts the decisions into items, one way for each layout."""

from collections.abc import Callable

from extract.parse.items_labelled import split_labelled
from extract.parse.items_notice import split_notice
from extract.parse.items_professional import split_professional
from extract.parse.items_sentence import split_sentences
from extract.parse.parts import ItemParts
from extract.parse.sections import Sections
from schemas import Layout

SPLITTERS: dict[Layout, Callable[[str, Sections], list[ItemParts]]] = {
    Layout.ISSUES_DECISIONS_RATIONALES: split_labelled,
    Layout.DECISIONS_AND_RATIONALES: split_sentences,
    Layout.NOTICE_OF_DETERMINATION: split_notice,
    Layout.PROFESSIONAL_REVIEW: split_professional,
}


def split_items(lines: str, sections: Sections, layout: Layout) -> list[ItemParts]:
    """The disputed items of the letter `lines`, in the order decided.

    A letter of an unknown layout is tried by the labels of the commonest one, which
    cannot be mistaken for anything else.
    """
    return SPLITTERS.get(layout, split_labelled)(lines, sections)
