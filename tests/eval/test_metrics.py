"""Counts to figures, worked by hand; nothing to divide by is no figure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import Figures, count_by_field, figures, mean, share
from eval.verdict import Counts, Judgement, Verdict, count


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # accuracy (6 + 2) / 13, precision 6 / 9, recall 6 / 9
        (Counts(6, 2, 2, 1, 2), (8 / 13, 6 / 9, 6 / 9, 12 / 18)),
        (Counts(correct=3), (1, 1, 1, 1)),
        (Counts(wrong=3), (0, 0, 0, 0)),
        (Counts(missed=3), (0, None, 0, 0)),
        (Counts(spurious=3), (0, 0, None, 0)),
        (Counts(true_null=3), (1, None, None, None)),
        (Counts(), (None, None, None, None)),
        # a wrong value is both a false one and a missed one
        (Counts(correct=1, wrong=1), (1 / 2, 1 / 2, 1 / 2, 1 / 2)),
        (Counts(correct=1, missed=1), (1 / 2, 1, 1 / 2, 2 / 3)),
        (Counts(correct=1, spurious=1), (1 / 2, 1 / 2, 1, 2 / 3)),
    ],
)
def test_figures(counts: Counts, expected: tuple[float | None, ...]) -> None:
    found = figures(counts)
    assert [x is None for x in found] == [x is None for x in expected]
    assert [x for x in found if x is not None] == pytest.approx(
        [x for x in expected if x is not None]
    )


@given(st.builds(Counts, *[st.integers(0, 50)] * 5))
def test_f1_is_the_harmonic_mean_of_precision_and_recall(counts: Counts) -> None:
    _, precision, recall, f1 = figures(counts)
    if precision and recall:
        assert f1 == pytest.approx(2 / (1 / precision + 1 / recall))
    elif precision is not None or recall is not None:
        assert f1 == 0
    else:
        assert f1 is None


def test_a_mean_leaves_out_what_was_not_measured() -> None:
    assert mean([1.0, None, 0.5]) == 0.75
    assert mean([None, None]) is None
    assert mean([]) is None


def test_a_share_of_nothing_is_no_figure() -> None:
    assert share(0, 0) is None
    assert share(0, 4) == 0


def test_verdicts_are_counted_by_field() -> None:
    judgements = [
        Judgement("patient.age", Verdict.CORRECT),
        Judgement("patient.age", Verdict.WRONG),
        Judgement("diagnoses", Verdict.MISSED),
    ]
    assert count_by_field(judgements) == {
        "patient.age": Counts(correct=1, wrong=1),
        "diagnoses": Counts(missed=1),
    }


def test_counts_add_up() -> None:
    counts = count([Verdict.CORRECT, Verdict.MISSED]).plus(count([Verdict.SPURIOUS]))
    assert counts == Counts(correct=1, missed=1, spurious=1)
    assert (counts.support, counts.given) == (2, 2)
    assert figures(counts) == Figures(1 / 3, 1 / 2, 1 / 2, 1 / 2)
