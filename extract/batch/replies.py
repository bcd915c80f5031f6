"""Where are paid replies kept? In the run store, by the digest of what they answer."""

import json
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from extract.account import Attempt, total_usage
from extract.batch.database import Database
from extract.batch.packing import checksum, is_whole, pack, unpack
from extract.batch.store import PROVIDER_BATCH_PRICE
from extract.model.usage import Price


class Reply(NamedTuple):
    """A model's reply as it came.

    Args:
        request: the digest of the question that it answers.
        text: the reply; `None` if it was cut off, or is of no use.
        attempts: every request that was made for it.
        served_by: the model that the endpoint says answered.
        at: when it came, or its batch was made, in seconds since 1970.
        by_provider_batch: whether it came by the provider's batch endpoint, at its price.
    """

    request: str
    text: str | None
    attempts: tuple[Attempt, ...]
    served_by: str | None
    at: float
    by_provider_batch: bool = False


class ReplyShelf:
    """The replies in a run's store, over a connection of its own: any thread may use it.

    What `keep` was given is on the disk when it returns, whatever happens to the power.

    Args:
        price: what the model's tokens cost now. A run may go on with another model, at
            another price: what was paid stays what it was.
    """

    def __init__(self, folder: Path, price: Price | None = None) -> None:
        self._price = price
        self._db = Database(folder, any_thread=True)
        self._writing = Lock()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def find(self, request: str) -> Reply | None:
        """The reply to `request`; `None` if there is none yet, or if it is damaged."""
        query = "SELECT body, attempts, served_by, at, checksum FROM replies WHERE request = ?"
        row = self._db.row(query, (request,))
        if row is None:
            return None
        body, attempts, served_by, at, proof = row
        if not is_whole(body, proof, request, attempts, served_by, at):
            return None
        made = tuple(Attempt.model_validate(each) for each in json.loads(attempts))
        return Reply(request, None if body is None else unpack(body), made, served_by, at)

    def keep(self, replies: Iterable[Reply]) -> None:
        """Keep `replies`, all together.

        Raises:
            StoreFailed: the disk is full, or the store cannot be written.
        """
        replies = list(replies)
        with self._writing, self._db.transaction():
            self._db.change_all(_KEEP, map(_row, replies))
            self._db.change_all(_SPEND, map(self._cost, replies))

    def note_cost(self, reply: Reply) -> None:
        """Note what was paid for a reply that is of no use: a refused one, or one cut off."""
        cost = self._cost(reply)
        if any(cost[2:4]):
            with self._writing, self._db.transaction():
                self._db.change(_SPEND, cost)

    def _cost(self, reply: Reply) -> tuple[object, ...]:
        usage = total_usage(attempt.usage for attempt in reply.attempts)
        cost_usd = self._price.of(usage) if self._price else None
        if cost_usd is not None and reply.by_provider_batch:
            cost_usd *= PROVIDER_BATCH_PRICE
        tokens = (usage.input_tokens, usage.output_tokens)
        return (reply.request, reply.at, *tokens, reply.by_provider_batch, cost_usd)


def _row(reply: Reply) -> tuple[object, ...]:
    attempts = json.dumps([attempt.model_dump(mode="json") for attempt in reply.attempts])
    body = None if reply.text is None else pack(reply.text)
    about = (attempts, reply.served_by, float(reply.at))  # as it comes back
    return (reply.request, body, *about, checksum(body, reply.request, *about))


_KEEP = """
    INSERT OR REPLACE INTO replies (request, body, attempts, served_by, at, checksum)
    VALUES (?, ?, ?, ?, ?, ?)"""

# A batch that is fetched twice is paid for once.
_SPEND = """
    INSERT OR IGNORE INTO spent
        (request, at, input_tokens, output_tokens, by_batch, cost_usd)
    VALUES (?, ?, ?, ?, ?, ?)"""
