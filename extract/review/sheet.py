"""What a reviewer works on: the record laid out in cells, each with its evidence and status.

Sheet                one reviewer's state of one letter
├── Cell …           a field of the record: no entry (null), one, or a list of them
│   └── Entry …      a value, and the place in the letter that proves it
└── SheetItem …      a disputed item: its cells, under a key that outlives reordering
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Literal

from extract.result import Evidence, Extraction
from schemas import CaseRecord, Field, Frozen, record_fields
from schemas.fields import ITEMS


class Status(StrEnum):
    """What a person said about a cell."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    NOT_STATED = "not_stated"


class Entry(Frozen):
    """A value and its place; `confidence` and `rule` only while a machine vouches for it."""

    value: Any
    start: int | None = None
    end: int | None = None
    confidence: float | None = None
    rule: str | None = None


class Cell(Frozen):
    """A field: its entries, candidates that were not trusted, what a person said."""

    entries: tuple[Entry, ...] = ()
    candidates: tuple[Entry, ...] = ()
    status: Status | None = None
    comment: str = ""

    @property
    def values(self) -> list[Any]:
        """The values alone."""
        return [entry.value for entry in self.entries]

    @property
    def confidence(self) -> float | None:
        """That of the least sure entry or candidate; `None` where no machine spoke."""
        known = [
            entry.confidence
            for entry in (*self.entries, *self.candidates)
            if entry.confidence is not None
        ]
        return min(known, default=None)

    def is_doubtful(self, under: float) -> bool:
        """Whether a person should look: nobody did, and a machine is unsure."""
        if self.status is not None:
            return False
        return bool(self.candidates) or (
            self.confidence is not None and self.confidence < under
        )


class Origin(Frozen):
    """An item of one of the two reviewers whose labels are settled, by its key there."""

    reviewer: Literal["first", "second"]
    key: int


class SheetItem(Frozen):
    """A disputed item; `key` stays the same when items are moved."""

    key: int
    cells: dict[str, Cell]
    origin: Origin | None = None
    """On the settled desk: whose item it was; `None` for one that was added there."""


class Sheet(Frozen):
    """One reviewer's state of one letter."""

    cells: dict[str, Cell]
    items: tuple[SheetItem, ...] = ()
    decided: tuple[str, ...] = ()
    """On the settled desk: points on items of one reviewer alone that were decided."""
    basis: tuple[int, ...] = ()
    """On the settled desk: the two saved labels that are being settled."""

    def cell(self, item: int | None, name: str) -> Cell:
        """The cell `name` of the letter, or of the item with the key `item`."""
        return (self.cells if item is None else self.item(item).cells)[name]

    def item(self, key: int) -> SheetItem:
        """The item with the key `key`.

        Raises:
            KeyError: there is none.
        """
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)

    def item_from(self, origin: Origin) -> SheetItem | None:
        """The item that was the reviewer's item `origin`; `None` if it is not here."""
        return next((item for item in self.items if item.origin == origin), None)

    def with_cell(self, item: int | None, name: str, cell: Cell) -> "Sheet":
        """This sheet with another cell."""
        if item is None:
            return self.model_copy(update={"cells": {**self.cells, name: cell}})
        old = self.item(item)
        new = old.model_copy(update={"cells": {**old.cells, name: cell}})
        items = tuple(new if each is old else each for each in self.items)
        return self.model_copy(update={"items": items})

    def walk(self) -> Iterator[tuple[int | None, str, Cell]]:
        """Every cell with its item's key and its name, in the guide's order."""
        for name, cell in self.cells.items():
            yield None, name, cell
        for item in self.items:
            for name, cell in item.cells.items():
                yield item.key, name, cell

    def next_key(self) -> int:
        """A key that no item has."""
        return max((item.key for item in self.items), default=-1) + 1


def field_path(item: int | None, name: str) -> str:
    """The path in the record of the field `name` of the letter, or of one of its items.

    >>> field_path(None, "layout"), field_path(2, "decision")
    ('layout', 'items[].decision')
    """
    return name if item is None else ITEMS + name


def cell_id(item: int | None, name: str) -> str:
    """The id of the cell `name` of the letter, or of the item with the key `item`.

    >>> cell_id(None, "layout"), cell_id(2, "decision")
    ('r.layout', 'i2.decision')
    """
    return f"{'r' if item is None else f'i{item}'}.{name}"


