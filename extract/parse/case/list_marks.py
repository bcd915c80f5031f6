"""Where do the pieces of a marked list begin? By numbers, letters, bullets or codes."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from extract.parse.sentences import stops
from extract.spans import Passage

# 847.2 · M54.5
BARE_CODE = r"(?:\d{3}\.\d{1,2}|[A-TV-Z]\d[\dA-Z]\.\w{1,4})"

# 1. Lumbar sprain 2. Headache · 1) lumbar sprain 2) headache · lumbar2. Dizziness
# 1. Lumbar sprain.2. Fusion L4-5, 03/11/2013.3. Stenosis L5-S1.4. Headache
# (1) lumbar sprain (2) headache · #1 lumbar sprain, #2 headache · 1. 847.2 Lumbar sprain
_NUMBER = re.compile(
    r"(?P<number>\d(?:(?<=^\d)|(?<=[\s;,:a-z)(]\d)|(?<=[a-z)]\.\d)|(?<=[CTLS]\d\.\d)"
    r"|(?<=[12]\d{3}\.\d))\d?)"
    r"[.)][ ]?"
    rf"(?=[A-Za-z]|{BARE_CODE}[ ])"
    r"|\#[ ]?(?P<counted>\d\d?)[.):]?[ ](?=[A-Za-z])"
)

# a) lumbar sprain, b) headache · (i) lumbar sprain (ii) headache · a. lumbar sprain; b. …
# • lumbar sprain • headache · - lumbar sprain - headache · M54.5 low back pain G47.00 insomnia
_MARK = re.compile(
    r"(?P<open>\(?)(?P<name>[ai])(?P<close>[.)])[ ]?(?=[A-Za-z])"
    rf"|(?P<bullet>[-–—*•·])[ ]?(?=\w)|(?P<code>{BARE_CODE}):?[ ](?=[A-Za-z])",
    re.IGNORECASE,
)
_NEXT_CODE = re.compile(rf"(?<=[\s;,]){BARE_CODE}:?[ ](?=[A-Za-z])")
_LETTERS, _ROMANS = (
    "abcdefghijklmnop",
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"),
)

# Where the last piece of a numbered list ends: a full stop, a glued sentence, the P: of SOAP,
# the first word of the paragraph behind: "3. Headache The employee works."
_STOP = re.compile(
    r"\.(?=\s|$)|\.(?=[A-Z])|(?<=[a-z\d)])(?=[A-Z][a-z]+\b[ ,])|\s(?=P(?:lan)?:\s)"
    r"|\s(?=(?:The|This|These|There|He|She|It|An|According|Treatments?|Medications?|Patient)"
    r"\s[a-z])"
    r"|(?<![Ww]eber)(?<![Gg]roup)(?<!itis)(?<![Tt]ype)(?<!philia)(?<!fluenza)"
    r"\s(?=A\s[a-z][^.;:]{2,60}?"
    r"\s(?:is|was|has|had|asks|requests|shows|showed|states|reveals|revealed)\b)"
)


def is_marked(text: str, start: int, end: int) -> bool:
    """Whether a list with numbers, letters or bullets stands at `start` of `text`.

    >>> [is_marked(text, 0, 30) for text in ("(1) headache", "- a - b", "5/30/2013: headache")]
    [True, True, False]
    """
    return _first_number(text, start) is not None or bool(_marks(text, start, end))


def _first_number(text: str, start: int = 0) -> re.Match[str] | None:
    """The number at `start`, which may stand in brackets."""
    return _NUMBER.match(text, start + text.startswith("(", start))


def numbered_pieces(listed: Passage) -> Iterator[Passage]:
    """The pieces of a list whose numbers count up from 1."""
    first = _first_number(listed.text)
    if first is None or _count(first) != 1:
        return
    expected, start = 2, first.end()
    in_brackets = listed.text.startswith("(")
    for match in _NUMBER.finditer(listed.text, start):
        bracket = listed.text.endswith("(", start, match.start())
        if _count(match) == expected and (bracket or not in_brackets):
            yield listed.part(start, match.start() - bracket)
            expected, start = expected + 1, match.end()
    stop = next(stops(_STOP, listed.text, start), None)
    yield listed.part(start, stop.start() if stop else None)


def _count(number: re.Match[str]) -> int:
    return int(number["number"] or number["counted"])


def marked_pieces(
    listed: Passage, cut: Callable[[Passage], Iterator[Passage]]
) -> Iterator[Passage]:
    """The pieces of a list whose marks are letters that count up, bullets, or codes.

    Args:
        cut: cuts a list without marks, as what follows the last code may be one.
    """
    marks = _marks(listed.text, 0, len(listed.text))
    for mark, following in pairwise(marks):
        yield listed.part(mark.end(), following.start())
    if marks:
        stop = next(stops(_STOP, listed.text, marks[-1].end()), None)
        last = listed.part(marks[-1].end(), stop.start() if stop else None)
        yield from cut(last) if marks[0]["code"] else [last]


def _marks(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The marks of the list at `start`; none if there is no second one like the first."""
    first = _MARK.match(text, start, end)
    if first is None:
        return []
    marks = [first]
    if first["bullet"]:
        same = re.compile(rf"(?<=\s){re.escape(first[0])}(?=\w)")
        marks += same.finditer(text, first.end(), end)
    elif first["code"]:
        marks += _NEXT_CODE.finditer(text, first.end(), end)
    else:
        names = _ROMANS if first["name"].lower() == "i" else _LETTERS
        for name in names[1:]:
            shape = re.escape(first["open"]) + name + re.escape(first["close"])
            following = re.compile(rf"(?<=[\s;,]){shape}[ ]?(?=[A-Za-z])", re.IGNORECASE)
            mark = following.search(text, marks[-1].end(), end)
            if mark is None:
                break
            marks.append(mark)
    return marks if len(marks) > 1 else []
