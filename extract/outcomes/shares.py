"""A share and how sure it is: the 95 % Wilson score interval."""

from typing import NamedTuple

from extract.wilson import wilson_interval


class Share(NamedTuple):
    """`part` of `whole`, with the ends of the 95 % interval; `None` where nothing is whole."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


def share_of(part: int, whole: int) -> Share:
    """The share that `part` is of `whole`.

    >>> share_of(8, 80).share, round(share_of(8, 80).low, 3), round(share_of(8, 80).high, 3)
    (0.1, 0.052, 0.185)
    """
    interval = wilson_interval(part, whole)
    if interval is None:
        return Share(part, whole, None, None, None)
    return Share(part, whole, part / whole, *interval)
