"""What does a title ask for? Asks each of the parsers of titles for its fields."""

from functools import lru_cache

from extract.draft import Values, moved
from extract.parse.title.body_parts import find_body_parts
from extract.parse.title.category import find_category
from extract.parse.title.drugs import find_drug
from extract.parse.title.part_authorized import split_part_authorized
from extract.parse.title.quantities import find_quantities
from extract.parse.title.request_in_prose import find_told
from extract.parse.title.words import Words, read_words
from extract.spans import Passage

_LONGEST_TITLE = 2000
"""No real title is longer; what is, holds something else behind its beginning."""

_REMEMBERED = 4096
"""Titles that are kept: "MRI of the lumbar spine" is asked for again and again."""


def find_item_fields(
    title: Passage, *, summary: Passage | None, rationale: Passage | None
) -> Values:
    """The fields of an item that its title tells, category and quantities among them.

    Of a request authorised in part they speak of the original request.

    Args:
        summary: the case summary, for what the title leaves open.
        rationale: the item's rationale, likewise.
    """
    words, read = _read_title(title.text)
    values = moved(read, title.start)
    return values | find_told(words, values, summary=summary, rationale=rationale)


@lru_cache(maxsize=_REMEMBERED)
def _read_title(text: str) -> tuple[Words, Values]:
    """The words that are asked for, and the fields that the title alone tells."""
    title = Passage(text)
    values: Values = {}
    split = split_part_authorized(title)
    asked = split.original_request if split else title
    if split:
        values |= split.values()
    words = read_words(asked.part(0, _LONGEST_TITLE))
    category = find_category(words)
    if category:
        values["category"] = category
    kind = category.value if category else None
    parts = find_body_parts(words)
    if parts:
        values["body_parts"] = list(parts)
    values |= find_quantities(words, kind)
    values |= find_drug(words, kind)
    return words, values
