"""Which prediction answers to which label? One to one, independent of order.

Pairs are made once; verdicts are counted from them and resampled as counts.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from eval.compare import Comparison
from extract.pairing import pair, pair_by_description
from schemas import Item


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
    return _aligned(pair(weights), *weights.shape)


def align_items(labels: Sequence[Item], predicted: Sequence[Item]) -> Alignment:
    """Items paired by their descriptions; those of one title by what else agrees."""
    pairs = pair_by_description(
        [item.description for item in labels],
        [item.description for item in predicted],
        lambda row, column: _agreeing_fields(labels[row], predicted[column]),
    )
    return _aligned(pairs, len(labels), len(predicted))


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


def _aligned(pairs: list[tuple[int, int]], labels: int, predicted: int) -> Alignment:
    paired_labels = {label for label, _ in pairs}
    paired_predictions = {prediction for _, prediction in pairs}
    return Alignment(
        pairs,
        [label for label in range(labels) if label not in paired_labels],
        [given for given in range(predicted) if given not in paired_predictions],
    )
