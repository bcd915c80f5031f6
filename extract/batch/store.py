"""What has been done? The run store: one SQLite file in the output folder.

Letters are a list, made anew at each start. Results and failures belong to contents, by
SHA-256, and to a digest of what shaped them: so identical letters are extracted once, and
a changed setting re-does what it affects and nothing else. Paid replies are kept by the
request that they answer.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self

from extract.account import Usage
from extract.batch.errors import NoRun, StoreFailed, StoreUnknown
from extract.batch.migrations import MIGRATIONS, VERSION

STORE = "run.sqlite"

_APPLICATION_ID = 0x494D5232  # "IMR2", so that another program's file is not taken for ours

_PAGE_BYTES = 16384
"""Five results fit; of the usual 4096 bytes a third would stay empty."""

_PAGE = 1000
"""Rows read at a time: few enough to stay flat, enough to cost nothing."""


class LetterRow(NamedTuple):
    """A letter of the run: where it is, and its content's digest once it was read."""

    position: int
    id: str
    file: str
    key: str | None
    origin: str
    sha256: str | None
    reason: str | None = None
    message: str | None = None


class Success(NamedTuple):
    """An extraction as the store keeps it: JSON without the letter's id and source.

    `flaw` is the reason why a model could not be asked, where the rules' record stands in.
    """

    sha256: str
    body: bytes
    pages: int | None
    item_count: int
    flaw: str | None = None


class Failure(NamedTuple):
    """Why a content has no extraction."""

    sha256: str
    reason: str
    message: str


class StoredResult(NamedTuple):
    """A letter's extraction as it comes out of the store."""

    id: str
    origin: str
    sha256: str
    pages: int | None
    item_count: int
    body: bytes


class StoredFailure(NamedTuple):
    """A letter that has no extraction, and why."""

    id: str
    path: str
    reason: str
    message: str


class Counts(NamedTuple):
    """How far a run is, in letters; `flawed` ones are done, but not by the model."""

    letters: int
    done: int
    failed: int
    flawed: int

    @property
    def pending(self) -> int:
        """Letters that are still to be extracted."""
        return self.letters - self.done - self.failed


