"""Where a value stands: passages of the cleaned letter, found values, the way back.

Parsers see a `Passage` and return `Found` values at offsets of the cleaned letter;
`OffsetMap` leads from there to the letter as it was handed in.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


def lowered(text: str) -> str:
    """`text` in lower case, character by character at the same offsets.

    A letter whose lower case is two characters ("İ") is left as it is.
    """
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


class Found(NamedTuple, Generic[T]):
    """A value, where it stands in the cleaned letter, and the rule that found it.

    `grounding` says how a model's quotation was found there: only a model's value has one.
    """

    value: T
    start: int
    end: int
    rule: str
    derived_from: tuple[str, ...] = ()
    grounding: str | None = None

    def moved(self, by: int) -> "Found[T]":
        """The same value, `by` characters further on."""
        value, start, end, rule, derived_from, grounding = self
        return Found(value, start + by, end + by, rule, derived_from, grounding)


class Passage(NamedTuple):
    """A stretch of the cleaned letter that knows where it begins; false if it is empty."""

    text: str
    start: int = 0

    def __bool__(self) -> bool:
        """Whether it holds anything: a label with nothing behind it states nothing."""
        return bool(self.text)

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.start + len(self.text)

    def part(self, start: int, end: int | None = None) -> "Passage":
        """The passage from `start` to `end`, counted within this one."""
        return Passage(self.text[start:end], self.start + start)

    def found(
        self, value: T, match: "re.Match[str]", rule: str, *, group: int | str = 0
    ) -> Found[T]:
        """`value` at the place of `match`, a match within this passage's text."""
        return Found(
            value, self.start + match.start(group), self.start + match.end(group), rule
        )

    def found_whole(self, value: T, rule: str) -> Found[T]:
        """`value` with the whole passage as its place."""
        text, start = self
        return Found(value, start, start + len(text), rule)

    def stripped(self, characters: str | None = None) -> "Passage":
        """The passage without white space (or `characters`) at its ends."""
        text, start = self
        from_left = text.lstrip(characters)
        return Passage(from_left.rstrip(characters), start + len(text) - len(from_left))


class OffsetMap:
    """Leads from offsets of the cleaned text to offsets of the original.

    Args:
        cleaned: ascending offsets of the cleaned text, 0 first, at which the shift changes.
        shifts: what to add to an offset at or behind each of them.
    """

    __slots__ = ("_cleaned", "_shifts")

    def __init__(self, cleaned: Sequence[int], shifts: Sequence[int]) -> None:
        self._cleaned = cleaned
        self._shifts = shifts

    def original(self, offset: int) -> int:
        """Where the character at `offset` of the cleaned text stood."""
        return offset + self._shifts[bisect_right(self._cleaned, offset) - 1]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that `start` to `end` of the cleaned text covers."""
        cleaned, shifts = self._cleaned, self._shifts
        first = bisect_right(cleaned, start) - 1
        begin = start + shifts[first]
        if end <= start:
            return begin, begin
        return begin, end + shifts[bisect_right(cleaned, end - 1, first) - 1]
