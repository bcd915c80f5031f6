"""Cuts letters for the tests of the parsers of items."""

from extract.clean import clean
from extract.parse.letter import cut_letter
from extract.parse.parts import ItemParts, LetterParts
from schemas import Decision

U, O, P = Decision  # noqa: E741  # the table's columns


def cut(text: str) -> LetterParts:
    return cut_letter(clean(text))


def as_row(found: ItemParts) -> tuple[object, ...]:
    passages = (found.claims_line, found.reviewer_line, found.rationale)
    texts = [passage.text if passage else None for passage in passages]
    return (found.title.text, found.decision.value if found.decision else None, *texts)
