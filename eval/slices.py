"""Figures and intervals of a run, as a whole, by field and by slice of its letters."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from eval.fields import Group, scored_fields
from eval.interval import (
    Array,
    divide,
    draw_letters,
    mean_interval,
    ratio_interval,
    wilson,
)
from eval.metrics import Figures, count_by_field, figures, fractions_of, mean, share
from eval.report import Averages, Intervals, Measured, Row, ShareRow, Slice
from eval.scored import ScoredLetter
from eval.tables import VerdictTable, verdict_table
from eval.verdict import Counts


@dataclass(frozen=True, slots=True)
class Sample:
    """The counts of some letters, with the draws that make their intervals."""

    table: VerdictTable
    draws: Array


def draw_sample(scored: Sequence[ScoredLetter]) -> Sample:
    """The sample that `scored` is."""
    table = verdict_table([count_by_field(each.judgements) for each in scored])
    return Sample(table, draw_letters(len(scored)))


def figures_of(counts: Array) -> dict[str, tuple[Array, Array]]:
    """Figure to its numerator and denominator, along the last axis of `counts`."""
    return fractions_of(*np.moveaxis(counts, -1, 0))


def measure_row(
    sample: Sample, name: str, fields: Sequence[str], *, group: str | None = None
) -> Row:
    """The figures of `fields` together, with their intervals."""
    by_letter = sample.table.of(fields)
    counts = Counts(*(int(number) for number in by_letter.sum(axis=0)))
    compared = {field.path: field.compared_by for field in scored_fields()}
    return Row(
        name=name,
        group=group,
        compared_by=compared.get(name),
        support=counts.support,
        given=counts.given,
        **counts._asdict(),
        **figures(counts)._asdict(),
        intervals=Intervals(
            **{
                figure: ratio_interval(*parts, sample.draws, is_share=figure != "f1")
                for figure, parts in figures_of(by_letter).items()
            }
        ),
    )


def measure_macro(sample: Sample, rows: Sequence[Row]) -> Averages:
    """The mean of the figures of `rows`, each field weighing the same."""
    counts = np.tensordot(sample.draws, sample.table.counts, axes=1)
    means = {
        figure: pd.DataFrame(divide(*parts)).mean(axis=1).to_numpy()
        for figure, parts in figures_of(counts).items()
    }
    averages = {
        figure: mean(getattr(row, figure) for row in rows) for figure in Figures._fields
    }
    trials = sum(row.support for row in rows)
    return Averages(
        **averages,
        intervals=Intervals(
            **{
                figure: mean_interval(averages[figure], means[figure], trials)
                for figure in Figures._fields
            }
        ),
    )


def share_row(right: int, of: int) -> ShareRow:
    """A plain proportion with its Wilson interval."""
    return ShareRow(right=right, of=of, share=share(right, of), interval=wilson(right, of))


def measure_all(scored: Sequence[ScoredLetter]) -> Measured:
    """All figures of some letters."""
    sample = draw_sample(scored)
    fields = scored_fields()
    rows = tuple(
        measure_row(sample, field.path, [field.path], group=field.group) for field in fields
    )
    groups = tuple(
        measure_row(sample, group, [field.path for field in fields if field.group is group])
        for group in Group
    )
    return Measured(
        letters=len(scored),
        failed=sum(letter.prediction.record is None for letter in scored),
        records_exact=share_row(sum(letter.is_exact for letter in scored), len(scored)),
        micro=measure_row(sample, "micro", [field.path for field in fields]),
        macro=measure_macro(sample, rows),
        groups=groups,
        fields=rows,
    )


def slices_by(keys: Iterable[str], scored: Sequence[ScoredLetter]) -> tuple[Slice, ...]:
    """A slice for each of the `keys`, which name the letters of `scored` in turn."""
    members: dict[str, list[ScoredLetter]] = {}
    for key, letter in zip(keys, scored, strict=True):
        members.setdefault(key, []).append(letter)
    return tuple(Slice(name=key, **dict(measure_all(members[key]))) for key in sorted(members))


def label_digest(letter: ScoredLetter) -> str:
    """Digest of the label, by which two reports know that they were judged alike."""
    return hashlib.sha256(letter.gold.label.model_dump_json().encode()).hexdigest()[:16]
