"""How numbers and intervals are written in every report."""

from eval.report import IntervalRow
from extract.show import NOTHING, show_share


def show_number(value: float | None) -> str:
    """A number to four digits; a dash for what was not measured.

    >>> show_number(0.0021), show_number(1234.5), show_number(None)
    ('0.0021', '1234', '–')
    """
    if value is None:
        return NOTHING
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def show_interval(interval: IntervalRow | None) -> str:
    """The two ends in per cent."""
    if interval is None:
        return NOTHING
    return f"{show_share(interval.low)}–{show_share(interval.high)}"
