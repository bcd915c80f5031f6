"""Does confidence mean something? Reliability, and what remains if doubtful values go.

Judges the confidences that the evidence of a prediction states. A value is right if its
verdict is `correct`; a value without evidence has no confidence and is only counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from eval.metrics import share
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


class Bin(NamedTuple):
    """The values of one range of confidence."""

    low: float
    high: float
    values: int
    mean_confidence: float
    share_right: float


class CurvePoint(NamedTuple):
    """What remains if values under `least_confidence` are sent to a person."""

    least_confidence: float
    coverage: float
    precision: float


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


def reliability(values: Sequence[JudgedValue]) -> list[Bin]:
    """The bins that hold values, by rising confidence."""

    def bin_of(value: JudgedValue) -> int:
        return min(int(value.confidence * BINS), BINS - 1)

    bins = []
    for index, members in groupby(sorted(values, key=bin_of), key=bin_of):
        of_bin = list(members)
        bins.append(
            Bin(
                low=index / BINS,
                high=(index + 1) / BINS,
                values=len(of_bin),
                mean_confidence=sum(value.confidence for value in of_bin) / len(of_bin),
                share_right=sum(value.is_right for value in of_bin) / len(of_bin),
            )
        )
    return bins


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """The mean gap between confidence and share of right values, weighted by values."""
    gaps = sum(abs(each.mean_confidence - each.share_right) * each.values for each in bins)
    return share(gaps, sum(each.values for each in bins))


def risk_coverage(values: Sequence[JudgedValue]) -> list[CurvePoint]:
    """Coverage and precision at every confidence that occurs, the surest first."""
    points, kept, right = [], 0, 0
    ordered = sorted(values, key=lambda value: -value.confidence)
    for confidence, members in groupby(ordered, key=lambda value: value.confidence):
        of_confidence = [value.is_right for value in members]
        kept += len(of_confidence)
        right += sum(of_confidence)
        points.append(CurvePoint(confidence, kept / len(values), right / kept))
    return points


def coverage_at(curve: Sequence[CurvePoint], precision: float) -> CurvePoint | None:
    """The point that keeps most values at `precision` or more; `None` if none does."""
    good = [point for point in curve if point.precision >= precision]
    return max(good, key=lambda point: point.coverage, default=None)
