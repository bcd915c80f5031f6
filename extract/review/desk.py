"""What happens on a desk: a sheet is opened, edited, undone, saved as a label."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from extract.errors import path_problem
from extract.review.edits import Edit, OnCell, apply_edit
from extract.review.errors import ReviewNotStored, ReviewRefused
from extract.review.labels import LabelFolder, label_text
from extract.review.sheet import (
    Cell,
    Sheet,
    field_path,
    record_of,
    sheet_of,
    sheet_of_record,
)
from extract.review.shelf import KeptLetter, LetterShelf
from extract.review.store import Change, Saved, Store, dumped, now
from schemas import CaseRecord


class Fault(NamedTuple):
    """A reason why a sheet is no record yet."""

    item: int | None
    field: str
    message: str


class LabelInvalid(ReviewRefused):
    """The sheet is no valid record yet."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("the record is not complete yet")
        self.faults = faults


class NothingToUndo(ReviewRefused):
    """No edit is left to take back."""

    status = 409


class Seat(NamedTuple):
    """One label in the making: a letter on a desk, and who sits there."""

    letter: str
    desk: str
    by: str


class Desks:
    """All desks of one review."""

    def __init__(self, store: Store, shelf: LetterShelf, labels: LabelFolder) -> None:
        self.store = store
        self.shelf = shelf
        self.labels = labels

    def open(self, kept: KeptLetter, desk: str) -> tuple[int, Sheet]:
        """Version and state of a letter's sheet; the extraction where nobody edited yet."""
        return self.store.sheet(kept.id, desk) or (0, sheet_of(kept.extraction))

    def as_saved(self, kept: KeptLetter, saved: Saved) -> Sheet:
        """The sheet of which the label `saved` was made: what was edited since is taken back.

        Where the letter was extracted anew beneath it, the label alone counts.
        """
        _, sheet = self.open(kept, saved.desk)
        for change in reversed(self.store.edits_since(kept.id, saved.desk, saved.version)):
            sheet = _taken_back(sheet, change)
        label = CaseRecord.model_validate_json(saved.label)
        return sheet if record_of(sheet) == label else sheet_of_record(label)

    def edit(
        self, seat: Seat, kept: KeptLetter, version: int, edit: Edit
    ) -> tuple[int, Sheet, Sheet]:
        """The new version, the sheet before and after `edit`; stored before this returns.

        Raises:
            Outdated: the sheet was changed in the meantime.
            EditRefused: the edit cannot be made.
            ValueUnusable: a value does not fit its field.
        """
        with self.store.writing():
            self.store.check_version(seat.letter, seat.desk, version)
            _, old = self.open(kept, seat.desk)
            new = apply_edit(old, edit, length=len(kept.text or ""))
            where = None
            if isinstance(edit, OnCell):
                where = {"item": edit.item, "field": edit.field}
            self._record(seat, version, (old, new), action=edit.action, where=where)
        return version + 1, old, new

    def replace(
        self, seat: Seat, kept: KeptLetter, version: int, *, sheet: Sheet, action: str
    ) -> int:
        """Lay another sheet on the desk, as one edit that can be undone.

        Raises:
            Outdated: the sheet was changed in the meantime.
        """
        with self.store.writing():
            self.store.check_version(seat.letter, seat.desk, version)
            _, old = self.open(kept, seat.desk)
            self._record(seat, version, (old, sheet), action=action)
        return version + 1

    def undo(self, seat: Seat, kept: KeptLetter, version: int) -> tuple[int, Sheet, Change]:
        """Take back the newest edit; the taking back is written down too.

        Raises:
            Outdated: the sheet was changed in the meantime.
            NothingToUndo: no edit is left.
        """
        with self.store.writing():
            self.store.check_version(seat.letter, seat.desk, version)
            last = self.store.last_to_undo(seat.letter, seat.desk)
            if last is None:
                raise NothingToUndo("there is nothing to undo")
            _, old = self.open(kept, seat.desk)
            new = _taken_back(old, last)
            where = json.loads(last.place)
            self._record(seat, version, (old, new), action="undo", where=where, undoes=last.id)
        return version + 1, new, last

    def _record(
        self,
        seat: Seat,
        version: int,
        step: tuple[Sheet, Sheet],
        *,
        action: str,
        where: Mapping[str, Any] | None = None,
        undoes: int | None = None,
    ) -> None:
        """Store the sheet that an edit made of the one before, and the edit itself.

        Args:
            step: the sheets before and after.
            where: the cell that was edited; without one it was the whole sheet.
            undoes: the edit that was taken back.
        """
        before, after = (
            sheet.cell(where["item"], where["field"]) if where else sheet for sheet in step
        )
        change = Change(
            id=0,
            version=version + 1,
            at=now(),
            by=seat.by,
            action=action,
            place=dumped(where or {}),
            before=before.model_dump_json(),
            after=after.model_dump_json(),
            undoes=undoes,
        )
        self.store.put_sheet(seat.letter, seat.desk, change.version, step[1])
        self.store.add_edit(seat.letter, seat.desk, change)

    def save(self, seat: Seat, kept: KeptLetter, version: int, *, replace: bool) -> CaseRecord:
        """Make a label of the sheet: validated, stored, then written to its files.

        Raises:
            Outdated: the sheet was changed in the meantime.
            LabelInvalid: the sheet is no record yet.
            LabelTaken: another program wrote a label of this letter.
            ReviewNotStored: the disk is full, say; what is in the store stays there.
        """
        _, sheet = self.open(kept, seat.desk)
        record = validated(sheet)
        if not replace:
            self._check_free(kept)
        changes = changed_values(sheet_of(kept.extraction), sheet)
        with self.store.writing():
            self.store.check_version(seat.letter, seat.desk, version)
            self.store.add_saved(
                Saved(
                    id=0,
                    letter=seat.letter,
                    desk=seat.desk,
                    version=version,
                    at=now(),
                    by=seat.by,
                    label=label_text(record),
                    changes=dumped(changes),
                )
            )
        try:
            self._write_label(kept)
            self.labels.append_audit(self.store.saved_after)
        except OSError as error:
            raise ReviewNotStored(
                f"the label is stored, but its file is not written ({path_problem(error)}): "
                "free some space, or make the folder writable, and save again"
            ) from error
        return record

    def _check_free(self, kept: KeptLetter) -> None:
        try:
            self.labels.check_free(kept.id, self.store.saved(kept.id))
        except OSError as error:
            raise ReviewNotStored(
                f"the label is not stored: its file cannot be read ({path_problem(error)}); "
                "make it readable, or move it away, and save again"
            ) from error

    def mend(self) -> None:
        """Write what a crash kept from being written."""
        for letter_id in self.store.labelled():
            kept = self.shelf.get(letter_id)
            if kept:
                self._write_label(kept)
        self.labels.append_audit(self.store.saved_after)

    def _write_label(self, kept: KeptLetter) -> None:
        """Bring the files of a letter to what the store says."""
        self.labels.write(kept.id, self.store.newest_saved(kept.id), kept.text or "")


