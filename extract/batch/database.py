"""The SQLite file of a run: found or made, checked, brought up to date."""

import os
from pathlib import Path

from extract.batch.errors import NoRun, StoreFailed, StoreUnknown
from extract.batch.migrations import MIGRATIONS, VERSION
from extract.errors import path_problem
from extract.sqlite import SqliteFile

STORE = "run.sqlite"

_APPLICATION_ID = 0x494D5232  # "IMR2", so that another program's file is not taken for ours
_OURS = f"PRAGMA application_id = {_APPLICATION_ID}"

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


class Database(SqliteFile):
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
        self._folder, self._path, self._durable = folder, folder / STORE, durable
        if not create:
            check_run(folder)
        self._is_writable = create or _is_writable(self._path)
        super().__init__(
            self._path, patience_s=30, options=self._options(), any_thread=any_thread
        )

    def _options(self) -> str:
        if self._is_writable:
            return ""
        log = self._path.with_name(f"{STORE}-wal")
        return "?mode=ro" if log.exists() else "?immutable=1"

    def _prepare(self) -> None:
        application = self.value("PRAGMA application_id")
        tables = self.value("SELECT count(*) FROM sqlite_master")
        if application != _APPLICATION_ID and tables:
            raise StoreUnknown(f"{self._path} is no run store: choose another --out")
        if self.version > VERSION:
            raise StoreUnknown(
                f"the run in {self._folder} was written by a newer imr (store "
                f"{self.version}, this one knows {VERSION}): update imr, or choose another "
                "--out"
            )
        if self._is_writable:
            self.value(f"PRAGMA page_size = {_PAGE_BYTES}")  # heeded by a new file alone
            self.value("PRAGMA journal_mode = WAL")
            self.value(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
            self.migrate([(_OURS, *statements) for statements in MIGRATIONS])
        elif self.version < VERSION:
            raise StoreUnknown(
                f"the run in {self._folder} was written by an older imr and may not be "
                "brought up to date: copy it to where it can be written"
            )

    def _failure(self, code: str) -> StoreFailed:
        advice = _ADVICE.get(code, "check the disk and its permissions" + _GO_ON)
        return StoreFailed(
            f"the run store in {self._folder} cannot be used ({code}): {advice}"
        )


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
