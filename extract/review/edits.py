"""What a reviewer can do to a sheet. Pure: a sheet and an edit in, a sheet out."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from extract.review.errors import ReviewRefused
from extract.review.form import Control, check_values, controls_by_path
from extract.review.sheet import (
    Cell,
    Entry,
    Sheet,
    SheetItem,
    Status,
    blank_item,
    field_path,
)
from schemas import Frozen

_Key = Annotated[int, Field(ge=0, le=1_000_000)]


class EditRefused(ReviewRefused):
    """The edit cannot be made; the message says why, without letter text."""


class OnCell(Frozen):
    """An edit of one cell: `field` of the letter, or of the item with the key `item`."""

    item: _Key | None = None
    field: Annotated[str, Field(max_length=80)]

    @property
    def control(self) -> Control:
        """The control of the field.

        Raises:
            EditRefused: there is no such field.
        """
        try:
            return controls_by_path()[field_path(self.item, self.field)]
        except KeyError:
            raise EditRefused("there is no such field") from None


class GivenEntry(Frozen):
    """A value that a person gave; `was` is the place in the list where it stood before."""

    value: Any
    was: Annotated[int, Field(ge=0)] | None = None


class SetValues(OnCell):
    """The values are these: none means null."""

    action: Literal["set"]
    entries: Annotated[tuple[GivenEntry, ...], Field(max_length=200)]


class Accept(OnCell):
    """The values are right as they stand."""

    action: Literal["accept"]


class NotStated(OnCell):
    """The letter does not state it."""

    action: Literal["not_stated"]


class Comment(OnCell):
    """A remark for the other reviewer or the one who settles."""

    action: Literal["comment"]
    text: Annotated[str, Field(max_length=2_000)]


class SetEvidence(OnCell):
    """The value at `entry` is proved by the letter's text from `start` to `end`."""

    action: Literal["evidence"]
    entry: Annotated[int, Field(ge=0, le=200)] = 0
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]


class AddItem(Frozen):
    """A new item behind the one with the key `after`, or at the end."""

    action: Literal["add_item"]
    after: _Key | None = None


class RemoveItem(Frozen):
    """Remove the item: it is not a disputed item."""

    action: Literal["remove_item"]
    item: _Key


class MoveItem(Frozen):
    """The item stands one place earlier (-1) or later (1)."""

    action: Literal["move_item"]
    item: _Key
    by: Literal[-1, 1]


class SplitItem(Frozen):
    """The item is two; the second's description begins at character `at`."""

    action: Literal["split_item"]
    item: _Key
    at: Annotated[int, Field(ge=1)]


Edit: TypeAlias = Annotated[
    SetValues
    | Accept
    | NotStated
    | Comment
    | SetEvidence
    | AddItem
    | RemoveItem
    | MoveItem
    | SplitItem,
    Field(discriminator="action"),
]


def apply_edit(sheet: Sheet, edit: Edit, *, length: int) -> Sheet:
    """`sheet` after `edit`.

    Args:
        length: of the letter's text, within which evidence must lie.

    Raises:
        EditRefused: it cannot be made.
    """
    if isinstance(edit, OnCell):
        control = edit.control
        try:
            cell = sheet.cell(edit.item, edit.field)
        except KeyError:
            raise EditRefused("the item is not there any more") from None
        return sheet.with_cell(edit.item, edit.field, _edited(cell, edit, control, length))
    try:
        items = _STRUCTURAL[type(edit)](sheet, edit)
    except KeyError:
        raise EditRefused("the item is not there any more") from None
    return sheet.model_copy(update={"items": items})


def _edited(cell: Cell, edit: OnCell, control: Control, length: int) -> Cell:
    match edit:
        case SetValues():
            return _with_values(cell, edit, control)
        case Accept():
            return cell.model_copy(update={"status": Status.ACCEPTED})
        case NotStated():
            return Cell(status=Status.NOT_STATED, comment=cell.comment)
        case Comment():
            return cell.model_copy(update={"comment": edit.text.strip()})
        case SetEvidence():
            return _with_evidence(cell, edit, length)
    raise EditRefused("there is no such action")


def _with_values(cell: Cell, edit: SetValues, control: Control) -> Cell:
    """The given values; one that stood there before keeps its place in the letter."""
    values = check_values(control, [entry.value for entry in edit.entries])
    entries = []
    for given, value in zip(edit.entries, values, strict=True):
        known = given.was is not None and given.was < len(cell.entries)
        old = cell.entries[given.was or 0] if known else Entry(value=None)
        kept = old if old.value == value else old.model_copy(update=_BY_HAND)
        entries.append(kept.model_copy(update={"value": value}))
    status = Status.CORRECTED if entries else Status.NOT_STATED
    return Cell(entries=tuple(entries), status=status, comment=cell.comment)


_BY_HAND = {"confidence": None, "rule": None}


def _with_evidence(cell: Cell, edit: SetEvidence, length: int) -> Cell:
    if not edit.start < edit.end <= length:
        raise EditRefused("the evidence lies outside the letter")
    if edit.entry >= len(cell.entries):
        raise EditRefused("give the value first, then its evidence")
    entries = list(cell.entries)
    entries[edit.entry] = entries[edit.entry].model_copy(
        update={"start": edit.start, "end": edit.end, **_BY_HAND}
    )
    status = cell.status or Status.CORRECTED
    return cell.model_copy(update={"entries": tuple(entries), "status": status})


def _position(sheet: Sheet, key: int) -> int:
    return sheet.items.index(sheet.item(key))


def _add(sheet: Sheet, edit: AddItem) -> tuple[SheetItem, ...]:
    at = len(sheet.items) if edit.after is None else _position(sheet, edit.after) + 1
    return (*sheet.items[:at], blank_item(sheet.next_key()), *sheet.items[at:])


def _remove(sheet: Sheet, edit: RemoveItem) -> tuple[SheetItem, ...]:
    gone = sheet.item(edit.item)
    return tuple(item for item in sheet.items if item is not gone)


def _move(sheet: Sheet, edit: MoveItem) -> tuple[SheetItem, ...]:
    at = _position(sheet, edit.item)
    to = at + edit.by
    if not 0 <= to < len(sheet.items):
        raise EditRefused("the item is at the end already")
    items = list(sheet.items)
    items[at], items[to] = items[to], items[at]
    return tuple(items)


def _split(sheet: Sheet, edit: SplitItem) -> tuple[SheetItem, ...]:
    """Both halves keep the rest: decision, guidelines and rationale are often shared."""
    at = _position(sheet, edit.item)
    old = sheet.items[at]
    words = old.cells["description"].values
    text = str(words[0]) if words else ""
    first, second = text[: edit.at].strip(" ,;"), text[edit.at :].strip(" ,;")
    if not first or not second:
        raise EditRefused("put the caret between the two items' words first")
    added = old.model_copy(update={"key": sheet.next_key(), "origin": None})
    halves = (_described(old, first), _described(added, second))
    return (*sheet.items[:at], *halves, *sheet.items[at + 1 :])


def _described(item: SheetItem, description: str) -> SheetItem:
    old = item.cells["description"]
    entry = old.entries[0].model_copy(update={"value": description, **_BY_HAND})
    cell = Cell(entries=(entry,), status=Status.CORRECTED, comment=old.comment)
    return item.model_copy(update={"cells": {**item.cells, "description": cell}})


_STRUCTURAL: Mapping[type, Callable[[Sheet, Any], tuple[SheetItem, ...]]] = {
    AddItem: _add,
    RemoveItem: _remove,
    MoveItem: _move,
    SplitItem: _split,
}