def _taken_back(sheet: Sheet, change: Change) -> Sheet:
    """`sheet`, which `change` made, as it was before."""
    where = json.loads(change.place)
    if not where:
        return Sheet.model_validate_json(change.before)
    cell = Cell.model_validate_json(change.before)
    return sheet.with_cell(where["item"], where["field"], cell)


def validated(sheet: Sheet) -> CaseRecord:
    """The record of `sheet`.

    Raises:
        LabelInvalid: it is none yet.
    """
    try:
        return record_of(sheet)
    except ValidationError as error:
        faults = [
            _fault(sheet, fault["loc"], fault["msg"])
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise LabelInvalid(faults) from None


def _fault(sheet: Sheet, place: tuple[int | str, ...], message: str) -> Fault:
    item = None
    if len(place) > 1 and place[0] == "items" and isinstance(place[1], int):
        item, place = sheet.items[place[1]].key, place[2:]
    names = [part for part in place if isinstance(part, str)]
    known = (sheet.cells if item is None else sheet.item(item).cells).keys()
    field = next((".".join(names[:n]) for n in (2, 1) if ".".join(names[:n]) in known), "")
    return Fault(item, field, "is required" if message == "Field required" else message)


def changed_values(old: Sheet, new: Sheet) -> list[dict[str, Any]]:
    """From which value to which, cell by cell; items are matched by their keys."""
    before = {(item, name): cell for item, name, cell in old.walk()}
    after = {(item, name): cell for item, name, cell in new.walk()}
    changes = []
    for item, name in dict.fromkeys([*before, *after]):
        was, now_is = before.get((item, name)), after.get((item, name))
        values = [cell.values if cell else [] for cell in (was, now_is)]
        comment = now_is.comment if now_is else ""
        if values[0] != values[1] or comment:
            change: dict[str, Any] = {"field": field_path(item, name), "item": item}
            change |= {"from": values[0], "to": values[1]}
            changes.append(change | ({"comment": comment} if comment else {}))
    return changes


def progress(sheet: Sheet) -> Mapping[str, int]:
    """How many cells were accepted, corrected, found not stated, or not looked at."""
    counts = {"accepted": 0, "corrected": 0, "not_stated": 0, "open": 0}
    for _, _, cell in sheet.walk():
        counts[cell.status or "open"] += 1
    return counts
