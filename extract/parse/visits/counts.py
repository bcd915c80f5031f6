"""Which counts of visits does a text state, of which treatment, and whose are they?

A count is one that the patient has had, one that a guideline gives, or neither (asked
for, authorised). The words around it in its sentence decide. All matching is done in
lower case.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from extract.parse.number_words import parse_number
from extract.parse.sentences import split_sentences
from extract.parse.visits import patterns
from extract.parse.visits.mentions import Mention
from extract.parse.visits.words import Owner, find_words, is_kind, named_kinds, owner_by_cues
from extract.spans import Passage, lowered


class VisitCount(NamedTuple):
    """A count, where it stands, and what its sentence says around it.

    Args:
        value: the upper end, if it is a range.
        kinds: the treatments that its sentence (else the one before) names, nearest first.
        lead: the words that lead to it: those since the count before, and where it goes
            on from that one ("6 visits, with up to 18 in all") the words before that.
        tail: the words behind it in its clause.
        own: those of them that stand before the next count.
        adds: whether it comes on top of a count before ("a further 6 visits").
    """

    value: int
    place: Passage
    owner: Owner
    kinds: tuple[str, ...]
    lead: str
    tail: str
    own: str
    adds: bool

    def moved(self, by: int) -> "VisitCount":
        """The same count, `by` characters further on."""
        value, (text, start), *_ = self
        return VisitCount(value, Passage(text, start + by), *self[2:])


_FAR = 400
"""How far from a count the words that speak of it may stand, in characters."""

# physical therapy, 6 sessions · acupuncture: 8 visits · PT - 4; a stem has its ending left
_SET_OFF = re.compile(r"[a-z]*(?:, |: | [-–] )")

_CUE = 40
"""Room for the words right before a count that say whose it is, in characters."""

_CLAUSE = 80
"""No clause that tells the part of the body is longer."""

REMEMBERED = 8192
"""Sentences whose counts are kept: reviewers paste the same ones again and again."""


@lru_cache(maxsize=2)
def find_counts(passage: Passage) -> tuple[VisitCount, ...]:
    """Each count of visits in `passage`, in order.

    Remembers the last passages, as every item of a letter asks for the same summary's.
    """
    counts: list[VisitCount] = []
    before = ""
    for sentence in split_sentences(passage):
        for count in _counts_in(sentence.text, before):
            counts.append(count.moved(sentence.start))
        before = sentence.text
    return tuple(counts)


@lru_cache(maxsize=REMEMBERED)
def _counts_in(sentence: str, before: str) -> tuple[VisitCount, ...]:
    """Each count in `sentence`, its place counted within it.

    Args:
        before: the sentence before, for what this one does not name again.
    """
    text = lowered(sentence)
    matches = list(_matches(text))
    if not matches:
        return ()
    return tuple(_counts_of(_Sentence(Passage(sentence), text, lowered(before)), matches))


class _Sentence(NamedTuple):
    """A sentence as it is printed and in lower case, and the one before in lower case."""

    passage: Passage
    text: str
    before: str


_Match = tuple[re.Match[str], int]
"""Where a count stands in the sentence, and its value."""


def _matches(text: str) -> Iterator[_Match]:
    """Each count of `text` with its value, from left to right, none inside another."""
    end = 0
    for beginning in patterns.BEGINNING.finditer(text):
        start = beginning.end()
        match = patterns.COUNT.match(text, start) if start >= end else None
        if match is None or not _counts(text, match):
            continue
        number = next(filter(None, map(match.group, patterns.VALUES)))
        value = 1 if number == "another" else parse_number(number)
        if value is not None:
            yield match, value
            end = match.end()


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether the number counts its noun, not something before that: "2 times per visit".

    An ordinal counts only visits of a treatment: not "his 4th post-operative visit".
    """
    if match["ordinal"]:
        return bool(named_kinds(match[0]))
    if match["low"] and text.endswith(" in ", 0, match.start()):
        return False
    if match["noun"] == "blocks" and not match["between"]:
        return False
    return not (match["between"] and patterns.NO_COUNT.search(match["between"]))


def _counts_of(sentence: _Sentence, matches: list[_Match]) -> Iterator[VisitCount]:
    words = find_words(sentence.text)
    inherited = () if any(map(is_kind, words)) else _kinds_of(sentence.before)
    concludes = patterns.CONCLUSION.search(sentence.text[-_FAR:]) is not None
    end, lead, explained, kinds = 0, "", 0, inherited
    owner = Owner.UNTOLD
    followings = [*(match.start() for match, _ in matches[1:]), len(sentence.text)]
    for (match, value), following in zip(matches, followings, strict=True):
        start = match.start()
        between = sentence.text[end:start]
        lead = (lead + between if patterns.GOES_ON.match(between) else between)[-_FAR:]
        goes_on = any(map(match.group, patterns.GOING_ON))
        if start < explained or (goes_on and not end):
            continue
        if match["bare"] == "another" and not patterns.ONCE.fullmatch(between):
            continue
        if _explains(match, between):
            explained = sentence.text.find(")", start)
            continue
        if end and patterns.IN_PARTS.search(between):
            explained = len(sentence.text)
            continue
        near = _near(words, start, match.end())
        is_named = any(is_kind(word) and end <= word.start < start for word in near)
        end = match.end()
        if is_named or not goes_on:
            kinds = _nearest_first(near, match, sentence.text, following) or inherited
        tail = _clause(sentence.text, end)
        if owner is not Owner.HAD or not _is_in_addition(between, tail):
            owner = _owner(sentence.text, match, near, end)
        yield VisitCount(
            value=value,
            place=sentence.passage.part(match.start(), match.end()),
            owner=Owner.NEITHER if concludes else owner,
            kinds=kinds,
            lead=lead,
            tail=tail,
            own=tail[: following - end],
            adds=_adds(sentence.text, match, start),
        )


