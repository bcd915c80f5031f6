"""`imr eval`: what it prints, what it writes, and the exit codes 0, 1 and 2."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from eval.cli import app
from extract import Extraction, Settings, extract_record
from schemas import Decision
from tests.conftest import ROOT


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def gold(gold: Path, tmp_path: Path) -> Path:
    """The five real letters alone, whatever else the repository's gold holds."""
    folder = tmp_path / "five"
    for name in ("letters", "labels"):
        (folder / name).mkdir(parents=True)
        for path in (gold / name).iterdir():
            (folder / name / path.name).write_bytes(path.read_bytes())
    return folder


def write_labels(gold: Path, path: Path) -> Path:
    """Predictions that are the labels of `gold`."""
    lines = [
        json.dumps({"id": label.stem, "record": json.loads(label.read_text("utf-8"))})
        for label in sorted(gold.rglob("labels/*.json"))
    ]
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture
def perfect(gold: Path, tmp_path: Path) -> Path:
    """Predictions that are the labels."""
    return write_labels(gold, tmp_path / "perfect.jsonl")


def test_a_run_of_the_rules_prints_the_table(gold: Path) -> None:
    result = run("--gold", gold)
    assert result.exit_code == 0, result.output
    assert "micro average" in result.output
    assert "ms a letter" in result.output


def test_a_perfect_run_passes_the_repositorys_gate(tmp_path: Path) -> None:
    gold, out = ROOT / "gold", tmp_path / "out"
    perfect = write_labels(gold, tmp_path / "perfect.jsonl")
    gate = ROOT / "eval" / "gate.toml"
    result = run("--gold", gold, "--predictions", perfect, "--gate", gate, "--out", out)
    assert result.exit_code == 0, result.output
    assert "Gate: passed" in result.output
    assert sorted(path.name for path in out.iterdir()) == [
        *("fields.csv", "junit.xml", "misses.csv", "report.html", "report.json", "report.md")
    ]
    micro = json.loads((out / "report.json").read_text("utf-8"))["micro"]
    assert (micro["precision"], micro["recall"], micro["f1"]) == (1, 1, 1)


def test_a_parser_broken_on_purpose_fails_the_gate_by_name(
    gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, *, settings: Settings) -> Extraction:
        """Takes every denial for an approval."""
        found = extract_record(path, settings=settings)
        items = tuple(
            each.model_copy(update={"decision": Decision.OVERTURNED})
            for each in found.record.items
        )
        record = found.record.model_copy(update={"items": items})
        return found.model_copy(update={"record": record})

    monkeypatch.setattr("eval.run.extract_record", broken)
    result = run("--gold", gold, "--gate", ROOT / "eval/gate.toml")
    assert result.exit_code == 1
    assert "failed: items[].decision: precision 0.0 % falls short of 100.0 %" in result.output


def test_a_baseline_shows_what_was_lost(gold: Path, perfect: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("--gold", gold, "--predictions", perfect, "--out", out)
    worse = tmp_path / "worse.jsonl"
    lines = [json.loads(line) for line in perfect.read_text("utf-8").splitlines()]
    lines[0]["record"]["patient"]["age"] = None
    worse.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    result = run(
        *("--gold", gold, "--predictions", worse, "--misses"),
        *("--baseline", out / "report.json", "--out", tmp_path / "again"),
    )
    assert result.exit_code == 0, result.output
    assert "- imr-001 patient.age right -> missed" in result.output
    assert "imr-001\tpatient.age\tmissed\t37\t–" in result.output
    again = json.loads((tmp_path / "again" / "report.json").read_text("utf-8"))
    assert [loss["path"] for loss in again["changes"]["losses"]] == ["patient.age"]


def test_methods_and_files_side_by_side(gold: Path, perfect: Path, tmp_path: Path) -> None:
    result = run(
        *(
            "--gold",
            gold,
            "--predictions",
            perfect,
            "--method",
            "rules",
            "--out",
            tmp_path / "o",
        )
    )
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "o" / "report.json").read_text("utf-8"))
    assert [row["method"] for row in report["methods"]] == ["perfect", "rules"]
    assert report["method"] == "perfect"


def test_runs_are_named_by_their_folders(gold: Path, perfect: Path, tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files += ["--predictions", perfect.rename(tmp_path / name / "records.jsonl")]
        perfect = write_labels(gold, tmp_path / "perfect.jsonl")
    files += ["--predictions", perfect, "--predictions", perfect]
    result = run("--gold", gold, *files, "--out", tmp_path / "o")
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "o" / "report.json").read_text("utf-8"))
    names = [row["method"] for row in report["methods"]]
    assert names == ["one", "two", "perfect", str(perfect)]


def test_a_file_named_like_a_method_is_not_lost(gold: Path, perfect: Path) -> None:
    named = perfect.rename(perfect.with_name("rules.jsonl"))
    result = run("--gold", gold, "--predictions", named, "--method", "rules")
    assert result.exit_code == 0, result.output
    assert "rules: 5 letters" in result.output
    assert "method rules:" in result.output


