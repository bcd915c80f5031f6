"""Which items are each other's? Paired one to one by descriptions, as the guide compares."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

LEAST_ALIKE = 50.0
"""Descriptions less alike than this are no pair: the labelling guide's bound."""

_TIE_BREAK = 1e-6
"""Far under any difference that likenesses of real titles have."""

_PUNCTUATION = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def fold_words(text: str) -> str:
    """`text` case-folded, its punctuation stripped, its words sorted.

    >>> fold_words("X-ray, LEFT knee")
    'knee left ray x'
    """
    return " ".join(sorted(_PUNCTUATION.sub(" ", text.casefold()).split()))


def text_similarity(one: str, other: str) -> float:
    """Likeness of two texts, 0 to 100; case, punctuation and word order do not count.

    >>> text_similarity("MRI, left knee", "Left knee MRI")
    100.0
    """
    return fuzz.ratio(fold_words(one), fold_words(other))


def pair_by_description(
    first: Sequence[str], second: Sequence[str], agreeing: Callable[[int, int], int]
) -> list[tuple[int, int]]:
    """Positions of items that are each other's, by the first: most alike in sum.

    Args:
        first: the descriptions of one side's items.
        second: those of the other side's.
        agreeing: in how many fields the items at two positions agree. Among items that
            carry the same title those are paired that agree in more, so that the order of
            the items never matters.
    """
    if not first or not second:
        return []
    likeness = process.cdist(
        [fold_words(text) for text in first],
        [fold_words(text) for text in second],
        scorer=fuzz.ratio,
        dtype=np.float64,
    )
    likeness[likeness < LEAST_ALIKE] = 0.0
    if _has_ties(likeness):
        for row, column in np.argwhere(likeness > 0):
            likeness[row, column] += _TIE_BREAK * agreeing(row, column)
    return pair(likeness)


def _has_ties(likeness: NDArray[np.float64]) -> bool:
    """Whether two rows or two columns are equal, so that either could take the place."""
    distinct = len(np.unique(likeness, axis=0)), len(np.unique(likeness, axis=1))
    return distinct != likeness.shape


def pair(likeness: NDArray[Any]) -> list[tuple[int, int]]:
    """The pairs (row, column) whose likenesses have the largest sum, by rows.

    The Hungarian method's optimum, as SciPy finds it (Crouse, IEEE Transactions on Aerospace
    and Electronic Systems 52 (2016) 1679-1696).

    Args:
        likeness: of each row and each column; 0 is no pair.

    >>> pair(np.array([[90.0, 80.0], [85.0, 0.0]]))
    [(0, 1), (1, 0)]
    """
    from scipy.optimize import linear_sum_assignment  # costs 0.3 s to import

    rows, columns = linear_sum_assignment(likeness, maximize=True)
    return [
        (int(row), int(column))
        for row, column in zip(rows, columns, strict=True)
        if likeness[row, column] > 0
    ]
