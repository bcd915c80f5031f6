"""What changed since last time? Gains, losses, and whether they may be chance."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from eval.changes import compare_reports, mcnemar
from eval.findings import Changes, Trend, TrendRow
from eval.make_report import make_report
from eval.report import Report
from schemas import CaseRecord
from tests.eval.makers import item, record, score

LABEL = record(
    item("MRI of the knee", requested={"visits": 12}),
    item("Norco 10/325 mg"),
    patient={"age": 40},
    diagnoses=["gout", "lumbar strain"],
)


def report(*given_: CaseRecord | None, label: CaseRecord = LABEL) -> Report:
    return make_report(
        {"rules": score({f"letter-{n:02}": (label, each) for n, each in enumerate(given_)})}
    )


def changed(**values: Any) -> CaseRecord:
    data = LABEL.model_dump(mode="json", exclude={"outcome"}) | values
    return CaseRecord.model_validate(data)


def trend(changes: Changes, name: str) -> TrendRow:
    (row,) = [each for each in (*changes.averages, *changes.fields) if each.name == name]
    return row


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_binomial_test(gained: int, lost: int) -> None:
    moved = gained + lost
    expected = binomtest(gained, moved).pvalue if moved else 1.0
    assert mcnemar(gained, lost) == pytest.approx(expected)


def test_a_run_against_itself_is_unchanged() -> None:
    same = report(changed(diagnoses=["gout"]), None)
    changes = compare_reports(same, same)
    assert (changes.gains, changes.losses, changes.shifts) == ((), (), ())
    assert {row.trend for row in changes.fields} == {Trend.UNCHANGED}
    assert trend(changes, "micro").sentence == "micro: unchanged (no value gained or lost)."


def test_gains_losses_and_shifts_are_named_by_letter_and_value() -> None:
    before = report(changed(patient={"age": None}, diagnoses=["gout", "lumbar strain", "flu"]))
    after = report(changed(patient={"age": 41}, diagnoses=["gout"]))
    changes = compare_reports(before, after)
    assert [(c.letter, c.path, c.before, c.after) for c in changes.gains] == [
        ("letter-00", "diagnoses[2]", "spurious", "right")
    ]
    assert [(c.path, c.before, c.after) for c in changes.losses] == [
        ("diagnoses[1]", "right", "missed")
    ]
    assert [(c.path, c.before, c.after, c.was, c.now) for c in changes.shifts] == [
        ("patient.age", "missed", "wrong", None, 41)
    ]


def test_a_false_element_is_the_same_wherever_it_stands() -> None:
    before = report(changed(diagnoses=["flu", "gout", "lumbar strain"]))
    after = report(changed(diagnoses=["gout", "lumbar strain", "flu"]))
    changes = compare_reports(before, after)
    assert (changes.gains, changes.losses, changes.shifts) == ((), (), ())


def test_false_elements_of_different_lists_are_not_taken_for_one_another() -> None:
    cited = {"basis": "non_mtus", "guideline": "odg"}
    in_both = item("MRI of the knee", requested={"visits": 12}, reviewer_guidelines=[cited],
                   claims_administrator_guidelines=[cited])  # fmt: skip
    in_one = item("MRI of the knee", requested={"visits": 12}, reviewer_guidelines=[cited])
    other = item("Norco 10/325 mg")

    def run(first: dict[str, Any], second: dict[str, Any]) -> Report:
        return report(changed(items=[first, second]))

    changes = compare_reports(run(in_both, other), run(in_one, other))
    assert [(len(changes.gains), len(changes.losses)), changes.gains[0].field] == [
        (1, 0),
        "items[].claims_administrator_guidelines",
    ]
    risk = {"rationale_factors": ["safety_risk"]}
    before, after = run(in_one | risk, other), run(in_one, other | risk)
    changes = compare_reports(before, after)
    assert (len(changes.gains), len(changes.losses)) == (1, 1)


@pytest.mark.parametrize(
    ("letters", "expected", "p_value"),
    [(5, Trend.NO_EVIDENCE, 0.0625), (6, Trend.WORSE, 0.03125)],
)
def test_a_scalar_is_judged_by_mcnemar(letters: int, expected: Trend, p_value: float) -> None:
    good, bad = report(*[LABEL] * letters), report(*[changed(patient={"age": 9})] * letters)
    row = trend(compare_reports(good, bad), "patient.age")
    assert (row.trend, row.gained, row.lost, row.p_value) == (expected, 0, letters, p_value)
    back = trend(compare_reports(bad, good), "patient.age")
    assert back.trend is (Trend.BETTER if expected is Trend.WORSE else Trend.NO_EVIDENCE)
    assert row.sentence == (
        f"patient.age: {expected.value} (0 gained, {letters} lost; McNemar p = {p_value:.3g})."
    )


def test_gains_and_losses_may_cancel_out() -> None:
    bad = changed(patient={"age": 9})
    changes = compare_reports(report(LABEL, bad), report(bad, LABEL))
    row = trend(changes, "patient.age")
    assert (row.gained, row.lost, row.trend, row.p_value) == (1, 1, Trend.NO_EVIDENCE, 1)


def test_a_list_is_judged_by_the_interval_of_its_change() -> None:
    worse = changed(diagnoses=["gout"])
    row = trend(compare_reports(report(*[LABEL] * 8), report(*[worse] * 8)), "diagnoses")
    # F1 falls from 1 to 2/3 in every letter
    assert row.before == 1
    assert row.after == pytest.approx(2 / 3, abs=1e-6)
    assert (row.low, row.high) == pytest.approx((-1 / 3, -1 / 3), abs=1e-6)
    assert (row.trend, row.p_value) == (Trend.WORSE, None)
    assert "change of F1 between -33.3 and -33.3 points" in row.sentence


def test_one_letter_of_many_is_no_evidence() -> None:
    worse = changed(diagnoses=["gout"])
    changes = compare_reports(report(*[LABEL] * 8), report(worse, *[LABEL] * 7))
    row = trend(changes, "diagnoses")
    assert row.trend is Trend.NO_EVIDENCE
    assert row.lost == 1
    assert row.low is not None
    assert row.low < 0 == row.high


def test_averages_are_compared() -> None:
    changes = compare_reports(report(*[LABEL] * 6), report(*[None] * 6))
    micro, macro = trend(changes, "micro"), trend(changes, "macro")
    assert (micro.before, micro.after, micro.trend) == (1, 0, Trend.WORSE)
    assert (macro.before, macro.after, macro.trend) == (1, 0, Trend.WORSE)


def test_letters_judged_differently_are_not_compared() -> None:
    before = report(LABEL, LABEL)
    after = make_report(
        {
            "rules": score(
                {
                    "letter-00": (LABEL, LABEL),
                    "letter-01": (changed(patient={"age": 9}), LABEL),
                    "letter-02": (LABEL, LABEL),
                }
            )
        }
    )
    changes = compare_reports(before, after)
    assert changes.letters == 1
    assert changes.not_compared == ("letter-01", "letter-02")


def test_runs_without_a_common_letter_show_nothing() -> None:
    one = make_report({"rules": score({"a": (LABEL, LABEL)})})
    other = make_report({"rules": score({"b": (LABEL, None)})})
    changes = compare_reports(one, other)
    assert changes.letters == 0
    assert trend(changes, "micro").before is None
    assert {row.trend for row in changes.fields} == {Trend.UNCHANGED}
