"""Prints a report on the terminal: fields, what failed, the gate, changes, misses."""

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.agreement import Agreement
from eval.fields import Group
from eval.findings import Status, Trend
from eval.render.values import show_interval
from eval.report import Report, Row
from extract.show import printable, show_share, show_value
from schemas.fields import ITEMS

_NUMBERS = ("gold", "miss", "spur", "wrong", "prec", "rec", "F1")

_WIDE = 101
"""Columns of a terminal that has room for accuracy and intervals."""

_SUM: dict[str, Any] = {"style": "bold", "end_section": True}


def _plain(text: str) -> str:
    """`text` without markup, and without what would steer the terminal."""
    return escape(printable(text))


def print_report(report: Report, console: Console) -> None:
    """Print the report, the table of fields first."""
    console.print(field_table(report, console.width))
    _print_summary(report, console)
    _print_failures(report, console)
    _print_changes(report, console)
    _print_gate(report, console)


def field_table(report: Report, width: int) -> Table:
    """One line per field, per group, and one for all, in at most `width` columns."""
    title = f"{report.method}: {report.letters} letters"
    table = Table(
        title=_plain(title), box=SIMPLE, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False
    )
    table.add_column("field", no_wrap=True, min_width=31)
    for name in _NUMBERS:
        table.add_column(name, justify="right", no_wrap=True, min_width=5)
    is_wide = width >= _WIDE
    if is_wide:
        table.add_column("acc", justify="right", no_wrap=True, min_width=5)
        table.add_column("95 % of F1", justify="right", no_wrap=True, min_width=10)
    for group in Group:
        for row in report.fields:
            if row.group == group:
                table.add_row(row.name.removeprefix(ITEMS), *_cells(row, is_wide))
        for row in report.groups:
            if row.name == group:
                table.add_row(f"all {group}", *_cells(row, is_wide), **_SUM)
    table.add_row("micro average", *_cells(report.micro, is_wide), **_SUM)
    return table


def _cells(row: Row, is_wide: bool) -> list[str]:
    counts = (row.support, row.missed, row.spurious, row.wrong)
    cells = [
        *(str(number) for number in counts),
        *(show_share(share) for share in (row.precision, row.recall, row.f1)),
    ]
    wide = [show_share(row.accuracy), show_interval(row.intervals.f1)]
    return [*cells, *wide] if is_wide else cells


def _print_summary(report: Report, console: Console) -> None:
    exact, items = report.records_exact, report.items
    console.print(
        f"Records wholly right: {exact.right} of {exact.of} "
        f"(95 %: {show_interval(exact.interval)}). "
        f"Items: {items.labelled} labelled, {items.predicted} given, {items.paired} paired."
    )
    confidence = report.confidence
    if confidence.values:
        at_99 = confidence.at_99_precision
        console.print(
            f"Confidence: calibration error {show_share(confidence.calibration_error)} %, "
            f"coverage at 99 % precision {show_share(at_99.coverage if at_99 else None)} %."
        )
    for method in report.methods:
        if method.seconds is not None:
            console.print(
                f"{_plain(method.method)}: {1000 * method.seconds:.1f} ms a letter"
                + "".join(f", {name} {mean:g}" for name, mean in method.usage.items())
            )


def _print_failures(report: Report, console: Console) -> None:
    for letter in report.letter_results:
        if letter.failure:
            console.print(f"[red]failed[/] {_plain(letter.id)}: {_plain(letter.failure)}")
    for stranger in report.strangers:
        console.print(f"[yellow]no such letter[/] {_plain(stranger)}")


def _print_changes(report: Report, console: Console) -> None:
    changes = report.changes
    if changes is None:
        return
    console.print(
        f"\n[bold]Against the baseline[/] ({changes.letters} letters): "
        f"{len(changes.gains)} gained, {len(changes.losses)} lost"
    )
    for trend in (*changes.averages, *changes.fields):
        if trend.trend is not Trend.UNCHANGED:
            console.print(f"  {_plain(trend.sentence)}", highlight=False)
    for sign, moved in (("+", changes.gains), ("-", changes.losses)):
        for change in moved:
            line = f"  {sign} {change.letter} {change.path} {change.before} -> {change.after}"
            console.print(_plain(line), highlight=False)
    if changes.not_compared:
        console.print(f"  not compared: {_plain(', '.join(changes.not_compared))}")


def _print_gate(report: Report, console: Console) -> None:
    gate = report.gate
    if gate is None:
        return
    console.print(
        "\n[bold]Gate:[/] " + ("[green]passed[/]" if gate.passed else "[red]failed[/]")
    )
    for status in (Status.FAILED, Status.NOT_MEASURED):
        for finding in gate.having(status):
            console.print(f"  {status}: {_plain(finding.sentence)}", highlight=False)


def miss_lines(report: Report) -> list[str]:
    """Every miss in a line, tabs between letter, path, verdict, label and prediction."""
    return [
        printable(
            f"{letter.id}\t{miss.path}\t{miss.verdict}\t{show_value(miss.label)}\t"
            f"{show_value(miss.predicted)}"
        )
        for letter in report.letter_results
        for miss in letter.misses
    ]


def print_agreement(agreement: Agreement, console: Console) -> None:
    """Print how far two annotators agree, and what they have to settle."""
    table = Table(title=f"{agreement.letters} letters", box=SIMPLE, pad_edge=False)
    table.add_column("field", no_wrap=True)
    for name in ("values", "agreed", "F1", "kappa"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in (*agreement.fields, agreement.overall):
        kappa = show_value(None if row.kappa is None else f"{row.kappa:.2f}")
        numbers = (str(row.values), show_share(row.agreed), show_share(row.f1), kappa)
        table.add_row(row.field, *numbers)
    console.print(table)
    for name in agreement.only_one:
        console.print(f"[yellow]in one folder only[/] {_plain(name)}")
    console.print(f"{len(agreement.disagreements)} values to settle")


def disagreement_lines(agreement: Agreement, names: Sequence[str]) -> list[str]:
    """Every disagreement in a line: letter, path, what each annotator said."""
    first, second = names
    lines = []
    for letter, judgement in agreement.disagreements:
        said = (show_value(judgement.label), show_value(judgement.predicted))
        line = f"{letter}\t{judgement.path}\t{first}: {said[0]}\t{second}: {said[1]}"
        lines.append(printable(line))
    return lines
