"""The 95 % Wilson score interval of a share."""

from math import sqrt

_Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


def wilson_interval(part: float, whole: float) -> tuple[float, float] | None:
    """The ends of the interval of the share that `part` is of `whole`; `None` of nothing.

    It needs no correction for few cases and never leaves 0 to 1.
    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.

    >>> low, high = wilson_interval(8, 80)
    >>> round(low, 3), round(high, 3)
    (0.052, 0.185)
    >>> wilson_interval(5, 5)[1]
    1.0
    """
    if not whole:
        return None
    share, z2 = part / whole, _Z95 * _Z95
    centre = share + z2 / (2 * whole)
    spread = _Z95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    scale = 1 + z2 / whole
    # At the ends the formula gives 0 and 1 but for the last bits.
    low = 0.0 if part == 0 else max(0.0, (centre - spread) / scale)
    high = 1.0 if part == whole else min(1.0, (centre + spread) / scale)
    return low, high
