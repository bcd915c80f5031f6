"""Does confidence mean something? Worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.confidence import (
    JudgedValue,
    calibration_error,
    count_unproved,
    coverage_at,
    judged_values,
    reliability,
    risk_coverage,
)
from eval.predictions import Prediction
from eval.report import BinRow, CurveRow
from eval.scored import score_letters
from tests.eval.makers import evidence, gold_letter, item, record


def values(*pairs: tuple[float, bool]) -> list[JudgedValue]:
    return [JudgedValue("patient.age", "a.rule", *pair) for pair in pairs]


SOME = values((0.95, True), (0.95, True), (0.85, True), (0.85, False), (0.35, False))


def test_bins() -> None:
    assert reliability(SOME) == [
        BinRow(low=0.3, high=0.4, values=1, mean_confidence=0.35, share_right=0),
        BinRow(low=0.8, high=0.9, values=2, mean_confidence=0.85, share_right=0.5),
        BinRow(low=0.9, high=1, values=2, mean_confidence=0.95, share_right=1),
    ]


def test_certainty_belongs_to_the_last_bin() -> None:
    assert [each.values for each in reliability(values((1.0, True), (0.9, True)))] == [2]
    assert [each.low for each in reliability(values((0.0, False)))] == [0]


def test_calibration_error_is_the_weighted_gap() -> None:
    # (1 * 0.35 + 2 * 0.35 + 2 * 0.05) / 5
    assert calibration_error(SOME) == pytest.approx(0.23)


def test_risk_and_coverage() -> None:
    assert risk_coverage(SOME) == [
        CurveRow(least_confidence=0.95, coverage=2 / 5, precision=1),
        CurveRow(least_confidence=0.85, coverage=4 / 5, precision=3 / 4),
        CurveRow(least_confidence=0.35, coverage=1, precision=3 / 5),
    ]


def test_coverage_at_a_precision_is_the_largest_that_holds_it() -> None:
    curve = risk_coverage(SOME)
    assert coverage_at(curve, 0.99) == curve[0]
    assert coverage_at(curve, 0.75) == curve[1]
    assert coverage_at(curve, 0.6) == curve[2]
    assert coverage_at(curve[1:], 0.99) is None


def test_nothing_is_not_measured() -> None:
    assert reliability([]) == []
    assert calibration_error([]) is None
    assert risk_coverage([]) == []
    assert coverage_at([], 0.99) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_the_curve_ends_with_all_values(pairs: list[tuple[float, bool]]) -> None:
    curve = risk_coverage(values(*pairs))
    assert curve[-1].coverage == 1
    right = sum(right for _, right in pairs)
    assert curve[-1].precision == pytest.approx(right / len(pairs), abs=1e-6)
    assert [point.coverage for point in curve] == sorted(point.coverage for point in curve)


def test_a_value_is_judged_by_the_evidence_of_its_own_place() -> None:
    """The second predicted item is the first labelled one: its evidence is the second's."""
    label = record(item("MRI of the knee"), diagnoses=["gout"], patient={"age": 40})
    given_ = record(
        item("Norco 10/325 mg"),
        item("MRI of the knee"),
        diagnoses=["x", "gout"],
        patient={"age": 41, "sex": "male"},
    )
    prediction = Prediction(
        "a",
        record=given_,
        evidence={
            "items[0].decision": evidence(0.1, "spurious.item"),
            "items[1].decision": evidence(0.2, "right.item"),
            "diagnoses[0]": evidence(0.3, "spurious.element"),
            "diagnoses[1]": evidence(0.4, "right.element"),
            "patient.age": evidence(0.5, "wrong.age"),
            "patient.sex": evidence(0.6, "spurious.sex"),
        },
    )
    scored = score_letters([gold_letter("a", label)], {"a": prediction})
    judged = {
        value.rule: (value.confidence, value.is_right) for value in judged_values(scored)
    }
    assert judged == {
        "spurious.item": (0.1, False),
        "right.item": (0.2, True),
        "spurious.element": (0.3, False),
        "right.element": (0.4, True),
        "wrong.age": (0.5, False),
        "spurious.sex": (0.6, False),
    }
    # layout, outcome and the two descriptions
    assert count_unproved(scored) == 4
