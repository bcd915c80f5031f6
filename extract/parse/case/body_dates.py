"""Which dates does the body state? Injury, UR denial, filing: for what the header lacks."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from extract.draft import Values
from extract.parse.dates import DATE, date_of, find_dates
from extract.parse.sentences import behind_last_stop, stops
from extract.spans import Found, Passage, lowered

_REACH = 60
"""How far from its cue a date may stand, in characters."""

# a date of injury of 07/11/2007 · with an injury date on 8/9/13 · DOI: 7/11/07
# industrial injury on … · was injured on …; not "the injured worker was seen on …"
_INJURY_CUES = (
    ("date of injury", "injury date", "doi"),
    ("cumulative trauma from", "continuous trauma from", "cumulative injury from"),
    ("injur", "trauma", "occupational claim"),
)
"""The plainest first: where one has its date, the others are not asked."""
_INJURED_PERSON = ("injured worker", "injured employee", "injured person", "injured man")
_REPORT_OF = "report of "
"""The first report of injury is made on another day."""

# a 6/29/00 date of injury
_DATE_BEFORE_CUE = re.compile(
    rf"(?:{DATE.pattern})[ ](?:industrial[ ]|work[ ])?(?:date[ ]of[ ])?$", re.VERBOSE
)

# An application for Independent Medical Review was filed on 8/15/2013 disputing (or:
# against, and contests, in answer to) the Utilization Review Denial dated 8/6/2013.
_FILED = re.compile(
    r"\bapplication\b(?! for (?:adjudic|author|benef)| of claim)[^.;]{0,80}?\bfiled on ",
    re.IGNORECASE,
)
# On July 30, 2013 an application was filed for Independent Medical Review of …
_FILED_ON = re.compile(
    rf"\bOn[ ](?:{DATE.pattern}),?[ ]an[ ]application[ ](?=[^.;]{{0,40}}\bReview\b)",
    re.VERBOSE,
)
_DENIAL_DATED = re.compile(
    r"\bUtilization Review (?:Denial|Decision|Determination) dated ",
    re.IGNORECASE,
)

# noticed pain come on little by little, and dates it to 2/20/2012
_DATES_IT = re.compile(r"\bdates (?:it|this|them|the (?:onset|beginning)) to ")

# A Utilization Review Denial dated 6/14/2013 is not at issue here.
_NOT_AT_ISSUE = re.compile(
    r"[^.;]{0,30}\bnot (?:at issue|under review|part of this|in dispute)\b"
)

# The sentence with which MAXIMUS opens every case summary.
_OPENING = re.compile(r"The expert reviewer developed the following [^:]{0,150}: ?")

# had lumbar surgery on 5/6/2014 · per the progress report dated 5/6/2014: no injuries
_EVENT = (
    r"\b(?:report|note|letter|exam(?:ination)?|evaluation|evaluated|visit|seen|surgery"
    r"|underwent|MRI|x-?rays?|PR-2|appeal|application|request|filed)\b"
)
# on the day of the injury and an MRI on 5/6/2014
_STUDIED = re.compile(r"\b(?:and|the|an?) (?:MRI|CT|EMG|x-?rays?)\b", re.IGNORECASE)
_ANOTHER_EVENT = re.compile(_EVENT + r"[^.;]{0,30}$", re.IGNORECASE)
# worked as a teller until 4/22/2013, when she was robbed
_HURT = re.compile(
    r",? when [^.;,]{1,40}\b(?:robbed|held at|assaulted|attacked|shot|stabbed|struck|hit|fell"
    r"|injured|hurt|crushed)\b"
)
# On 2/7/2011 a ladder slid · On 9/14/12 a rack of hymnals tipped onto his foot
# On 9/9/13 a needle went through her thumb
#   accident = "slid", with no visit before it: not "On 2/7/2011 he was seen after he fell"
_ACCIDENT = re.compile(
    rf"""{_EVENT}
    |\b(?:injections?|epidural|EMG|therapy|treat\w*|stud(?:y|ies)|scan|restrict\w*|limit\w*
      |releas\w*|return\w*|discharg\w*|scores?|pain|retired|hired|stat(?:ed|es)|report\w*|complain\w*)\b
    |\b(?P<accident>fell|falls|slid|slipped|tripped|stumbled|struck|hit|crushed|caught|pinned
      |twisted|wrenched|tip(?:s|ped)|toppled|rear-ended|collided|(?:ran|run)[ ]over
      |rolled[ ]over|knocked|assaulted|attacked|bitten|bit|kicked|burne?[dt]|scalded|lacerated
      |amputated|exploded|came[ ]down|gave[ ]way|thrown|lifted|injured|hurt
      |strained|sprained|collision|felt[ ]a[ ]pop|in[ ]an[ ]accident
      |(?:through|into|onto|upon)[ ](?:his|her|both)
      |lost[ ](?:his|her)[ ](?:footing|balance))\b""",
    re.IGNORECASE | re.VERBOSE,
)

# "… on 7/3/2015. UR denied …" · "… of the knee; she …" · "… a pillow.UR denied …"
_SENTENCE = re.compile(
    r"[.!?;](?:(?<=[a-z\d)”\"][.!?])[\"”)]?\s(?=[A-Z\d“\"(])|(?<=;)\s"
    r"|(?<=[a-z]{3}\.)(?=[A-Z]))"
)
_LONGEST_SENTENCE = 600
"""Characters on either side of a cue that may still be its sentence."""

# Utilization review non-certified … · UR denied … · the adverse determination of … ·
# They were denied on 12/06/2013. · The denial now under review was issued on 01/13/2014
_REVIEW_CUES = (
    "utilization review",
    "utilisation review",
    "ur ",
    "ur:",
    "claims administrator",
    "the carrier",
    "insurance carrier",
)
_DENIAL_CUES = {
    "determination": (
        "adverse determination", "determination of", "prior determination",
        "previous determination",
    ),
    "denial": (
        "denial under review", "denial now under review", "prior denial", "previous denial",
    ),
    "ied on": ("denied on", "certified on", "modified on"),
    "contested": ("contested here",),
}  # fmt: skip
"""Cues by a part that they share: most letters have none, which is quickly told."""
# The decision that is appealed here, of 05/08/2014, non-certified a group: for letters
# that name the review in no other way.
_PLAIN_CUES = ("non-certif", "noncertif", "denied", "denial", "modified")
_DENIES = (
    "denial", "denied", "denies", "non-certif", "non- certif", "noncertif", "modified",
    "modification", "refused", "failed to approve", "not approve",
    "partially approved", "not medically necessary", "not be medically necessary",
    "not to be medically necessary",
    "not certif", "not be certified", "not authoriz", "not be authorized", "declined",
    "disallow", "determin", "decision", "adverse",
)  # fmt: skip
# UR turned all of it down on 3/4/14 · recommended that none of it be certified · certifying a
# root canal and none of the others
_REFUSES = re.compile(
    r"\bturned (?:\w+ ){0,5}down\b|\band none of the (?:others|rest)\b"
    r"|\bnone of (?:it|them|these) (?:be |was |were )?(?:certif|approv|authoriz)"
)
_OTHER_DENIAL = (
    "earlier denial", "earlier request", "older denial", "older request",
    "not part of this review", "another review", "separate review",
    "was withdrawn", "was rescinded", "was superseded",
)  # fmt: skip


def find_injury_date(
    summary: Passage, *, newest: date, introduced_at: int | None = None
) -> Found[date] | None:
    """The date of injury that the case summary states; a range takes its first day.

    Args:
        introduced_at: where the patient's age is stated, if it is: the sentence around it
            introduces the patient; else that is the first one.
    """
    lower = lowered(summary.text)
    places = (place for cues in _INJURY_CUES for place in sorted(_places(lower, cues).items()))
    for start, end in places:
        if lower.startswith(_INJURED_PERSON, start) or lower.endswith(_REPORT_OF, 0, start):
            continue
        before = _DATE_BEFORE_CUE.search(summary.text, max(0, start - _REACH), start)
        day = before and date_of(before, newest=newest)
        if before and day and not lower.startswith(":", end):
            return summary.found(day, before, "injury_date.cue")
        behind = summary.part(end, _sentence_end(summary.text, end, _REACH))
        found = next(find_dates(behind, newest=newest), None)
        if found and not _STUDIED.search(behind.text, 0, found.start - behind.start):
            return found._replace(rule="injury_date.cue")
    return _injury_told(summary, newest=newest, introduced_at=introduced_at) or _date_behind(
        _DATES_IT, summary, "injury_date.cue", newest=newest
    )


def _injury_told(
    summary: Passage, *, newest: date, introduced_at: int | None
) -> Found[date] | None:
    """The date of injury that the introduction of the patient, or what follows it, tells."""
    opening = _OPENING.match(summary.text)
    start = opening.end() if opening else 0
    first = summary.part(start, _sentence_end(summary.text, start, 300))
    if introduced_at is None or not summary.start <= introduced_at < summary.end:
        return _date_of_story(first, newest=newest)
    introduction = _sentence_around(summary, introduced_at - summary.start)
    return (
        _date_of_story(introduction, newest=newest)
        or _date_of_story(first, newest=newest)
        or _date_of_accident(summary, introduction.end - summary.start, newest=newest)
    )


def _places(lower: str, cues: Iterable[str]) -> dict[int, int]:
    """Where any of `cues` begins a word of `lower`, and where it ends."""
    places: dict[int, int] = {}
    for cue in cues:
        at = lower.find(cue)
        while at >= 0:
            if not lower[at - 1 : at].isalnum():
                places[at] = at + len(cue)
            at = lower.find(cue, at + len(cue))
    return places


def _date_of_story(introduction: Passage, *, newest: date) -> Found[date] | None:
    """The first date of the sentence that introduces the patient: "fell on 11/5/90"."""
    start = introduction.start
    for found in find_dates(introduction, newest=newest):
        lead = introduction.text[: found.start - start].lower()
        dated = lead == "on " or lead.endswith((" on ", " on", " dated ", " of ", " from "))
        ends = lead.endswith(" until ") and _HURT.match(introduction.text, found.end - start)
        if not (dated or ends) or _ANOTHER_EVENT.search(lead):
            return None
        return found._replace(rule="injury_date.story")
    return None


def _date_of_accident(summary: Passage, end: int, *, newest: date) -> Found[date] | None:
    """The first date of the sentence behind the introduction, which ends at `end`.

    "The employee is a roofer of 41. On 2/7/2011 a ladder slid", "Her heel began to hurt on
    4/22/2013": no visit, and the earliest date of all.
    """
    stop = _SENTENCE.match(summary.text, end)
    if stop is None:
        return None
    start = stop.end()
    sentence = summary.part(start, _sentence_end(summary.text, start, _LONGEST_SENTENCE))
    found = _date_of_story(sentence, newest=newest)
    told = _ACCIDENT.search(sentence.text)
    if not (found and told and told["accident"]):
        return None
    earliest = min(each.value for each in find_dates(summary, newest=newest))
    return found if found.value == earliest else None


def _sentence_end(text: str, start: int, reach: int) -> int:
    stop = next(stops(_SENTENCE, text, start, start + reach), None)
    return stop.start() if stop else min(len(text), start + reach)


def find_denial_date(body: Passage, *, newest: date) -> Found[date] | None:
    """The date of the UR denial under review that `body` states; the latest, if several."""
    lower = lowered(body.text)
    if labelled := _LABELLED.search(lower):
        at = labelled.end()
        if found := next(find_dates(body.part(at, at + _ROOM), newest=newest), None):
            return found._replace(rule="ur_denial_date.body")
    cues = [cue for held, cues in _DENIAL_CUES.items() if held in lower for cue in cues]
    certain = _places(lower, cues)
    review = _places(lower, _REVIEW_CUES)
    found = _latest(_denials(body, certain | review, certain), newest=newest)
    if found is None:
        plain = _places(lower, _PLAIN_CUES)
        found = _latest(_denials(body, plain, plain), newest=newest)
    return found


# Utilization review decision: February 18, 2015 · … hypertension and insomnia. UR 7/2/14.
_LABELLED = re.compile(
    r"u(?<!\wu)(?:tilization review|r) (?:decision|determination|denial)(?: date)?: ?"
    r"(?=[\da-z])"
    r"|u(?<=[.;] u)r:? (?=\d{1,2}[/-]\d{1,2}[/-]\d{2,4}(?:[.;]|\Z))"
)
_ROOM = 18
"""Characters of "September 18, 2015"."""

# "non-certified by UR dated 4/17/14 (received by the clinic 4/21/14)"
_RECEIVED = re.compile(r"\b(?:received|mailed|faxed|served|appealed)\b[^.;]*\Z")
_BESIDE = 40
"""How close before a date "received by the clinic" stands, in characters."""


def _latest(sentences: Iterator[Passage], *, newest: date) -> Found[date] | None:
    best: Found[date] | None = None
    for sentence in sentences:
        for found in find_dates(sentence, newest=newest):
            at = found.start - sentence.start
            behind = sentence.text[found.end - sentence.start :]
            if behind.startswith(" date of service") or found.value > newest:
                continue
            if best and _RECEIVED.search(sentence.text, max(0, at - _BESIDE), at):
                continue
            if best is None or found.value > best.value:
                best = found._replace(rule="ur_denial_date.body")
    return best


def _denials(
    body: Passage, cues: Iterable[int], certain: Collection[int]
) -> Iterator[Passage]:
    """The sentences around `cues` that tell of the denial under review."""
    end = 0
    for place in sorted(cues):
        if place < end:
            continue
        sentence = _sentence_around(body, place)
        end = sentence.end - body.start
        lower = sentence.text.lower()
        denies = (
            place in certain
            or any(word in lower for word in _DENIES)
            or _REFUSES.search(lower) is not None
        )
        if denies and not any(words in lower for words in _OTHER_DENIAL):
            yield sentence


def _sentence_around(passage: Passage, at: int) -> Passage:
    """The sentence that `at`, counted within the passage, is in."""
    earliest = max(0, at - _LONGEST_SENTENCE)
    start = behind_last_stop(
        _SENTENCE, passage.text, earliest, at + 1
    )  # sees its first letter
    return passage.part(start, _sentence_end(passage.text, at, _LONGEST_SENTENCE))


def find_filing_dates(notice: Passage, *, newest: date) -> Values:
    """The dates of application and denial that the notice of 2013 states in its prose."""
    values: Values = {}
    for name, cue in (("application_received", _FILED), ("ur_denial_date", _DENIAL_DATED)):
        if found := _date_behind(cue, notice, "notice.filed", newest=newest):
            values[name] = found
    filed = _FILED_ON.search(notice.text)
    day = filed and date_of(filed, newest=newest)
    if filed and day:
        values.setdefault("application_received", notice.found(day, filed, "notice.filed"))
    return values


def _date_behind(
    cue: re.Pattern[str], passage: Passage, rule: str, *, newest: date
) -> Found[date] | None:
    """The date right behind the first match of `cue` that is of what is at issue."""
    for match in cue.finditer(passage.text):
        day = DATE.match(passage.text, match.end())
        value = day and date_of(day, newest=newest)
        if day and value and not _NOT_AT_ISSUE.match(passage.text, day.end()):
            return passage.found(value, day, rule)
    return None
