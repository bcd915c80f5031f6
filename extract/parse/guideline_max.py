"""How many visits, at most, does the reviewer say the guideline supports?"""

import re
from collections.abc import Sequence
from functools import cache

from extract.lexicon import load_lexicon
from extract.parse.visit_counts import Owner, VisitCount
from extract.spans import Found

_ANOTHERS = 200
"""No guideline gives so many visits; a larger number is a price or a page."""


def find_guideline_max(
    kind: str, counts: Sequence[VisitCount], told_of_patient: str
) -> Found[int] | None:
    """The largest number of visits of `kind` that a guideline is said to give.

    Args:
        counts: those of the item's rationale.
        told_of_patient: title and case summary, which say what conditions there are.
    """
    given = [
        count
        for count in counts
        if count.owner is Owner.GUIDELINE
        and (not count.kinds or kind in count.kinds)
        and count.value < _ANOTHERS
        and not _is_for_others(count.lead, told_of_patient)
    ]
    if not given:
        return None
    largest = max(given, key=lambda count: count.value)
    return largest.place.found_whole(largest.value, "guideline_max.counted")


def _is_for_others(lead: str, told_of_patient: str) -> bool:
    """Whether the count is tied to a condition that this patient is not said to have."""
    return any(
        name.search(lead) and not sign.search(told_of_patient) for name, sign in _conditions()
    )


@cache
def _conditions() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (
            re.compile("|".join(condition["name"]), re.IGNORECASE),
            re.compile("|".join(condition["sign"]), re.IGNORECASE),
        )
        for condition in load_lexicon("visits")["condition"]
    )
