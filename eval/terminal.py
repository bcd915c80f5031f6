"""Prints a run on the terminal: the table of fields, the list of misses."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from eval.fields import ITEM_PREFIX, Group, scored_fields
from eval.metrics import Figures, figures
from eval.scoring import ScoredLetter, total, total_by_field
from eval.verdict import Counts

NOT_MEASURED = "–"

_COLUMNS = ("gold", "miss", "spur", "wrong", "acc", "prec", "rec", "F1")


def show(value: float | None) -> str:
    """A share in per cent; a dash for what was not measured."""
    return NOT_MEASURED if value is None else f"{100 * value:.1f}"


def print_table(scored: Sequence[ScoredLetter], console: Console) -> None:
    """Print one line per field, group and in all."""
    by_field = total_by_field(scored)
    table = Table(title=f"{len(scored)} letters", box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("field", no_wrap=True)
    for name in _COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    for group in Group:
        fields = [field.path for field in scored_fields() if field.group is group]
        for path in fields:
            _add_row(table, path, by_field.get(path, Counts()))
        of_group = total(by_field.get(path, Counts()) for path in fields)
        _add_row(table, f"all {group.value}", of_group, style="bold", end_section=True)
    _add_row(table, "micro average", total(by_field.values()), style="bold")
    console.print(table)
    exact = sum(letter.is_exact for letter in scored)
    console.print(f"Records wholly right: {exact} of {len(scored)}")


def _add_row(
    table: Table, name: str, counts: Counts, *, style: str = "", end_section: bool = False
) -> None:
    shown: Figures = figures(counts)
    numbers = (counts.support, counts.missed, counts.spurious, counts.wrong)
    table.add_row(
        name.removeprefix(ITEM_PREFIX),
        *(str(number) for number in numbers),
        *(show(figure) for figure in shown),
        style=style,
        end_section=end_section,
    )


def print_misses(scored: Sequence[ScoredLetter]) -> None:
    """Print every value that is not as labelled, one line each, tabs between columns."""
    for letter in scored:
        for miss in letter.misses:
            columns = (
                letter.id,
                miss.path,
                miss.verdict,
                plain(miss.label),
                plain(miss.predicted),
            )
            print(*columns, sep="\t")


def plain(value: Any) -> str:
    """A value of a record as a short text."""
    if value is None:
        return NOT_MEASURED
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return str(value)