def letter_fields() -> list[Field]:
    """The fields that a person fills in and that stand in no item."""
    return [f for f in record_fields() if not f.path.startswith(ITEMS) and f.path != "outcome"]


def item_fields() -> list[Field]:
    """The fields of an item, named without it: `requested.visits`."""
    return [
        field._replace(path=field.path.removeprefix(ITEMS))
        for field in record_fields()
        if field.path.startswith(ITEMS)
    ]


def blank_item(key: int) -> SheetItem:
    """An item of which nothing is known."""
    return SheetItem(key=key, cells={field.path: Cell() for field in item_fields()})


def sheet_of(extraction: Extraction) -> Sheet:
    """The sheet that shows what was extracted."""
    record = extraction.record.model_dump(mode="json")
    doubts = _candidates(extraction)

    def cells(fields: list[Field], values: Mapping[str, Any], prefix: str) -> dict[str, Cell]:
        return {
            field.path: Cell(
                entries=_entries(
                    _look_up(values, field.path), prefix + field.path, extraction
                ),
                candidates=doubts.get(prefix + field.path, ()),
            )
            for field in fields
        }

    return Sheet(
        cells=cells(letter_fields(), record, ""),
        items=tuple(
            SheetItem(key=key, cells=cells(item_fields(), item, f"items[{key}]."))
            for key, item in enumerate(record["items"])
        ),
    )


def sheet_of_record(record: CaseRecord) -> Sheet:
    """The sheet of a finished label: values without places."""
    values = record.model_dump(mode="json")

    def cells(fields: list[Field], source: Mapping[str, Any]) -> dict[str, Cell]:
        return {
            field.path: Cell(
                entries=tuple(Entry(value=v) for v in _listed(_look_up(source, field.path)))
            )
            for field in fields
        }

    return Sheet(
        cells=cells(letter_fields(), values),
        items=tuple(
            SheetItem(key=key, cells=cells(item_fields(), item))
            for key, item in enumerate(values["items"])
        ),
    )


def nested_values(sheet: Sheet) -> dict[str, Any]:
    """The record of `sheet` as it would be validated."""
    values = _nested(sheet.cells, letter_fields())
    values["items"] = [_nested(item.cells, item_fields()) for item in sheet.items]
    return values


def record_of(sheet: Sheet) -> CaseRecord:
    """The label that `sheet` comes to.

    Raises:
        pydantic.ValidationError: it is not a record yet.
    """
    return CaseRecord.model_validate(nested_values(sheet))


def nest(path: str, value: Any, into: dict[str, Any]) -> None:
    """Put `value` at `path` (`requested.visits`) of the nested `into`."""
    *outer, leaf = path.split(".")
    for name in outer:
        into = into.setdefault(name, {})
    into[leaf] = value


def _nested(cells: Mapping[str, Cell], fields: list[Field]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        found = cells[field.path].values
        if field.is_list:
            nest(field.path, found, values)
        elif found:
            nest(field.path, found[0], values)
    return values


def _look_up(values: Mapping[str, Any], path: str) -> Any:
    for name in path.split("."):
        values = values[name]
    return values


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _entries(value: Any, path: str, extraction: Extraction) -> tuple[Entry, ...]:
    if isinstance(value, list):
        return tuple(
            _entry(each, extraction.evidence.get(f"{path}[{index}]"))
            for index, each in enumerate(value)
        )
    return tuple(_entry(each, extraction.evidence.get(path)) for each in _listed(value))


def _entry(value: Any, evidence: Evidence | None) -> Entry:
    if evidence is None:
        return Entry(value=value)
    return Entry(
        value=value,
        start=evidence.start,
        end=evidence.end,
        confidence=evidence.confidence,
        rule=evidence.rule,
    )


_ELEMENT = re.compile(r"\[\d+\]$")


def _candidates(extraction: Extraction) -> dict[str, tuple[Entry, ...]]:
    """The doubtful candidates by the field they were not good enough for."""
    found: dict[str, tuple[Entry, ...]] = {}
    for doubt in extraction.doubtful:
        field = _ELEMENT.sub("", doubt.path)
        found[field] = (*found.get(field, ()), _entry(doubt.value, doubt.evidence))
    return found
