"""The report holds every figure, survives the way through its file, and is documented."""

import json
from pathlib import Path

import pytest

from eval.errors import ReportInvalid
from eval.make_report import make_report
from eval.predictions import Prediction
from eval.report import Report, load_report, render_json
from eval.scored import score_letters
from tests.conftest import ROOT
from tests.eval.makers import evidence, gold_letter, item, record, score

LABEL = record(item("MRI of the knee"), patient={"age": 40}, diagnoses=["gout", "flu"])


def sample() -> Report:
    scored = score(
        {
            "a": (LABEL, LABEL),
            "b": (LABEL, record(item("MRI of the knee", decision="overturned"))),
            "c": (record(layout="professional_review"), None),
        },
        {"a": "real", "b": "authored", "c": "authored"},
    )
    return make_report({"rules": scored}, ["stranger"])


def test_a_report_survives_its_file(tmp_path: Path) -> None:
    report = sample()
    path = tmp_path / "report.json"
    path.write_text(render_json(report), "utf-8")
    assert load_report(path) == report


def test_the_same_letters_make_the_same_file() -> None:
    assert render_json(sample()) == render_json(sample())


def test_micro_is_over_all_scored_fields() -> None:
    micro = json.loads(render_json(sample()))["micro"]
    # a: layout, age, 2 diagnoses, description, decision, outcome are right
    # b: layout and description are right, decision and outcome wrong, age and diagnoses missed
    # c: failed, its layout is missed
    assert (micro["correct"], micro["missed"], micro["spurious"], micro["wrong"]) == (
        9,
        4,
        0,
        2,
    )
    assert micro["precision"] == pytest.approx(9 / 11, abs=1e-6)
    assert micro["recall"] == pytest.approx(9 / 15, abs=1e-6)
    assert micro["f1"] == pytest.approx(18 / 26, abs=1e-6)


def test_macro_weighs_each_field_the_same() -> None:
    report = sample()
    measured = [row.f1 for row in report.fields if row.f1 is not None]
    assert report.macro.f1 == pytest.approx(sum(measured) / len(measured), abs=1e-6)
    interval = report.macro.intervals.f1
    assert interval is not None
    assert report.macro.f1 is not None
    assert interval.low <= report.macro.f1 <= interval.high


def test_subsets_and_layouts_are_reported_apart() -> None:
    report = sample()
    assert [(each.name, each.letters, each.failed) for each in report.subsets] == [
        ("authored", 2, 1),
        ("real", 1, 0),
    ]
    assert [each.name for each in report.layouts] == ["professional_review", "unknown"]
    total = sum(each.micro.correct for each in report.subsets)
    assert total == sum(each.micro.correct for each in report.layouts) == report.micro.correct


def test_a_failed_letter_is_never_wholly_right() -> None:
    report = sample()
    assert (report.records_exact.right, report.records_exact.of, report.failed) == (1, 3, 1)
    failed = report.letter_results[2]
    assert failed.failure == "LetterEmpty: x"
    assert [miss.verdict for miss in failed.misses] == ["missed"]


def test_counts_of_letters_sum_to_those_of_fields() -> None:
    report = sample()
    for row in report.fields:
        each = [letter.counts.get(row.name, (0,) * 5) for letter in report.letter_results]
        sums = tuple(sum(kind) for kind in zip(*each, strict=True))
        assert sums == (row.correct, row.missed, row.spurious, row.wrong, row.true_null)


def test_every_field_has_a_row_measured_or_not() -> None:
    report = sample()
    assert len(report.fields) == 35
    unmeasured = {row.name: row for row in report.fields}["priority"]
    assert (unmeasured.accuracy, unmeasured.precision, unmeasured.f1) == (1, None, None)
    assert unmeasured.intervals.f1 is None
    assert unmeasured.intervals.accuracy is not None


def test_misses_name_rule_and_confidence() -> None:
    prediction = Prediction(
        "a", record=record(patient={"age": 41}), evidence={"patient.age": evidence(0.8, "age")}
    )
    scored = score_letters([gold_letter("a", record(patient={"age": 40}))], {"a": prediction})
    report = make_report({"rules": scored})
    (miss,) = report.letter_results[0].misses
    assert (miss.path, miss.label, miss.predicted) == ("patient.age", 40, 41)
    assert (miss.rule, miss.confidence) == ("age", 0.8)
    assert report.confidence.values == 1
    assert report.confidence.at_95_confidence.share is None
    assert report.confidence.at_99_precision is None
    assert report.confidence.calibration_error == 0.8
    assert [(row.rule, row.given, row.right) for row in report.confidence.rules] == [
        ("age", 1, 0)
    ]


def test_methods_stand_side_by_side() -> None:
    letters = [gold_letter("a", LABEL), gold_letter("b", LABEL)]
    slow = {
        "a": Prediction("a", record=LABEL, seconds=1.0, usage={"input_tokens": 900.0}),
        "b": Prediction("b", record=LABEL, seconds=3.0),
    }
    fast = {name: Prediction(name, failure="timeout") for name in ("a", "b")}
    report = make_report(
        {"model": score_letters(letters, slow), "rules": score_letters(letters, fast)}
    )
    assert report.method == "model"
    model, rules = report.methods
    assert (model.seconds, model.seconds_95, model.usage) == (2, 2.9, {"input_tokens": 450})
    assert (model.f1, model.records_exact) == (1, 1)
    assert (rules.seconds, rules.seconds_95, rules.failed, rules.f1) == (None, None, 2, 0)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema_version": 2}'])
def test_what_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(ReportInvalid, match="no report of schema version 1"):
        load_report(path)


def test_a_report_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportInvalid, match="cannot be read"):
        load_report(tmp_path / "report.json")


def test_every_key_of_the_report_is_documented() -> None:
    page = (ROOT / "docs" / "evaluation.md").read_text("utf-8")
    missing = [name for name in Report.model_fields if f"`{name}`" not in page]
    assert missing == []


def test_every_key_says_what_it_holds() -> None:
    schema = Report.model_json_schema()
    bare = [
        f"{model}.{name}"
        for model, parts in {"Report": schema, **schema["$defs"]}.items()
        for name, part in parts.get("properties", {}).items()
        if not (part.get("description") or part.get("$ref"))
    ]
    assert bare == []