class RunStore:
    """The store of one run, open.

    Args:
        folder: the output folder that holds it.
        durable: every commit reaches the disk before it returns, as paid replies need
            it. Else a power cut may take the last seconds of work, never more.
        create: make the store if there is none; else `NoRun` is raised.
    """

    def __init__(self, folder: Path, *, durable: bool = False, create: bool = False) -> None:
        path = folder / STORE
        if not create and not path.exists():
            raise NoRun(f"{folder} holds no run: start one with `imr batch PATH... --out`")
        with store_errors(folder):
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
        self.folder = folder
        try:
            with store_errors(folder):
                self._prepare(durable=durable)
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; what was committed is kept."""
        self._db.close()

    def _prepare(self, *, durable: bool) -> None:
        application = self._value("PRAGMA application_id")
        tables = self._value("SELECT count(*) FROM sqlite_master")
        if application != _APPLICATION_ID and tables:
            raise StoreUnknown(f"{self.folder / STORE} is no run store: choose another --out")
        version = int(str(self._value("PRAGMA user_version")))
        if version > VERSION:
            raise StoreUnknown(
                f"the run in {self.folder} was written by a newer imr (store {version}, "
                f"this one knows {VERSION}): update imr, or choose another --out"
            )
        self._db.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # heeded by a new file alone
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        for number in range(version, VERSION):
            with self.transaction():
                for statement in MIGRATIONS[number]:
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {number + 1}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it is stored.

        Raises:
            StoreFailed: the disk is full, or the store cannot be written.
        """
        with store_errors(self.folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._db.in_transaction:  # a full disk has rolled back already
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def note(self, key: str, value: str) -> None:
        """Keep a fact about the run."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def fact(self, key: str) -> str | None:
        """A fact about the run; `None` if it was never noted."""
        value = self._value("SELECT value FROM meta WHERE key = ?", key)
        return None if value is None else str(value)

    def listed(self) -> Iterator[LetterRow]:
        """The list of letters in order; not to be read on once the list is changed."""
        query = f"SELECT {_PLACE}, reason, message FROM letters ORDER BY position"
        return (LetterRow(*row) for row in self._db.execute(query))

    def drop_letters(self, first: int) -> None:
        """Forget the list from position `first` on; results stay."""
        self._db.execute("DELETE FROM letters WHERE position >= ?", (first,))

    def add_letter(self, row: LetterRow) -> bool:
        """Add a letter to the list; `False` if its id is taken."""
        sha256 = bytes.fromhex(row.sha256) if row.sha256 else None
        values = (*row[:5], sha256, *row[6:])
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO letters VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values
        )
        return cursor.rowcount == 1

    def pending(self, digest: str, *, after: int = -1) -> list[LetterRow]:
        """The next letters without result or failure, each content once, in order."""
        rows = self._db.execute(_PENDING, {"digest": digest, "after": after, "most": _PAGE})
        return [LetterRow._make((*row, None, None)) for row in rows]

    def all_pending(self, digest: str) -> Iterator[LetterRow]:
        """Every pending letter in order, some read at a time: memory stays flat."""
        after = -1
        while rows := self.pending(digest, after=after):
            yield from rows
            after = rows[-1].position

    def save(self, digest: str, outcomes: Iterable[Success | Failure], *, at: float) -> None:
        """Store what came of some letters, all together."""
        successes, failures = [], []
        for outcome in outcomes:
            key = (bytes.fromhex(outcome.sha256), digest)
            if isinstance(outcome, Success):
                about = (outcome.pages, outcome.item_count, outcome.flaw)
                successes.append((*key, *about, outcome.body))
            else:
                failures.append((*key, outcome.reason, outcome.message))
        with self.transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO results VALUES (?,?,?,?,?,0,?)", successes
            )
            self._db.executemany("INSERT OR REPLACE INTO failures VALUES (?,?,?,?)", failures)
            attempts = [(key, used, reason, at) for key, used, reason, _ in failures]
            self._db.executemany("INSERT INTO attempts VALUES (?, ?, ?, ?)", attempts)

    def file_unread(self, position: int, reason: str, message: str) -> None:
        """Note that a letter cannot be read, whatever its content was."""
        with self.transaction():
            self._db.execute(
                "UPDATE letters SET sha256 = NULL, reason = ?, message = ? WHERE position = ?",
                (reason, message, position),
            )

    def note_attempt(self, sha256: str, digest: str, reason: str, *, at: float) -> None:
        """Note a try that came to nothing and is made again."""
        values = (bytes.fromhex(sha256), digest, reason, at)
        with self.transaction():
            self._db.execute("INSERT INTO attempts VALUES (?, ?, ?, ?)", values)

    def retry_failures(self, digest: str) -> None:
        """Make every failure pending again, and every result that a model had no part in."""
        with self.transaction():
            again = "UPDATE results SET again = 1 WHERE digest = ? AND flaw IS NOT NULL"
            self._db.execute(again, (digest,))
            self._db.execute("DELETE FROM failures WHERE digest = ?", (digest,))

    def counts(self, digest: str) -> Counts:
        """How far the run is."""
        row = self._db.execute(_COUNTS, {"digest": digest}).fetchone()
        return Counts(*row)

    def results(
        self, digest: str, *, first: int = 0, last: int = 2**62
    ) -> Iterator[StoredResult]:
        """The extractions of the letters in order; `first` and `last` bound the positions."""
        rows = self._db.execute(_RESULTS, {"digest": digest, "first": first, "last": last})
        for letter_id, origin, sha256, *rest in rows:
            yield StoredResult(letter_id, origin, sha256.hex(), *rest)

    def failures(self, digest: str) -> Iterator[StoredFailure]:
        """The letters without an extraction in order, and why."""
        rows = self._db.execute(_FAILURES, {"digest": digest})
        return (StoredFailure(*row) for row in rows)

    def reasons(self, digest: str) -> Sequence[tuple[str, int]]:
        """How many letters failed for each reason, most first."""
        return self._db.execute(_REASONS, {"digest": digest}).fetchall()

    def flaws(self, digest: str) -> Sequence[tuple[str, int]]:
        """How many results stand without the model for each reason, most first."""
        return self._db.execute(_FLAWS, {"digest": digest}).fetchall()

    def spent(self) -> Usage:
        """The tokens of all paid replies together."""
        query = "SELECT coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0)"
        row = self._db.execute(f"{query} FROM replies").fetchone()
        return Usage(input_tokens=row[0], output_tokens=row[1])

    def _value(self, query: str, *values: object) -> object:
        row = self._db.execute(query, values).fetchone()
        return row[0] if row else None


@contextmanager
def store_errors(folder: Path) -> Iterator[None]:
    """Turn what SQLite raises into a sentence that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or type(error).__name__
        advice = _ADVICE.get(name, "check the disk and its permissions")
        raise StoreFailed(
            f"the run store in {folder} cannot be used ({name}): {advice}; what was "
            "stored is kept, start the same command again to go on"
        ) from error


def pack(text: str) -> bytes:
    """`text` as the store keeps it: its size, and LZ4.

    zlib packs a third tighter and takes ten times as long, which would be a tenth of all
    that the rules take over a letter.
    """
    data = text.encode()
    packed: bytes = _codec().compress(data, asbytes=True)
    return len(data).to_bytes(4, "big") + packed


def unpack(body: bytes) -> str:
    """The text that `pack` was given."""
    size = int.from_bytes(body[:4], "big")
    data: bytes = _codec().decompress(body[4:], decompressed_size=size, asbytes=True)
    return data.decode()


@cache
def _codec() -> Any:
    import pyarrow as pa

    return pa.Codec("lz4_raw")


_ADVICE = {
    "SQLITE_FULL": "the disk is full: free some space",
    "SQLITE_IOERR_WRITE": "the disk cannot be written: free some space",
    "SQLITE_READONLY": "it may not be written: check its permissions",
    "SQLITE_NOTADB": "it is no SQLite file: choose another --out",
    "SQLITE_CORRUPT": "it is damaged: choose another --out",
}

_PLACE = "position, id, file, key, origin, nullif(lower(hex(sha256)), '')"

# A letter waits if nothing came of its content yet and no letter before it has the same.
_PENDING = f"""
    SELECT {_PLACE} FROM letters AS letter
    WHERE position > :after AND sha256 IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM results AS r
                      WHERE r.sha256 = letter.sha256 AND r.digest = :digest
                        AND r.again = 0)
      AND NOT EXISTS (SELECT 1 FROM failures AS f
                      WHERE f.sha256 = letter.sha256 AND f.digest = :digest)
      AND NOT EXISTS (SELECT 1 FROM letters AS earlier
                      WHERE earlier.sha256 = letter.sha256
                        AND earlier.position < letter.position)
    ORDER BY position LIMIT :most"""

_COUNTS = """
    SELECT count(*), count(CASE WHEN r.again = 0 THEN 1 END),
           count(CASE WHEN r.sha256 IS NULL AND (l.reason IS NOT NULL
                      OR f.sha256 IS NOT NULL) THEN 1 END),
           count(CASE WHEN r.again = 0 THEN r.flaw END)
    FROM letters AS l
    LEFT JOIN results AS r ON r.sha256 = l.sha256 AND r.digest = :digest
    LEFT JOIN failures AS f ON f.sha256 = l.sha256 AND f.digest = :digest"""

_RESULTS = """
    SELECT l.id, l.origin, l.sha256, r.pages, r.item_count, r.body FROM letters AS l
    JOIN results AS r ON r.sha256 = l.sha256 AND r.digest = :digest
    WHERE l.position BETWEEN :first AND :last ORDER BY l.position"""

_FAILED = """
    FROM letters AS l
    LEFT JOIN failures AS f ON f.sha256 = l.sha256 AND f.digest = :digest
    WHERE (l.reason IS NOT NULL OR f.reason IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM results AS r
                      WHERE r.sha256 = l.sha256 AND r.digest = :digest)"""

_FAILURES = f"""
    SELECT l.id, l.origin, coalesce(l.reason, f.reason), coalesce(l.message, f.message)
    {_FAILED} ORDER BY l.position"""

_REASONS = f"""
    SELECT coalesce(l.reason, f.reason) AS reason, count(*) AS letters
    {_FAILED} GROUP BY 1 ORDER BY 2 DESC, 1"""

_FLAWS = """
    SELECT r.flaw, count(*) FROM letters AS l
    JOIN results AS r ON r.sha256 = l.sha256 AND r.digest = :digest
    WHERE r.flaw IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"""
