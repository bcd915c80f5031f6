"""What was handed to the provider's batch endpoint, and what came of it? Kept in the store."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from extract.batch.database import Database

UNDER_WAY = "under_way"
"""The status of a request that was handed in and of which nothing has come yet."""

REFUSED = "refused"
"""The status of a request that the model, or the provider's filter, declined."""

NOT_HANDED_IN = frozenset({"written", "uploaded"})
"""The statuses of a request file of which no batch is known yet."""

_STATUS = f"coalesce(outcome, '{UNDER_WAY}')"


class ProviderRequest(NamedTuple):
    """A request, and its tokens as far as they are known before it is answered.

    Args:
        name: the digest of what it asks.
        sent: the tokens that it sends.
        longest: the longest reply, in tokens.
    """

    name: str
    sent: int = 0
    longest: int = 0


class ProviderBatch(NamedTuple):
    """A request file, made under the settings of `digest`, and the batch made of it."""

    number: int
    digest: str
    input_file: str | None
    batch: str | None
    status: str
    requests: int


class Ledger:
    """The provider's batches of one run. Every change is on the disk when it returns."""

    def __init__(self, folder: Path) -> None:
        self._db = Database(folder)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def begin(self, digest: str, requests: Sequence[ProviderRequest]) -> int:
        """Note that a file with `requests` is about to be handed in; its number."""
        with self._db.transaction():
            cursor = self._db.change(
                "INSERT INTO provider_batches (digest, status, requests, submitted_at) "
                "VALUES (?, 'written', ?, ?)",
                (digest, len(requests), time.time()),
            )
            number = cursor.lastrowid or 0
            self._db.change_all(
                "INSERT OR REPLACE INTO provider_requests (request, number, sent, longest) "
                "VALUES (?, ?, ?, ?)",
                [(each.name, number, each.sent, each.longest) for each in requests],
            )
        return number

    def note_file(self, number: int, input_file: str) -> None:
        """The provider has the file."""
        self._change(number, "input_file = ?, status = 'uploaded'", input_file)

    def note_batch(self, number: int, batch: str, status: str) -> None:
        """The provider has made a batch of the file."""
        self._change(number, "batch = ?, status = ?", batch, status)

    def note_status(self, number: int, status: str) -> None:
        """The batch is as far as `status` says."""
        self._change(number, "status = ?", status)

    def finish(self, number: int, statuses: Mapping[str, str]) -> None:
        """The batch is collected; a request that has no status is `missing`."""
        with self._db.transaction():
            self._db.change_all(
                "UPDATE provider_requests SET outcome = ? WHERE request = ?",
                [(status, request) for request, status in statuses.items()],
            )
            self._db.change(
                "UPDATE provider_requests SET outcome = 'missing' "
                "WHERE number = ? AND outcome IS NULL",
                (number,),
            )
            self._db.change(
                "UPDATE provider_batches SET collected_at = ? WHERE number = ?",
                (time.time(), number),
            )

    def open_batches(self) -> list[ProviderBatch]:
        """The batches that are not collected yet, oldest first."""
        rows = self._db.rows(
            "SELECT number, digest, input_file, batch, status, requests FROM provider_batches "
            "WHERE collected_at IS NULL ORDER BY number"
        )
        return [ProviderBatch(*row) for row in rows]

    def find_request(self, name: str) -> ProviderRequest:
        """What is known of the request `name`."""
        query = "SELECT request, sent, longest FROM provider_requests WHERE request = ?"
        row = self._db.row(query, (name,))
        return ProviderRequest(*row) if row else ProviderRequest(name)

    def request_status(self, request: str) -> str | None:
        """What came of `request`, `under_way` so far; `None` if it was never handed in."""
        query = f"""SELECT {_STATUS} FROM provider_requests JOIN provider_batches
            USING (number) WHERE request = ? AND input_file IS NOT NULL"""
        status: str | None = self._db.value(query, request)
        return status

    def request_statuses(self) -> dict[str, int]:
        """How many requests ended in which way; `under_way` for those that have not."""
        return dict(
            self._db.rows(
                f"SELECT {_STATUS}, count(*) FROM provider_requests GROUP BY 1 ORDER BY 1"
            )
        )

    def _change(self, number: int, changes: str, *values: str) -> None:
        with self._db.transaction():
            self._db.change(
                f"UPDATE provider_batches SET {changes} WHERE number = ?", (*values, number)
            )
