"""Reads a whole letter: cuts it up, asks each parser for its field, hands back a draft."""

from datetime import date

from extract.clean import Cleaned
from extract.draft import Draft
from extract.parse.sections import find_sections


def parse_letter(cleaned: Cleaned, *, today: date | None) -> Draft:
    """What the rules find in a letter."""
    _sections, layout = find_sections(cleaned.lines)
    draft = Draft()
    if layout:
        draft.fields["layout"] = layout
    return draft
