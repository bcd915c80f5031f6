"""Predictions come from a run or a file; a letter that failed stays a named failure."""

import json
from functools import partial
from pathlib import Path

import pytest

from eval.errors import PredictionsInvalid
from eval.predictions import (
    NO_PREDICTION,
    load_predictions,
    match_predictions,
    run_one_by_one,
    run_side_by_side,
)
from extract import Extraction, Method, Settings, extract_record
from extract.account import Usage
from extract.errors import ExtractorFailed, LetterEmpty
from extract.model.letters import stream_results
from extract.model.llm import ScriptedModel
from extract.result import ModelRun
from tests.eval.makers import gold_letter, item, record


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines))
    return path


def test_a_foreign_record_is_enough(tmp_path: Path) -> None:
    given = record(item()).model_dump(mode="json")
    found = load_predictions(write(tmp_path / "p.jsonl", {"id": "a", "record": given}, ""))
    assert found["a"].record == record(item())
    assert found["a"].failure is None
    assert not found["a"].evidence


def test_an_extraction_keeps_its_evidence(tmp_path: Path, letter_paths: list[Path]) -> None:
    extraction = extract_record(letter_paths[0])
    line = extraction.model_dump_json()
    found = load_predictions(write(tmp_path / "p.jsonl", line))[extraction.id]
    assert found.record == extraction.record
    assert found.evidence == extraction.evidence


def test_a_line_ends_at_a_line_feed_only(tmp_path: Path) -> None:
    given = record(item(rationale="one\u2028two\x85three"))
    line = json.dumps({"id": "a", "record": given.model_dump(mode="json")}, ensure_ascii=False)
    path = tmp_path / "p.jsonl"
    path.write_text(f"{line}\n\n", "utf-8")
    assert load_predictions(path)["a"].record == given


def test_costs_are_read(tmp_path: Path) -> None:
    usage = {"input_tokens": 900, "cost_usd": 0.002, "model": "m", "cached": True}
    line = {"id": "a", "record": {}, "seconds": 1.5, "usage": usage}
    found = load_predictions(write(tmp_path / "p.jsonl", line))["a"]
    assert found.seconds == 1.5
    assert found.usage == {"input_tokens": 900, "cost_usd": 0.002}


def test_a_foreign_outcome_is_not_compared_with_the_items(tmp_path: Path) -> None:
    given = {"items": [item()], "outcome": "overturned"}
    found = load_predictions(write(tmp_path / "p.jsonl", {"id": "a", "record": given}))["a"]
    assert found.record is not None
    assert found.record.outcome == "upheld"


@pytest.mark.parametrize(
    ("line", "failure"),
    [
        (
            {"id": "a", "record": {"priority": "soon"}},
            "the record does not validate: priority",
        ),
        ({"id": "a", "record": None, "failure": "timeout"}, "timeout"),
        ({"id": "a"}, "no record"),
    ],
)
def test_a_letter_without_a_record_is_a_named_failure(
    tmp_path: Path, line: object, failure: str
) -> None:
    found = load_predictions(write(tmp_path / "p.jsonl", line))["a"]
    assert found.record is None
    assert found.failure is not None
    assert failure in found.failure
    assert "soon" not in found.failure


def test_every_broken_line_is_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.jsonl",
        "{",
        [1],
        {"record": {}},
        {"id": "a"},
        {"id": "a"},
        {"id": "b", "record": [1]},
        "[" * 200_000,
    )
    with pytest.raises(PredictionsInvalid) as caught:
        load_predictions(path)
    named = [problem.split(":")[0] for problem in caught.value.problems]
    assert named == ["line 1", "line 2", "line 3", "line 5", "line 6", "line 7"]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PredictionsInvalid, match="cannot be read"):
        load_predictions(tmp_path / "none.jsonl")


def test_letters_and_predictions_are_joined_by_id() -> None:
    letters = [gold_letter(name, record()) for name in ("a", "b")]
    found = run_one_by_one(letters[:1], _empty)
    stranger = run_one_by_one([gold_letter("z", record())], _empty)
    matched, strangers = match_predictions(letters, found | stranger)
    assert strangers == ["z"]
    assert matched["b"].failure == NO_PREDICTION
    assert sorted(matched) == ["a", "b"]


def test_folders_before_an_id_are_passed_over_where_that_is_plain() -> None:
    letters = [gold_letter(name, record()) for name in ("a", "b", "c")]
    found = run_one_by_one(
        [gold_letter(n, record()) for n in ("x/a", "x/b", "y/b", "c")], _empty
    )
    matched, strangers = match_predictions(letters, found)
    assert [matched[name].failure == NO_PREDICTION for name in "abc"] == [False, True, False]
    assert {name: each.id for name, each in matched.items()} == {n: n for n in "abc"}
    assert strangers == ["x/b", "y/b"]


def _empty(path: Path) -> Extraction:
    raise LetterEmpty("nothing there", letter_id=path.stem)


def test_a_failure_of_one_letter_is_recorded() -> None:
    letters = [gold_letter("a", record())]
    assert run_one_by_one(letters, _empty)["a"].failure == "LetterEmpty: nothing there"


def test_a_failure_among_letters_side_by_side_is_recorded(letter_paths: list[Path]) -> None:
    letters = [gold_letter(path.stem, record(), path=path) for path in letter_paths[:2]]
    bug = ExtractorFailed("the extractor broke")
    found = run_side_by_side(letters, lambda _: [bug, extract_record(letter_paths[1])])
    assert found[letters[0].id].failure == "ExtractorFailed: the extractor broke"
    assert found[letters[1].id].record is not None


def test_a_run_is_timed(letter_paths: list[Path]) -> None:
    letter = gold_letter("a", record(), path=letter_paths[0])
    found = run_one_by_one([letter], extract_record)["a"]
    assert found.record is not None
    assert found.seconds is not None
    assert found.seconds > 0


def test_letters_side_by_side_share_the_time(letter_paths: list[Path], tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text(" ")
    letters = [
        *(gold_letter(path.stem, record(), path=path) for path in letter_paths),
        gold_letter("empty", record(), path=empty),
    ]
    silent, settings = ScriptedModel(lambda _: ""), Settings(method=Method.MODEL)
    found = run_side_by_side(letters, partial(stream_results, settings=settings, model=silent))
    assert sorted(found) == sorted(letter.id for letter in letters)
    assert found["empty"].failure is not None
    assert found["empty"].failure.startswith("LetterEmpty")
    read = [found[path.stem] for path in letter_paths]
    assert all(each.record is not None for each in read)
    assert len({each.seconds for each in read}) == 1


def test_a_models_tokens_and_money_are_read(letter_paths: list[Path], tmp_path: Path) -> None:
    run = ModelRun(
        model="m",
        prompt="letter.v1",
        prompt_digest="0",
        usage=Usage(input_tokens=900, output_tokens=100),
        cost_usd=0.002,
    )
    extraction = extract_record(letter_paths[0]).model_copy(update={"model": run})
    expected = {
        "input_tokens": 900,
        "output_tokens": 100,
        "cached_tokens": 0,
        "cost_usd": 0.002,
    }
    path = write(tmp_path / "p.jsonl", extraction.model_dump_json())
    assert load_predictions(path)[extraction.id].usage == expected
    letters = [gold_letter(letter_paths[0].stem, record(), path=letter_paths[0])]
    found = run_side_by_side(letters, lambda _: [extraction])
    assert found[extraction.id].usage == expected
