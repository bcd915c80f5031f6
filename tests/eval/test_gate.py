"""May this be released? The gate passes, fails and says what was not measured."""

from pathlib import Path

import pytest

from eval.changes import compare_reports
from eval.errors import GateInvalid
from eval.findings import GateOutcome, Status
from eval.gate import Gate, apply_gate, load_gate
from eval.make_report import make_report
from eval.report import Report
from schemas import CaseRecord, Decision
from tests.conftest import ROOT
from tests.eval.makers import item, record, score

LABEL = record(item("MRI of the knee"), item("Norco 10/325 mg"), patient={"age": 40})


def flipped(label: CaseRecord) -> CaseRecord:
    """What a parser makes of the letter that takes every denial for an approval."""
    return label.model_copy(
        update={
            "items": tuple(
                each.model_copy(update={"decision": Decision.OVERTURNED})
                for each in label.items
            )
        }
    )


def report(*given: CaseRecord | None) -> Report:
    return make_report(
        {"rules": score({f"letter-{n}": (LABEL, each) for n, each in enumerate(given)})}
    )


def outcome(gate: dict[str, object], of: Report) -> GateOutcome:
    return apply_gate(Gate.model_validate({"schema_version": 1, **gate}), of)


@pytest.fixture(scope="module")
def perfect() -> Report:
    return report(*[LABEL] * 5)


@pytest.mark.parametrize(
    ("gate", "status", "sentence"),
    [
        ({"micro": {"f1": {"value": 1.0}}}, "passed", "micro: f1 100.0 % reaches 100.0 %"),
        (
            {"micro": {"f1": {"lower": 0.95}}},
            "failed",
            "micro: lower end of f1 90.1 % falls short of 95.0 %",
        ),
        ({"macro": {"recall": {"value": 0.5}}}, "passed", None),
        ({"records": {"exact": {"value": 1.0}}}, "passed", None),
        ({"records": {"exact": {"lower": 0.57}}}, "failed", None),
        ({"groups": {"clinical": {"precision": {"value": 1}}}}, "passed", None),
        (
            {"groups": {"interpretive": {"precision": {"value": 1}}}},
            "not measured",
            "interpretive: precision not measured (no letter has a value)",
        ),
        ({"fields": {"patient.age": {"accuracy": {"value": 1}}}}, "passed", None),
        ({"fields": {"diagnoses": {"f1": {"lower": 0.1}}}}, "not measured", None),
    ],
)
def test_requirements(
    perfect: Report, gate: dict[str, object], status: str, sentence: str | None
) -> None:
    found = outcome(gate, perfect)
    assert [finding.status.value for finding in found.findings] == [status]
    assert found.passed is (status != "failed")
    if sentence:
        assert found.findings[0].sentence == sentence


def test_what_falls_short_of_all_is_not_called_all(perfect: Report) -> None:
    nearly = perfect.micro.model_copy(update={"f1": 0.9996})
    gate: dict[str, object] = {"micro": {"f1": {"value": 1.0}}}
    (finding,) = outcome(gate, perfect.model_copy(update={"micro": nearly})).findings
    assert finding.sentence == "micro: f1 99.9 % falls short of 100.0 %"


def test_both_ends_of_one_figure_may_be_asked_for(perfect: Report) -> None:
    found = outcome({"micro": {"f1": {"value": 0.9, "lower": 0.95}}}, perfect)
    assert [(f.end, f.status) for f in found.findings] == [
        ("value", Status.PASSED),
        ("lower", Status.FAILED),
    ]


def test_what_is_not_measured_fails_if_the_gate_says_so(perfect: Report) -> None:
    gate: dict[str, object] = {"fields": {"diagnoses": {"f1": {"value": 0.9}}}}
    assert outcome(gate, perfect).passed
    assert not outcome(gate | {"fail_if_not_measured": True}, perfect).passed


def test_every_field_is_held_to_the_common_limit_unless_named(perfect: Report) -> None:
    found = outcome(
        {
            "every_field": {"f1": {"value": 0.5}},
            "fields": {"patient.age": {"recall": {"value": 0.5}}},
        },
        perfect,
    )
    assert len(found.findings) == 35
    of_age = [f.figure for f in found.findings if f.name == "patient.age"]
    assert of_age == ["recall"]
    unmeasured = {f.name for f in found.having(Status.NOT_MEASURED)}
    measured = {row.name for row in perfect.fields if row.f1 is not None}
    assert unmeasured == {row.name for row in perfect.fields} - measured - {"patient.age"}


def test_a_parser_broken_on_purpose_fails_the_repositorys_gate() -> None:
    gate = load_gate(ROOT / "eval" / "gate.toml")
    found = apply_gate(gate, report(LABEL, LABEL, flipped(LABEL)))
    assert not found.passed
    failed = {finding.name for finding in found.having(Status.FAILED)}
    assert "items[].decision" in failed


def test_a_significant_loss_fails_and_is_named(perfect: Report) -> None:
    before, after = report(*[LABEL] * 6), report(*[flipped(LABEL)] * 6)
    after = after.model_copy(update={"changes": compare_reports(before, after)})
    found = outcome({}, after)
    assert not found.passed
    named = {finding.name: finding for finding in found.having(Status.FAILED)}
    assert "items[].decision" in named
    assert "McNemar" in named["items[].decision"].sentence
    assert outcome({"fail_on_significant_loss": False}, after).passed


def test_a_baseline_of_other_labels_measures_no_loss(perfect: Report) -> None:
    others = tuple(
        letter.model_copy(update={"label_sha256": "0" * 64})
        for letter in perfect.letter_results
    )
    before = perfect.model_copy(update={"letter_results": others})
    after = perfect.model_copy(update={"changes": compare_reports(before, perfect)})
    found = outcome({}, after)
    assert [finding.name for finding in found.having(Status.NOT_MEASURED)] == ["baseline"]
    assert not outcome({"fail_if_not_measured": True}, after).passed


def test_the_repositorys_gate_passes_a_perfect_run() -> None:
    gate = load_gate(ROOT / "eval" / "gate.toml")
    assert apply_gate(gate, report(*[LABEL] * 100)).passed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema_version = 1\n[fields.colour]\nf1 = {value = 1}", "colour: there is no such"),
        ("schema_version = 1\n[groups.colour]\nf1 = {value = 1}", "colour"),
        ("schema_version = 1\n[micro]\nf2 = {value = 1}", r"micro\.f2: Extra inputs"),
        ("schema_version = 1\n[micro]\nf1 = {value = 95}", "less than or equal to 1"),
        ("schema_version = 1\n[micro]\nf1 = {}", "state `value`, `lower` or both"),
        ("schema_version = 2", "schema_version"),
        ("", "schema_version"),
        ("[micro", "cannot be read as TOML"),
    ],
)
def test_a_gate_that_cannot_be_meant_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(text)
    with pytest.raises(GateInvalid, match=message):
        load_gate(path)


def test_a_gate_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GateInvalid, match="cannot be read"):
        load_gate(tmp_path / "gate.toml")
