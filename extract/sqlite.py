"""An SQLite file that is written safely: all or nothing, and every failure a sentence.

What is kept in it, how it looks and what a failure means is for the one who opens it to say.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extract.errors import ExtractError

Values = Sequence[object] | Mapping[str, object]


class SqliteFile(ABC):
    """A connection to an SQLite file.

    Args:
        path: where the file is; it is made if there is none.
        patience_s: how long another process that writes is waited for.
        options: of the address, as SQLite's documentation of URIs names them.
        any_thread: the connection is used by other threads too, one at a time.

    Raises:
        ExtractError: the file cannot be used; as `_failure` and `_prepare` say.
    """

    def __init__(
        self, path: Path, *, patience_s: float, options: str = "", any_thread: bool = False
    ) -> None:
        with self._errors():
            self._connection = sqlite3.connect(
                path.absolute().as_uri() + options,
                uri=True,
                timeout=patience_s,
                isolation_level=None,
                check_same_thread=not any_thread,
            )
        try:
            with self._errors():
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    @abstractmethod
    def _prepare(self) -> None:
        """Check what the file is, and bring it up to date."""

    @abstractmethod
    def _failure(self, code: str) -> ExtractError:
        """What to raise for a failure that SQLite calls `code`: `SQLITE_FULL`."""

    def close(self) -> None:
        """Close the connection; what was committed is kept."""
        self._connection.close()

    def rows(self, query: str, values: Values = ()) -> Iterator[Any]:
        """The rows that `query` finds, as they are asked for.

        Raises:
            ExtractError: the file is damaged or cannot be read.
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
        """All of the block or nothing of it is stored; other processes wait.

        Raises:
            ExtractError: the disk is full, say, or another process writes for too long.
        """
        with self._errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has rolled back already
                    self._connection.execute("ROLLBACK")
                raise

    def change(self, statement: str, values: Values = ()) -> sqlite3.Cursor:
        """Execute a statement of a transaction."""
        return self._connection.execute(statement, values)

    def change_all(self, statement: str, rows: Iterable[Values]) -> None:
        """Execute a statement of a transaction for each of `rows`."""
        self._connection.executemany(statement, rows)

    @property
    def version(self) -> int:
        """How many migrations have made the file what it is; 0 for a new one."""
        return int(self.value("PRAGMA user_version"))

    def migrate(self, migrations: Sequence[Sequence[str]]) -> None:
        """Bring the file up to date; entry n makes version n + 1 out of version n."""
        for number in range(self.version, len(migrations)):
            with self.transaction():
                if self.version > number:
                    continue  # another process was quicker
                for statement in migrations[number]:
                    self.change(statement)
                self.change(f"PRAGMA user_version = {number + 1}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn what SQLite raises into a sentence that says what to do."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorname", "") or type(error).__name__
            raise self._failure(code) from error
