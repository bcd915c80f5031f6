"""Which words does a title consist of? Words, numbers, signs, each with its place.

A title is read once; quantities, body parts and phrases all look at its words.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from extract.lexicon import load_lexicon
from extract.parse.number_words import number_words
from extract.spans import Found, Passage, T

# 12/07/2016 · 2nd · 7.5, 1,000 · L4-5, L5-S1, C5/6, B12 · twenty-four · acupuncture · #
#   date        ordinal  number     level                   word                       other
_WORD = re.compile(
    r"""(?P<date>\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b)
    | (?P<ordinal>\d{1,3}(?:st|nd|rd|th)\b)
    | (?P<number>\d{1,9}(?:[.,]\d{1,9}){0,2})
    | (?P<level>[a-wyz][a-z]?\d{1,4}[a-z]?(?:[-/][a-z]?\d{1,2}\b){0,3})
    | (?P<word>(?:twen|thir|for|fif|six|seven|eigh|nine)ty-[a-z]{3,5}\b
        |x(?=w(?:ee)?ks?\b)|[a-z]+)
    | (?P<other>[^\s\w])""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)

# 60 · 60.00; the rest is no count, nor is "12O", where a zero was misread
_WHOLE = re.compile(r"\d{1,4}(?:\.0{1,2})?", re.ASCII)
_MISREAD = re.compile(r"[oOlI](?![A-Za-z])")

SOFT = frozenset("-/.&'’#®™")
"""What may stand within a phrase: "x-ray", "PT/OT"."""

_RANGE = frozenset({"to", "or", "through", "-", "–", "—"})
_SAME_AS_PLURAL = frozenset({"tens", "pens", "lens", "does", "this"})


class Words(NamedTuple):
    """The words of a title.

    Args:
        passage: the title.
        words: each in lower case; punctuation signs are words too.
        singular: the same without a plural's ending.
        spans: where each stands in the title.
        signs: one letter for each, by which quantities are read; `N` is a whole
            number, `D` another one, `L` a level or code (L4-5).
    """

    passage: Passage
    words: list[str]
    singular: list[str]
    spans: list[tuple[int, int]]
    signs: str

    def found(self, value: T, first: int, last: int, rule: str) -> Found[T]:
        """`value` at the words from `first` to `last`, both included."""
        begin = self.passage.start
        return Found(value, begin + self.spans[first][0], begin + self.spans[last][1], rule)

    def printed(self, first: int, last: int) -> str:
        """The text from the word `first` to the word `last`, both included."""
        return self.passage.text[self.spans[first][0] : self.spans[last][1]]

    def number(self, index: int) -> int | None:
        """The whole number that the word at `index` names."""
        word = self.words[index]
        whole = word.partition(".")[0]
        return int(whole) if whole.isdecimal() else _numbers().get(word)


@cache
def _numbers() -> dict[str, int]:
    times: dict[str, int] = load_lexicon("quantities")["times"]
    return {**number_words(), **times}


@cache
def word_signs() -> dict[str, str]:
    """Word to the sign that it is read as."""
    signs: dict[str, list[str]] = load_lexicon("quantities")["signs"]
    known = {word: sign for sign, words in signs.items() for word in words}
    return known | dict.fromkeys(number_words(), "N") | dict.fromkeys(_RANGE, "-")


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """`word` without the ending of a plural, as far as comparing needs it.

    >>> singular("therapies"), singular("patches"), singular("pelvis"), singular("tens")
    ('therapy', 'patch', 'pelvis', 'tens')
    """
    if len(word) < 4 or word[-1] != "s" or word in _SAME_AS_PLURAL:
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("tches", "xes", "sses", "shes")) else word[:-1]


def _is_hyphenated(text: str, match: re.Match[str], signs: list[str]) -> bool:
    """Whether a word is a piece of another: the x of "x-ray", the one of "Synvisc-One"."""
    if match[0] in "xX":
        return text.startswith("-", match.end())
    before = text[max(0, match.start() - 2) : match.start()]
    return before[1:] == "-" and before[0].isalpha() and signs[-2:-1] != ["N"]


def _ignore_hundreds(words: list[str], signs: list[str]) -> None:
    """Take the words of "one hundred and twenty" for no numbers: one alone would be wrong."""
    at = words.index("hundred")
    first, last = at, at + 1
    while first > 0 and signs[first - 1] == "N":
        first -= 1
    while last < len(words) and (words[last] == "and" or words[last] in number_words()):
        last += 1
    signs[first:last] = "o" * (last - first)


def read_words(passage: Passage) -> Words:
    """The words of `passage`, each with its place and sign."""
    known = word_signs()
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    signs: list[str] = []
    text = passage.text
    for match in _WORD.finditer(text):
        word = match[0].lower()
        kind = match.lastgroup
        if kind == "number":
            is_count = _WHOLE.fullmatch(word) and not _MISREAD.match(text, match.end())
            sign = "N" if is_count else "D"
        elif kind == "word":
            sign = known.get(word, "o")
            if sign in "xN" and _is_hyphenated(text, match, signs):
                sign = "o"
        elif kind == "other":
            sign = known.get(word, match[0])  # "İ" has two letters in lower case
        else:
            sign = "L" if kind == "level" else "o"
        words.append(word)
        spans.append(match.span())
        signs.append(sign)
    if "hundred" in words:
        _ignore_hundreds(words, signs)
    return Words(passage, words, [singular(word) for word in words], spans, "".join(signs))
