"""Which counts of visits does a text state, of which treatment, and whose are they?

A count is one that the patient has had, one that a guideline gives, or neither (asked
for, authorised). The words around it in its sentence decide.
"""

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import NamedTuple

from extract.lexicon import load_lexicon
from extract.parse.number_words import NUMBER_WORD, parse_number
from extract.parse.sentences import lowered, sentence_ends
from extract.spans import Passage


class Owner(Enum):
    """Whose a count is."""

    HAD = "had"
    GUIDELINE = "guideline"
    NEITHER = "neither"


class VisitCount(NamedTuple):
    """A count, where it stands, and what its sentence says around it.

    Args:
        value: the upper end, if it is a range.
        kinds: the treatments that its sentence (else the one before) names, nearest first.
        lead: the words that lead to it: those since the count before, and where it goes
            on from that one ("6 visits, with up to 18 in all") the words before that.
        adds: whether it comes on top of a count before ("a further 6 visits").
    """

    value: int
    place: Passage
    owner: Owner
    kinds: tuple[str, ...]
    lead: str
    adds: bool


_NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORD})"

# Where a count may begin; most letters hold many numbers and few counts.
_BEGINNING = re.compile(rf"(?:up to |(?:x|times) ?(?=\d)|{_NUMBER})(?![a-z%])", re.ASCII)

# 24 sessions · twelve (12) physical therapy visits · 9 to 10 visits · up to 12–15 visits
#   low = "9", high = "10", noun = "visits"
# 1 out of 12 sessions · 4/6 treatments       done = "1", of which twelve were planned
# 4 more in November · 6 in December          bare = "4"
# up to 30 where …                            most = "30"
# acupuncture x 16.                           times = "16"
_COUNT = re.compile(
    rf"""
      (?P<done>{_NUMBER})(?:[ ]out[ ]of[ ]|[ ]of[ ]|/)\d{{1,2}}
      [ ](?:[a-z-]+[ ]){{0,3}}?(?:visits?|sessions?|treatments?)
    | (?P<low>{_NUMBER})(?:[ ]?(?:-|–|to|or)[ ]?(?P<high>{_NUMBER}))?
      (?:[ ]?\(\d{{1,3}}\))?[ -](?:[a-z][a-z'/-]*[ ]){{0,5}}?
      (?P<noun>visits?|sessions?|treatments?|appointments?|injections?|occasions)\b
      (?![ ](?:per|a|each|every)[ ](?:week|month|day))
    | (?P<bare>{_NUMBER})(?:[ ]more)?[ ]in[ ](?:january|february|march|april|may|june|july
      |august|september|october|november|december)\b
    | up[ ]to[ ](?:a[ ](?:total|maximum)[ ]of[ ])?(?P<most>\d{{1,2}})\b
      (?![ ]?(?:%|percent|-|–|to\b|weeks?|months?|days?|hours?|mg|times|years?|minutes?))
    | (?:x|times)[ ]?(?P<times>\d{{1,2}})\b(?=[ ]?(?:visits?|sessions?|[.,;)]|$))
    """,
    re.VERBOSE,
)
_NOUNS = ("visit", "session", "treatment", "appointment", "injection", "occasion", "up to ")
# Words between number and noun that make it no count: "2 times per week visits".
_NO_COUNT = re.compile(
    r"\b(?:weeks?|months?|days?|years?|hours?|mg|times|old|out of|per|a|the|and|for|with|"
    r"of|point|level|in)\b"
)
_JOINED = re.compile(r"[\w.,/-]$")

# "another 6 visits" · "a further 6" · "a second block of 8 visits" · "6 in December"
_ADDS = re.compile(
    r"\b(?:another|further|second|third|plus|followed by|then|and an additional)\b[^.;]{0,25}$"
)

# "10 visits over 4-6 weeks and up to 25 visits"
_GOES_ON = re.compile(
    r"(?: over [\w-]+ (?:weeks?|months?))?,? (?:and|with|or|then|to)\b"
)
# "… twelve physical therapy visits are not medically necessary." tells of the request.
_CONCLUSION = re.compile(
    r"\b(?:medically (?:necessary|appropriate)|medical necessity|clinically indicated|"
    r"not (?:necessary|supported)|be supported)\b[^.]{0,40}\.?\s*$"
)
# "another 8 sessions would lie beyond it" · "12 sessions requested"
_ASKED_FOR = re.compile(r",? (?:would|requested|asked|proposed|are requested|is requested)\b")


def find_counts(passage: Passage) -> list[VisitCount]:
    """Each count of visits in `passage`, in order."""
    text = lowered(passage.text)
    if not any(noun in text for noun in _NOUNS):
        return []
    counts: list[VisitCount] = []
    start = 0
    before = ""
    for end in sentence_ends(passage.text):
        sentence = text[start:end]
        if any(noun in sentence for noun in _NOUNS):
            counts += _counts_of(sentence, before, passage.part(start, end))
        start, before = end, sentence
    return counts


