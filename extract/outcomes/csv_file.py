"""Writes the figures as one CSV file: a row for each value of each grouping."""

import csv
from typing import IO

from extract.outcomes.figures import Figures
from extract.outcomes.grouping import Grouping
from extract.outcomes.shares import Share

COLUMNS = ("grouping", "value", "items", "overturned", "share", "low_95", "high_95")


def write_csv(figures: Figures, file: IO[str]) -> None:
    """All shares of `figures`, the overall one first, then therapy within its guideline."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow(_cells("all", "all", figures.overall()))
    for grouping in Grouping:
        for row in figures.rows(grouping):
            writer.writerow(_cells(grouping, row.value, row.share))
    for visits in figures.visits():
        writer.writerow(_cells("within_guideline", visits.category, visits.within))
        writer.writerow(_cells("beyond_guideline", visits.category, visits.beyond))


def write_visits_csv(figures: Figures, file: IO[str]) -> None:
    """Requested, prior and guideline-supported visits of each therapy."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ("category", "number", "items", "lower_quartile", "median", "upper_quartile")
    )
    for visits in figures.visits():
        for name in ("requested", "prior", "supported"):
            spread = getattr(visits, name)
            row = (spread.items, spread.lower, spread.median, spread.upper)
            writer.writerow((visits.category, name, *row))


def _cells(grouping: str, value: str, share: Share) -> tuple[object, ...]:
    numbers = (
        None if n is None else round(n, 4) for n in (share.share, share.low, share.high)
    )
    return (grouping, value, share.whole, share.part, *numbers)
