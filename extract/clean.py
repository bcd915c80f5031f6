"""Makes a letter's text even, and keeps the way back to every character.

Page furniture and invisible characters go, words broken at a hyphen are joined, runs of
white space become one blank or one line feed. An empty line after every line, page
breaks in mid-sentence and right-hand blanks are all gone then; the words stay as printed.
"""

import re
from dataclasses import dataclass

from extract.spans import OffsetMap, Passage

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

# What furniture cannot do without, cheap to look for: most letters have none of it.
_MAY_HAVE_FURNITURE = ("Page ", "Determination Letter for", "\nCM")

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_RARE_BLANKS = r"\t\r\v\xa0\u2002-\u200a\u202f\u3000"
_FILLER = f" {_RARE_BLANKS}{_INVISIBLE}"

# Every stretch that is not one blank between two words. Each pattern begins with a set
# of characters and nothing else, so that `re` skips to the next candidate.
_PLAIN_UNEVEN = (re.compile(r"\n\s*"), re.compile(r" (?=[ \n])[ \n]+"))
"""For a text of ASCII whose only white space is blanks and line feeds: twice as fast."""

_UNEVEN = (
    re.compile(rf"[\n\f{_RARE_BLANKS}{_INVISIBLE}][\s{_INVISIBLE}]*"),
    re.compile(rf" (?=[{_FILLER}\n\f])[{_FILLER}\n\f]+"),
)
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
    for start, end in _uneven_stretches(printed, last):
        instead = "\n" if printed[start] == "\n" else _even(printed[start:end])
        if instead == "\n" and printed[start - 1] == "-":
            start, instead = _joined(printed, start, end)
        pieces += (printed[last:start], instead)
        length += start - last
        if len(instead) > 1:  # each letter of a ligature stands at its place
            cleaned_at += (length + extra for extra in range(1, len(instead)))
            shifts += (start - length - extra for extra in range(1, len(instead)))
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


def _uneven_stretches(text: str, begin: int) -> list[tuple[int, int]]:
    """Where `text` is rewritten, in order and apart from each other."""
    patterns: tuple[re.Pattern[str], ...] = (*_UNEVEN, _LIGATURE)
    if text.isascii():
        rare = any(space in text for space in "\t\r\f\v")
        patterns = _UNEVEN if rare else _PLAIN_UNEVEN
    found = [m.span() for p in patterns for m in p.finditer(text, begin)]
    return _apart(sorted(found))


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
    if "\n" in stretch or "\f" in stretch:
        return "\n"
    if stretch in _LIGATURES:
        return _LIGATURES[stretch]
    return "" if _ALL_INVISIBLE.fullmatch(stretch) else " "


def _joined(text: str, start: int, end: int) -> tuple[int, str]:
    """How to join the words around the line break from `start` to `end`, behind a hyphen.

    The hyphen goes too if the letter elsewhere spells the word without it: "medi-⏎cally".
    """
    if not (text[start - 2 : start - 1].isalnum() and text[end : end + 1].isalnum()):
        return start, "\n"
    before = _WORD_BEFORE.search(text, max(0, start - 31), start - 1)
    behind = _WORD_BEHIND.match(text, end)
    if before and behind and _is_spelt(before[0] + behind[0], text):
        return start - 1, ""
    return start, ""


def _is_spelt(word: str, text: str) -> bool:
    """Whether `word` stands in `text`, in any case, as a word of its own."""
    lower = text.lower()
    at = lower.find(word.lower())
    while at >= 0:
        around = lower[at - 1 : at] + lower[at + len(word) : at + len(word) + 1]
        if not any(character.isalpha() for character in around):
            return True
        at = lower.find(word.lower(), at + 1)
    return False


def find_furniture(text: str) -> list[tuple[int, int]]:
    """Where `text` holds page furniture: footers, page numbers, the case number again."""
    patterns = []
    if any(sign in text for sign in _MAY_HAVE_FURNITURE):
        patterns.append(_FURNITURE)
    if "\f" in text:
        patterns.append(_PAGE_NUMBER)
    return _apart(sorted(m.span() for p in patterns for m in p.finditer(text)))


def blank_out(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with `spans` overwritten by blanks; line feeds and all offsets are kept."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        lines = text[start:end].split("\n")
        pieces += (text[last:start], "\n".join(" " * len(line) for line in lines))
        last = end
    return "".join([*pieces, text[last:]])
