"""Reads a whole letter: cuts it up, asks each parser for its field, hands back a draft."""

from datetime import date

from extract.clean import Cleaned
from extract.draft import Draft, Values
from extract.parse.items import split_items
from extract.parse.parts import ItemParts, LetterParts
from extract.parse.sections import find_sections, section_passage
from schemas import Layout


def cut_letter(cleaned: Cleaned) -> LetterParts:
    """The letter cut into the parts that the parsers read."""
    sections, layout = find_sections(cleaned.lines)
    header = section_passage(cleaned.lines, sections, "header")
    parts = LetterParts(layout, header) if header else LetterParts(layout)
    parts.qualifications = section_passage(cleaned.flat, sections, "credentials")
    parts.qualifications = parts.qualifications or section_passage(
        cleaned.flat, sections, "qualifications"
    )
    parts.summary = section_passage(cleaned.flat, sections, "summary")
    kind = layout.value if layout else Layout.UNKNOWN
    parts.items = split_items(cleaned.lines, sections, kind)
    return parts


def parse_letter(cleaned: Cleaned, *, today: date | None) -> Draft:
    """What the rules find in a letter."""
    parts = cut_letter(cleaned)
    draft = Draft()
    if parts.layout:
        draft.fields["layout"] = parts.layout
    draft.items = [_parse_item(item) for item in parts.items]
    return draft


def _parse_item(item: ItemParts) -> Values:
    values: Values = {"description": item.title.found_whole(item.title.text, "title.line")}
    if item.decision:
        values["decision"] = item.decision
    if item.rationale:
        values["rationale"] = item.rationale.found_whole(
            item.rationale.text, "rationale.label"
        )
    return values
