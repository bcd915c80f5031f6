"""An evaluation that is planned from Python."""

from pathlib import Path

from eval import Plan, evaluate


def test_a_plan_of_gold_alone_scores_the_rules(gold: Path) -> None:
    report = evaluate(Plan(gold=[str(gold / "authored")])).report
    assert (report.method, report.letters) == ("rules", 30)


def test_predictions_are_scored_without_running_the_rules(gold: Path, tmp_path: Path) -> None:
    predictions = tmp_path / "mine.jsonl"
    predictions.write_text('{"id": "authored-01", "record": {}}\n')
    plan = Plan(gold=[gold / "authored"], predictions=[predictions])
    assert evaluate(plan).report.method == "mine"
