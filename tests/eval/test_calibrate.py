"""Rules are counted by the values they gave; the extractor reads what is written."""

import json
from collections import Counter

from eval.calibrate import count_rules, render_calibration
from eval.learn import Fold
from eval.predictions import Prediction
from eval.scored import ScoredLetter, score_letters
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


def test_rules_that_learned_are_counted_where_they_were_left_out() -> None:
    fold = Fold("x", Counter({"factors.learned": 4}), Counter({"factors.learned": 3}), 9)
    assert count_rules(scored(), [fold, fold])["factors.learned"] == {"given": 8, "right": 6}


def test_the_file_names_subsets_but_no_letter() -> None:
    text = render_calibration(scored())
    assert json.loads(text) == {
        "version": 1,
        "letters": {"authored": 1, "gold": 1},
        "rules": {"age.stated": {"given": 2, "right": 1}},
    }
    assert "CM14" not in text


def test_no_rules_is_a_file_too() -> None:
    assert json.loads(render_calibration([]))["rules"] == {}


def test_the_extractors_lower_end_is_the_harnesss() -> None:
    from eval.interval import wilson

    for right, given in ((0, 3), (3, 3), (7, 9), (90, 100)):
        interval = wilson(right, given)
        assert interval is not None
        assert abs(wilson_lower(right, given) - interval.low) < 1e-6
