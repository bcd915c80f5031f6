"""Rules are counted by the values they gave; the extractor reads what is written."""

import json
from pathlib import Path

from eval.calibrate import count_rules, render_calibration, write_calibration
from eval.predictions import Prediction
from eval.scoring import ScoredLetter, score_letters
from extract.confidence import wilson_lower
from tests.eval.makers import evidence, gold_letter, record


def scored() -> list[ScoredLetter]:
    letters = [
        gold_letter("CM14-0000001", record(patient={"age": 40}), "gold"),
        gold_letter("CM14-0000002", record(patient={"age": 50}), "work/authored"),
    ]
    predictions = {
        letter.id: Prediction(
            letter.id,
            record=record(patient={"age": 40}),
            evidence={"patient.age": evidence(rule="age.stated")},
        )
        for letter in letters
    }
    return score_letters(letters, predictions)


def test_rules_are_counted() -> None:
    assert count_rules(scored()) == {"age.stated": {"given": 2, "right": 1}}


def test_the_file_names_subsets_but_no_letter(tmp_path: Path) -> None:
    path = tmp_path / "confidence.json"
    write_calibration(scored(), path)
    assert json.loads(path.read_text("utf-8")) == {
        "version": 1,
        "letters": {"authored": 1, "gold": 1},
        "rules": {"age.stated": {"given": 2, "right": 1}},
    }
    assert "CM14" not in path.read_text("utf-8")


def test_no_rules_is_a_file_too() -> None:
    assert json.loads(render_calibration([]))["rules"] == {}


def test_the_extractors_lower_end_is_the_harnesss() -> None:
    from eval.interval import wilson

    for right, given in ((0, 3), (3, 3), (7, 9), (90, 100)):
        interval = wilson(right, given)
        assert interval is not None
        assert abs(wilson_lower(right, given) - interval.low) < 1e-6
