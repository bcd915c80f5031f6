"""Reads titles for the tests of the parsers of titles."""

from typing import Any

from extract.parse.title.category import find_category
from extract.parse.title.fields import find_item_fields
from extract.parse.title.words import Words, read_words
from extract.spans import Found, Passage

START = 7
"""Where the titles of the tests begin, so that offsets are not right by chance."""


def words_of(title: str) -> Words:
    """The words of `title`."""
    return read_words(Passage(title, START))


def category_of(title: str) -> str | None:
    """The category that `title` asks for."""
    found = find_category(words_of(title))
    return found.value.value if found else None


def fields_of(
    title: str, *, summary: str | None = None, rationale: str | None = None
) -> dict[str, Any]:
    """The values found for `title`, body parts as pairs, by field without `requested.`."""
    found = find_item_fields(
        Passage(title, START),
        summary=Passage(summary) if summary else None,
        rationale=Passage(rationale) if rationale else None,
    )
    return {
        name.removeprefix("requested."): one.value if isinstance(one, Found) else one
        for name, one in found.items()
    }
