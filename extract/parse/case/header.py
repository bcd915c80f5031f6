"""What does the case header state? Reads labels and values however they were torn apart.

A text extractor returns the two-column table row by row, or all labels and then all
values. Either way a group of labels is followed by as many values; where it is not, a
value belongs only to the label right before it, and the others are not stated.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from extract.draft import Values
from extract.furniture import CASE_NUMBER
from extract.parse.dates import DATE, date_of
from extract.spans import Found, Passage
from schemas import Priority

_ALONE = rf"(?m:^{CASE_NUMBER}$)"
"""On a line of its own, torn off its label."""
_RE = rf"(?<=\bRe: ){CASE_NUMBER}"
"""Behind a label that may also be another case's."""

# A colon, the value itself, or the end of the line: "Date Assigned: 11/09/2016", "DATE
# ASSIGNED 11/09/2016"
_STATES = r"[ ]?(?::|(?=\s{1,9}\d{1,2}[/-]\d)|(?=[ ]?$))"

_UR = r"(?:UR|Utili[sz]ation\sReview(?:\s\(UR\))?)"
_DENIAL = "(?:Denial|Decision|Determination)"
_RECEIVED = "Rec(?:ei|ie)ved"

_LAST_DAY = r"(?:\s?(?:[-–]|to|through)\s?\d{1,2}/\d{1,2}/\d{2,4}\b)?"
"""Of a cumulative trauma: "CT: 01/01/2015 - 11/09/17"."""

# Case Number: CM16-0012345 / Date Assigned: 11/09/2016 Date of Injury: 10/13/2016 …
# A value is one of four kinds; `other` is a label that the record has no field for. None
# begins within a word of lower case: that is asked first, as most of a header is such.
_TOKEN = re.compile(
    rf"""
    (?:(?=[^a-z\s])|(?<![A-Za-z])(?=[a-z]))(?:
      (?P<case_number>(?i:(?:(?:IMR|MAXIMUS)\s)?Case\s?(?:Number|N[or]\.?|\#))[ ]?:?
                     |(?:(?:IMR|MAXIMUS)\s)?Case[ ]?:(?=\s?CM[ ]?\d))
    | (?P<date_assigned>(?i:Date\sAssigned|Assigned(?:\sto\sReviewer)?(?=[ ]?:)){_STATES})
    | (?P<date_of_injury>(?i:Date\sof\sInjury|Injury\sDate){_STATES}|\bDOI[ ]?:)
    | (?P<decision_date>(?i:Decision\sDate|Date\sof\s(?:Decision|Determination)){_STATES}
                       |\bDated[ ]?:)
    | (?P<review_date>(?i:Date\sof\sReview){_STATES})
    | (?P<ur_denial_date>(?i:{_UR}\s{_DENIAL}\sDate|Date\sof\s{_UR}\s{_DENIAL}){_STATES}
                        |(?i:{_UR}\s{_DENIAL}|Adverse\sDetermination)[ ]?:)
    | (?P<priority>(?i:Priority)[ ]?(?::|(?=\s(?i:Standard|Expedited))|$))
    | (?P<application_received>(?i:(?:Date\s)?(?:IMR\s)?Application\s?{_RECEIVED}(?:\sDate)?)
                              {_STATES}
                             |(?<!ecords[ ])(?=R)(?i:{_RECEIVED})
                              (?:\s\(IMR\sApplication\))?[ ]?:)
    | (?P<number>(?i:{CASE_NUMBER}))
    | (?P<word>\b(?:(?:Standard|Expedited)(?![a-z])|STANDARD\b|EXPEDITED\b))
    | (?P<redacted>\[?\b[Rr]edacted\b\]?|\[?REDACTED\]?|\b[Xx]{{2}}/[Xx]{{2}}/[Xx]{{2,4}}\b)
    | (?P<date>(?:\bCT[ ]?:?\s)?(?:{DATE.pattern}){_LAST_DAY})
    | (?P<other>^[A-Z][A-Za-z()/ ]{{1,60}}:)
    )""",
    re.MULTILINE | re.VERBOSE,
)
# Standard review. · MEDICAL PROFESSIONAL REVIEW (EXPEDITED)
_REVIEW = re.compile(
    r"^(?P<before>standard|expedited)\sreview\.?$"
    r"|\breview\s?\((?P<behind>standard|expedited)\)$",
    re.IGNORECASE | re.MULTILINE,
)
_LABELLED_NUMBER = re.compile(rf"Case Number ?:?\s?({CASE_NUMBER})")
_VALUE_KINDS = ("number", "word", "redacted", "date")

# The wrapped label with its value inside: "Application 11/03/2016⏎Received:"
_WRAPPED = re.compile(rf"\bApplication\s(?P<inside>{DATE.pattern})\sReceived[ ]?:", re.VERBOSE)

_WRAPPED_OFF = "Application"
"""What stays behind where "Application Received:" is torn over another label."""

_KINDS = {"case_number": "number", "priority": "word"}

# The order in which things happen: a table whose columns were mixed is put right by it.
_COURSE = (
    "date_of_injury",
    "ur_denial_date",
    "application_received",
    "date_assigned",
    "decision_date",
)

_LONGEST_VALUE = 100
"""Characters: "PLEASE REFERENCE UTILIZATION REVIEW DETERMINATION LETTER"."""

_LONGEST_HEADER = 4000
"""No case header is longer; a letter without headings is all header."""


class _Token(NamedTuple):
    kind: str
    match: re.Match[str]

    def fits(self, label: str) -> bool:
        """Whether this value may stand behind `label`."""
        return self.kind in (_KINDS.get(label, "date"), "redacted")


