"""How many visits, at most, does the reviewer say the guideline supports?"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from extract.lexicon import any_of, load_lexicon
from extract.parse.visits.counts import REMEMBERED, VisitCount
from extract.parse.visits.treatment import may_be_guided
from extract.parse.visits.words import Owner
from extract.spans import Found, Passage

_NO_COUNT_OF_VISITS = 200
"""No guideline gives so many visits; a larger number is a price or a page."""


# "24 visits are kept for reflex sympathetic dystrophy"
# "24 visits over 16 weeks to reflex sympathetic dystrophy"
_FOR = re.compile(r"^ (?:[\w-]+ ){0,4}(?:for|in cases? of|after|following|to) ")


class _Condition(NamedTuple):
    """What ties a count to a condition, and what says that this patient has it."""

    name: re.Pattern[str]
    sign: re.Pattern[str]
    sign_in_rationale: re.Pattern[str] | None


def find_guideline_max(
    kind: str,
    counts: Sequence[VisitCount],
    *,
    told: Sequence[Passage | None],
    rationale: Passage | None,
) -> Found[int] | None:
    """The largest number of visits of `kind` that a guideline is said to give.

    Args:
        counts: those of the item's rationale.
        told: title and case summary, which say what conditions the patient has.
        rationale: speaks of them as well, but also of others.
    """
    given = [
        count
        for count in counts
        if count.owner is Owner.GUIDELINE
        and may_be_guided(count.kinds, kind)
        and count.value < _NO_COUNT_OF_VISITS
        and _is_for_patient(count, told, rationale)
    ]
    if not given:
        return None
    largest = max(given, key=lambda count: count.value)
    return largest.place.found_whole(largest.value, "guideline_max.counted")


def _is_for_patient(
    count: VisitCount, told: Sequence[Passage | None], rationale: Passage | None
) -> bool:
    """Whether this patient has what `count` is tied to: all of it, of "A or B" one."""
    tied = _conditions_of(count.lead, count.tail)
    if not tied:
        return True
    of_patient = " ".join(passage.text for passage in told if passage).lower()
    of_others = rationale.text.lower() if rationale else ""
    has = [_has(condition, of_patient, of_others) for condition, _ in tied]
    starts = sorted(start for _, start in tied)
    words = count.lead + count.tail
    is_choice = len(tied) > 1 and " or " in words[starts[0] : starts[-1]]
    return any(has) if is_choice else all(has)


@lru_cache(maxsize=REMEMBERED)
def _conditions_of(lead: str, tail: str) -> tuple[tuple[_Condition, int], ...]:
    """What the words before a count, or "for …" behind it, tie it to; where they name it."""
    return tuple(_named_around(lead, tail))


def _named_around(lead: str, tail: str) -> Iterator[tuple[_Condition, int]]:
    purpose = _FOR.search(tail)
    for condition in _conditions():
        if named := condition.name.search(lead):
            yield condition, named.start()
        elif purpose and (named := condition.name.search(tail, purpose.end())):
            yield condition, len(lead) + named.start()


def _has(condition: _Condition, told: str, rationale: str) -> bool:
    """Whether the letter says that this patient has the condition."""
    if condition.sign.search(told):
        return True
    in_rationale = condition.sign_in_rationale
    return bool(in_rationale and in_rationale.search(rationale))


@cache
def _conditions() -> tuple[_Condition, ...]:
    return tuple(
        _Condition(
            any_of(entry["name"]),
            any_of(entry["sign"]),
            any_of(entry["sign_in_rationale"]) if "sign_in_rationale" in entry else None,
        )
        for entry in load_lexicon("visits")["condition"]
    )
