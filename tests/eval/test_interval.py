"""How sure are we? Against scipy, against a plain loop, and by hand."""

from statistics import mean, quantiles

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from eval.interval import (
    divide,
    draw_letters,
    mean_interval,
    percentile_interval,
    ratio_interval,
    wilson,
)
from eval.report import IntervalRow


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_what_scipy_computes(shares: tuple[int, int]) -> None:
    right, given_ = shares
    expected = binomtest(right, given_).proportion_ci(method="wilson")
    found = wilson(right, given_)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_wilson_of_nothing_is_no_interval() -> None:
    assert wilson(0, 0) is None


def test_draws_are_letters_with_replacement_and_repeatable() -> None:
    draws = draw_letters(7, seed=1, resamples=50)
    assert draws.shape == (50, 7)
    assert (draws.sum(axis=1) == 7).all()
    assert (draws == draw_letters(7, seed=1, resamples=50)).all()
    assert (draws != draw_letters(7, seed=2, resamples=50)).any()
    assert draw_letters(0, resamples=3).shape == (3, 0)


def test_draws_favour_no_letter() -> None:
    draws = draw_letters(5, resamples=20_000)
    assert draws.mean(axis=0) == pytest.approx([1] * 5, abs=0.03)
    # a letter is left out with probability (4/5)^5
    assert (draws[:, 0] == 0).mean() == pytest.approx(0.8**5, abs=0.01)


def test_the_bootstrap_is_what_a_plain_loop_computes() -> None:
    part, whole = [3, 0, 5, 2, 4, 1], [4, 2, 5, 2, 6, 3]
    draws = draw_letters(6, resamples=999)
    ratios = [
        sum(n * x for n, x in zip(row, part, strict=True))
        / sum(n * x for n, x in zip(row, whole, strict=True))
        for row in draws.tolist()
    ]
    fortieths = quantiles(ratios, n=40, method="inclusive")
    found = percentile_interval(divide(draws @ np.array(part), draws @ np.array(whole)))
    assert found is not None
    assert found == pytest.approx((fortieths[0], fortieths[-1]))


def test_a_plain_proportion_gets_wilson() -> None:
    part, whole = np.array([1.0, 0, 1, 0]), np.array([1.0, 1, 1, 0])
    assert ratio_interval(part, whole, draw_letters(4)) == wilson(2, 3)


def test_f1_is_no_plain_proportion() -> None:
    part, whole = np.array([2.0, 0, 2, 1]), np.array([2.0, 1, 2, 2])
    found = ratio_interval(part, whole, draw_letters(4), is_share=False)
    assert found is not None
    assert found.method == "bootstrap"


def test_no_interval_is_narrower_than_that_of_independent_values() -> None:
    """Resampling perfect letters gives perfect letters: 100 to 100 is no answer."""
    counts = np.array([3.0, 5, 2, 0, 4, 1])
    plain = wilson(15, 15)
    assert plain is not None
    found = ratio_interval(counts, counts, draw_letters(6))
    assert found == IntervalRow(low=plain.low, high=1, method="bootstrap")


def test_values_that_fall_together_make_an_interval_wider() -> None:
    """Ten letters of ten values each; either a letter is right or it is wrong."""
    whole = np.full(10, 10.0)
    together = ratio_interval(np.array([10.0] * 8 + [0] * 2), whole, draw_letters(10))
    plain = wilson(80, 100)
    assert together is not None
    assert plain is not None
    assert together.low < plain.low - 0.1
    assert together.high > plain.high + 0.05


@given(st.lists(st.integers(2, 6), min_size=2, max_size=12))
def test_one_miss_never_raises_the_lower_end(sizes: list[int]) -> None:
    """A gate on the lower end must not prefer a letter with a fault to one without."""
    whole = np.array([float(size) for size in sizes])
    draws = draw_letters(len(sizes), resamples=400)
    perfect = ratio_interval(whole, whole, draws)
    faulty = whole.copy()
    faulty[0] -= 1
    flawed = ratio_interval(faulty, whole, draws)
    assert perfect is not None
    assert flawed is not None
    assert flawed.low <= perfect.low


def test_nothing_measured_has_no_interval() -> None:
    nothing = np.zeros(3)
    assert ratio_interval(nothing, nothing, draw_letters(3)) is None
    assert percentile_interval(np.full(4, np.nan)) is None
    assert mean_interval(None, np.full(4, np.nan), 3) is None


def test_resamples_without_a_value_are_left_out() -> None:
    found = percentile_interval(np.array([np.nan, 0.5, 0.7, np.nan, 0.6]))
    assert found == pytest.approx((0.505, 0.695))


def test_a_mean_is_as_unsure_as_its_values() -> None:
    plain = wilson(5, 5)
    assert plain is not None
    alike = IntervalRow(low=plain.low, high=1, method="bootstrap")
    assert mean_interval(1.0, np.ones(10), 5) == alike
    moving = mean_interval(0.5, np.linspace(0.1, 0.9, 101), 1000)
    assert moving is not None
    assert (moving.low, moving.high) == pytest.approx((0.12, 0.88))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=8))
def test_an_interval_lies_in_order_within_bounds(letters: list[tuple[int, int]]) -> None:
    part = np.array([float(right) for right, _ in letters])
    whole = np.array([float(right + false) for right, false in letters])
    found = ratio_interval(part, whole, draw_letters(len(letters), resamples=200))
    if not whole.sum():
        assert found is None
    else:
        assert found is not None
        assert 0 <= found.low <= found.high <= 1
        assert found.low <= part.sum() / whole.sum() <= found.high


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Sixty letters of two values each, nine of ten right: some 95 % of intervals hold 0.9."""
    generator = np.random.default_rng(5)
    held = []
    for trial in range(200):
        right = generator.binomial(2, 0.9, size=60).astype(float)
        draws = draw_letters(60, seed=trial, resamples=400)
        found = ratio_interval(right, np.full(60, 2.0), draws)
        assert found is not None
        held.append(found.low <= 0.9 <= found.high)
    assert 0.90 <= mean(held) <= 0.99
