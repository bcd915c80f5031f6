"""Markdown, JUnit, terminal and CSV say what the report holds, and nothing runs in them."""

import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from eval.changes import compare_reports
from eval.findings import GateOutcome
from eval.make_report import make_report
from eval.render.files import field_frame, miss_frame, write_report
from eval.render.junit import render_junit
from eval.render.markdown import MOST_LINES, render_markdown
from eval.render.terminal import miss_lines, print_report
from eval.render.values import show_interval
from eval.report import IntervalRow
from tests.eval.makers import item, record, score
from tests.eval.render.sample import HOSTILE, Sample, make_sample


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample()


def test_intervals() -> None:
    assert show_interval(None) == "–"
    assert show_interval(IntervalRow(low=0.5655, high=1, method="wilson")) == "56.5–100.0"


def test_markdown_is_short_and_says_the_gate_first(sample: Sample) -> None:
    text = render_markdown(sample.report)
    assert len(text) < 20_000
    assert text.index("## Gate: **failed**") < text.index("## By field")
    assert "items\\[\\].decision: precision 33.3 % falls short of 100.0 %" in text
    assert "- not measured: `priority`" in text
    assert "PdfBroken" in text
    assert "<script>" not in re.sub("`[^`]*`", "", text)
    rows = [line for line in text.splitlines() if line.startswith("| `patient.age`")]
    assert rows == ["| `patient.age` | 4 | 1 | 0 | 0 | 100.0 | 75.0 | 85.7 | 35.6–100.0 |"]


def test_markdown_tables_are_rectangular(sample: Sample) -> None:
    widths: list[set[int]] = [set()]
    for line in render_markdown(sample.report).splitlines():
        if line.startswith("|"):
            widths[-1].add(line.replace("\\|", "").count("|"))
        elif widths[-1]:
            widths.append(set())
    assert [len(width) for width in widths if width] == [1] * 4


def test_markdown_puts_methods_side_by_side(sample: Sample) -> None:
    lines = render_markdown(sample.report).splitlines()
    at = lines.index("## By method")
    assert lines[at + 2 : at + 6] == [
        "| method | F1 | wholly right | ms a letter | `input_tokens` |",
        "|---|--:|--:|--:|--:|",
        "| `rules` | 57.1 | 25.0 | 2 | 675 |",
        "| `before` | 100.0 | 100.0 | – | – |",
    ]


def test_markdown_counts_what_it_leaves_out() -> None:
    pairs = {f"{n:03}": (record(item()), None) for n in range(MOST_LINES + 3)}
    text = render_markdown(make_report({"rules": score(pairs)}))
    assert "- … and 3 more" in text
    assert "Gate" not in text
    assert "baseline" not in text


def test_a_run_like_its_baseline_says_so() -> None:
    report = make_report({"rules": score({"a": (record(item()), record(item()))})})
    other = make_report({"rules": score({"b": (record(item()), record(item()))})})
    same = report.model_copy(
        update={
            "changes": compare_reports(report, report),
            "gate": GateOutcome(passed=True, findings=()),
        }
    )
    text = render_markdown(same)
    assert "No value gained or lost." in text
    assert "## Gate: passed" in text
    assert "not measured" not in text
    apart = report.model_copy(update={"changes": compare_reports(other, report)})
    buffer = StringIO()
    print_report(apart, Console(file=buffer, width=120))
    assert "not compared: a, b" in buffer.getvalue()


def test_junit_has_a_case_for_each_field(sample: Sample) -> None:
    (suite,) = ET.fromstring(render_junit(sample.report))
    cases = {case.get("name"): case for case in suite}
    assert len([c for c in suite if c.get("classname") == "imr eval.field"]) == 35
    assert int(suite.get("tests", "")) == len(suite) == 35 + 3 + 3
    failed = [name for name, case in cases.items() if case.find("failure") is not None]
    assert suite.get("failures") == str(len(failed))
    # the gate's limits, and what is significantly worse than the baseline
    assert {"items[].decision", "micro", "diagnoses", "macro"} <= set(failed)
    assert "patient.age" not in failed
    skipped = [name for name, case in cases.items() if case.find("skipped") is not None]
    assert suite.get("skipped") == str(len(skipped))
    assert "priority" in skipped
    assert "date_assigned" in skipped
    failure = cases["items[].decision"].find("failure")
    assert failure is not None
    assert "33.3 % falls short of 100.0 %" in failure.get("message", "")
    output = cases["patient.age"].findtext("system-out")
    assert output is not None
    assert "recall 75.0 %" in output


def printed(sample: Sample, width: int) -> str:
    buffer = StringIO()
    print_report(sample.report, Console(file=buffer, width=width))
    return buffer.getvalue()


def test_the_terminal_shows_fields_gate_and_changes(sample: Sample) -> None:
    text = printed(sample, 120)
    for expected in (
        "95 % of F1",
        "micro average",
        "Records wholly right: 1 of 4",
        "Items: 4 labelled, 3 given, 3 paired",
        "coverage at 99 % precision",
        "rules: 2.0 ms a letter, input_tokens 675",
        "failed d-failed: PdfBroken",
        "Gate: failed",
        "failed: items[].decision: precision 33.3 %",
        "not measured: priority",
        "Against the baseline (4 letters)",
        "- b-wrong items[0].decision right -> wrong",
    ):
        assert expected in text


def test_a_narrow_terminal_cuts_no_number(sample: Sample) -> None:
    table = printed(sample, 80).split("Records wholly right")[0]
    assert "…" not in table
    assert "95 %" not in table


def test_misses_are_lines_for_other_tools(sample: Sample) -> None:
    lines = miss_lines(sample.report)
    assert len(lines) == sum(len(each.misses) for each in sample.report.letter_results)
    assert lines[0].split("\t") == ["b-wrong", "patient.sex", "wrong", "male", "female"]


def test_tables_as_frames(sample: Sample) -> None:
    fields, misses = field_frame(sample.report), miss_frame(sample.report)
    assert fields["name"].tolist()[-1] == "micro"
    assert len(fields) == 35 + 4
    age = fields.set_index("name").loc["patient.age"]
    assert (age["support"], age["missed"], age["recall"]) == (4, 1, 0.75)
    assert age["recall_low"] < 0.75 < age["recall_high"]
    assert len(misses) == len(miss_lines(sample.report))


def test_every_form_is_written(sample: Sample, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    files = write_report(sample.report, sample.scored, sample.texts, folder=folder)
    assert [path.name for path in files] == [
        *("report.html", "report.md", "report.json", "junit.xml", "fields.csv", "misses.csv")
    ]
    assert all(path.stat().st_size for path in files)
    assert HOSTILE in (folder / "report.json").read_text("utf-8").replace('\\"', '"')
