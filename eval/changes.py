"""What changed since last time? Gains, losses and whether they may be chance.

Works on two reports alone. Letters are joined by id and compared only if both runs judged
them by the same label.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd

from eval.fields import ScoredField, scored_fields
from eval.findings import Changes, Trend, TrendRow, ValueChange
from eval.interval import Array, divide, draw_letters, percentile_interval
from eval.report import LetterRow, Miss, Report
from eval.slices import figures_of
from eval.tables import verdict_table
from eval.verdict import Counts, Verdict

SIGNIFICANCE = 0.05

RIGHT = "right"

Key = tuple[str, str, str, int]
"""Letter, field, place, and a number where equal values stand at one place."""

_LISTS = frozenset(field.path for field in scored_fields() if field.is_list)


def mcnemar(gained: int, lost: int) -> float:
    """Chance of a split at least as uneven if neither run were better (exact, two-sided).

    >>> mcnemar(6, 0)
    0.03125
    >>> mcnemar(0, 0)
    1.0
    """
    moved = gained + lost
    tail = sum(comb(moved, k) for k in range(min(gained, lost) + 1))
    return min(1.0, tail / 2.0 ** (moved - 1))


class _Pair(NamedTuple):
    """The letters that can be compared, in one order."""

    before: list[LetterRow]
    after: list[LetterRow]


def compare_reports(baseline: Report, report: Report) -> Changes:
    """`report` against `baseline`, field by field and value by value."""
    pair, not_compared = _pair_letters(baseline, report)
    before, after = _misses_by_key(pair.before), _misses_by_key(pair.after)
    gains = [_change(key, before[key], None) for key in before if key not in after]
    losses = [_change(key, None, after[key]) for key in after if key not in before]
    shifts = [
        _change(key, before[key], after[key])
        for key in before
        if key in after and not _is_same(before[key], after[key])
    ]
    averages, fields = _trends(pair, gains, losses)
    return Changes(
        baseline=baseline.method,
        letters=len(pair.after),
        not_compared=tuple(not_compared),
        averages=tuple(averages),
        fields=tuple(fields),
        gains=tuple(gains),
        losses=tuple(losses),
        shifts=tuple(shifts),
    )


def _pair_letters(baseline: Report, report: Report) -> tuple[_Pair, list[str]]:
    before = {letter.id: letter for letter in baseline.letter_results}
    after = {letter.id: letter for letter in report.letter_results}
    shared = [
        name
        for name in sorted(before.keys() & after.keys())
        if before[name].label_sha256 == after[name].label_sha256
    ]
    apart = sorted((before.keys() | after.keys()) - set(shared))
    return _Pair([before[name] for name in shared], [after[name] for name in shared]), apart


def _misses_by_key(letters: Iterable[LetterRow]) -> dict[Key, Miss]:
    """The misses by what they are about.

    A false element of a list has no place in the label, and its position says nothing:
    it is known by its item and its value.
    """
    found: dict[Key, Miss] = {}
    for letter in letters:
        seen: Counter[tuple[str, str]] = Counter()
        for miss in letter.misses:
            about = miss.path
            if miss.field in _LISTS and miss.verdict is Verdict.SPURIOUS:
                of_list, _, _ = miss.path.rpartition("[")
                about = f"{of_list} {miss.verdict} {miss.predicted}"
            found[letter.id, miss.field, about, seen[miss.field, about]] = miss
            seen[miss.field, about] += 1
    return found


def _is_same(before: Miss, after: Miss) -> bool:
    return before.verdict is after.verdict and before.predicted == after.predicted


def _change(key: Key, before: Miss | None, after: Miss | None) -> ValueChange:
    miss = after or before
    assert miss is not None, "a change has at least one side"
    return ValueChange(
        letter=key[0],
        field=miss.field,
        path=miss.path,
        label=miss.label,
        before=before.verdict if before else RIGHT,
        after=after.verdict if after else RIGHT,
        was=before and before.predicted,
        now=after and after.predicted,
    )


class _Samples(NamedTuple):
    """Letters x fields x verdicts of both runs, and the draws that both share."""

    before: Array
    after: Array
    draws: Array


def _trends(
    pair: _Pair, gains: Sequence[ValueChange], losses: Sequence[ValueChange]
) -> tuple[list[TrendRow], list[TrendRow]]:
    gained = Counter(change.field for change in gains)
    lost = Counter(change.field for change in losses)
    samples = _Samples(
        _counts(pair.before), _counts(pair.after), draw_letters(len(pair.before))
    )
    fields = [
        _field_trend(field, _average(samples, [index]), (gained[field.path], lost[field.path]))
        for index, field in enumerate(scored_fields())
    ]
    moved = len(gains), len(losses)
    every = list(range(len(fields)))
    averages = [
        _average_trend("micro", _average(samples, every), moved),
        _average_trend("macro", _macro(samples), moved),
    ]
    return averages, fields


def _counts(letters: Sequence[LetterRow]) -> Array:
    rows = [
        {field: Counts(*counts) for field, counts in letter.counts.items()}
        for letter in letters
    ]
    return verdict_table(rows).counts


class _Average(NamedTuple):
    """F1 in both runs and the 95 % interval of its change."""

    before: float | None
    after: float | None
    low: float | None
    high: float | None


def _f1(counts: Array) -> Array:
    """F1 along the last axis, NaN where there is nothing to measure."""
    return divide(*figures_of(counts)["f1"])


def _average(samples: _Samples, fields: Sequence[int]) -> _Average:
    before, after = (
        counts[:, fields, :].sum(axis=1) for counts in (samples.before, samples.after)
    )
    change = _f1(samples.draws @ after) - _f1(samples.draws @ before)
    return _with_interval(_f1(before.sum(axis=0)), _f1(after.sum(axis=0)), change)


def _macro(samples: _Samples) -> _Average:
    def means(draws: Array, counts: Array) -> Array:
        drawn = np.tensordot(draws, counts, axes=1)
        averaged: Array = pd.DataFrame(_f1(drawn)).mean(axis=1).to_numpy()
        return averaged

    once = np.ones((1, samples.before.shape[0]))
    change = means(samples.draws, samples.after) - means(samples.draws, samples.before)
    return _with_interval(
        means(once, samples.before)[0], means(once, samples.after)[0], change
    )


def _with_interval(before: Array, after: Array, change: Array) -> _Average:
    low, high = percentile_interval(change) or (np.nan, np.nan)
    return _Average(_rounded(before), _rounded(after), _rounded(low), _rounded(high))


def _rounded(value: Array | float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def _field_trend(field: ScoredField, average: _Average, moved: tuple[int, int]) -> TrendRow:
    if field.is_list:
        return _average_trend(field.path, average, moved)
    gained, lost = moved
    p_value = mcnemar(gained, lost)
    trend = Trend.NO_EVIDENCE
    if p_value < SIGNIFICANCE:
        trend = Trend.BETTER if gained > lost else Trend.WORSE
    return _row(
        field.path,
        average,
        moved,
        trend=trend,
        p_value=p_value,
        because=f"McNemar p = {p_value:.3g}",
    )


def _average_trend(name: str, average: _Average, moved: tuple[int, int]) -> TrendRow:
    trend = Trend.NO_EVIDENCE
    because = "F1 was not measured in both"
    if average.low is not None and average.high is not None:
        because = (
            f"change of F1 between {100 * average.low:+.1f} and "
            f"{100 * average.high:+.1f} points"
        )
        if average.low > 0 or average.high < 0:
            trend = Trend.BETTER if average.low > 0 else Trend.WORSE
    return _row(name, average, moved, trend=trend, because=because)


def _row(
    name: str,
    average: _Average,
    moved: tuple[int, int],
    *,
    trend: Trend,
    because: str,
    p_value: float | None = None,
) -> TrendRow:
    gained, lost = moved
    if not gained and not lost:
        trend, told = Trend.UNCHANGED, "no value gained or lost"
    else:
        told = f"{gained} gained, {lost} lost; {because}"
    return TrendRow(
        name=name,
        gained=gained,
        lost=lost,
        **average._asdict(),
        p_value=p_value,
        trend=trend,
        sentence=f"{name}: {trend.value} ({told}).",
    )
