"""Where in the letter does a quotation stand? Placed word by word, never by likeness.

Four steps, strictest first: exact; folded (dashes, quotation marks, white space and the
hyphens at which words were broken made alike); case-folded; word by word, where a long
word may carry one typing error. A word that was negated, a number, a date, a side or a
strength that was changed, a word turned into its opposite: none of them is in the letter.
A similarity score would accept them all, so none decides here.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from extract.model.typing_error import is_typing_error
from extract.spans import Span, lowered


class Step(StrEnum):
    """How far a quotation had to be made even until it was found."""

    EXACT = "exact"
    FOLDED = "folded"
    CASE_FOLDED = "case_folded"
    WORD_BY_WORD = "word_by_word"


class Placed(NamedTuple):
    """Where a quotation stands in the cleaned letter, and the step that found it."""

    start: int
    end: int
    step: Step


_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "\xa0": " ",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)
# The same for the letter, whose offsets must not move; its ligatures are resolved before.
_ALIKE_SINGLE = {key: value for key, value in _ALIKE.items() if len(str(value)) == 1}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
# "medi- cally", "post-operative": a hyphen between letters may have been a line's end.
_WORD_HYPHEN = re.compile(r"(?<=[^\W\d_])-\s?(?=[^\W\d_])")
_WORD = re.compile(r"\S+")
# Marks that come and go around words. An opening bracket does not: "(no evidence" quoted
# as "(evidence" would pass for it.
_BEFORE, _BEHIND = ".,;:!?)]}\"'", ".,;:!?()[]{}\"'"
_NUMBER_JOINT = frozenset("./,-:")

_MIN_WORDS = 2
"""A single word with a typing error has no neighbours that would hold it in its place."""


def fold(quote: str) -> str:
    """`quote` with dashes, marks, white space and word-breaking hyphens made alike.

    >>> fold("medi-\\n cally  necessary – “now”")
    'medically necessary - "now"'
    """
    even = " ".join(_INVISIBLE.sub("", quote).translate(_ALIKE).split())
    return _WORD_HYPHEN.sub("", even) if "-" in even else even


class Ground:
    """One letter's cleaned text, made ready for looking up quotations.

    Args:
        flat: the cleaned letter with a blank for every line feed.
    """

    def __init__(self, flat: str) -> None:
        self.flat = flat

    def place(
        self, quote: str, *, within: Span | None = None, must_lie_inside: bool = False
    ) -> Placed | None:
        """Where `quote` stands; `None` if it is not in the letter.

        Args:
            within: of several places the first that lies in here is meant, else the first.
            must_lie_inside: a place outside `within` is none.
        """
        region = within or Span(0, len(self.flat))
        for places in (self._exact, self._folded, self._case_folded, self._word_by_word):
            elsewhere: Placed | None = None
            for placed in places(quote):
                if region.start <= placed.start and placed.end <= region.end:
                    return placed
                elsewhere = elsewhere or placed
            if elsewhere and not must_lie_inside:
                return elsewhere
        return None

    def _exact(self, quote: str) -> Iterator[Placed]:
        wanted = quote.strip()
        for start in _occurrences(wanted, self.flat):
            yield Placed(start, start + len(wanted), Step.EXACT)

    def _folded(self, quote: str) -> Iterator[Placed]:
        return self._in(self._folds[0], fold(quote), Step.FOLDED)

    def _case_folded(self, quote: str) -> Iterator[Placed]:
        return self._in(self._lower, lowered(fold(quote)), Step.CASE_FOLDED)

    def _in(self, text: str, wanted: str, step: Step) -> Iterator[Placed]:
        for start in _occurrences(wanted, text):
            yield self._unfolded(start, start + len(wanted), step)

    def _word_by_word(self, quote: str) -> Iterator[Placed]:
        wanted = [word for word, _ in _words(lowered(fold(quote)))]
        if len(wanted) < _MIN_WORDS:
            return
        spare = 1 + len(wanted) // 10
        for first in self._neighbourhoods(wanted, spare):
            if self._is_said(wanted, first, spare):
                last = self._words[first + len(wanted) - 1]
                start, end = self._words[first][1].start, last[1].end
                yield self._unfolded(start, end, Step.WORD_BY_WORD)

    def _neighbourhoods(self, wanted: list[str], spare: int) -> list[int]:
        """First words of the places that share all but `spare` words with `wanted`."""
        votes: Counter[int] = Counter()
        for index, word in enumerate(wanted):
            for position in self._positions.get(word, ()):
                votes[position - index] += 1
        last = len(self._words) - len(wanted)
        return sorted(
            first
            for first, count in votes.items()
            if count >= len(wanted) - spare and 0 <= first <= last
        )

    def _is_said(self, wanted: list[str], first: int, spare: int) -> bool:
        """Whether the letter says `wanted` from its word `first` on, typing errors apart."""
        for word, (printed, _) in zip(wanted, self._words[first:], strict=False):
            if word == printed:
                continue
            known = word in self._positions and len(self._positions[printed]) > 1
            spare -= 1
            if spare < 0 or known or not is_typing_error(word, printed):
                return False
        return True

    def _unfolded(self, start: int, end: int, step: Step) -> Placed:
        _, at, shifts = self._folds
        first = start + shifts[bisect_right(at, start) - 1]
        last = end - 1 + shifts[bisect_right(at, end - 1) - 1]
        return Placed(first, last + 1, step)

    @cached_property
    def _folds(self) -> tuple[str, list[int], list[int]]:
        """The folded letter; offsets behind which the way back shifts; the shifts."""
        even = self.flat if self.flat.isascii() else self.flat.translate(_ALIKE_SINGLE)
        pieces, at, shifts, last, length = [], [0], [0], 0, 0
        for match in _WORD_HYPHEN.finditer(even):
            pieces.append(even[last : match.start()])
            length += match.start() - last
            last = match.end()
            at.append(length)
            shifts.append(last - length)
        pieces.append(even[last:])
        return "".join(pieces), at, shifts

    @cached_property
    def _lower(self) -> str:
        return lowered(self._folds[0])

    @cached_property
    def _words(self) -> list[tuple[str, Span]]:
        return list(_words(self._lower))

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        positions: dict[str, list[int]] = {}
        for index, (word, _) in enumerate(self._words):
            positions.setdefault(word, []).append(index)
        return positions


def _words(text: str) -> Iterator[tuple[str, Span]]:
    """The words of `text` without the marks around them, with their places."""
    for match in _WORD.finditer(text):
        left = match[0].lstrip(_BEFORE)
        word = left.rstrip(_BEHIND)
        if word:
            start = match.end() - len(left)
            yield word, Span(start, start + len(word))


def _occurrences(wanted: str, text: str) -> Iterator[int]:
    """Every place where `wanted` stands in `text` as whole words and whole numbers."""
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        if not (_is_cut(text, start) or _is_cut(text, end)):
            yield start
        start = text.find(wanted, start + 1)


def _is_cut(text: str, at: int) -> bool:
    """Whether a cut at `at` goes through a word or a number: "un|necessary", "2|.5".

    >>> [_is_cut("unnecessary 2.5mg from10/9", at) for at in (2, 13, 15, 22, 24)]
    [True, True, False, False, True]
    """
    if not 0 < at < len(text):
        return False
    before, behind = text[at - 1], text[at]
    if before.isalnum() and behind.isalnum():
        return before.isdigit() == behind.isdigit()
    if behind in _NUMBER_JOINT and before.isdigit():
        return text[at + 1 : at + 2].isdigit()
    if before in _NUMBER_JOINT and behind.isdigit():
        return text[max(0, at - 2) : at - 1].isdigit()
    return False
