"""The SQLite file of a run: found or made, checked, brought up to date, and written safely."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extract.batch.errors import NoRun, StoreFailed, StoreUnknown
from extract.batch.migrations import MIGRATIONS, VERSION
from extract.errors import path_problem

STORE = "run.sqlite"

_APPLICATION_ID = 0x494D5232  # "IMR2", so that another program's file is not taken for ours

_PAGE_BYTES = 16384
"""Five results fit; of the usual 4096 bytes a third would stay empty."""

_GO_ON = "; what was stored is kept, start the same command again to go on"

_ADVICE = {
    "SQLITE_FULL": "the disk is full: free some space" + _GO_ON,
    "SQLITE_IOERR_WRITE": "the disk cannot be written: free some space" + _GO_ON,
    "SQLITE_READONLY": "it may not be written: check its permissions" + _GO_ON,
    "SQLITE_NOTADB": "it is no SQLite file: choose another --out",
    "SQLITE_CORRUPT": "it is damaged: begin a new run with another --out",
}

Values = Sequence[object] | Mapping[str, object]


class Database:
    """A connection to the SQLite file of one run.

    Where nothing may be written (a run on a read-only disk) it can still be read.

    Args:
        folder: the output folder that holds the file.
        durable: every commit reaches the disk before it returns, as paid replies need
            it. Else a power cut may take the last seconds of work, never more.
        create: make the file if there is none.
        any_thread: the connection is used by other threads too, one at a time.

    Raises:
        NoRun: there is no file, and none is to be made.
        StoreUnknown: it was written by a newer version, or is no store at all.
        StoreFailed: it cannot be used: damaged, the disk full, no permission.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        create: bool = False,
        any_thread: bool = False,
    ) -> None:
        self._folder, self._path = folder, folder / STORE
        if not create:
            check_run(folder)
        self._is_writable = create or _is_writable(self._path)
        with self._errors():
            self._connection = sqlite3.connect(
                self._address(),
                uri=True,
                timeout=30,
                isolation_level=None,
                check_same_thread=not any_thread,
            )
        try:
            with self._errors():
                self._prepare(durable=durable)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection; what was committed is kept."""
        self._connection.close()

    def rows(self, query: str, values: Values = ()) -> Iterator[Any]:
        """The rows that `query` finds, as they are asked for.

        Raises:
            StoreFailed: the file is damaged or cannot be read.
        """
        with self._errors():
            for row in self._connection.execute(query, values):  # noqa: UP028  it would
                yield row  # close a cursor whose connection may be gone by then

    def row(self, query: str, values: Values = ()) -> Any:
        """The first row that `query` finds; `None` if it finds none."""
        with self._errors():
            return self._connection.execute(query, values).fetchone()

    def value(self, query: str, *values: object) -> Any:
        """The first value of the first row; `None` if there is none."""
        row = self.row(query, values)
        return row[0] if row else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it is stored.

        Raises:
            StoreFailed: the disk is full, or the file cannot be written.
        """
        with self._errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:  # a full disk has rolled back already
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def change(self, statement: str, values: Values = ()) -> sqlite3.Cursor:
        """Execute a statement of a transaction."""
        return self._connection.execute(statement, values)

    def change_all(self, statement: str, rows: Iterable[Values]) -> None:
        """Execute a statement of a transaction for each of `rows`."""
        self._connection.executemany(statement, rows)

    def _address(self) -> str:
        address = self._path.absolute().as_uri()
        if self._is_writable:
            return address
        log = self._path.with_name(f"{STORE}-wal")
        return f"{address}?{'mode=ro' if log.exists() else 'immutable=1'}"

    def _prepare(self, *, durable: bool) -> None:
        application = self.value("PRAGMA application_id")
        tables = self.value("SELECT count(*) FROM sqlite_master")
        if application != _APPLICATION_ID and tables:
            raise StoreUnknown(f"{self._path} is no run store: choose another --out")
        version = int(self.value("PRAGMA user_version"))
        if version > VERSION:
            raise StoreUnknown(
                f"the run in {self._folder} was written by a newer imr (store {version}, "
                f"this one knows {VERSION}): update imr, or choose another --out"
            )
        if self._is_writable:
            self.change(f"PRAGMA page_size = {_PAGE_BYTES}")  # heeded by a new file alone
            self.change("PRAGMA journal_mode = WAL")
            self.change(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._migrate(version)
        elif version < VERSION:
            raise StoreUnknown(
                f"the run in {self._folder} was written by an older imr and may not be "
                "brought up to date: copy it to where it can be written"
            )

    def _migrate(self, version: int) -> None:
        for number in range(version, VERSION):
            with self.transaction():
                if int(self.value("PRAGMA user_version")) > number:
                    continue  # another process was quicker
                for statement in MIGRATIONS[number]:
                    self.change(statement)
                self.change(f"PRAGMA application_id = {_APPLICATION_ID}")
                self.change(f"PRAGMA user_version = {number + 1}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn what SQLite raises into a sentence that says what to do."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "") or type(error).__name__
            advice = _ADVICE.get(name, "check the disk and its permissions" + _GO_ON)
            raise StoreFailed(
                f"the run store in {self._folder} cannot be used ({name}): {advice}"
            ) from error


def check_run(folder: Path) -> None:
    """Make sure that `folder` holds a run, before anything is made there.

    Raises:
        NoRun: it holds none.
        StoreFailed: it may not be looked into.
    """
    try:
        is_run = (folder / STORE).exists()
    except (OSError, ValueError) as error:
        raise StoreFailed(
            f"{folder} cannot be read ({path_problem(error)}): check the path and its "
            "permissions"
        ) from error
    if not is_run:
        raise NoRun(f"{folder} holds no run: start one with `imr batch PATH... --out`")


def _is_writable(path: Path) -> bool:
    """Whether SQLite may write the file, and its log beside it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
