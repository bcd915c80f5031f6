"""Folds counts of verdicts into accuracy, precision, recall and F1.

An empty denominator gives `None`, never 0 or 1.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from eval.verdict import Counts, Judgement, Verdict, count

Number = TypeVar("Number", float, NDArray[np.float64])


class Figures(NamedTuple):
    """The four figures of a field or a group of fields; `None` is not measured."""

    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None


def fractions_of(
    correct: Number, missed: Number, spurious: Number, wrong: Number, true_null: Number
) -> dict[str, tuple[Number, Number]]:
    """Numerator and denominator of each figure, of counts or of arrays of counts alike.

    F1, the harmonic mean of precision and recall, comes to the correct values over the mean
    of the given and the labelled ones (van Rijsbergen, Information Retrieval (1979), ch. 7).
    """
    given, support = correct + spurious + wrong, correct + missed + wrong
    return {
        "accuracy": (correct + true_null, support + spurious + true_null),
        "precision": (correct, given),
        "recall": (correct, support),
        "f1": (correct, (given + support) / 2),
    }


def figures(counts: Counts) -> Figures:
    """The figures that `counts` come to.

    >>> figures(Counts(correct=3, missed=1))
    Figures(accuracy=0.75, precision=1.0, recall=0.75, f1=0.8571428571428571)
    >>> figures(Counts(true_null=2))
    Figures(accuracy=1.0, precision=None, recall=None, f1=None)
    """
    return Figures(**{name: share(*parts) for name, parts in fractions_of(*counts).items()})


def share(part: float, whole: float) -> float | None:
    """`part` of `whole`; `None` if there is no whole."""
    return part / whole if whole else None


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of those values that were measured; `None` if none was."""
    measured = [value for value in values if value is not None]
    return share(sum(measured), len(measured))


def count_by_field(judgements: Iterable[Judgement]) -> dict[str, Counts]:
    """Field to the counts of its verdicts."""
    verdicts: dict[str, list[Verdict]] = {}
    for judgement in judgements:
        verdicts.setdefault(judgement.field, []).append(judgement.verdict)
    return {field: count(of_field) for field, of_field in verdicts.items()}
