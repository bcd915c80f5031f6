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
from extract.parse.sentences import split_sentences
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
    sentence: str
    lead: str
    adds: bool


_NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORD})"

# 24 sessions · twelve (12) physical therapy visits · 9 to 10 visits · up to 12–15 visits
#   low = "9", high = "10", noun = "visits"
# 1 out of 12 sessions · 4/6 treatments       done = "1", of which twelve were planned
# 4 more in November · 6 in December          bare = "4"
# up to 30 where …                            most = "30"
_COUNT = re.compile(
    rf"""
    (?<![\w.,/-])(?<!\bin[ ])\#?(?:
        (?P<done>{_NUMBER})(?:[ ]out[ ]of[ ]|[ ]of[ ]|/)(?=\d)
        (?:\d{{1,2}})[ ](?:[a-z-]+[ ]){{0,3}}?(?:visits?|sessions?|treatments?)
      | (?P<low>{_NUMBER})(?:[ ]?(?:-|–|to|or)[ ]?(?P<high>{_NUMBER}))?
        (?:[ ]?\(\d{{1,3}}\))?[ -](?:[a-z][a-z'/-]*[ ]){{0,5}}?
        (?P<noun>visits?|sessions?|treatments?|appointments?|injections?|occasions)\b
        (?![ ](?:per|a|each|every)[ ](?:week|month|day))
      | (?P<bare>{_NUMBER})(?:[ ]more)?[ ]in[ ](?:January|February|March|April|May|June|July
        |August|September|October|November|December)\b
    )
    | \bup[ ]to[ ](?:a[ ](?:total|maximum)[ ]of[ ])?(?P<most>\d{{1,2}})\b
      (?![ ]?(?:%|percent|-|–|to\b|weeks?|months?|days?|hours?|mg|times|years?|minutes?))
    | \b(?:x|times)[ ]?(?P<times>\d{{1,2}})\b(?=[ ]?(?:visits?|sessions?|[.,;)]|$))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COUNTED = re.compile(r"visit|session|treatment|appointment|injection|occasion|up to", re.I)
# Words between number and noun that make it no count: "2 times per week visits".
_NO_COUNT = re.compile(
    r"\b(?:weeks?|months?|days?|years?|hours?|mg|times|old|out of|per|a|the|and|for|with|"
    r"of|point|level|in)\b",
    re.IGNORECASE,
)
# "another 6 visits" · "a further 6" · "a second block of 8 visits" · "6 in December"
_ADDS = re.compile(
    r"\b(?:another|further|second|third|plus|followed by|then|and an additional)\b[^.;]{0,25}$",
    re.IGNORECASE,
)

# "10 visits over 4-6 weeks and up to 25 visits"
_GOES_ON = re.compile(
    r"(?: over [\w-]+ (?:weeks?|months?))?,? (?:and|with|or|then|to)\b", re.IGNORECASE
)
# "… twelve physical therapy visits are not medically necessary." tells of the request.
_CONCLUSION = re.compile(
    r"\b(?:medically (?:necessary|appropriate)|medical necessity|clinically indicated|"
    r"not (?:necessary|supported)|be supported)\b[^.]{0,40}\.?\s*$"
)
# "another 8 sessions would lie beyond it" · "12 sessions requested"
_ASKED_FOR = re.compile(r",? (?:would|requested|asked|proposed|are requested|is requested)\b")


def find_counts(passage: Passage) -> Iterator[VisitCount]:
    """Each count of visits in `passage`, in order."""
    if not _COUNTED.search(passage.text):
        return
    before: tuple[str, ...] = ()
    for sentence in split_sentences(passage):
        mentions = _mentions(sentence.text)
        yield from _counts_of(sentence, mentions, before)
        before = tuple(kind for _, kind in reversed(mentions))


def _counts_of(
    sentence: Passage, mentions: list[tuple[int, str]], before: tuple[str, ...]
) -> Iterator[VisitCount]:
    text, end, lead = sentence.text, 0, ""
    for match in _COUNT.finditer(text):
        value = _value(match)
        if value is None:
            continue
        words = text[end : match.start()]
        lead = lead + words if _GOES_ON.match(words) else words
        yield VisitCount(
            value=value,
            place=sentence.part(match.start(), match.end()),
            owner=_owner(text, match),
            kinds=_nearest_first(mentions, match) or before,
            sentence=text,
            lead=lead,
            adds=match["bare"] is not None and end > 0
            or " more " in match[0]
            or bool(_ADDS.search(text[max(0, match.start() - 60) : match.start()])),
        )
        end = match.end()


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
    r"\bre-?exam|\b(?:re-?)?evaluat|\bconsult|\bfollow[- ]?up\b|\breferral|\bunit\b", re.IGNORECASE
)


def find_kind(title: str) -> str | None:
    """The kind of treatment that an item's title asks for, if it comes in visits.

    >>> find_kind("Physical therapy 3x4 for the lumbar spine"), find_kind("Soma 350mg")
    ('therapy', None)
    """
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
    return re.compile(rf"\b(?:{'|'.join(groups)})\b", re.IGNORECASE)
