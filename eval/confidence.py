"""Does confidence mean something? Reliability, and what remains if doubtful values go.

Judges the confidences that the evidence of a prediction states. A value is right if its
verdict is `correct`; a value without evidence has no confidence and is only counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from eval.metrics import share
from eval.report import BinRow, CurveRow
from eval.scored import ScoredLetter
from eval.verdict import Verdict

BINS = 10
"""Equal widths, as in the usual definition of the expected calibration error."""

WANTED_PRECISION = 0.99


class JudgedValue(NamedTuple):
    """A value that was given: who gave it, how surely, and whether it is right."""

    field: str
    rule: str
    confidence: float
    is_right: bool


def judged_values(scored: Iterable[ScoredLetter]) -> Iterator[JudgedValue]:
    """Every given value that has evidence."""
    for letter in scored:
        evidence = letter.prediction.evidence
        for judgement in letter.judgements:
            proof = evidence.get(judgement.predicted_path or "")
            if proof is not None:
                is_right = judgement.verdict is Verdict.CORRECT
                yield JudgedValue(judgement.field, proof.rule, proof.confidence, is_right)


def count_unproved(scored: Iterable[ScoredLetter]) -> int:
    """How many values were given without evidence."""
    return sum(
        judgement.predicted_path is not None
        and judgement.predicted_path not in letter.prediction.evidence
        for letter in scored
        for judgement in letter.judgements
    )


def reliability(values: Sequence[JudgedValue]) -> list[BinRow]:
    """The bins that hold values, by rising confidence."""
    return [
        BinRow(
            low=index / BINS,
            high=(index + 1) / BINS,
            values=len(members),
            mean_confidence=sum(value.confidence for value in members) / len(members),
            share_right=sum(value.is_right for value in members) / len(members),
        )
        for index, members in _bins(values)
    ]


def calibration_error(values: Sequence[JudgedValue]) -> float | None:
    """The mean gap between confidence and share of right values, weighted by values."""
    gaps = (
        abs(sum(value.confidence - value.is_right for value in members))
        for _, members in _bins(values)
    )
    return share(sum(gaps), len(values))


def _bins(values: Sequence[JudgedValue]) -> Iterator[tuple[int, list[JudgedValue]]]:
    """The number of each bin that holds values, and these."""

    def bin_of(value: JudgedValue) -> int:
        return min(int(value.confidence * BINS), BINS - 1)

    for index, members in groupby(sorted(values, key=bin_of), key=bin_of):
        yield index, list(members)


def risk_coverage(values: Sequence[JudgedValue]) -> list[CurveRow]:
    """Coverage and precision at every confidence that occurs, the surest first."""
    points, kept, right = [], 0, 0
    ordered = sorted(values, key=lambda value: -value.confidence)
    for confidence, members in groupby(ordered, key=lambda value: value.confidence):
        of_confidence = [value.is_right for value in members]
        kept += len(of_confidence)
        right += sum(of_confidence)
        points.append(
            CurveRow(
                least_confidence=confidence,
                coverage=kept / len(values),
                precision=right / kept,
            )
        )
    return points


def coverage_at(curve: Sequence[CurveRow], precision: float) -> CurveRow | None:
    """The point that keeps most values at `precision` or more; `None` if none does."""
    good = [point for point in curve if point.precision >= precision]
    return max(good, key=lambda point: point.coverage, default=None)
