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

from extract.spans import OffsetMap, Passage

CASE_NUMBER = r"CM[ ]?[0-9]{2}[ ]?[-–][ ]?[0-9]{7}"
"""A case number however it is printed, as a pattern for `re`, verbose or not."""

# Lines that a page carries and the letter does not say, each a real one:
#   "CM13-0015530 Page 1"   "Page 2 of 5"   "2" above "CM13-0003306"
#   "Final Determination Letter for IMR Case Number CM13-0058127      3"
#   "IMR Case Number: CM13-0058127   Page 1"   "CM13-0058127 - 3"
_CASE = r"(?:(?:IMR|MAXIMUS)[ ])?(?:Case[ ](?:Number|No\.)[ ]?:?[ ]*)?"
_FURNITURE = re.compile(
    rf"""^[ \t\f]*(?:
        Final[ ]Determination[ ]Letter[ ]for[ ]{_CASE}{CASE_NUMBER}
          (?:[ \t]*\d*|[ \t]+Page[ ].*)
      | {_CASE}{CASE_NUMBER}[ \t]+(?:[-–][ ])?(?:[Pp]age[ ])?\d{{1,3}}(?:[ ]of[ ]\d+)?
      | Page[ ]\d+(?:[ ]of[ ]\d+)?(?:[ \t]+(?:(?:IMR[ ])?Case[ ]Number:[ ]*)?{CASE_NUMBER})?
      | \d{{1,3}}[ \t]*\r?\n\s{{0,8}}{_CASE}{CASE_NUMBER}
    )[ \t\r]*$""",
    re.MULTILINE | re.VERBOSE,
)

# A bare number on the last line of a page: "12" before a form feed.
_PAGE_NUMBER = re.compile(r"^[ \t]*\d{1,3}[ \t\r]*\n?(?=\f)", re.MULTILINE)

# A number alone on its line, with nothing above it: "3" at the foot of a page.
_LONE_NUMBER = re.compile(r"\n[ \t\r]*\n(?P<line>[ \t]*)(?P<number>\d{1,3})[ \t\r]*(?=\n|\Z)")

# What furniture cannot do without, cheap to look for: most letters have none of it.
_MAY_HAVE_FURNITURE = ("Page ", "Determination Letter for")
_NUMBER_ON_A_LINE = re.compile(
    rf"\n\s{{0,8}}CM\d"
    rf"|{CASE_NUMBER}[ \t]+(?:[-–][ ])?(?:[Pp]age[ ])?\d{{1,3}}[ \t\r]*\n"
    rf"|\n[ \t]*\d{{1,3}}[ \t]*\r?\n\s{{0,8}}(?:IMR[ ])?Case[ ]Number[ ]?:?[ ]*CM"
)

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
# The same for a text of ASCII whose only white space is blanks and line feeds, as most are.
_UNEVEN_PLAIN = (
    re.compile(r"\n(?<![ \n]\n)[ \n]*"),
    re.compile(r" \n(?<! {2}\n)(?<!\n \n)[ \n]*"),
    re.compile(r"  (?<![ \n] {2})[ \n]*"),
)
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
    printed = blank_out(text, furniture)
    leading = _LEADING.match(printed)
    begin = leading.end() if leading else 0
    changes = _changes(printed, begin)
    has_joints = _BROKEN_AT_HYPHEN.search(printed, begin) is not None
    if has_joints:
        changes = _join_words(printed, changes)
    # No loop of ours over the changes but one: a letter has a hundred of them.
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


def _changes(text: str, begin: int) -> list[_Change]:
    """What is rewritten of `text`, in order and apart from each other."""
    is_plain = text.isascii() and not any(space in text for space in _RARE_SPACES)
    patterns = _UNEVEN_PLAIN if is_plain else _UNEVEN
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


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`spans` without those that begin inside an earlier one."""
    apart: list[tuple[int, int]] = []
    end = -1
    for span in spans:
        if span[0] >= end:
            apart.append(span)
            end = span[1]
    return apart


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


def find_furniture(text: str) -> list[tuple[int, int]]:
    """Where `text` holds page furniture: footers, page numbers, the case number again."""
    patterns = []
    has_sign = any(sign in text for sign in _MAY_HAVE_FURNITURE)
    if has_sign or ("CM" in text and _NUMBER_ON_A_LINE.search(text)):
        patterns.append(_FURNITURE)
    if "\f" in text:
        patterns.append(_PAGE_NUMBER)
    spans = [m.span() for p in patterns for m in p.finditer(text)] + _counted_pages(text)
    return _apart(sorted(spans, key=lambda span: (span[0], -span[1])))


def _counted_pages(text: str) -> list[tuple[int, int]]:
    """Lines of a number alone, if all such lines of `text` count up from 1 (or 2)."""
    lone = list(_LONE_NUMBER.finditer(text))
    numbers = [int(match["number"]) for match in lone]
    first = numbers[0] if numbers else 0
    if len(lone) < 2 or first not in (1, 2):
        return []
    counts_up = numbers == list(range(first, first + len(numbers)))
    return [(match.start("line"), match.end()) for match in lone] if counts_up else []


def blank_out(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with `spans` overwritten by blanks; line feeds and all offsets are kept."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        lines = text[start:end].split("\n")
        pieces += (text[last:start], "\n".join(" " * len(line) for line in lines))
        last = end
    return "".join([*pieces, text[last:]])