def test_letters_and_predictions_that_do_not_meet_are_named(
    gold: Path, tmp_path: Path
) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"id": "stranger", "record": {}}\n{"id": "imr-002", "record": {}}')
    result = run("--gold", gold, "--predictions", path)
    assert result.exit_code == 0
    assert "failed imr-001: no prediction for this letter" in result.output
    assert "no such letter stranger" in result.output


@pytest.mark.parametrize(
    ("option", "content", "message"),
    [
        ("--gold", None, "there is no such folder"),
        ("--predictions", None, "cannot be read"),
        ("--predictions", "{", "line 1: no JSON"),
        (
            "--predictions",
            '{"id": "x/stranger", "record": {}}',
            "the predictions like x/stranger",
        ),
        ("--labels", None, "there is no such folder"),
        ("--baseline", "{}", "no report of schema version 1"),
        ("--gate", "x = 1", "Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_run_exits_with_two(
    gold: Path, tmp_path: Path, option: str, content: str | None, message: str
) -> None:
    path = tmp_path / "input"
    if content is not None:
        path.write_text(content)
    result = run("--gold", gold, option, path)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_missing_library_is_named(
    gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("files", "html", "plots"):
        monkeypatch.delitem(sys.modules, f"eval.render.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run("--gold", gold, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "matplotlib is not installed: pip install 'imr-extract[eval]'" in result.output


def test_a_letter_that_cannot_be_read_is_a_failure_of_the_run(
    gold: Path, tmp_path: Path
) -> None:
    (gold / "letters" / "imr-001.txt").write_text(" ")
    result = run("--gold", gold, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "failed imr-001: LetterEmpty" in result.output
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Letters without a record" in page


def test_a_folder_that_cannot_be_written_exits_with_two(gold: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = run("--gold", gold, "--out", tmp_path / "file")
    assert result.exit_code == 2
    assert "micro average" not in result.output
    assert "[FileUnusable]" in result.output


def test_a_crash_is_no_failed_gate(gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the letter of Mrs Smith")

    monkeypatch.setattr("eval.run.make_report", crash)
    result = run("--gold", gold)
    assert result.exit_code == 2
    assert "ZeroDivisionError" in result.output
    assert "Smith" not in result.output


def test_a_method_without_a_model_exits_with_two(gold: Path) -> None:
    result = run("--gold", gold, "--method", "model")
    assert result.exit_code == 2
    assert "IMR_MODEL" in result.output


def test_agreement_lists_what_is_to_settle(gold: Path, tmp_path: Path) -> None:
    other = tmp_path / "second"
    other.mkdir()
    for path in (gold / "labels").glob("*.json"):
        text = path.read_text("utf-8")
        (other / path.name).write_text(text.replace('"sex": "female"', '"sex": null'), "utf-8")
    (other / "imr-005.json").unlink()
    result = run("agreement", gold / "labels", other)
    assert result.exit_code == 0, result.output
    assert "kappa" in result.output
    assert "in one folder only imr-005" in result.output
    assert "imr-001\tpatient.sex\tlabels: female\tsecond: –" in result.output
    assert run("agreement", gold, other).output == result.output.replace("labels:", "five:")


def test_agreement_of_nothing_is_none(gold: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "x.json").write_bytes((gold / "labels/imr-001.json").read_bytes())
    for other, message in (
        ("nowhere", "no such folder"),
        ("empty", "no label in"),
        ("others", "labelled in both"),
    ):
        result = run("agreement", gold / "labels", tmp_path / other)
        assert result.exit_code == 2
        assert message in result.output


def test_no_option_is_dropped_without_a_word(gold: Path) -> None:
    result = run("--gold", gold, "agreement", gold / "labels", gold / "labels")
    assert result.exit_code == 2
    assert "put --gold behind `agreement`" in result.output
    result = run("--gold", gold, "--labels", gold / "labels")
    assert result.exit_code == 2
    assert "holds labels of its own" in result.output
    result = run("learn", "--gold", gold)
    assert result.exit_code == 2
    assert "--folds" in result.output


def test_calibrate_writes_the_rules_counts(gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "confidence.json"
    few = ["--reasons", few_reasons(tmp_path)]
    result = run("calibrate", "--gold", gold, *few, "--out", out)
    assert result.exit_code == 0, result.output
    written = json.loads(out.read_text("utf-8"))
    assert written["rules"]["layout.heading"] == {"given": 5, "right": 5}
    assert run("calibrate", "--gold", tmp_path / "no", *few, "--out", out).exit_code == 2
    assert run("calibrate", "--gold", gold, "--reasons", "no", "--out", out).exit_code == 2


def few_reasons(folder: Path) -> Path:
    """A folder of few labelled sentences and no rationales."""
    row = {"text": "Risk.", "decision": "upheld", "factors": ["safety_risk"]}
    other = {"text": "No gain.", "decision": "upheld", "factors": []}
    lines = [json.dumps(row)] * 3 + [json.dumps(other)] * 3
    (folder / "sentences.jsonl").write_text("\n".join(lines), "utf-8")
    (folder / "rationales.jsonl").write_text("", "utf-8")
    return folder
