"""Which dates does the body state? Injury, UR denial, filing: for what the header lacks."""

import re
from datetime import date

from extract.draft import Values
from extract.parse.dates import DATE, date_of, find_dates
from extract.spans import Found, Passage

_REACH = 60
"""How far from its cue a date may stand, in characters."""

# a date of injury of 07/11/2007 · with an injury date on 8/9/13 · industrial injury on …
_INJURY_CUE = re.compile(
    r"\b(?:dates? of (?:the )?(?:industrial |work )?injury|injury date|DOI\b"
    r"|injur(?:y|ies|ed)\b|(?:cumulative )?trauma\b|occupational claim\b)",
    re.IGNORECASE,
)
# a 6/29/00 date of injury
_DATE_BEFORE_INJURY = re.compile(
    rf"(?:{DATE.pattern})[ ](?:industrial[ ]|work[ ])?(?:date[ ]of[ ]injury|injury\b)",
    re.VERBOSE | re.IGNORECASE,
)

# An application for Independent Medical Review was filed on 8/15/2013 disputing the
# Utilization Review Denial dated 8/6/2013.
_FILED = re.compile(
    r"\bapplication for Independent Medical Review was filed on ", re.IGNORECASE
)
_DISPUTING = re.compile(
    r"\bdisputing the Utilization Review (?:Denial|Decision|Determination) dated ",
    re.IGNORECASE,
)

# The sentence with which MAXIMUS opens every case summary.
_OPENING = re.compile(r"The expert reviewer developed the following [^:]{0,150}: ?")

_SENTENCE = re.compile(r"(?<=[a-z\d)”\"])[.!?][\"”)]?\s(?=[A-Z\d“\"(])|;\s")

# Utilization review non-certified … · UR denied … · the adverse determination of …
_REVIEW = re.compile(
    r"\butili[sz]ation review|\bUR\b|\badverse determination|\bclaims administrator",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\bdeni(?:al|ed|es)\b|\bnon-? ?certif|\badverse determination|\bmodifi(?:ed|cation)"
    r"|\bnot (?:be )?(?:medically necessary|certified)|\bdetermin|\bdecision\b|\brefused\b",
    re.IGNORECASE,
)
# They were denied on 12/06/2013. · The denial now under review was issued on 01/13/2014
_PLAIN_DENIAL = re.compile(r"\b(?:denied on|denial (?:now )?under review)\b", re.IGNORECASE)
_OTHER_DENIAL = re.compile(r"\bearlier denial|\bearlier request|\bolder denial", re.IGNORECASE)


def find_injury_date(summary: Passage, *, newest: date) -> Found[date] | None:
    """The date of injury that the case summary states; a range takes its first day."""
    before = _DATE_BEFORE_INJURY.search(summary.text)
    cue = _INJURY_CUE.search(summary.text)
    while cue:
        window = summary.part(cue.end(), _sentence_end(summary.text, cue.end(), _REACH))
        found = next(find_dates(window, newest=newest), None)
        if before and before.start() <= cue.start():
            break
        if found:
            return found._replace(rule="injury_date.cue")
        cue = _INJURY_CUE.search(summary.text, cue.end())
    if before:
        day = date_of(before, newest=newest)
        return summary.found(day, before, "injury_date.cue") if day else None
    return _date_of_story(summary, newest=newest)


def _date_of_story(summary: Passage, *, newest: date) -> Found[date] | None:
    """The first date of the sentence that introduces the patient: "fell on 11/5/90"."""
    opening = _OPENING.match(summary.text)
    start = opening.end() if opening else 0
    introduction = summary.part(start, _sentence_end(summary.text, start, 300))
    found = next(find_dates(introduction, newest=newest), None)
    if found is None:
        return None
    lead = introduction.text[: found.start - introduction.start]
    dated = lead.endswith((" on ", " dated ", " of ", " from "))
    return found._replace(rule="injury_date.story") if dated else None


def _sentence_end(text: str, start: int, reach: int) -> int:
    stop = _SENTENCE.search(text, start, start + reach)
    return stop.start() if stop else min(len(text), start + reach)


def find_denial_date(body: Passage, *, newest: date) -> Found[date] | None:
    """The date of the UR denial under review that `body` states; the latest, if several."""
    best: Found[date] | None = None
    for sentence in _sentences(body):
        if not _speaks_of_denial(sentence.text):
            continue
        for found in find_dates(sentence, newest=newest):
            behind = sentence.text[found.end - sentence.start :]
            if behind.startswith(" date of service") or found.value > newest:
                continue
            if best is None or found.value > best.value:
                best = found._replace(rule="ur_denial_date.body")
    return best


def _speaks_of_denial(sentence: str) -> bool:
    if _OTHER_DENIAL.search(sentence):
        return False
    under_review = _REVIEW.search(sentence) and _DENIAL.search(sentence)
    return bool(under_review or _PLAIN_DENIAL.search(sentence))


def _sentences(passage: Passage) -> list[Passage]:
    starts = [0, *(match.end() for match in _SENTENCE.finditer(passage.text))]
    ends = [*starts[1:], len(passage.text)]
    return [passage.part(start, end) for start, end in zip(starts, ends, strict=True)]


def find_filing_dates(notice: Passage, *, newest: date) -> Values:
    """The dates of application and denial that the notice of 2013 states in its prose."""
    values: Values = {}
    for name, cue in (("application_received", _FILED), ("ur_denial_date", _DISPUTING)):
        match = cue.search(notice.text)
        day = match and DATE.match(notice.text, match.end())
        value = day and date_of(day, newest=newest)
        if day and value:
            values[name] = notice.found(value, day, "notice.filed")
    return values
