"""Writes a report as files: HTML, Markdown, JSON, JUnit, and its tables as CSV."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from eval.render.html import render_html
from eval.render.junit import render_junit
from eval.render.markdown import render_markdown
from eval.report import Report, Row, render_json
from eval.scored import ScoredLetter
from extract.show import show_value


def write_report(
    report: Report,
    scored: Sequence[ScoredLetter],
    texts: Mapping[str, str],
    *,
    folder: Path,
) -> list[Path]:
    """Write every form of `report` into `folder`; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "report.html": render_html(report, scored, texts),
        "report.md": render_markdown(report),
        "report.json": render_json(report),
        "junit.xml": render_junit(report),
        "fields.csv": field_frame(report).to_csv(index=False),
        "misses.csv": miss_frame(report).to_csv(index=False),
    }
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in contents]


def field_frame(report: Report) -> pd.DataFrame:
    """One row per field, group and average, with counts, figures and intervals."""
    rows = (*report.fields, *report.groups, report.micro)
    return pd.DataFrame([_flat(row) for row in rows])


def _flat(row: Row) -> dict[str, object]:
    flat = row.model_dump(exclude={"intervals"})
    for figure in type(row.intervals).model_fields:
        interval = getattr(row.intervals, figure)
        flat[f"{figure}_low"] = None if interval is None else interval.low
        flat[f"{figure}_high"] = None if interval is None else interval.high
    return flat


def miss_frame(report: Report) -> pd.DataFrame:
    """One row per value that is not as labelled."""
    columns = ["letter", "subset", "layout", "field", "path", "verdict", "label", "predicted"]
    rows = [
        (
            *(letter.id, letter.subset, letter.layout, miss.field, miss.path),
            *(miss.verdict.value, show_value(miss.label), show_value(miss.predicted)),
        )
        for letter in report.letter_results
        for miss in letter.misses
    ]
    return pd.DataFrame(rows, columns=columns)
