"""What does a method cost, and what is it worth? One line per method."""

from collections.abc import Sequence
from statistics import quantiles

from eval.metrics import figures, mean, share
from eval.report import CostRow
from eval.scored import ScoredLetter, total, total_by_field


def measure_cost(method: str, scored: Sequence[ScoredLetter]) -> CostRow:
    """Quality, seconds and usage of `method` over the letters of one run."""
    seconds = [
        letter.prediction.seconds for letter in scored if letter.prediction.seconds is not None
    ]
    worth = figures(total(total_by_field(scored).values()))
    return CostRow(
        method=method,
        letters=len(scored),
        failed=sum(letter.prediction.record is None for letter in scored),
        precision=worth.precision,
        recall=worth.recall,
        f1=worth.f1,
        records_exact=share(sum(letter.is_exact for letter in scored), len(scored)),
        seconds=mean(seconds),
        seconds_95=_slow(seconds),
        usage=_mean_usage(scored),
    )


def _slow(seconds: Sequence[float]) -> float | None:
    """The time that 95 % of letters stay under; `None` if they were not timed apart."""
    if len(set(seconds)) < 2:
        return None
    return quantiles(seconds, n=20, method="inclusive")[-1]


def _mean_usage(scored: Sequence[ScoredLetter]) -> dict[str, float]:
    """Each counted thing per letter; a letter that does not count it adds nothing."""
    names = sorted({name for letter in scored for name in letter.prediction.usage})
    return {
        name: sum(letter.prediction.usage.get(name, 0.0) for letter in scored) / len(scored)
        for name in names
    }
