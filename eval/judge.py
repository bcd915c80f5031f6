"""Judges one predicted record against its label, value by value.

What one side does not have at all (a failed letter, an item without a partner) is judged
by what the other side states: its nulls are not counted, for nothing answers to them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from eval.align import align_elements, align_items
from eval.fields import ScoredField, scored_fields
from eval.verdict import Judgement, Verdict
from schemas import CaseRecord, Item, Value, item_values, record_values


def judge_record(label: CaseRecord, predicted: CaseRecord | None) -> list[Judgement]:
    """The verdict on every value of `label` and of `predicted`.

    Args:
        predicted: `None` for a letter that failed: all that is labelled is missed.
    """
    if predicted is None:
        return list(_missed(record_values(label)))
    fields = [field for field in scored_fields() if not field.is_of_item]
    judgements = list(_judge_part(fields, (label, ""), (predicted, "")))
    alignment = align_items(label.items, predicted.items)
    fields = [field for field in scored_fields() if field.is_of_item]
    for row, column in alignment.pairs:
        judgements += _judge_part(
            fields,
            (label.items[row], _item_at(row)),
            (predicted.items[column], _item_at(column)),
        )
    for row in alignment.missing:
        judgements += _missed(item_values(label, row))
    for column in alignment.spurious:
        judgements += _spurious(item_values(predicted, column))
    return judgements


def _item_at(position: int) -> str:
    return f"items[{position}]."


def _missed(labelled: Iterable[Value]) -> Iterator[Judgement]:
    for path, field, value in labelled:
        yield Judgement(field.path, Verdict.MISSED, label=value, label_path=path)


def _spurious(given: Iterable[Value]) -> Iterator[Judgement]:
    for path, field, value in given:
        yield Judgement(field.path, Verdict.SPURIOUS, predicted=value, predicted_path=path)


Part = tuple[CaseRecord | Item, str]
"""A record or an item, and what its fields' paths begin with."""


def _judge_part(
    fields: Iterable[ScoredField], label: Part, predicted: Part
) -> Iterator[Judgement]:
    """The verdicts on the fields of one record, or of one pair of items."""
    for field in fields:
        judge = _judge_list if field.is_list else _judge_scalar
        yield from judge(
            field,
            (field.read(label[0]), label[1] + field.name),
            (field.read(predicted[0]), predicted[1] + field.name),
        )


def _judge_scalar(
    field: ScoredField, label: tuple[Any, str], predicted: tuple[Any, str]
) -> Iterator[Judgement]:
    (labelled, label_path), (given, predicted_path) = label, predicted
    yield Judgement(
        field.path,
        _scalar_verdict(field, labelled, given),
        label=labelled,
        predicted=given,
        label_path=label_path,
        predicted_path=None if given is None else predicted_path,
    )


def _scalar_verdict(field: ScoredField, labelled: Any, given: Any) -> Verdict:
    if labelled is None:
        return Verdict.TRUE_NULL if given is None else Verdict.SPURIOUS
    if given is None:
        return Verdict.MISSED
    return Verdict.CORRECT if field.comparison.is_same(labelled, given) else Verdict.WRONG


def _judge_list(
    field: ScoredField, label: tuple[Any, str], predicted: tuple[Any, str]
) -> Iterator[Judgement]:
    """The verdicts on the elements of a list; two empty lists are one rightful null."""
    (labels, label_path), (values, predicted_path) = label, predicted
    if not labels and not values:
        yield Judgement(field.path, Verdict.TRUE_NULL, label_path=label_path)
        return
    alignment = align_elements(labels, values, field.comparison)
    for row, column in alignment.pairs:
        yield Judgement(
            field.path,
            Verdict.CORRECT,
            label=labels[row],
            predicted=values[column],
            label_path=f"{label_path}[{row}]",
            predicted_path=f"{predicted_path}[{column}]",
        )
    for row in alignment.missing:
        yield Judgement(
            field.path,
            Verdict.MISSED,
            label=labels[row],
            label_path=f"{label_path}[{row}]",
        )
    for column in alignment.spurious:
        yield Judgement(
            field.path,
            Verdict.SPURIOUS,
            predicted=values[column],
            predicted_path=f"{predicted_path}[{column}]",
        )
