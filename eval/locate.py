"""Where in the letter does a labelled value stand? For highlighting only.

Labels carry no evidence, so the value is looked for as it might be printed. What is not
found is not highlighted; nothing is scored by it.
"""

import re
from bisect import bisect_right
from datetime import date
from typing import Any

from eval.fields import ScoredField
from extract.spans import Span, lowered
from schemas import BodyPart, CaseRecord, Citation, Item

_ANCHOR_WORDS = 6
"""Words by which the two ends of a long text are found, if it does not stand in one piece."""

_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)


class LetterText:
    """A letter in which texts are found whatever their white space and case."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._folded_starts: list[int] = []
        words, at = [], 0
        for match in re.finditer(r"\S+", text):
            self._starts.append(match.start())
            self._folded_starts.append(at)
            words.append(match.group())
            at += len(match.group()) + 1
        self._folded = lowered(" ".join(words))

    def find(self, wanted: str, within: Span | None = None) -> Span | None:
        """The first place of `wanted`, or from its first words to its last ones."""
        area = self._fold_area(within)
        words = lowered(" ".join(wanted.split()))
        found = self._find_words(words, area) or self._find_ends(words.split(" "), area)
        return self._original(found) if found else None

    def find_pattern(self, pattern: str, within: Span | None = None) -> Span | None:
        """The first match of `pattern`, which sees single blanks and lower case."""
        match = re.compile(pattern).search(self._folded, *self._fold_area(within))
        return self._original(Span(*match.span())) if match else None

    def _find_words(self, words: str, area: Span) -> Span | None:
        """The first place of `words` that does not begin or end within a word."""
        at = self._folded.find(words, *area) if words else -1
        while at >= 0:
            end = at + len(words)
            if not (_is_inside(self._folded, at) or _is_inside(self._folded, end)):
                return Span(at, end)
            at = self._folded.find(words, at + 1, area.end)
        return None

    def _find_ends(self, words: list[str], area: Span) -> Span | None:
        """From the first words to the last: page furniture may stand between them."""
        if len(words) < 2 * _ANCHOR_WORDS:
            return None
        first = self._find_words(" ".join(words[:_ANCHOR_WORDS]), area)
        if first is None:
            return None
        rest = Span(first.end, area.end)
        last = self._find_words(" ".join(words[-_ANCHOR_WORDS:]), rest)
        return Span(first.start, last.end) if last else None

    def _fold_area(self, area: Span | None) -> Span:
        if area is None:
            return Span(0, len(self._folded))
        return Span(self._folded_at(area.start), self._folded_at(area.end))

    def _folded_at(self, offset: int) -> int:
        index = max(0, bisect_right(self._starts, offset) - 1)
        return min(
            self._folded_starts[index] + max(0, offset - self._starts[index]),
            len(self._folded),
        )

    def _original(self, span: Span) -> Span:
        return Span(self._original_at(span.start), self._original_at(span.end - 1) + 1)

    def _original_at(self, offset: int) -> int:
        index = bisect_right(self._folded_starts, offset) - 1
        return self._starts[index] + offset - self._folded_starts[index]


def _is_inside(text: str, at: int) -> bool:
    """Whether `at` has a letter or a digit on both sides."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _date_pattern(day: date) -> str:
    month = day.strftime("%B").lower()
    year = rf"(?:{day.year // 100})?{day.year % 100:02d}"
    return (
        rf"(?<!\d)(?:0?{day.month}[-/]0?{day.day}[-/]{year}|{day.isoformat()}"
        rf"|{month[:3]}(?:{month[3:]})?\.? 0?{day.day}(?:st|nd|rd|th)?,? {day.year})(?!\d)"
    )


def _number_pattern(number: int) -> str:
    word = f"|{_NUMBERS[number]}" if number < len(_NUMBERS) else ""
    return rf"(?<![\w.])(?:# ?)?(?:{number}{word})(?!\w)"


def item_area(text: LetterText, item: Item) -> Span | None:
    """From the item's title to the end of its rationale, as far as they are found."""
    title = text.find(item.description)
    if title is None or not item.rationale:
        return title
    rationale = text.find(item.rationale)
    if rationale is None or rationale.start < title.start:
        return title
    return Span(title.start, rationale.end)


def find_item(record: CaseRecord, path: str) -> Item | None:
    """The item that `path` (`items[1].decision`) speaks of; `None` for other fields."""
    match = re.match(r"items\[(\d+)\]", path)
    position = int(match.group(1)) if match else len(record.items)
    return record.items[position] if position < len(record.items) else None


def find_value(
    text: LetterText, field: ScoredField, value: Any, item: Item | None
) -> Span | None:
    """The place of a labelled `value`; an item's values only where the item stands."""
    if isinstance(value, int):
        return _find_number(text, field, value, item)
    area = None
    if item is not None and field.is_of_item:
        area = item_area(text, item)
        if area is None:
            return None
    if isinstance(value, date):
        return text.find_pattern(_date_pattern(value), area)
    return text.find(_printed(value), area)


def _find_number(
    text: LetterText, field: ScoredField, number: int, item: Item | None
) -> Span | None:
    """A number where it can only mean this field: numbers stand everywhere in a letter."""
    pattern = _number_pattern(number)
    if not field.is_of_item:
        return text.find_pattern(pattern + "(?=[- ]?years?)")
    if item is None:
        return None
    for place in (item.description, item.rationale or ""):
        area = text.find(place)
        found = text.find_pattern(pattern, area) if area else None
        if found:
            return found
    return None


def _printed(value: Any) -> str:
    """How a value is likely to be printed."""
    if isinstance(value, Citation):
        return value.section or value.guideline.replace("_", " ")
    if isinstance(value, BodyPart):
        return value.part.replace("_", " ")
    return str(value).replace("_", " ")
