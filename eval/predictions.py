"""Where predictions come from: a run of the extractor, or a `records.jsonl` made before."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.errors import PredictionsInvalid
from eval.gold import GoldLetter
from eval.reading import name_errors, numbered_lines
from extract import Evidence, ExtractError, Extraction
from schemas import CaseRecord

NO_PREDICTION = "no prediction for this letter"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a method said of one letter, or why it said nothing.

    Args:
        record: `None` if the letter failed.
        failure: the name of the failure and what it means; `None` if all went well.
        evidence: field path to the place that proves the value, where the method tells.
        seconds: how long it took, where that was measured.
        usage: tokens and money, as the extraction tells them.
    """

    id: str
    record: CaseRecord | None = None
    failure: str | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    seconds: float | None = None
    usage: Mapping[str, float] = field(default_factory=dict)


Extract = Callable[[Path], Extraction]

ExtractEach = Callable[[Iterable[Path]], Iterable[Extraction | ExtractError]]
"""What becomes of each letter, in turn."""


def run_one_by_one(letters: Iterable[GoldLetter], extract: Extract) -> dict[str, Prediction]:
    """Letter id to what `extract` makes of the letter; a failure is recorded, not raised."""
    return {letter.id: _run_one(letter, extract) for letter in letters}


def _run_one(letter: GoldLetter, extract: Extract) -> Prediction:
    begun = time.perf_counter()
    try:
        extraction = extract(letter.path)
    except ExtractError as error:
        return _failed(letter.id, error)
    return _of_extraction(letter.id, extraction, time.perf_counter() - begun)


def run_side_by_side(
    letters: Sequence[GoldLetter], extract_each: ExtractEach
) -> dict[str, Prediction]:
    """The same for a method that has several letters under way: each took its share of time.

    Raises:
        ModelUnusable: no call can succeed as things are set.
    """
    begun = time.perf_counter()
    outcomes = list(extract_each(letter.path for letter in letters))
    seconds = (time.perf_counter() - begun) / max(1, len(outcomes))
    return {
        letter.id: _failed(letter.id, outcome)
        if isinstance(outcome, ExtractError)
        else _of_extraction(letter.id, outcome, seconds)
        for letter, outcome in zip(letters, outcomes, strict=True)
    }


def _failed(letter_id: str, error: ExtractError) -> Prediction:
    return Prediction(letter_id, failure=f"{error.reason}: {error.message}")


def _of_extraction(letter_id: str, extraction: Extraction, seconds: float) -> Prediction:
    run = extraction.model
    return Prediction(
        letter_id,
        record=extraction.record,
        evidence=extraction.evidence,
        seconds=seconds,
        usage=_usage_of({"model": run.model_dump(mode="json")}) if run else {},
    )


def _usage_of(data: Mapping[str, Any]) -> dict[str, float]:
    """What a line says of tokens and money, its own `usage` or that of its `model`."""
    model = data.get("model")
    run = model if isinstance(model, Mapping) else data
    usage = run.get("usage")
    told = dict(usage) if isinstance(usage, Mapping) else {}
    told["cost_usd"] = run.get("cost_usd", told.get("cost_usd"))
    return {
        name: float(value)
        for name, value in told.items()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }


def load_predictions(path: Path) -> dict[str, Prediction]:
    """Letter id to prediction, from JSON Lines.

    A line is an extraction as `imr batch` writes it, or `{"id": ..., "record": {...}}` of
    any other system. A record that does not validate is that letter's failure.

    Raises:
        PredictionsInvalid: the file, or a line's frame, cannot be used; all is listed.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PredictionsInvalid(f"{path} cannot be read as UTF-8: check the path") from error
    problems: list[str] = []
    predictions: dict[str, Prediction] = {}
    for number, line in numbered_lines(text):
        try:
            prediction = _parse_line(line)
        except ValueError as error:
            problems.append(f"line {number}: {error}")
            continue
        if prediction.id in predictions:
            problems.append(f"line {number}: {prediction.id} has a line already")
        predictions[prediction.id] = prediction
    if problems:
        raise PredictionsInvalid(f"{path} is no file of predictions", problems)
    return predictions


def _parse_line(line: str) -> Prediction:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg}") from error
    except RecursionError as error:
        raise ValueError("JSON that is nested too deeply") from error
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise ValueError('must be an object with "id" (a text) and "record"')
    letter_id: str = data["id"]
    record = data.get("record")
    if record is None:
        return Prediction(letter_id, failure=str(data.get("failure") or "no record"))
    try:
        # The outcome is derived: what a system says of it besides is not compared.
        stated = {k: v for k, v in record.items() if k != "outcome"}
        validated = CaseRecord.model_validate(stated)
        evidence = {
            field_path: Evidence.model_validate(proof)
            for field_path, proof in (data.get("evidence") or {}).items()
        }
    except ValidationError as error:
        problems = "; ".join(name_errors(error))
        return Prediction(letter_id, failure=f"the record does not validate: {problems}")
    except AttributeError as error:
        raise ValueError('"record" and "evidence" must be objects') from error
    seconds = data.get("seconds")
    return Prediction(
        letter_id,
        record=validated,
        evidence=evidence,
        seconds=seconds if isinstance(seconds, (int, float)) else None,
        usage=_usage_of(data),
    )


def match_predictions(
    letters: Iterable[GoldLetter], predictions: Mapping[str, Prediction]
) -> tuple[dict[str, Prediction], list[str]]:
    """The prediction of every letter, and the ids of predictions that match no letter.

    An id may have folders before it, as `imr batch` names letters: its last part counts
    where no other ends so. A letter without a prediction counts as failed.

    Raises:
        PredictionsInvalid: not one prediction is of one of the letters.
    """
    by_end: dict[str, list[str]] = {}
    for name in predictions:
        by_end.setdefault(name.rpartition("/")[2], []).append(name)
    wanted = [letter.id for letter in letters]
    matched, used = {}, set()
    for letter_id in wanted:
        names = [letter_id] if letter_id in predictions else by_end.get(letter_id, [])
        if len(names) == 1:
            used.add(names[0])
            matched[letter_id] = replace(predictions[names[0]], id=letter_id)
        else:
            matched[letter_id] = Prediction(letter_id, failure=NO_PREDICTION)
    if wanted and predictions and not used:
        raise PredictionsInvalid(
            "no prediction is of a gold letter: ids must be the letters' file names without "
            "their ending, each once, folders before them or not; the letters are like "
            f"{wanted[0]}, the predictions like {next(iter(predictions))}"
        )
    return matched, sorted(predictions.keys() - used)
