"""Is one word another with a typing error, or a different word?

One edit in a long word is a typing error unless it makes another meaning: a number or a
side, a prefix that denies (`a|symptomatic`), a pair of terms that are one letter apart
and mean different things (`data/confusable.json`).
"""

import json
from functools import cache
from importlib import resources

_LEAST_LETTERS = 5

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

    >>> is_typing_error("physical", "physcial")
    True
    >>> is_typing_error("asymptomatic", "symptomatic")
    False
    """
    if min(len(said), len(printed)) < _LEAST_LETTERS:
        return False
    if not (said.isalpha() and printed.isalpha()) or {said, printed} & _EXACT:
        return False
    if "a" + said == printed or "a" + printed == said:
        return False
    if frozenset((said, printed)) in confusable():
        return False
    return is_one_edit(said, printed) and not _is_role(said, printed)


def is_one_edit(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped with the next leads over.

    >>> [is_one_edit("spine", word) for word in ("spinem", "spin", "spime", "spien", "pines")]
    [True, True, True, True, False]
    """
    if abs(len(one) - len(other)) > 1:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    left, right = one[head:], other[head:]
    if len(left) == len(right):
        swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
        return left[1:] == right[1:] or swapped
    return left[1:] == right if len(left) > len(right) else left == right[1:]


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
