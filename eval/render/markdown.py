"""The report as Markdown, short enough for a CI job's summary."""

from collections.abc import Iterator, Sequence

from eval.findings import GateOutcome, Status, Trend
from eval.render.values import show_interval, show_number
from eval.report import ConfidenceReport, Report, Row, Slice
from extract.show import show_share

MOST_LINES = 40
"""Of any list: the rest is counted, and stands in the HTML report."""

_HEAD = "| {} | labelled | missed | spurious | wrong | precision | recall | F1 | 95 % of F1 |"


def render_markdown(report: Report) -> str:
    """The report in Markdown."""
    return "\n".join(
        [
            f"# Field accuracy: {_plain(report.method)}",
            "",
            _summary(report),
            *_gate(report.gate),
            *_changes(report),
            *_rows("group", [*report.groups, report.micro]),
            *_slices("subset", report.subsets),
            *_slices("layout", report.layouts),
            *_rows("field", report.fields),
            *_methods(report),
            *_failures(report),
            "",
        ]
    )


def _plain(text: str) -> str:
    """`text` without what Markdown would read as markup or as a cell's end."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in " ".join(text.split()))


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("|", "¦") + "`"


def _summary(report: Report) -> str:
    exact = report.records_exact
    return (
        f"{report.letters} letters, {report.failed} failed. "
        f"Micro F1 **{show_share(report.micro.f1)} %** "
        f"({show_interval(report.micro.intervals.f1)}), "
        f"macro F1 {show_share(report.macro.f1)} %, "
        f"records wholly right {exact.right} of {exact.of} ({show_interval(exact.interval)})."
        + _confidence(report.confidence)
    )


def _confidence(confidence: ConfidenceReport) -> str:
    if not confidence.values:
        return ""
    best = confidence.at_99_precision
    return (
        f" Calibration error {show_share(confidence.calibration_error)} %, "
        f"coverage at 99 % precision {show_share(best.coverage if best else None)} %."
    )


def _gate(gate: GateOutcome | None) -> Iterator[str]:
    if gate is None:
        return
    yield from ("", f"## Gate: {'passed' if gate.passed else '**failed**'}", "")
    failed, unmeasured = gate.having(Status.FAILED), gate.having(Status.NOT_MEASURED)
    yield from _listed([f"- **fell short**: {_plain(each.sentence)}" for each in failed])
    if unmeasured:
        names = sorted({each.name for each in unmeasured})
        yield f"- not measured: {', '.join(_code(name) for name in names)}"


def _changes(report: Report) -> Iterator[str]:
    changes = report.changes
    if changes is None:
        return
    yield from ("", f"## Against the baseline ({changes.letters} letters)", "")
    moved = [
        row for row in (*changes.averages, *changes.fields) if row.trend != Trend.UNCHANGED
    ]
    if not moved:
        yield "No value gained or lost."
    yield from _listed([f"- {_plain(row.sentence)}" for row in moved])
    lines = [
        f"- {sign} {_code(each.letter)} {_code(each.path)}: {each.before} → {each.after}"
        for sign, values in (("gained", changes.gains), ("lost", changes.losses))
        for each in values
    ]
    yield from _listed(lines)


def _listed(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"- … and {len(lines) - MOST_LINES} more"


def _rows(title: str, rows: Sequence[Row]) -> Iterator[str]:
    yield from ("", f"## By {title}", "", _HEAD.format(title), "|---|" + "--:|" * 8)
    for row in rows:
        counts = (row.support, row.missed, row.spurious, row.wrong)
        shares = (row.precision, row.recall, row.f1)
        cells = [
            _code(row.name),
            *(str(number) for number in counts),
            *(show_share(share) for share in shares),
            show_interval(row.intervals.f1),
        ]
        yield f"| {' | '.join(cells)} |"


def _slices(title: str, slices: Sequence[Slice]) -> Iterator[str]:
    if len(slices) < 2:
        return
    yield from ("", f"## By {title}", "")
    groups = " | ".join(group.name for group in slices[0].groups)
    yield f"| {title} | letters | wholly right | micro F1 | 95 % | {groups} |"
    yield "|---|" + "--:|" * 7
    for each in slices:
        cells = [
            _code(each.name),
            str(each.letters),
            str(each.records_exact.right),
            show_share(each.micro.f1),
            show_interval(each.micro.intervals.f1),
            *(show_share(group.f1) for group in each.groups),
        ]
        yield f"| {' | '.join(cells)} |"


def _methods(report: Report) -> Iterator[str]:
    if all(method.seconds is None for method in report.methods) and len(report.methods) < 2:
        return
    names = sorted({name for method in report.methods for name in method.usage})
    heads = ["method", "F1", "wholly right", "ms a letter", *map(_code, names)]
    yield from ("", "## By method", "", f"| {' | '.join(heads)} |")
    yield "|---|" + "--:|" * (len(heads) - 1)
    for method in report.methods:
        cells = [
            _code(method.method),
            show_share(method.f1),
            show_share(method.records_exact),
            show_number(None if method.seconds is None else 1000 * method.seconds),
            *(show_number(method.usage.get(name)) for name in names),
        ]
        yield f"| {' | '.join(cells)} |"


def _failures(report: Report) -> Iterator[str]:
    failed = [
        f"- {_code(letter.id)}: {_plain(letter.failure)}"
        for letter in report.letter_results
        if letter.failure
    ]
    if failed:
        yield from ("", "## Letters without a record", "", *_listed(failed))
    if report.strangers:
        named = [f"- {_code(name)}" for name in report.strangers]
        yield from ("", "## Predictions that match no letter", "", *_listed(named))
