"""What has been done? The run store: one SQLite file in the output folder.

Letters are a list, made anew at each start. Results and failures belong to contents, by
SHA-256, and to a digest of what shaped them: so identical letters are extracted once, and
a changed setting re-does what it affects and nothing else. Paid replies are kept by the
request that they answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Self

from extract.account import Usage
from extract.batch.database import Database
from extract.batch.errors import StoreFailed
from extract.batch.packing import checksum, is_whole

PROVIDER_BATCH_PRICE = 0.5
"""What a token costs by the provider's batch endpoint, as a share of its price."""

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
        self._db = Database(folder, durable=durable, create=create)
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; what was committed is kept."""
        self._db.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All of the block or nothing of it is stored.

        Raises:
            StoreFailed: the disk is full, or the store cannot be written.
        """
        return self._db.transaction()

    def note(self, key: str, value: str) -> None:
        """Keep a fact about the run."""
        with self.transaction():
            self._db.change(_NOTE, (key, value))

    def fact(self, key: str) -> str | None:
        """A fact about the run; `None` if it was never noted."""
        value = self._db.value("SELECT value FROM meta WHERE key = ?", key)
        return None if value is None else str(value)

    def listed(self) -> Iterator[LetterRow]:
        """The list of letters in order; not to be read on once the list is changed."""
        query = f"SELECT {_PLACE}, reason, message FROM letters ORDER BY position"
        return (LetterRow(*row) for row in self._db.rows(query))

    def drop_letters(self, first: int) -> int:
        """Forget the list from position `first` on; how many letters went. Results stay."""
        self._db.change("DROP TABLE IF EXISTS temp.dropped")
        self._db.change(
            "CREATE TEMP TABLE dropped AS "
            "SELECT origin, sha256 FROM letters WHERE position >= ?",
            (first,),
        )
        return self._db.change("DELETE FROM letters WHERE position >= ?", (first,)).rowcount

    def left_out(self) -> int:
        """How many dropped letters the list has no more, neither by name nor by content."""
        return int(
            self._db.value(
                "SELECT count(*) FROM temp.dropped "
                "WHERE origin NOT IN (SELECT origin FROM letters) AND (sha256 IS NULL OR "
                "sha256 NOT IN (SELECT sha256 FROM letters WHERE sha256 IS NOT NULL))"
            )
        )

    def add_letter(self, row: LetterRow) -> bool:
        """Add a letter to the list; `False` if its id is taken."""
        sha256 = bytes.fromhex(row.sha256) if row.sha256 else None
        values = (*row[:5], sha256, *row[6:])
        cursor = self._db.change(
            "INSERT OR IGNORE INTO letters "
            "(position, id, file, key, origin, sha256, reason, message) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return cursor.rowcount == 1

    def pending(self, digest: str, *, after: int = -1) -> list[LetterRow]:
        """The next letters without result or failure, each content once, in order."""
        rows = self._db.rows(_PENDING, {"digest": digest, "after": after, "most": _PAGE})
        return [LetterRow._make((*row, None, None)) for row in rows]

    def all_pending(self, digest: str) -> Iterator[LetterRow]:
        """Every pending letter in order, some read at a time: memory stays flat."""
        after = -1
        while rows := self.pending(digest, after=after):
            yield from rows
            after = rows[-1].position

    def save(self, digest: str, results: Iterable[Success | Failure], *, at: float) -> None:
        """Store what came of some letters, all together.

        A result that was to be done once more stands again if the second try fails.
        """
        successes, failures = [], []
        for result in results:
            key = (bytes.fromhex(result.sha256), digest)
            if isinstance(result, Success):
                about = (result.pages, result.item_count, result.flaw)
                proof = checksum(result.body, result.sha256, digest, *about)
                successes.append((*key, *about, result.body, proof))
            else:
                failures.append((*key, result.reason, result.message))
        with self.transaction():
            self._db.change_all(_SUCCEED, successes)
            self._db.change_all(_FAIL, failures)
            self._db.change_all(
                "UPDATE results SET again = 0 WHERE sha256 = ? AND digest = ? AND again = 1",
                [failed[:2] for failed in failures],
            )
            attempts = [(key, used, reason, at) for key, used, reason, _ in failures]
            self._db.change_all(_ATTEMPT, attempts)
            self.revise()

    def file_unread(self, position: int, reason: str, message: str) -> None:
        """Note that a letter cannot be read, whatever its content was."""
        with self.transaction():
            self._db.change(
                "UPDATE letters SET sha256 = NULL, reason = ?, message = ? WHERE position = ?",
                (reason, message, position),
            )
            self.revise()

    def note_attempt(self, sha256: str, digest: str, reason: str, *, at: float) -> None:
        """Note a try that came to nothing and is made again."""
        values = (bytes.fromhex(sha256), digest, reason, at)
        with self.transaction():
            self._db.change(_ATTEMPT, values)

    def unread(self) -> int:
        """How many letters cannot be read."""
        return int(self._db.value("SELECT count(*) FROM letters WHERE sha256 IS NULL"))

    def is_settled(self, sha256: str, digest: str, *, retry_failed: bool) -> bool:
        """Whether a start, which may retry what failed, would leave a content as it is."""
        place = {"sha256": bytes.fromhex(sha256), "digest": digest, "retry": retry_failed}
        return self._db.row(_SETTLED, place) is not None

    def retry_failures(self, digest: str) -> None:
        """Make failures pending again, and results that a model had no part in.

        Damaged results go, which takes reading all: their letters are pending, too.
        """
        damaged = [
            (row,)
            for row, sha256, *about, body, proof in self._db.rows(_STORED, (digest,))
            if not is_whole(body, proof, sha256.hex(), digest, *about)
        ]
        with self.transaction():
            self._db.change_all("DELETE FROM results WHERE rowid = ?", damaged)
            again = "UPDATE results SET again = 1 WHERE digest = ? AND flaw IS NOT NULL"
            self._db.change(again, (digest,))
            self._db.change("DELETE FROM failures WHERE digest = ?", (digest,))
            self.revise()

    def revision(self) -> int:
        """A number that grows with every change of the list, of a result or of a failure."""
        return int(self.fact("revision") or 0)

    def counts(self, digest: str) -> Counts:
        """How far the run is."""
        return Counts(*self._db.row(_COUNTS, {"digest": digest}))

    def results(
        self, digest: str, *, first: int = 0, last: int = 2**62
    ) -> Iterator[StoredResult]:
        """The extractions of the letters in order; `first` and `last` bound the positions.

        Raises:
            StoreFailed: one is not as it was stored.
        """
        rows = self._db.rows(_RESULTS, {"digest": digest, "first": first, "last": last})
        for letter_id, origin, key, pages, item_count, body, flaw, proof in rows:
            sha256, about = key.hex(), (pages, item_count, flaw)
            if proof is not None and proof != checksum(body, sha256, digest, *about):
                raise StoreFailed(
                    f"the run store in {self.folder} is damaged: the result of {letter_id} is "
                    "not as it was stored. Check the disk, and start the same command with "
                    "--retry-failed to extract that letter anew"
                )
            yield StoredResult(letter_id, origin, sha256, pages, item_count, body)

    def failures(self, digest: str) -> Iterator[StoredFailure]:
        """The letters without an extraction in order, and why."""
        rows = self._db.rows(_FAILURES, {"digest": digest})
        return (StoredFailure(*row) for row in rows)

    def reasons(self, digest: str) -> Sequence[tuple[str, int]]:
        """How many letters failed for each reason, most first."""
        return list(self._db.rows(_REASONS, {"digest": digest}))

    def flaws(self, digest: str) -> Sequence[tuple[str, int]]:
        """How many results stand without the model for each reason, most first."""
        return list(self._db.rows(_FLAWS, {"digest": digest}))

    def spent(self) -> Usage:
        """The tokens of all paid replies together, of those too that were of no use."""
        row = self._db.row(
            "SELECT coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0) FROM spent"
        )
        return Usage(input_tokens=row[0], output_tokens=row[1])

    def paid_usd(self) -> float | None:
        """What they cost when they were made; `None` if nothing, or if a price is unknown."""
        cost, unknown = self._db.row("SELECT sum(cost_usd), sum(cost_usd IS NULL) FROM spent")
        return None if unknown else cost

    def revise(self) -> None:
        """Raise the revision; part of a transaction."""
        self._db.change(
            "INSERT INTO meta (key, value) VALUES ('revision', 1) "
            "ON CONFLICT (key) DO UPDATE SET value = value + 1"
        )


# Statements name their columns: a run at work goes on when a newer imr has looked at it.
_NOTE = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)"

