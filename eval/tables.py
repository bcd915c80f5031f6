"""The tables that everything else is summed from: verdicts by letter, label by prediction."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from eval.fields import ScoredField, scored_fields
from eval.interval import Array
from eval.scored import ScoredLetter
from eval.verdict import Counts, Verdict

NULL = "null"
"""How a missing value is named in a table of labels and predictions."""


class VerdictTable(NamedTuple):
    """Counts of verdicts: letters x fields x kinds."""

    fields: tuple[str, ...]
    counts: Array

    def of(self, fields: Sequence[str]) -> Array:
        """The counts of `fields` together: letters x kinds."""
        columns = [self.fields.index(field) for field in fields]
        summed: Array = self.counts[:, columns, :].sum(axis=1)
        return summed


def verdict_table(letters: Sequence[dict[str, Counts]]) -> VerdictTable:
    """The counts of each letter, given as counts by field."""
    fields = tuple(field.path for field in scored_fields())
    nothing = Counts()
    counts = np.array(
        [[by_field.get(path, nothing) for path in fields] for by_field in letters],
        dtype=np.float64,
    ).reshape(len(letters), len(fields), len(Verdict))
    return VerdictTable(fields, counts)


def confusion_table(scored: Sequence[ScoredLetter], field: ScoredField) -> pd.DataFrame:
    """How often each label (rows) was given as each word (columns), `null` included."""
    pairs = list(_scalar_pairs(scored, field.path))
    table = _count_pairs(pairs)
    words = [*(word.value for word in field.vocabulary or ()), NULL]
    seen_rows = [word for word in words if word in table.index]
    seen_columns = [word for word in words if word in table.columns]
    return table.reindex(index=seen_rows, columns=seen_columns, fill_value=0)


def _count_pairs(pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """How often each first word stands with each second one."""
    if not pairs:
        return pd.DataFrame()
    frame = pd.DataFrame(pairs, columns=["first", "second"], dtype="object")
    return frame.groupby(["first", "second"]).size().unstack(fill_value=0)


def _scalar_pairs(scored: Sequence[ScoredLetter], path: str) -> Iterator[tuple[str, str]]:
    for letter in scored:
        for judgement in letter.judgements:
            if judgement.field == path:
                yield _word(judgement.label), _word(judgement.predicted)


def _word(value: Any) -> str:
    return NULL if value is None else str(value)


def term_table(scored: Sequence[ScoredLetter], field: ScoredField) -> pd.DataFrame:
    """Verdicts on each word of a field that is a list of words: words x kinds."""
    rows = [
        (_word(j.label if j.label is not None else j.predicted), j.verdict.value)
        for letter in scored
        for j in letter.judgements
        if j.field == field.path and j.verdict is not Verdict.TRUE_NULL
    ]
    table = _count_pairs(rows)
    words = [word.value for word in field.vocabulary or () if word.value in table.index]
    kinds = [Verdict.CORRECT.value, Verdict.MISSED.value, Verdict.SPURIOUS.value]
    return table.reindex(index=words, columns=kinds, fill_value=0)
