"""Runs a bounded number of asyncio tasks; none is left running and no error is lost."""

import asyncio
from collections.abc import Coroutine
from typing import Any

GRACE_S = 60.0
"""How long calls that are under way are waited for once a run is over: they are paid for."""


class UnderWay:
    """Tasks that run at the same time.

    Args:
        limit: how many of them.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_full(self) -> bool:
        """Whether one has to be done before another may begin."""
        return len(self._tasks) >= self._limit

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` run beside the others."""
        self._tasks.add(asyncio.create_task(work))

    async def next_done(self, timeout_s: float | None = None) -> None:
        """Wait until at least one is done, or the time is up.

        Raises:
            Exception: what one that is done raised.
        """
        done, self._tasks = await asyncio.wait(
            self._tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
        )
        errors = [task.exception() for task in done]  # asked of each: else it is logged
        for error in filter(None, errors):
            raise error

    async def finish(self, grace_s: float) -> list[Exception]:
        """Wait for all, but no longer than `grace_s`; what they raised, cancelled ones not."""
        if not self._tasks:
            return []
        _, late = await asyncio.wait(self._tasks, timeout=grace_s)
        for task in late:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        return [error for error in ended if isinstance(error, Exception)]
