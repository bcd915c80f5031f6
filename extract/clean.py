"""Makes a letter's text even, and keeps the way back to every character.

Page furniture and invisible characters go, words broken at a hyphen are joined, runs of
white space become one blank or one line feed. An empty line after every line, page
breaks in mid-sentence and right-hand blanks are all gone then; the words stay as printed.
"""

import re
from dataclasses import dataclass

from extract.spans import OffsetMap, Passage, Span

_CASE = r"CM[ ]?\d{2}[ ]?-[ ]?\d{7}"

# Lines that a page carries and the letter does not say, each a real one:
#   "CM13-0015530 Page 1"   "Page 2 of 5"   "2" above "CM13-0003306"
#   "Final Determination Letter for IMR Case Number CM13-0058127      3"
_FURNITURE = re.compile(
    rf"""^[ \t\f]*(?:
        Final[ ]Determination[ ]Letter[ ]for[ ]IMR[ ]Case[ ]Number[ ]+{_CASE}[ \t]*\d*
      | {_CASE}[ \t]+Page[ ]\d+(?:[ ]of[ ]\d+)?
      | Page[ ]\d+(?:[ ]of[ ]\d+)?(?:[ \t]+(?:(?:IMR[ ])?Case[ ]Number:[ ]*)?{_CASE})?
      | \d{{1,3}}[ \t]*\r?\n\s{{0,8}}{_CASE}
    )[ \t\r]*$""",
    re.MULTILINE | re.VERBOSE,
)

# A bare number on the last line of a page: "12" before a form feed.
_PAGE_NUMBER = re.compile(r"^[ \t]*\d{1,3}[ \t\r]*\n?(?=\f)", re.MULTILINE)

# The shape of furniture, cheap to look for: most letters have none of it.
_MAY_HAVE_FURNITURE = re.compile(r"\bPage \d|Final Determination Letter for|\d\s+CM ?\d\d")

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"

_BLANKS = r" \t\r\v\xa0\u2002-\u200a\u202f\u3000"

# What is rewritten, in this order of preference; the group's name says how.
_UNEVEN = re.compile(
    rf"""
      (?P<hyphen>(?<=[A-Za-z0-9])-[ \t]*\r?[\n\f]\s*(?=[A-Za-z0-9]))  # post-⏎operative
    | (?P<line>[{_BLANKS}{_INVISIBLE}]*[\n\f][\s{_INVISIBLE}]*)
    | (?P<blank>[{_BLANKS}][{_BLANKS}{_INVISIBLE}]+|[{_BLANKS[1:]}])
    | (?P<gone>[{_INVISIBLE}]+)
    | (?P<ligature>[\ufb00-\ufb06])
    """,
    re.VERBOSE,
)

_LIGATURES = dict(
    zip(
        "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06",
        ["ff", "fi", "fl", "ffi", "ffl", "st", "st"],
        strict=False,
    )
)
_WORD_BEFORE = re.compile(r"[A-Za-z]+$")
_WORD_BEHIND = re.compile(r"[a-z]+")
_INSTEAD = {"hyphen": "-", "line": "\n", "blank": " ", "gone": ""}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An even text and the way back.

    `lines` keeps one line feed for each break of the original; `flat` is the same text,
    character by character, with a blank for every line feed. `printed` is the original,
    character by character, with page furniture overwritten by blanks. `margin` is that
    furniture, at offsets behind the text.
    """

    lines: str
    flat: str
    printed: str
    margin: Passage
    offsets: OffsetMap

    def as_printed(self, start: int, end: int) -> str:
        """The words from `start` to `end` as they are printed, white space folded.

        A word broken over a line end keeps its break: `medi- cally`.
        """
        return " ".join(self.printed[slice(*self.offsets.original_span(start, end))].split())


def clean(text: str) -> Cleaned:
    """`text` without page furniture, white space and broken words made even."""
    furniture = find_furniture(text)
    printed = blank_out(text, furniture)
    last = len(printed) - len(printed.lstrip())
    length = 0
    pieces: list[str] = []
    cleaned_at: list[int] = [0]
    shifts: list[int] = [last]
    for match in _UNEVEN.finditer(printed, last):
        start, end = match.span()
        instead = _even(match, printed)
        pieces += (printed[last:start], instead)
        length += start - last
        for extra in range(1, len(instead)):  # each letter of a ligature stands at its place
            cleaned_at.append(length + extra)
            shifts.append(start - length - extra)
        length += len(instead)
        last = end
        cleaned_at.append(length)
        shifts.append(end - length)
    pieces.append(printed[last:])
    lines = "".join(pieces).rstrip()
    margin = Passage("\n".join(text[slice(*span)] for span in furniture), len(lines) + 1)
    at = margin.start
    for start, end in furniture:
        cleaned_at.append(at)
        shifts.append(start - at)
        at += end - start + 1
    offsets = OffsetMap(cleaned_at, shifts)
    return Cleaned(lines, lines.replace("\n", " "), printed, margin, offsets)


def _even(match: re.Match[str], text: str) -> str:
    """What stands in the even text instead of `match`."""
    kind = match.lastgroup or ""
    if kind == "ligature":
        return _LIGATURES[match[0]]
    if kind == "hyphen" and _is_one_word(match, text):
        return ""
    return _INSTEAD[kind]


def _is_one_word(match: re.Match[str], text: str) -> bool:
    """Whether the letter elsewhere spells the word without the hyphen: "medi-⏎cally"."""
    before = _WORD_BEFORE.search(text, max(0, match.start() - 30), match.start())
    behind = _WORD_BEHIND.match(text, match.end())
    if not before or not behind:
        return False
    word = rf"\b{before[0]}{behind[0]}\b"
    return re.search(word, text, re.IGNORECASE) is not None


def find_furniture(text: str) -> list[Span]:
    """Where `text` holds page furniture: footers, page numbers, the case number again."""
    patterns = []
    if _MAY_HAVE_FURNITURE.search(text):
        patterns.append(_FURNITURE)
    if "\f" in text:
        patterns.append(_PAGE_NUMBER)
    found = sorted(Span(*m.span()) for pattern in patterns for m in pattern.finditer(text))
    spans: list[Span] = []
    for span in found:
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return spans


def blank_out(text: str, spans: list[Span]) -> str:
    """`text` with `spans` overwritten by blanks; line feeds and all offsets are kept."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        lines = text[start:end].split("\n")
        pieces += (text[last:start], "\n".join(" " * len(line) for line in lines))
        last = end
    return "".join([*pieces, text[last:]])
