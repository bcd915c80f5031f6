"""Runs an evaluation: gold and predictions in, a report with its letters out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from eval.changes import compare_reports
from eval.gate import apply_gate, load_gate
from eval.gold import GoldLetter, load_gold
from eval.make_report import make_report
from eval.predictions import (
    Prediction,
    load_predictions,
    match_predictions,
    run_one_by_one,
    run_side_by_side,
)
from eval.report import Report, load_report
from eval.scored import ScoredLetter, score_letters
from extract import ExtractError, Method, extract_record, read_letter
from extract.settings import from_env


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to evaluate, and against what.

    Args:
        gold: folders of letters and labels.
        labels: the labels of those folders that hold none.
        only_labelled: pass over letters without a label.
        methods: methods to run; without any and without `predictions`, the rules.
        predictions: files of predictions made before. The first file, else the first method,
            is reported on, the others beside it.
        baseline: a `report.json` to compare with.
        gate: what must be reached.
    """

    gold: Sequence[Path | str]
    labels: Path | None = None
    only_labelled: bool = False
    methods: Sequence[Method] = ()
    predictions: Sequence[Path] = ()
    baseline: Path | None = None
    gate: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A report with the letters that it is on."""

    report: Report
    scored: Sequence[ScoredLetter]


def evaluate(plan: Plan) -> Evaluation:
    """Score what `plan` names.

    Raises:
        EvalError: it could not be run; the message says what to do.
    """
    # What cannot be used is refused before anything is run and paid for.
    gate = load_gate(plan.gate) if plan.gate else None
    baseline = load_report(plan.baseline) if plan.baseline else None
    letters = load_gold(plan.gold, labels=plan.labels, only_labelled=plan.only_labelled)
    runs: dict[str, list[ScoredLetter]] = {}
    strangers: list[str] = []
    for name, predictions in _all_predictions(plan, letters).items():
        matched, unmatched = match_predictions(letters, predictions)
        runs[name] = score_letters(letters, matched)
        strangers += unmatched
    report = make_report(runs, sorted(set(strangers)))
    if baseline:
        report = report.model_copy(update={"changes": compare_reports(baseline, report)})
    if gate:
        report = report.model_copy(update={"gate": apply_gate(gate, report)})
    return Evaluation(report=report, scored=next(iter(runs.values())))


def _all_predictions(
    plan: Plan, letters: Sequence[GoldLetter]
) -> dict[str, Mapping[str, Prediction]]:
    """The predictions of every method and file, by name."""
    found: dict[str, Mapping[str, Prediction]] = {}
    for path in plan.predictions:
        # A run's file is always records.jsonl: its folder tells the runs apart.
        name = path.resolve().parent.name if path.stem == "records" else path.stem
        found[str(path) if name in found else name] = load_predictions(path)
    for method in plan.methods or ([] if plan.predictions else [Method.RULES]):
        name = f"method {method}" if method in found else method.value
        found[name] = run_method(method, letters)
    return found


def run_method(method: Method, letters: Sequence[GoldLetter]) -> dict[str, Prediction]:
    """What `method` makes of the letters, set up by the environment.

    Raises:
        SettingsInvalid: the environment asks for what cannot be meant.
        ModelUnusable: no model is set up, or no call to it can succeed.
    """
    settings = replace(from_env(), method=method)
    if method is Method.RULES:
        return run_one_by_one(letters, partial(extract_record, settings=settings))
    from extract.model.letters import stream_results  # the rules need none of it

    return run_side_by_side(letters, partial(stream_results, settings=settings))


def read_texts(letters: Sequence[ScoredLetter]) -> dict[str, str]:
    """Letter id to text; a letter that cannot be read is left out."""
    texts = {}
    for letter in letters:
        try:
            texts[letter.id] = read_letter(letter.gold.path).text
        except ExtractError:
            continue
    return texts
