"""How sure are we of a figure? 95 % intervals over letters.

Values of one letter stand or fall together, so letters are resampled, not values. Pairs
are never made again: the counts of each letter are stored once and resampled as numbers.
"""

import numpy as np
from numpy.typing import NDArray

from eval.report import IntervalRow
from extract.wilson import wilson_interval

Array = NDArray[np.float64]

SEED = 20140101
RESAMPLES = 2000
LEVEL = 0.95


def wilson(right: float, given: float) -> IntervalRow | None:
    """The Wilson score interval of the share `right` of `given`; `None` of nothing."""
    found = wilson_interval(right, given)
    return IntervalRow(low=found[0], high=found[1], method="wilson") if found else None


def draw_letters(letters: int, *, seed: int = SEED, resamples: int = RESAMPLES) -> Array:
    """How often each letter is drawn in each resample: resamples x letters."""
    if not letters:
        return np.zeros((resamples, 0))
    drawn = np.random.default_rng(seed).integers(letters, size=(resamples, letters))
    offsets = np.arange(resamples)[:, None] * letters
    counted = np.bincount((drawn + offsets).ravel(), minlength=resamples * letters)
    return np.asarray(counted.reshape(resamples, letters), dtype=np.float64)


def divide(part: Array, whole: Array) -> Array:
    """`part` by `whole`; NaN where there is no whole, of which no part can be either."""
    with np.errstate(invalid="ignore"):
        shares: Array = part / whole
    return shares


def percentile_interval(values: Array) -> tuple[float, float] | None:
    """The ends of the middle 95 % of resampled `values`, those without a value left out."""
    measured = values[~np.isnan(values)]
    if not measured.size:
        return None
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(measured, [tail, 100 - tail])
    return float(low), float(high)


def ratio_interval(
    part: Array, whole: Array, draws: Array, *, is_share: bool = True
) -> IntervalRow | None:
    """The interval of sum(part) / sum(whole), each letter with its own part and whole.

    A share to which every letter adds at most one value is a plain proportion: Wilson.

    Args:
        is_share: whether `part` counts some of the things that `whole` counts.
    """
    total = float(whole.sum())
    plain = wilson(float(part.sum()), total)
    if is_share and whole.max(initial=0) <= 1:
        return plain
    return _wider(percentile_interval(divide(draws @ part, draws @ whole)), plain)


def mean_interval(mean: float | None, values: Array, trials: float) -> IntervalRow | None:
    """The interval of a `mean` of figures over `trials` values, resampled as `values`."""
    if mean is None:
        return None
    return _wider(percentile_interval(values), wilson(mean * trials, trials))


def _wider(drawn: tuple[float, float] | None, plain: IntervalRow | None) -> IntervalRow | None:
    """The bootstrap's interval, at no end narrower than independent values would have it.

    Letters drawn again show too little near 0 and 1, and nothing at all if every letter
    is alike. That no cluster knows more than as many independent values is the convention
    of E. L. Korn and B. I. Graubard, Surv. Methodol. 24 (1998) 193-201.
    """
    if drawn is None or plain is None:
        return plain
    low, high = min(drawn[0], plain.low), max(drawn[1], plain.high)
    return IntervalRow(low=low, high=high, method="bootstrap")
