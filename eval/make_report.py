"""Puts the report of a run together from what the other modules measure."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from eval.confidence import (
    WANTED_PRECISION,
    JudgedValue,
    calibration_error,
    count_unproved,
    coverage_at,
    judged_values,
    reliability,
    risk_coverage,
)
from eval.cost import measure_cost
from eval.fields import scored_fields
from eval.interval import RESAMPLES, SEED, wilson
from eval.metrics import count_by_field
from eval.report import (
    SCHEMA_VERSION,
    ConfidenceReport,
    Confusion,
    ItemsRow,
    LetterRow,
    Miss,
    Report,
    RuleRow,
    TermRow,
)
from eval.scored import ScoredLetter
from eval.slices import label_digest, measure_all, share_row, slices_by
from eval.tables import confusion_table, term_table
from eval.verdict import Judgement, Verdict

SURE = 0.95
"""From this confidence on a value should not need a second look."""


def make_report(
    runs: Mapping[str, Sequence[ScoredLetter]], strangers: Sequence[str] = ()
) -> Report:
    """The report on the first of `runs` (method to letters), the others beside it.

    Args:
        strangers: ids of predictions that match no letter.
    """
    method, scored = next(iter(runs.items()))
    return Report(
        schema_version=SCHEMA_VERSION,
        method=method,
        resamples=RESAMPLES,
        seed=SEED,
        **dict(measure_all(scored)),
        items=_items_row(scored),
        subsets=slices_by((letter.gold.subset for letter in scored), scored),
        layouts=slices_by((letter.gold.label.layout.value for letter in scored), scored),
        confusions=_confusions(scored),
        terms=_terms(scored),
        confidence=_confidence(scored),
        methods=tuple(measure_cost(name, letters) for name, letters in runs.items()),
        strangers=tuple(strangers),
        letter_results=tuple(_letter_row(letter) for letter in scored),
    )


def _items_row(scored: Sequence[ScoredLetter]) -> ItemsRow:
    """Every item has a description, so that its verdicts tell the pairs."""
    verdicts = [
        judgement.verdict
        for letter in scored
        for judgement in letter.judgements
        if judgement.field == "items[].description"
    ]
    missing, spurious = verdicts.count(Verdict.MISSED), verdicts.count(Verdict.SPURIOUS)
    paired = len(verdicts) - missing - spurious
    return ItemsRow(labelled=paired + missing, predicted=paired + spurious, paired=paired)


def _confusions(scored: Sequence[ScoredLetter]) -> tuple[Confusion, ...]:
    made = []
    for field in scored_fields():
        if field.vocabulary is None or field.is_list:
            continue
        table = confusion_table(scored, field)
        if table.size:
            made.append(
                Confusion(
                    field=field.path,
                    labels=tuple(table.index),
                    predicted=tuple(table.columns),
                    counts=tuple(tuple(row) for row in table.to_numpy().tolist()),
                )
            )
    return tuple(made)


def _terms(scored: Sequence[ScoredLetter]) -> tuple[TermRow, ...]:
    return tuple(
        TermRow(field=field.path, word=str(word), **{str(k): n for k, n in counts.items()})
        for field in scored_fields()
        if field.vocabulary is not None and field.is_list
        for word, counts in term_table(scored, field).to_dict("index").items()
    )


def _confidence(scored: Sequence[ScoredLetter]) -> ConfidenceReport:
    values = list(judged_values(scored))
    curve = risk_coverage(values)
    sure = [value.is_right for value in values if value.confidence >= SURE]
    return ConfidenceReport(
        values=len(values),
        unproved=count_unproved(scored),
        calibration_error=calibration_error(values),
        bins=tuple(reliability(values)),
        curve=tuple(curve),
        at_99_precision=coverage_at(curve, WANTED_PRECISION),
        at_95_confidence=share_row(sum(sure), len(sure)),
        rules=tuple(_rule_rows(values)),
    )


def _rule_rows(values: Sequence[JudgedValue]) -> list[RuleRow]:
    by_rule: dict[str, list[JudgedValue]] = {}
    for value in values:
        by_rule.setdefault(value.rule, []).append(value)
    return [_rule_row(rule, given) for rule, given in sorted(by_rule.items())]


def _rule_row(rule: str, given: Sequence[JudgedValue]) -> RuleRow:
    right = sum(value.is_right for value in given)
    return RuleRow(
        rule=rule,
        given=len(given),
        right=right,
        interval=wilson(right, len(given)),
        stated=sum(value.confidence for value in given) / len(given),
    )


def _letter_row(letter: ScoredLetter) -> LetterRow:
    return LetterRow(
        id=letter.id,
        subset=letter.gold.subset,
        layout=letter.gold.label.layout.value,
        label_sha256=label_digest(letter),
        failure=letter.prediction.failure,
        counts={
            field: tuple(counts) for field, counts in count_by_field(letter.judgements).items()
        },
        misses=tuple(_miss(letter, judgement) for judgement in letter.misses),
    )


def _miss(letter: ScoredLetter, judgement: Judgement) -> Miss:
    proof = letter.prediction.evidence.get(judgement.predicted_path or "")
    return Miss(
        field=judgement.field,
        path=judgement.path,
        verdict=judgement.verdict,
        label=_as_json(judgement.label),
        predicted=_as_json(judgement.predicted),
        predicted_path=judgement.predicted_path,
        rule=proof and proof.rule,
        confidence=proof and proof.confidence,
    )


def _as_json(value: Any) -> Any:
    """A value of a record as JSON holds it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return value if value is None or isinstance(value, int) else str(value)
