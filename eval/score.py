"""Judges one predicted record against its label, value by value."""

from collections.abc import Iterator, Sequence
from typing import Any

from eval.align import align_elements, align_items
from eval.fields import ScoredField, scored_fields
from eval.verdict import Judgement, Verdict
from schemas import CaseRecord, Item


def judge_record(label: CaseRecord, predicted: CaseRecord | None) -> list[Judgement]:
    """The verdict on every value of `label` and of `predicted`.

    Args:
        predicted: `None` for a letter that failed: all that is labelled is missed.
    """
    fields = [field for field in scored_fields() if not field.is_of_item]
    if predicted is None:
        return [*_missing(label, fields, ""), *_missing_items(label.items)]
    judgements = [
        judgement
        for field in fields
        for judgement in _judge_field(field, (label, ""), (predicted, ""))
    ]
    return [*judgements, *_judge_items(label.items, predicted.items)]


def _judge_items(labels: Sequence[Item], predicted: Sequence[Item]) -> Iterator[Judgement]:
    fields = [field for field in scored_fields() if field.is_of_item]
    alignment = align_items(labels, predicted)
    for row, column in alignment.pairs:
        for field in fields:
            yield from _judge_field(
                field, (labels[row], _item_at(row)), (predicted[column], _item_at(column))
            )
    for row in alignment.missing:
        yield from _missing(labels[row], fields, _item_at(row))
    for column in alignment.spurious:
        yield from _spurious(predicted[column], fields, _item_at(column))


def _item_at(position: int) -> str:
    return f"items[{position}]."


def _missing_items(labels: Sequence[Item]) -> Iterator[Judgement]:
    fields = [field for field in scored_fields() if field.is_of_item]
    for position, item in enumerate(labels):
        yield from _missing(item, fields, _item_at(position))


Placed = tuple[CaseRecord | Item, str]
"""A record or an item, and what its fields' paths begin with."""


def _judge_field(field: ScoredField, label: Placed, predicted: Placed) -> Iterator[Judgement]:
    """The verdicts on one field of one record or of one pair of items."""
    labelled, given = field.read(label[0]), field.read(predicted[0])
    paths = label[1] + field.name, predicted[1] + field.name
    if field.is_list:
        yield from _judge_list(field, (labelled, paths[0]), (given, paths[1]))
        return
    yield Judgement(
        field=field.path,
        verdict=_scalar_verdict(field, labelled, given),
        label=labelled,
        predicted=given,
        label_path=paths[0],
        predicted_path=None if given is None else paths[1],
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
            field=field.path,
            verdict=Verdict.CORRECT,
            label=labels[row],
            predicted=values[column],
            label_path=f"{label_path}[{row}]",
            predicted_path=f"{predicted_path}[{column}]",
        )
    for row in alignment.missing:
        yield _missed(field, labels[row], f"{label_path}[{row}]")
    for column in alignment.spurious:
        yield _false(field, values[column], f"{predicted_path}[{column}]")


def _missing(
    owner: CaseRecord | Item, fields: Sequence[ScoredField], prefix: str
) -> Iterator[Judgement]:
    """Every labelled value of a record or an item that was not predicted at all."""
    for field in fields:
        for value, path in _stated(field, owner, prefix):
            yield _missed(field, value, path)


def _spurious(
    owner: CaseRecord | Item, fields: Sequence[ScoredField], prefix: str
) -> Iterator[Judgement]:
    """Every given value of an item that no label answers to."""
    for field in fields:
        for value, path in _stated(field, owner, prefix):
            yield _false(field, value, path)


def _stated(
    field: ScoredField, owner: CaseRecord | Item, prefix: str
) -> Iterator[tuple[Any, str]]:
    """The values that `owner` states for `field`, each with its path."""
    value = field.read(owner)
    if field.is_list:
        for position, element in enumerate(value):
            yield element, f"{prefix}{field.name}[{position}]"
    elif value is not None:
        yield value, prefix + field.name


def _missed(field: ScoredField, value: Any, path: str) -> Judgement:
    return Judgement(field.path, Verdict.MISSED, label=value, label_path=path)


def _false(field: ScoredField, value: Any, path: str) -> Judgement:
    return Judgement(field.path, Verdict.SPURIOUS, predicted=value, predicted_path=path)