_SUCCEED = """
    INSERT OR REPLACE INTO results
        (sha256, digest, pages, item_count, flaw, body, checksum)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""

_FAIL = """
    INSERT OR REPLACE INTO failures (sha256, digest, reason, message)
    VALUES (?, ?, ?, ?)"""

_ATTEMPT = "INSERT INTO attempts (sha256, digest, reason, at) VALUES (?, ?, ?, ?)"

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

_SETTLED = """
    SELECT 1 FROM results WHERE sha256 = :sha256 AND digest = :digest AND again = 0
      AND (flaw IS NULL OR NOT :retry)
    UNION ALL
    SELECT 1 FROM failures WHERE sha256 = :sha256 AND digest = :digest AND NOT :retry"""

_COUNTS = """
    SELECT count(*), count(CASE WHEN r.again = 0 THEN 1 END),
           count(CASE WHEN r.sha256 IS NULL AND (l.reason IS NOT NULL
                      OR f.sha256 IS NOT NULL) THEN 1 END),
           count(CASE WHEN r.again = 0 THEN r.flaw END)
    FROM letters AS l
    LEFT JOIN results AS r ON r.sha256 = l.sha256 AND r.digest = :digest
    LEFT JOIN failures AS f ON f.sha256 = l.sha256 AND f.digest = :digest"""

_STORED = """
    SELECT rowid, sha256, pages, item_count, flaw, body, checksum FROM results
    WHERE digest = ?"""

_RESULTS = """
    SELECT l.id, l.origin, l.sha256, r.pages, r.item_count, r.body, r.flaw, r.checksum
    FROM letters AS l
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
