"""Which stretch of a shared explanation is of which issue? Told by what each begins with.

A professional review may explain all its issues under one heading: a stretch begins with
the numbers or letters of its issues, or with words of the title, and goes on to the next.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extract.spans import Passage, Span, lowered

_NAME = r"(?:\d{1,2}|[A-La-l])"
_NAMES = rf"{_NAME}(?:(?:,[ ]and|,|[ ]and|[ ]to|[ ]through|[ ]?[-–]|[ ]?&)[ ]?{_NAME})*"

# For issue 1:  · For issues 2 through 5:  · Issue A:  · Issues B, C:  · ISSUES B AND C
_ISSUES = re.compile(
    rf"(?:for\s)?(?:\(?issues?|items?)\s(?:\#\s?)?(?P<names>{_NAMES})\)?\s?(?:[:.)]|$)",
    re.IGNORECASE,
)
# 1.  · (a)  · A.  · 2 to 5.  · 3)
_MARKED = re.compile(rf"\(?(?P<names>{_NAMES})(?:\)[:.]?|[.:])\s")
_RANGE = re.compile(rf"({_NAME})(?:[ ]to|[ ]through|[ ]?[-–])[ ]?({_NAME})", re.IGNORECASE)
_ONE = re.compile(rf"\b{_NAME}\b")

# MEDICALLY NECESSARY. · NOT MEDICALLY NECESSARY:  at the head of a stretch
VERDICT = re.compile(r"(?:(?P<verdict>NOT|PARTIALLY)\s)?MEDICALLY\sNECESSARY\s?(?:[.:]\s?|$)")

_LONGEST_NAME = 100
"""Characters of a title by which a stretch is named; a longer line is none."""
_SHORTEST_NAME = 3
_LONGEST_TITLE = 1000
"""Characters of a title in which its name is looked for."""


class Stretch(NamedTuple):
    """A stretch of an explanation, without the words that name its issues.

    Args:
        issues: their places in the list, from 0.
        span: where it stands.
    """

    issues: tuple[int, ...]
    span: Span


def stretches(lines: str, span: Span, titles: Sequence[Passage]) -> list[Stretch]:
    """The stretches of `lines` in `span`, as far as they take the issues in their order."""
    found: list[tuple[int, int, tuple[int, ...]]] = []
    expected = 0
    for start, behind, issues in _leads(lines, span, titles):
        if issues == tuple(range(expected, expected + len(issues))):
            found.append((start, behind, issues))
            expected += len(issues)
    bounds = [*(start for start, _, _ in found), span.end]
    return [
        Stretch(issues, Span(behind, end))
        for (_, behind, issues), end in zip(found, bounds[1:], strict=True)
    ]


def issues_named(words: str, titles: Sequence[Passage]) -> tuple[int, ...]:
    """The issues that `words` name: "ISSUES B AND C", "Botox injections"."""
    words = words.replace("\n", " ").strip()
    match = _ISSUES.fullmatch(words)
    return _numbered(match["names"], len(titles)) if match else _titled(words, _known(titles))


def _leads(
    lines: str, span: Span, titles: Sequence[Passage]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Where a stretch begins, where its own words do, and which issues it is of."""
    at, known = span.start, _known(titles)
    while at < span.end:
        line_end = lines.find("\n", at, span.end)
        line_end = span.end if line_end < 0 else line_end
        for pattern in (_ISSUES, _MARKED):
            match = pattern.match(lines, at, span.end)
            if match and (issues := _numbered(match["names"], len(titles))):
                yield at, match.end(), issues
                break
        else:
            name, colon, _ = lines[at : min(line_end, at + _LONGEST_NAME)].partition(":")
            is_whole = colon or (len(name) == line_end - at and not name.endswith("."))
            if is_whole and not name[:1].islower() and (issues := _titled(name, known)):
                yield at, at + len(name) + len(colon), issues
        at = line_end + 1


def _numbered(names: str, count: int) -> tuple[int, ...]:
    """The places that numbers or letters name; nothing if one is beyond `count`."""
    spelt = _RANGE.sub(lambda match: ",".join(_between(match[1], match[2])), names)
    places = tuple(_place(each[0]) for each in _ONE.finditer(spelt))
    return places if all(0 <= place < count for place in places) else ()


def _between(first: str, last: str) -> list[str]:
    return [str(place + 1) for place in range(_place(first), _place(last) + 1)]


def _place(name: str) -> int:
    return int(name) - 1 if name.isdigit() else ord(name.lower()) - ord("a")


def _known(titles: Sequence[Passage]) -> list[str]:
    return [lowered(title.text[:_LONGEST_TITLE]) for title in titles]


def _titled(name: str, titles: Sequence[str]) -> tuple[int, ...]:
    """The one issue whose title, in lower case, holds `name`, or begins it."""
    wanted = lowered(name).strip(" .:-")
    if len(wanted) < _SHORTEST_NAME:
        return ()
    places = [
        place
        for place, title in enumerate(titles)
        if wanted in title or wanted.startswith(title)
    ]
    return tuple(places) if len(places) == 1 else ()
