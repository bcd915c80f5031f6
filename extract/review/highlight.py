"""Cuts the letter's text into stretches, each with the evidence that covers it. Pure."""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.review.form import controls_by_path
from extract.review.sheet import Sheet, cell_id, field_path

# What a browser would drop, alter or let loose on the reading order; each is one character
# and is shown as one, so that offsets stay.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class Mark(NamedTuple):
    """A stretch of the letter that proves the value with the id `id`."""

    start: int
    end: int
    id: str
    group: str


class Segment(NamedTuple):
    """A stretch of text under the same marks; `group` is the innermost mark's."""

    start: int
    text: str
    ids: str
    group: str


class PageText(NamedTuple):
    """One page of the letter, cut into segments."""

    number: int
    segments: tuple[Segment, ...]


def mark_id(item: int | None, field: str, entry: int) -> str:
    """The id that ties a value in the form to its place in the letter.

    >>> mark_id(2, "requested.visits", 0)
    'i2.requested.visits.0'
    """
    return f"{cell_id(item, field)}.{entry}"


def marks_of(sheet: Sheet) -> list[Mark]:
    """The places of all values of `sheet`."""
    marks = []
    for item, name, cell in sheet.walk():
        group = controls_by_path()[field_path(item, name)].group
        for index, entry in enumerate(cell.entries):
            if entry.start is not None and entry.end is not None:
                marks.append(Mark(entry.start, entry.end, mark_id(item, name, index), group))
    return marks


def cut_pages(text: str, starts: Sequence[int], marks: Iterable[Mark]) -> list[PageText]:
    """The pages of `text`, each cut into segments; the form feed between pages is left out."""
    ends = [start - 1 for start in starts[1:]] + [len(text)]
    pages = list(zip(starts, ends, strict=True))
    ordered = sorted(marks)
    return [
        PageText(number, tuple(_segments(text, start, end, ordered)))
        for number, (start, end) in enumerate(pages, 1)
    ]


def _segments(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterable[Segment]:
    """One sweep from left to right, with the marks that are open at each place."""
    here = [mark for mark in marks if mark.start < end and mark.end > start]
    cuts = {start, end}
    cuts.update(edge for mark in here for edge in (mark.start, mark.end) if start < edge < end)
    waiting = deque(here)
    over: list[Mark] = []
    for left, right in pairwise(sorted(cuts)):
        while waiting and waiting[0].start <= left:
            over.append(waiting.popleft())
        over = [mark for mark in over if mark.end > left]
        # The shortest mark is the most telling: a count within a whole rationale.
        over.sort(key=lambda mark: mark.end - mark.start)
        yield Segment(
            left,
            _UNSHOWABLE.sub("\ufffd", text[left:right]),
            " ".join(mark.id for mark in over),
            over[0].group if over else "",
        )
