"""Where do the sentences of a passage begin and end?"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from extract.lexicon import load_lexicon
from extract.spans import Passage

# "… is normal. There is …" · "… of function.\" The …" · "… in 2013.The patient …"
# An extractor may glue a sentence to the next one; "9792.24.2" and "L4-5" hold no end.
_BEHIND_STOP = r"[\"”’')\]]{0,2}(?:\s+(?=[\"“‘'(\[]?[A-Z\d])|(?=[A-Z][a-z])|\s*$)"
_END = re.compile(rf"[.!?]{_BEHIND_STOP}")
_END_AT_DOT = re.compile(rf"\.{_BEHIND_STOP}")
"""The same for a text without "!" and "?": one character is looked for at once."""

_LONGEST_ABBREVIATION = 8


@lru_cache(maxsize=16)
def split_sentences(passage: Passage) -> tuple[Passage, ...]:
    """The sentences of `passage`, each with the white space behind it.

    Remembers the last passages: several parsers read the same summary and rationale.
    """
    text, begin = passage
    pattern = _END if "!" in text or "?" in text else _END_AT_DOT
    ends = [stop.end() for stop in stops(pattern, text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    starts = (0, *ends[:-1])
    parts = map(text.__getitem__, map(slice, starts, ends))
    return tuple(map(Passage, parts, map(begin.__add__, starts)))


def sentence_end(text: str, start: int, limit: int | None = None) -> int:
    """Where the sentence that holds `start` closes: at its full stop, or at `limit`.

    Without a limit a text of no full stop is read to its end each time.
    """
    limit = len(text) if limit is None else limit
    stop = next(stops(_END, text, start, limit), None)
    return stop.start() if stop else limit


def stops(
    pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None
) -> Iterator[re.Match[str]]:
    """The matches of `pattern`, full stops and the like, that close no abbreviation.

    For parsers whose sentences end at other signs than those of `split_sentences`.
    """
    for match in pattern.finditer(text, start, len(text) if end is None else end):
        if not is_abbreviated(text, match.start()):
            yield match


def behind_last_stop(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where the sentence that `end` is in begins: behind the last stop, else at `start`."""
    for stop in stops(pattern, text, start, end):
        start = stop.end()
    return start


def is_abbreviated(text: str, dot: int) -> bool:
    """Whether the full stop at `dot` closes an abbreviation that goes on: "vs. Dr."."""
    if text[dot - 2 : dot].lower() not in _last_letters():
        return False
    before = text[max(0, dot - _LONGEST_ABBREVIATION) : dot]
    _, blank, word = before.rpartition(" ")
    kind = _abbreviations().get(word.lower().strip('("“')) if blank else None
    if kind == "before_figures":
        return not text[dot + 1 : dot + 3].strip()[:1].isupper()
    return kind is not None


@cache
def _last_letters() -> frozenset[str]:
    """The last two characters of each abbreviation: most stops are told by them."""
    return frozenset(word[-2:] for word in _abbreviations())


@cache
def _abbreviations() -> dict[str, str]:
    """Each abbreviation and its kind in the lexicon."""
    kinds = load_lexicon("sentences")
    return {word: kind for kind in ("abbreviations", "before_figures") for word in kinds[kind]}
