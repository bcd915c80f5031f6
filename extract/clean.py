"""Makes a letter's text even, and keeps the way back to every character.

Page furniture and invisible characters go, words broken at a hyphen are joined, runs of
white space become one blank or one line feed. An empty line after every line, page
breaks in mid-sentence and right-hand blanks are all gone then; the words stay as printed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, chain
from operator import add, sub

from extract.furniture import find_furniture
from extract.spans import OffsetMap, Passage

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_LINE_ENDS = "\n\f\x85\u2028\u2029"
# All that `\s` matches but for the blank, and what cannot be seen.
_BUT_BLANKS = (
    rf"\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000{_INVISIBLE}"
)

# Every stretch that is not one blank between two words: behind a blank or not. Each pattern
# begins with characters and nothing else, so that `re` skips to the next of them; that no
# white space stands before is therefore asked behind them. No two match at one place.
_UNEVEN = (
    re.compile(rf"[{_BUT_BLANKS}](?<![ {_BUT_BLANKS}][{_BUT_BLANKS}])[\s{_INVISIBLE}]*"),
    re.compile(rf" (?=[ {_BUT_BLANKS}])(?<![ {_BUT_BLANKS}] )[\s{_INVISIBLE}]*"),
)
# The same for a text of ASCII whose only white space is blanks and line feeds, as most are;
# a line feed alone is even there, but a word may be broken at it.
_UNEVEN_PLAIN = (
    re.compile(r"\n(?<![ \n]\n)[ \n]+"),
    re.compile(r" \n(?<! {2}\n)(?<!\n \n)[ \n]*"),
    re.compile(r"  (?<![ \n] {2})[ \n]*"),
)
_BEHIND_HYPHEN_PLAIN = re.compile(r"\n(?<=-\n)(?![ \n])")
_LEADING = re.compile(rf"[\s{_INVISIBLE}]*")
_BROKEN_AT_HYPHEN = re.compile(rf"-[\s{_INVISIBLE}]*[{_LINE_ENDS}]")
_RARE_SPACES = "\t\r\f\v\x1c\x1d\x1e\x1f"
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_ALL_INVISIBLE = re.compile(f"[{_INVISIBLE}]+")

_LIGATURES = dict(
    zip(
        "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06",
        ("ff", "fi", "fl", "ffi", "ffl", "st", "st"),
        strict=True,
    )
)
_WORD_BEFORE = re.compile(r"[A-Za-z]+$")
_WORD_BEHIND = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An even text and the way back.

    `lines` keeps one line feed for each break of the original; `flat` is the same text,
    character by character, with a blank for every line feed. `printed` is the original,
    character by character, with page furniture overwritten by blanks. `margin` is that
    furniture, at offsets behind the text. `has_joints` says whether words may
    have been broken at the end of a line.
    """

    lines: str
    flat: str
    printed: str
    margin: Passage
    offsets: OffsetMap
    has_joints: bool


def clean(text: str) -> Cleaned:
    """`text` without page furniture, white space and broken words made even."""
    furniture = find_furniture(text)
    printed = blank_out(text, furniture) if furniture else text
    leading = _LEADING.match(printed)
    begin = leading.end() if leading else 0
    has_joints = _BROKEN_AT_HYPHEN.search(printed, begin) is not None
    changes = _changes(printed, begin, has_joints=has_joints)
    if has_joints:
        changes = _join_words(printed, changes)
    # `map` and `zip` for speed: a letter has about a hundred changes.
    starts, ends, instead = zip((begin, begin, ""), *changes, strict=True)
    kept = map(printed.__getitem__, map(slice, (begin, *ends), starts))
    pieces = list(map(add, kept, instead))
    cleaned_at = list(accumulate(map(len, pieces)))
    shifts = list(map(sub, ends, cleaned_at))
    lines = ("".join(pieces) + printed[ends[-1] :]).rstrip()
    margin = Passage("\n".join(text[slice(*span)] for span in furniture), len(lines) + 1)
    at = margin.start
    for start, end in furniture:
        cleaned_at.append(at)
        shifts.append(start - at)
        at += end - start + 1
    offsets = OffsetMap(cleaned_at, shifts)
    flat = lines.replace("\n", " ")
    return Cleaned(lines, flat, printed, margin, offsets, has_joints)


_Change = tuple[int, int, str]
"""A range of the printed text, and what the even text has instead."""


def _changes(text: str, begin: int, *, has_joints: bool) -> list[_Change]:
    """What is rewritten of `text`, in order and apart from each other.

    Args:
        has_joints: every line feed behind a hyphen is among it, even or not.
    """
    is_plain = text.isascii() and not any(space in text for space in _RARE_SPACES)
    patterns = _UNEVEN_PLAIN if is_plain else _UNEVEN
    if is_plain and has_joints:
        patterns = (*patterns, _BEHIND_HYPHEN_PLAIN)
    stretches = chain.from_iterable(pattern.finditer(text, begin) for pattern in patterns)
    if is_plain:
        changes = [(m.start(), m.end(), "\n" if "\n" in m[0] else " ") for m in stretches]
    else:
        changes = [(m.start(), m.end(), _even(m[0])) for m in stretches]
        changes += _spelt_ligatures(text, begin)
    changes.sort()
    return changes


def _spelt_ligatures(text: str, begin: int) -> Iterator[_Change]:
    """Each ligature letter by letter, so that every letter stands at its place."""
    for match in _LIGATURE.finditer(text, begin):
        start, end = match.span()
        *first, last = list(_LIGATURES[match[0]])
        yield from ((start, start, letter) for letter in first)
        yield start, end, last


def _even(stretch: str) -> str:
    """What stands in the even text instead of `stretch`."""
    if any(end in stretch for end in _LINE_ENDS):
        return "\n"
    return "" if _ALL_INVISIBLE.fullmatch(stretch) else " "


def _join_words(text: str, changes: list[_Change]) -> list[_Change]:
    """`changes`, but at a hyphen before a line break the words are joined."""
    return [
        _joined(text, start, end) if instead == "\n" and text[start - 1] == "-" else change
        for change in changes
        for start, end, instead in (change,)
    ]


def _joined(text: str, start: int, end: int) -> _Change:
    """How to join the words around the line break from `start` to `end`, behind a hyphen.

    The hyphen goes too if the letter elsewhere spells the word without it, or if letters
    usually do: "medi-⏎cally".
    """
    if not (text[start - 2 : start - 1].isalnum() and text[end : end + 1].isalnum()):
        return start, end, "\n"
    before = _WORD_BEFORE.search(text, max(0, start - 31), start - 1)
    behind = _WORD_BEHIND.match(text, end)
    word = before and behind and before[0] + behind[0]
    if word and (word.lower() in _usual_words() or word.lower() in _words_of(text)):
        return start - 1, end, ""
    return start, end, ""


@cache
def _usual_words() -> frozenset[str]:
    """Words that letters spell, in lower case; `imr eval words` collects them."""
    path = resources.files("extract").joinpath("data/words.txt")
    return frozenset(path.read_text("utf-8").split())


@lru_cache(maxsize=1)
def _words_of(text: str) -> frozenset[str]:
    """The words that `text` spells, in lower case; of the last text they are remembered."""
    return frozenset(_LETTERS.findall(text.lower()))


def blank_out(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with `spans` overwritten by blanks; line feeds and all offsets are kept."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        lines = text[start:end].split("\n")
        pieces += (text[last:start], "\n".join(" " * len(line) for line in lines))
        last = end
    return "".join([*pieces, text[last:]])