def _counts_of(sentence: str, before: str, printed: Passage) -> Iterator[VisitCount]:
    end, lead = 0, ""
    mentions: list[tuple[int, str]] | None = None
    for match in _matches(sentence):
        value = _value(match)
        if value is None:
            continue
        if mentions is None:
            mentions = _mentions(sentence) or [(0, kind) for _, kind in _mentions(before)[::-1]]
        words = sentence[end : match.start()]
        lead = lead + words if _GOES_ON.match(words) else words
        yield VisitCount(
            value=value,
            place=printed.part(match.start(), match.end()),
            owner=_owner(sentence, match),
            kinds=_nearest_first(mentions, match),
            lead=lead,
            adds=_adds(sentence, match, end),
        )
        end = match.end()


def _matches(sentence: str) -> Iterator[re.Match[str]]:
    """Each count of `sentence`, from left to right, none inside another."""
    end = 0
    for beginning in _BEGINNING.finditer(sentence):
        start = beginning.start()
        if start < end or _is_inside_a_word(sentence, start):
            continue
        match = _COUNT.match(sentence, start)
        if match:
            yield match
            end = match.end()


def _is_inside_a_word(sentence: str, start: int) -> bool:
    before = sentence[max(0, start - 4) : start]
    return bool(_JOINED.search(before)) or before.endswith(" in ")


def _adds(sentence: str, match: re.Match[str], end: int) -> bool:
    """Whether the count comes on top of the one before, which ends at `end`."""
    if match["bare"] and end:
        return True
    return " more " in match[0] or bool(
        _ADDS.search(sentence[max(0, match.start() - 60) : match.start()])
    )


def _value(match: re.Match[str]) -> int | None:
    if match["noun"]:
        between = match[0][len(match["low"]) :]
        if match["high"]:
            between = between.split(match["high"], 1)[1]
        if _NO_COUNT.search(between[: -len(match["noun"])]):
            return None
    number = match["done"] or match["high"] or match["low"] or match["bare"] or match["most"]
    return parse_number(number or match["times"])


def _owner(text: str, match: re.Match[str]) -> Owner:
    """Whose the count is: by the last cue before it, else by the first behind it."""
    if match["most"]:
        return Owner.GUIDELINE
    if match["done"]:
        return Owner.HAD
    if _CONCLUSION.search(text) or _ASKED_FOR.match(text, match.end()):
        return Owner.NEITHER
    last: re.Match[str] | None = None
    for cue in _cue_pattern().finditer(text, 0, match.end()):
        if cue.start() < match.start("noun") or cue.start() < match.start():
            last = cue
    found = last or _cue_pattern().search(text, match.end())
    return Owner(found.lastgroup) if found else Owner.NEITHER


def _nearest_first(
    mentions: list[tuple[int, str]], match: re.Match[str]
) -> tuple[str, ...]:
    """The treatments named, those closest to the end of the count first."""
    ordered = sorted(mentions, key=lambda mention: abs(mention[0] - match.end()))
    return tuple(kind for _, kind in ordered)


def _mentions(text: str) -> list[tuple[int, str]]:
    """Where `text` names which kind of treatment, ascending."""
    return [
        (match.start(), match.lastgroup)
        for match in _mention_pattern().finditer(text)
        if match.lastgroup
    ]


# Of these an item's title asks for the encounter itself, not for a course of treatment.
_ONE_ENCOUNTER = re.compile(
    r"\bre-?exam|\b(?:re-?)?evaluat|\bconsult|\bfollow[- ]?up\b|\breferral|\bunit\b"
)


def find_kind(title: str) -> str | None:
    """The kind of treatment that an item's title asks for, if it comes in visits.

    >>> find_kind("Physical therapy 3x4 for the lumbar spine"), find_kind("Soma 350mg")
    ('therapy', None)
    """
    title = title.lower()
    if _ONE_ENCOUNTER.search(title):
        return None
    match = _title_pattern().search(title)
    return match.lastgroup if match else None


@cache
def _title_pattern() -> re.Pattern[str]:
    return _by_group({kind["name"]: kind["title"] for kind in load_lexicon("visits")["kind"]})


@cache
def _mention_pattern() -> re.Pattern[str]:
    kinds = load_lexicon("visits")["kind"]
    return _by_group({kind["name"]: kind["title"] + kind["mention"] for kind in kinds})


@cache
def _cue_pattern() -> re.Pattern[str]:
    cues = load_lexicon("visits")["cues"]
    return _by_group({name: cues[name] for name in ("neither", "guideline", "had")})


def _by_group(words: dict[str, list[str]]) -> re.Pattern[str]:
    groups = (f"(?P<{name}>{'|'.join(alternatives)})" for name, alternatives in words.items())
    return re.compile(rf"\b(?:{'|'.join(groups)})\b")
