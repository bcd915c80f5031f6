"""Keeps letters, sheets and every edit in SQLite; nothing acknowledged is ever lost.

A desk is where one label is made: a reviewer's name, or `SETTLED`. Each edit raises the
version of the sheet on its desk; an edit made against an older version is refused, so that
two tabs never overwrite each other. Statements take microseconds to a few milliseconds, so
the service calls them without a thread of their own.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from extract.errors import path_problem
from extract.review.errors import (
    ReviewBusy,
    ReviewError,
    ReviewNotStored,
    ReviewRefused,
    StoreUnusable,
)
from extract.review.migrations import MIGRATIONS
from extract.review.sheet import Sheet
from extract.sqlite import SqliteFile

SETTLED = "=settled"
"""The desk of the label that two reviewers agreed on; no reviewer can have this name."""

BEGUN = "begin_settling"
"""The action by which a settled sheet comes into being; it cannot be undone."""

_NO_STORE = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_CANTOPEN")


class Outdated(ReviewRefused):
    """The sheet was changed in the meantime: it has the version `version` by now."""

    status = 409

    def __init__(self, version: int) -> None:
        super().__init__(
            "the letter was changed in the meantime: look at the newer state first"
        )
        self.version = version


class Change(NamedTuple):
    """One edit as it is stored: what stood at `place` before, what stands there after."""

    id: int
    version: int
    at: str
    by: str
    action: str
    place: str
    before: str
    after: str
    undoes: int | None


class Saved(NamedTuple):
    """A label that was saved."""

    id: int
    letter: str
    desk: str
    version: int
    at: str
    by: str
    label: str
    changes: str


def now() -> str:
    """The time, as the audit states it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Store(SqliteFile):
    """The file in which a review is kept; its rows are known by their columns' names.

    Raises:
        StoreUnusable: it was written by another version, is no store, or cannot be there.
        ReviewBusy: another process writes to it for too long.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnusable(
                f"{path.parent} cannot hold the review ({path_problem(error)}): name another "
                "folder with --out"
            ) from error
        super().__init__(path, patience_s=5, any_thread=True)

    def _prepare(self) -> None:
        self._connection.row_factory = sqlite3.Row
        if self.version > len(MIGRATIONS):
            raise StoreUnusable(
                f"the review store has the form {self.version}, this program writes "
                f"{len(MIGRATIONS)}: use the program that made it, or move the file away"
            )
        self.value("PRAGMA journal_mode = WAL")
        self.value("PRAGMA synchronous = FULL")  # an accepted edit survives power loss
        self.value("PRAGMA foreign_keys = ON")
        self.migrate(MIGRATIONS)

    def _failure(self, code: str) -> ReviewError:
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return ReviewBusy(
                f"this was not done ({code}): another process is writing to the review; do "
                "it again"
            )
        if code.startswith(_NO_STORE):
            return StoreUnusable(
                f"{self._path} is no review store or is damaged ({code}): move it away and "
                "start again"
            )
        return ReviewNotStored(
            f"this was not stored ({code}): free some space on the review's disk, or make it "
            "writable, and do it again"
        )

    def writing(self) -> AbstractContextManager[None]:
        """All or nothing; other processes wait. Nothing is written but in such a block.

        Raises:
            ReviewBusy: another process writes for too long.
            ReviewNotStored: the disk is full, or the file cannot be written.
        """
        return self.transaction()

    # ---- sheets and edits

    def sheet(self, letter: str, desk: str) -> tuple[int, Sheet] | None:
        """Version and content of the sheet; `None` where nobody has edited yet."""
        row = self.row(
            "SELECT version, content FROM sheet WHERE letter = ? AND desk = ?", (letter, desk)
        )
        return (row["version"], Sheet.model_validate_json(row["content"])) if row else None

    def put_sheet(self, letter: str, desk: str, version: int, sheet: Sheet) -> None:
        """Lay `sheet` on the desk; the caller is inside `writing`."""
        self.change(
            "INSERT OR REPLACE INTO sheet VALUES (?, ?, ?, ?)",
            (letter, desk, version, sheet.model_dump_json()),
        )

    def check_version(self, letter: str, desk: str, version: int) -> None:
        """Make sure that the sheet is at `version` (0: not edited yet).

        Raises:
            Outdated: it is not.
        """
        row = self.row(
            "SELECT version FROM sheet WHERE letter = ? AND desk = ?", (letter, desk)
        )
        current = row["version"] if row else 0
        if current != version:
            raise Outdated(current)

    def add_edit(self, letter: str, desk: str, change: Change) -> None:
        """Write an edit down; the caller is inside `writing`."""
        self.change(
            "INSERT INTO edit (letter, desk, version, at, by, action, place, before, after,"
            " undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (letter, desk, *change[1:]),
        )

    def edits_since(self, letter: str, desk: str, version: int) -> list[Change]:
        """The edits that came after `version`."""
        rows = self.rows(
            f"SELECT {_CHANGE} FROM edit WHERE letter = ? AND desk = ? AND version > ?"
            " ORDER BY version",
            (letter, desk, version),
        )
        return [Change(*row) for row in rows]

    def last_to_undo(self, letter: str, desk: str) -> Change | None:
        """The newest edit that is neither undone nor itself an undoing."""
        row = self.row(
            f"SELECT {_CHANGE} FROM edit WHERE letter = ?1 AND desk = ?2 AND undoes IS NULL"
            " AND id NOT IN (SELECT undoes FROM edit WHERE undoes IS NOT NULL)"
            " AND id > coalesce((SELECT max(id) FROM edit WHERE letter = ?1 AND desk = ?2"
            " AND action = ?3), 0) ORDER BY version DESC LIMIT 1",
            (letter, desk, BEGUN),
        )
        return Change(*row) if row else None

    # ---- labels

    def add_saved(self, saved: Saved) -> None:
        """Write down that a label was saved."""
        self.change(
            "INSERT INTO saved (letter, desk, version, at, by, label, changes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            saved[1:],
        )

    def saved(self, letter: str) -> list[Saved]:
        """Every saved label of the letter, oldest first."""
        return self._saved("letter = ?", letter)

    def saved_after(self, saved_id: int) -> list[Saved]:
        """Every label that was saved after the one of this id, oldest first."""
        return self._saved("id > ?", saved_id)

    def _saved(self, condition: str, value: str | int) -> list[Saved]:
        rows = self.rows(
            "SELECT id, letter, desk, version, at, by, label, changes FROM saved"
            f" WHERE {condition} ORDER BY id",
            (value,),
        )
        return [Saved(*row) for row in rows]

    def labelled(self) -> list[str]:
        """The letters of which a label was saved."""
        rows = self.rows("SELECT DISTINCT letter FROM saved ORDER BY letter")
        return [row["letter"] for row in rows]

    def newest_saved(self, letter: str) -> dict[str, Saved]:
        """Each desk's newest label of a letter."""
        return {saved.desk: saved for saved in self.saved(letter)}

    def labelled_twice(self) -> list[str]:
        """The letters of which two reviewers have saved a label."""
        rows = self.rows(
            "SELECT letter FROM saved WHERE desk <> ? GROUP BY letter"
            " HAVING count(DISTINCT desk) > 1 ORDER BY letter",
            (SETTLED,),
        )
        return [row["letter"] for row in rows]

    def desks(self, letter: str) -> Sequence[str]:
        """The desks on which the letter was edited or saved."""
        rows = self.rows(
            "SELECT desk FROM sheet WHERE letter = ?1 UNION SELECT desk FROM saved"
            " WHERE letter = ?1 ORDER BY desk",
            (letter,),
        )
        return [row["desk"] for row in rows]


_CHANGE = "id, version, at, by, action, place, before, after, undoes"


def dumped(value: Any) -> str:
    """`value` as the store keeps it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
