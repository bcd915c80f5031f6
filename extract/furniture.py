"""Finds page furniture: footers, page headers, page numbers and stamps.

Footers and page headers name the case again, with a page number; page numbers stand alone or
end a line that is otherwise the same on each page; so may the lines above them be.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise

CASE_NUMBER = r"CM[ ]?[0-9]{2}[ ]?[-–][ ]?[0-9]{7}"
"""A case number however it is printed, as a pattern for `re`, verbose or not."""

_CASE = r"(?:(?:IMR|MAXIMUS)[ ])?(?:Case[ ](?:Number|No\.)[ ]?:?[ ]*)?"
_PAGE_NUMBER = r"(?:\d{1,3}|(?i:one|two|three|four|five|six|seven|eight))"
_WORDS = (
    r"(?:(?i:MAXIMUS|Federal|Services|Inc|Final|Determination|Letter|Notice|for|of|IMR"
    r"|Independent|Medical|Professional|Review|Case|Number|No|Page|\d{1,2}/\d{1,2}/\d{2,4})\b"
    r"[ \t.,:|#–-]*+)"
)
# Lines with a case number that are no more than that:
#   "CM13-0015530 Page 1"   "2" above "CM13-0003306"   "CM13-0058127 (cont.)"
#   "Final Determination Letter for IMR Case Number CM13-0058127      3"
#   "IMR Case Number: CM13-0058127   Page 1"   "Page 2    IMR Case Number: CM13-0058127"
#   "CM13-0058127  |  Independent Medical Review  |  3"   "CM13-0058127" above "Page Two"
_WITH_NUMBER = re.compile(
    rf"""[ \t\f]*(?:
        Final[ ]Determination[ ]Letter[ ]for[ ]{_CASE}{CASE_NUMBER}
          (?:[ \t]*\d*|[ \t]+Page[ ].*)
      | {_WORDS}{{0,9}}+{CASE_NUMBER}[ \t|–-]*{_WORDS}{{0,6}}+
          (?<!\d)(?:{_PAGE_NUMBER}(?:[ ]of[ ]\d+|[ ]\|[ ]P[ ]?a[ ]?g[ ]?e)?
            |\(?cont(?:\.|inued)?\)?)
      | {_WORDS}{{0,9}}+{CASE_NUMBER}[ \t]*\r?\n[ \t]*(?:Page[ ])?{_PAGE_NUMBER}
      | Page[ ]\d+(?:[ ]of[ ]\d+)?[ \t]+{_WORDS}{{0,6}}+{CASE_NUMBER}
      | \d{{1,3}}[ \t]*\r?\n\s{{0,8}}{_CASE}{CASE_NUMBER}
    )[ \t\r]*$""",
    re.MULTILINE | re.VERBOSE,
)
_NUMBER = re.compile(CASE_NUMBER)
_PAGE_ABOVE = re.compile(r"(?:\A|\n)(?P<page>[ \t]*\d{1,3}[ \t]*\r?\n\s{0,8})\Z")
_FAR_ABOVE = 40
"""Characters in which a page number above a case number stands."""

# "Page 2 of 5" on a line of its own; "12" on the last line of a page, before a form feed.
_PAGE_LINE = re.compile(r"^[ \t\f]*Page[ ]\d+(?:[ ]of[ ]\d+)?[ \t\r]*$", re.MULTILINE)
_BEFORE_A_PAGE = re.compile(r"^[ \t]*\d{1,3}[ \t\r]*\n?(?=\f)", re.MULTILINE)

# A number alone on its line, with nothing above it: "3" at the foot of a page.
_LONE_NUMBER = re.compile(r"\n[ \t\r]*\n(?P<line>[ \t]*)(?P<number>\d{1,3})[ \t\r]*(?=\n|\Z)")

# "IMR_000231" alone on its line, and "IMR_000232" on another: Bates stamps.
_STAMP_NUMBER = re.compile(r"00\d{2,6}[ \t\r]*(?=\n|\Z)")
_STAMP = re.compile(
    r"[ \t\f]*(?P<name>[A-Z][A-Za-z]{0,11})[-_ ]{0,2}(?P<number>\d{4,9})[ \t\r]*"
)

# What ends "Peer Review   Page 1 of 3", "2014-02-20   1/4", and the whole of it
_PAGE_AT_END = re.compile(r"age \d{1,3}(?: of \d{1,3})?[ \t\r]*(?=\n|\Z)")
_OF_AT_END = re.compile(r"/ ?\d{1,3}[ \t\r]*(?=\n|\Z)")
_COUNTER = re.compile(r"(?<![\d/.-])(?P<number>\d{1,3})(?: of \d{1,3}| ?/ ?\d{1,3})?\s*$")

_MOST_ABOVE = 3
"""Lines above a page number that may be the same on each page."""

_PAGE = re.compile(r"(?<!\d)\d{1,3}\s*$")
_HEAD_LINES = 15
"""Lines at the beginning of a letter that may hold its case header."""
_LONGEST = 200
"""Characters of a line: a longer one says something."""

_Span = tuple[int, int]


def find_furniture(text: str) -> list[_Span]:
    """Where `text` holds page furniture, in order and apart from each other."""
    spans = _counted_pages(text)
    if "Page " in text:
        spans += [match.span() for match in _PAGE_LINE.finditer(text)]
    if "\f" in text:
        spans += [match.span() for match in _BEFORE_A_PAGE.finditer(text)]
    spans += _stamps(text)
    lines = list(_lines_with_number(text))
    spans += [*_mere_numbers(text, lines), *_repeated(text, lines), *_page_marks(text)]
    spans = _apart(sorted(spans, key=lambda span: (span[0], -span[1])))
    return _with_lines_above(text, spans) if len(spans) > 1 else spans


def _lines_with_number(text: str) -> Iterator[_Span]:
    """Each line of `text` that holds a case number."""
    end = -1
    for number in _NUMBER.finditer(text):
        if number.start() >= end:
            start = text.rfind("\n", max(0, end), number.start()) + 1 or max(0, end)
            end = text.find("\n", number.end())
            end = len(text) if end < 0 else end
            yield start, end


def _mere_numbers(text: str, lines: list[_Span]) -> Iterator[_Span]:
    """Those of `lines` that are nothing but furniture."""
    for start, end in lines:
        if end - start > _LONGEST:
            continue
        above = _PAGE_ABOVE.search(text, max(0, start - _FAR_ABOVE), start)
        line = above and _WITH_NUMBER.match(text, above.start("page"))
        if line := line or _WITH_NUMBER.match(text, start):
            yield line.span()


def _repeated(text: str, lines: list[_Span]) -> list[_Span]:
    """Those of `lines` that stand in `text` again, but for its head."""
    if len(lines) < 2:
        return []
    head = 0
    for _ in range(_HEAD_LINES):
        head = text.find("\n", head) + 1 or len(text)
    known: dict[str, list[_Span]] = {}
    for start, end in lines:
        if start >= head and end - start <= _LONGEST:
            words = " ".join(_PAGE.sub("", text[start:end]).split())
            known.setdefault(words, []).append((start, end))
    return [span for spans in known.values() if len(spans) > 1 for span in spans]


def _counted_pages(text: str) -> list[_Span]:
    """Lines of a number alone, if all such lines of `text` count up from 1 (or 2)."""
    lone = list(_LONE_NUMBER.finditer(text))
    if not _counts_up(lone) or int(lone[0]["number"]) not in (1, 2):
        return []
    return [(match.start("line"), match.end()) for match in lone]


def _page_marks(text: str) -> Iterator[_Span]:
    """Lines that end with the number of their page and are the same but for that."""
    ends = chain(_PAGE_AT_END.finditer(text), _OF_AT_END.finditer(text))
    marks: dict[str, dict[int, _Span]] = {}
    for end in ends:
        start = text.rfind("\n", max(0, end.start() - _LONGEST), end.start()) + 1
        counter = _COUNTER.search(text[start : end.end()])
        if counter and start:
            words = " ".join(text[start : start + counter.start()].split())
            marks.setdefault(words, {})[int(counter["number"])] = (start, end.end())
    for words, pages in marks.items():
        if words and len(pages) > 1 and [*pages] == [*range(min(pages), max(pages) + 1)]:
            yield from pages.values() if min(pages) in (1, 2) else ()


def _with_lines_above(text: str, spans: list[_Span]) -> list[_Span]:
    """`spans`, each from the first of the lines above it that most others have as well."""
    for _ in range(_MOST_ABOVE):
        floors = [0, *(end for _, end in spans)]
        lines = [
            _line_above(text, start, floor)
            for (start, _), floor in zip(spans, floors, strict=False)
        ]
        words = [" ".join(text[slice(*line)].split()) for line in lines]
        most, count = Counter(words).most_common(1)[0]
        if not most or most[-1] in ".,;:" or count < max(2, len(spans) - 1):
            break
        spans = [
            (line[0] if above == most else span[0], span[1])
            for span, line, above in zip(spans, lines, words, strict=True)
        ]
    return spans


def _line_above(text: str, start: int, floor: int) -> _Span:
    """The last line from `floor` to `start` with words; empty if it is far or too long."""
    end = start
    while end > max(floor, start - _FAR_ABOVE) and text[end - 1].isspace():
        end -= 1
    begin = text.rfind("\n", max(floor, end - _LONGEST), end) + 1
    return (begin, end) if begin else (start, start)


def _stamps(text: str) -> list[_Span]:
    """Lines of a name and a number alone, if they count up from page to page."""
    starts = [text.rfind("\n", 0, end.start()) + 1 for end in _STAMP_NUMBER.finditer(text)]
    stamps = [stamp for start in starts if (stamp := _STAMP.match(text, start))]
    if not _counts_up(stamps) or len({stamp["name"] for stamp in stamps}) != 1:
        return []
    return [stamp.span() for stamp in stamps]


def _counts_up(pages: list[re.Match[str]]) -> bool:
    """Whether there are several `pages` and each one's number follows on the last."""
    numbers = [int(page["number"]) for page in pages]
    return len(numbers) > 1 and all(b == a + 1 for a, b in pairwise(numbers))


def _apart(spans: list[_Span]) -> list[_Span]:
    """`spans` without those that begin inside an earlier one."""
    apart: list[_Span] = []
    end = -1
    for span in spans:
        if span[0] >= end:
            apart.append(span)
            end = span[1]
    return apart