def _is_in_addition(between: str, tail: str) -> bool:
    """Whether a count goes on from the one before with visits of a year: had, if it was."""
    return bool(patterns.IN_ADDITION.search(between) and patterns.AT_A_TIME.match(tail))


def _explains(match: re.Match[str], between: str) -> bool:
    """Whether it opens a bracket that parts the count before: "18 (6 in 2014, 12 in 2015)"."""
    return bool(match["bare"]) and not _says_more(match) and between.strip() == "("


def _says_more(match: re.Match[str]) -> bool:
    return bool(match["more"]) or " more " in match[0] or " further " in match[0]


def _near(words: list[Mention], start: int, end: int) -> list[Mention]:
    """Those of `words` that stand so close to a count that they may speak of it."""
    first = bisect_left(words, start - _FAR, key=lambda word: word.start)
    last = bisect_right(words, end + _FAR, key=lambda word: word.start)
    return words[first:last]


def _kinds_of(sentence: str) -> tuple[str, ...]:
    """The treatments that `sentence` names, the last first."""
    words = find_words(sentence[-_FAR:])
    return tuple(word.label for word in reversed(words) if is_kind(word))


def _owner(sentence: str, match: re.Match[str], words: list[Mention], end: int) -> Owner:
    """Whose the count is: by the last cue before it, else by the first behind it.

    Args:
        words: what stands near it.
        end: where the count ends in `sentence`.
    """
    if any(map(match.group, patterns.SAID_TO_BE_ALLOWED)):
        is_asked_for = patterns.AS_ASKED_FOR.match(sentence, end)
        return Owner.NEITHER if is_asked_for else Owner.GUIDELINE
    before = sentence[max(0, match.start() - _CUE) : match.start()]
    if match["done"]:
        is_left = patterns.LEFT.match(sentence, end) or patterns.GRANTED.search(before)
        return Owner.NEITHER if is_left else Owner.HAD
    if any(map(match.group, patterns.SAID_TO_BE_HAD)):
        return Owner.HAD
    if patterns.PARTED.match(sentence, end):
        return Owner.NEITHER
    if patterns.ASKED_FOR.match(sentence, end) or patterns.MISSED.match(sentence, end):
        return Owner.NEITHER
    if patterns.IN_THE_PAST.match(sentence, end) or _is_attended(sentence, match, before):
        return Owner.HAD
    if patterns.ALLOWED.search(before) and patterns.SET_OUT.match(sentence, end):
        return Owner.GUIDELINE
    owner = owner_by_cues(sentence, words, end)
    return Owner.GUIDELINE if match["in_all"] and owner is Owner.UNTOLD else owner


def _is_attended(sentence: str, match: re.Match[str], before: str) -> bool:
    """Whether the words right `before` say that what was authorised was attended."""
    return (
        "authoriz" in match[0]
        and patterns.ATTENDED.search(before) is not None
        and match.start() <= _first_unsure(sentence)
    )


@lru_cache(maxsize=1)
def _first_unsure(sentence: str) -> int:
    """Where `sentence` first says what leaves its counts open; its length, if nowhere."""
    unsure = patterns.UNSURE.search(sentence)
    return unsure.start() if unsure else len(sentence)


def _nearest_first(
    words: list[Mention], match: re.Match[str], sentence: str, following: int
) -> tuple[str, ...]:
    """The treatments named, those within the count first, then those close to its end.

    One before the count comes first if the count is set off from it: "PT (12 visits)", and
    before those that the count at `following` may be of.
    """
    start, end = match.span()
    follows = match["times"] or match["noun"] == "times"
    is_set_off = bool(follows) or _is_set_off(words, start, end, sentence)

    def distance(kind: Mention) -> int:
        if start <= kind.start < end:
            return 0
        behind = kind.start >= end
        apart = sentence[end : kind.start] if behind else sentence[kind.end : start]
        far = _FAR * ((behind and is_set_off) + (";" in apart) + (kind.start >= following))
        return abs(kind.start - end) + far

    return tuple(kind.label for kind in sorted(filter(is_kind, words), key=distance))


def _is_set_off(words: list[Mention], start: int, end: int, sentence: str) -> bool:
    """Whether a bracket or a comma stands between a treatment and its count."""
    if sentence.endswith(patterns.OPENED, 0, start):
        return True
    before = [word.end for word in words if is_kind(word) and word.end <= start]
    if sentence[end : end + 1] not in "),;.":
        return False  # "three treatments with shock wave": its kind follows
    return bool(before) and _SET_OFF.fullmatch(sentence, before[-1], start) is not None


def _clause(sentence: str, start: int) -> str:
    """The words from `start` to the next comma, semicolon or full stop."""
    stop = patterns.STOP.search(sentence, start, start + _CLAUSE)
    return sentence[start : stop.start() if stop else start + _CLAUSE]


def _adds(sentence: str, match: re.Match[str], start: int) -> bool:
    """Whether the count comes on top of one before."""
    if any(map(match.group, patterns.GOING_ON)) or _says_more(match):
        return True
    return patterns.ADDS.search(sentence[max(0, start - 60) : start]) is not None
