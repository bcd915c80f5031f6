"""Where are paid replies kept? In the run store, by the digest of what they answer."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from extract.account import Attempt, total_usage
from extract.batch.store import STORE, pack, store_errors, unpack


class Reply(NamedTuple):
    """A model's reply as it came.

    Args:
        request: the digest of the question that it answers.
        text: the reply; `None` if it was cut off.
        attempts: every request that was made for it.
        served_by: the model that the endpoint says answered.
        at: when it came, in seconds since 1970.
    """

    request: str
    text: str | None
    attempts: tuple[Attempt, ...]
    served_by: str | None
    at: float


class ReplyShelf:
    """The replies in a run's store, over a connection of its own: any thread may use it.

    What `keep` was given is on the disk when it returns, whatever happens to the power.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with store_errors(folder):
            self._db = sqlite3.connect(
                folder / STORE, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def find(self, request: str) -> Reply | None:
        """The reply to `request`; `None` if there is none yet."""
        query = "SELECT body, attempts, served_by, at FROM replies WHERE request = ?"
        with store_errors(self._folder):
            row = self._db.execute(query, (request,)).fetchone()
        if row is None:
            return None
        body, attempts, served_by, at = row
        made = tuple(Attempt.model_validate(each) for each in json.loads(attempts))
        return Reply(request, None if body is None else unpack(body), made, served_by, at)

    def keep(self, replies: Iterable[Reply]) -> None:
        """Keep `replies`, all together.

        Raises:
            StoreFailed: the disk is full, or the store cannot be written.
        """
        rows = [_row(reply) for reply in replies]
        with store_errors(self._folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.executemany(
                    "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?, ?)", rows
                )
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _row(reply: Reply) -> tuple[object, ...]:
    usage = total_usage(attempt.usage for attempt in reply.attempts)
    attempts = json.dumps([attempt.model_dump(mode="json") for attempt in reply.attempts])
    body = None if reply.text is None else pack(reply.text)
    tokens = (usage.input_tokens, usage.output_tokens)
    return (reply.request, body, attempts, reply.served_by, *tokens, reply.at)
