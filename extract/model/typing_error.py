"""Is one word another with a typing error, or a different word?

One edit in a long word is a typing error unless it makes another meaning: a number or a
side, a prefix that denies (`a|symptomatic`), a pair of terms that are one letter apart
and mean different things (`data/confusable.json`).
"""

import json
import re
from functools import cache
from importlib import resources

from rapidfuzz.distance import OSA

_LEAST_LETTERS = 5
"""A shorter word has too many neighbours that are words."""

_JOINT = re.compile(r"([^a-z]+)")

# Words of which no letter is spared: what they say is a side or a number.
_SIDES = {"right"}
_NUMBERS = {
    *("three", "seven", "eight", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty"),
    *("sixty", "seventy", "eighty", "ninety", "hundred", "twice"),
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    "tenth",
}
_EXACT = frozenset(_SIDES | _NUMBERS)


def is_typing_error(said: str, printed: str) -> bool:
    """Whether `said` is `printed` with one typing error, both in lower case.

    Of a compound, "items/services", one word may have one.

    >>> is_typing_error("physical", "physcial")
    True
    >>> is_typing_error("asymptomatic", "symptomatic")
    False
    """
    ours, theirs = _JOINT.split(said), _JOINT.split(printed)
    if len(ours) != len(theirs):
        return False
    differing = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_slip(*differing[0])


def _is_slip(said: str, printed: str) -> bool:
    """The same for two words of letters alone."""
    if max(len(said), len(printed)) < _LEAST_LETTERS or not (said + printed).isalpha():
        return False
    if {said, printed} & _EXACT or "a" + said == printed or "a" + printed == said:
        return False
    if frozenset((said, printed)) in confusable():
        return False
    return is_one_edit(said, printed) and not _is_role(said, printed)


def is_one_edit(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped with the next leads over.

    That is a distance of 1 (optimal string alignment), or of none.

    >>> [is_one_edit("spine", word) for word in ("spinem", "spin", "spime", "spien", "pines")]
    [True, True, True, True, False]
    """
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _is_role(one: str, other: str) -> bool:
    """Whether the words name the two sides of one act: "employer", "employee"."""
    ends = {one[-2:], other[-2:]}
    return one[:-2] == other[:-2] and ends in ({"er", "ee"}, {"or", "ee"})


@cache
def confusable() -> frozenset[frozenset[str]]:
    """Pairs of words that are one letter apart and mean different things."""
    text = resources.files("extract").joinpath("data/confusable.json").read_text("utf-8")
    pairs: list[list[str]] = json.loads(text)["pairs"]
    return frozenset(frozenset(pair) for pair in pairs)
