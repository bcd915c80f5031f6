"""A share and how sure it is: the 95 % Wilson score interval."""

from math import sqrt
from typing import NamedTuple

_Z95 = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""


class Share(NamedTuple):
    """`part` of `whole`, with the ends of the 95 % interval; `None` where nothing is whole."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


def share_of(part: int, whole: int) -> Share:
    """The share that `part` is of `whole`.

    Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212. It needs no correction for
    few cases and never leaves 0 to 1.

    >>> share_of(8, 80).share, round(share_of(8, 80).low, 3), round(share_of(8, 80).high, 3)
    (0.1, 0.052, 0.185)
    """
    if whole == 0:
        return Share(part, whole, None, None, None)
    share, z2 = part / whole, _Z95 * _Z95
    centre = share + z2 / (2 * whole)
    spread = _Z95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    low, high = (centre - spread) / (1 + z2 / whole), (centre + spread) / (1 + z2 / whole)
    return Share(part, whole, share, max(0.0, low), min(1.0, high))
