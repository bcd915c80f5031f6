"""The fields of the record as a flat list: the one declaration, read off the models.

Prompts, exports, reports and forms take names, types, vocabularies and descriptions
from here, so that a field is declared once, in the models.
"""

from collections.abc import Iterator
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from schemas.base import RecordPart
from schemas.record import CaseRecord
from schemas.vocabulary import Outcome, Term

ITEMS = "items[]."
"""What the paths of an item's fields begin with."""


class Field(NamedTuple):
    """One field of the record.

    `path` names it with `[]` behind every list it stands in: `items[].requested.visits`,
    `diagnoses` (the list itself is the field). `kind` is the type of one value: `str`,
    `int`, `date`, a vocabulary, or a model (`Citation`, `BodyPart`).
    """

    path: str
    kind: type
    is_list: bool
    description: str

    @property
    def vocabulary(self) -> type[Term] | None:
        """The vocabulary that the values are words of; `None` for open values."""
        return self.kind if issubclass(self.kind, Term) else None


@cache
def record_fields() -> tuple[Field, ...]:
    """Every field of `CaseRecord` in the guide's order, `outcome` last."""
    outcome = CaseRecord.model_computed_fields["outcome"].description or ""
    return (*_walk(CaseRecord, ""), Field("outcome", Outcome, False, outcome))


@cache
def parts_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of `model` (`Citation`, `BodyPart`), each by its own name."""
    return tuple(_walk(model, ""))


def _walk(model: type[BaseModel], prefix: str) -> list[Field]:
    fields: list[Field] = []
    for name, info in model.model_fields.items():
        kind, is_list = _value_type(info.annotation)
        path = prefix + name
        if issubclass(kind, RecordPart):
            fields += _walk(kind, f"{path}[]." if is_list else f"{path}.")
        else:
            fields.append(Field(path, kind, is_list, info.description or ""))
    return fields


def _value_type(annotation: Any) -> tuple[type, bool]:
    """The type of one value, and whether the field holds a list of them."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value_type(arguments[0])
    if origin in (Union, UnionType):
        (inner,) = [a for a in arguments if a is not NoneType]
        return _value_type(inner)
    if origin is tuple:
        return _value_type(arguments[0])[0], True
    if isinstance(annotation, type):
        return annotation, False
    raise TypeError(f"a field of the record has the type {annotation!r}")


class Value(NamedTuple):
    """One value of a record: where it stands (`items[0].decision`), its field, itself."""

    path: str
    field: Field
    value: Any


def record_values(record: CaseRecord) -> Iterator[Value]:
    """Every value that `record` states, in the guide's order; elements of lists one by one."""
    for field in record_fields():
        if not field.path.startswith(ITEMS):
            yield from _values(record, field, field.path, "")
    for index in range(len(record.items)):
        yield from item_values(record, index)


def item_values(record: CaseRecord, index: int) -> Iterator[Value]:
    """Every value that the item at `index` of `record` states."""
    for field in record_fields():
        if field.path.startswith(ITEMS):
            name = field.path.removeprefix(ITEMS)
            yield from _values(record.items[index], field, name, f"items[{index}].")


def _values(part: BaseModel, field: Field, name: str, prefix: str) -> Iterator[Value]:
    value = attrgetter(name)(part)
    if field.is_list:
        for index, element in enumerate(value):
            yield Value(f"{prefix}{name}[{index}]", field, element)
    elif value is not None:
        yield Value(prefix + name, field, value)