def parse_header(header: Passage, margin: Passage, *, newest: date) -> Values:
    """The fields that the case header states, at their places.

    Args:
        header: everything before the first heading.
        margin: the page furniture, which repeats the case number.
    """
    header = header.part(0, _LONGEST_HEADER)
    values: Values = {}
    wrapped = _WRAPPED.search(header.text)
    if wrapped:
        received = date_of(wrapped, newest=newest)
        if received:
            values["application_received"] = header.found(
                received, wrapped, "header.label", group="inside"
            )
    for label, value in _pairs(header.text):
        found = _value(header, value, newest=newest)
        if found is not None and label != "other" and label not in values:
            values[label] = found
    if reviewed := values.pop("review_date", None):
        values.setdefault("decision_date", reviewed)
    review = _REVIEW.search(header.text)
    if review and "priority" not in values:
        kind = review.lastgroup or ""
        priority = Priority(review[kind].lower())
        values["priority"] = header.found(priority, review, "header.review", group=kind)
    if "case_number" not in values:
        lone = _only_case_number(_ALONE, header, "case_number.alone")
        repeated = _only_case_number(CASE_NUMBER, margin, "case_number.margin")
        referred = _only_case_number(_RE, header, "case_number.referred")
        numbers = [number for number in (lone, repeated, referred) if number]
        if len({number.value for number in numbers}) == 1:
            values["case_number"] = numbers[0]
    return values


def _pairs(text: str) -> Iterator[tuple[str, _Token]]:
    """Each label of the header with the value that belongs to it."""
    labels: list[str] = []
    values: list[_Token] = []
    waiting: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        is_label = kind not in _VALUE_KINDS
        torn_off = text[end : match.start()].strip(" ,;|()\n").removesuffix(_WRAPPED_OFF)
        if torn_off and not is_label and _lacks_values(labels, values, torn_off):
            torn_off = ""
        if (is_label and values) or torn_off:
            yield from _pair(labels, values, waiting)
            labels, values = [], []
        if is_label:
            labels.append(kind)
        elif labels:
            values.append(_Token(kind, match))
        end = match.end()
    yield from _pair(labels, values, waiting)


def _lacks_values(labels: list[str], values: list[_Token], between: str) -> bool:
    """Whether `between` may be the value of a label that the record has no field for."""
    known = len(labels) - labels.count("other")
    return len(values) < known < len(labels) and len(between) <= _LONGEST_VALUE


def _pair(
    labels: list[str], values: list[_Token], waiting: list[str]
) -> Iterator[tuple[str, _Token]]:
    """The labels of one group with their values.

    Args:
        waiting: labels of the groups before that had no value, which may be torn off to
            the end of a later group; those of this group are added.
    """
    if len(waiting) + len(labels) == len(values):
        labels = [*waiting, *labels]
        waiting.clear()
    known = [label for label in labels if label != "other"]
    if len(known) == len(values):  # what the record has no field for was redacted
        labels = known
    if len(labels) == len(values):
        pairs = list(zip(labels, values, strict=True))
        if all(value.fits(label) for label, value in pairs):
            yield from pairs
        else:
            yield from _pair_by_kind(labels, values)
    elif labels and values and values[0].fits(labels[-1]):
        waiting += labels[:-1]
        yield labels[-1], values[0]
    else:
        waiting += labels


def _pair_by_kind(labels: list[str], values: list[_Token]) -> Iterator[tuple[str, _Token]]:
    """Pair a torn table whose columns were mixed: dates by the course of events."""
    for kind in ("number", "word", "date"):
        of_labels = [name for name in labels if _KINDS.get(name, "date") == kind]
        of_values = [value for value in values if value.kind == kind]
        if len(of_labels) != len(of_values):
            continue
        if kind == "date" and set(of_labels) <= set(_COURSE):
            of_labels.sort(key=_COURSE.index)
            of_values.sort(key=_day)
        if kind != "date" or set(of_labels) <= set(_COURSE):
            yield from zip(of_labels, of_values, strict=True)


def _day(token: _Token) -> date:
    return date_of(token.match, newest=date.max) or date.max


def _value(header: Passage, token: _Token, *, newest: date) -> Found[object] | None:
    match = token.match
    if token.kind == "number":
        return header.found(_number_of(match[0]), match, "header.label")
    if token.kind == "word":
        return header.found(Priority(match[0].lower()), match, "header.label")
    if token.kind == "date":
        day = date_of(match, newest=newest)
        return header.found(day, match, "header.label") if day else None
    return None


def count_letters(lines: str) -> int:
    """How many letters `lines` holds: how many different case numbers stand behind labels.

    >>> count_letters("Case Number: CM14-0000001 ... Case Number: CM14-0000002")
    2
    """
    if lines.count("Case Number") < 2:
        return 1
    return len({_number_of(match[1]) for match in _LABELLED_NUMBER.finditer(lines)}) or 1


def _only_case_number(pattern: str, passage: Passage, rule: str) -> Found[str] | None:
    """The case number that `passage` names; `None` if it names two."""
    matches = list(re.finditer(pattern, passage.text))
    if len({_number_of(match[0]) for match in matches}) != 1:
        return None
    return passage.found(_number_of(matches[0][0]), matches[0], rule)


def _number_of(printed: str) -> str:
    """The case number as it is meant: in capitals, without blanks, with a plain hyphen."""
    return "".join(printed.split()).replace("–", "-").upper()
