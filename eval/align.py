"""Which prediction answers to which label? One to one, independent of order.

Pairs are made once; verdicts are counted from them and resampled as counts.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from eval.compare import Comparison, fold_words
from extract.pairing import pair
from schemas import Item

LEAST_ITEM_SIMILARITY = 50.0
"""A pair of items whose descriptions are less alike is no pair (labelling guide)."""

_TIE_BREAK = 1e-6
"""Far under any difference that description similarities of real titles have."""


class Alignment(NamedTuple):
    """Positions: the pairs (label, prediction), then what has no partner."""

    pairs: list[tuple[int, int]]
    missing: list[int]
    spurious: list[int]


def align_elements(
    labels: Sequence[Any], predicted: Sequence[Any], comparison: Comparison
) -> Alignment:
    """As many pairs of same values as can be made; of those, the most alike ones."""
    weights = np.zeros((len(labels), len(predicted)))
    # One pair more must outweigh any gain in likeness.
    pair_bonus = 101.0 * (min(weights.shape) + 1)
    for row, label in enumerate(labels):
        for column, value in enumerate(predicted):
            likeness = comparison.similarity(label, value)
            if likeness >= comparison.least:
                weights[row, column] = pair_bonus + likeness
    return _assign(weights)


def align_items(labels: Sequence[Item], predicted: Sequence[Item]) -> Alignment:
    """Items paired so that the sum of description similarities is largest.

    Among items that carry the same title those are paired that agree in more fields, so
    that the order of the items never matters.
    """
    if not labels or not predicted:
        return Alignment([], list(range(len(labels))), list(range(len(predicted))))
    weights = process.cdist(
        [fold_words(item.description) for item in labels],
        [fold_words(item.description) for item in predicted],
        scorer=fuzz.ratio,
        dtype=np.float64,
    )
    weights[weights < LEAST_ITEM_SIMILARITY] = 0.0
    if _has_ties(weights):
        for row, column in np.argwhere(weights > 0):
            agreeing = _agreeing_fields(labels[row], predicted[column])
            weights[row, column] += _TIE_BREAK * agreeing
    return _assign(weights)


def _has_ties(weights: NDArray[np.float64]) -> bool:
    """Whether two rows or two columns are equal, so that either could take the place."""
    distinct = len(np.unique(weights, axis=0)), len(np.unique(weights, axis=1))
    return distinct != weights.shape


_AGREEING: tuple[Callable[[Item], object], ...] = (
    lambda item: item.decision,
    lambda item: item.category,
    lambda item: item.requested,
    lambda item: item.body_parts,
    lambda item: item.rationale,
    lambda item: item.claims_administrator_guidelines,
    lambda item: item.reviewer_guidelines,
)


def _agreeing_fields(label: Item, predicted: Item) -> int:
    return sum(value(label) == value(predicted) for value in _AGREEING)


def _assign(weights: NDArray[np.float64]) -> Alignment:
    pairs = pair(weights)
    paired_rows = {row for row, _ in pairs}
    paired_columns = {column for _, column in pairs}
    return Alignment(
        pairs,
        [row for row in range(weights.shape[0]) if row not in paired_rows],
        [column for column in range(weights.shape[1]) if column not in paired_columns],
    )
