"""How many calls may be under way? As many as allowed, fewer while the endpoint is busy.

The limit is halved when the endpoint says 429 and grows by one for each round of calls
that went well. Requests and tokens a minute are held by buckets that fill steadily.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from extract.settings import ModelSettings

_MINUTE = 60.0


class Bucket:
    """Hands out so many units a minute, the first minute's share at once.

    Args:
        per_minute: how many; `None` is no limit.
        clock: tells the time in seconds.
    """

    def __init__(
        self, per_minute: int | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / _MINUTE if per_minute else None
        self._most = float(per_minute or 0)
        self._level = self._most
        self._clock = clock
        self._at = clock()

    def wait_for(self, units: int) -> float:
        """Take `units` out; how many seconds to wait until they are really there.

        More units than a minute's share are taken as one minute's share.
        """
        if self._rate is None:
            return 0.0
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._at) * self._rate)
        self._at = now
        self._level -= min(float(units), self._most)
        return max(0.0, -self._level / self._rate)


class Throttle:
    """Lets calls through, one event loop long."""

    def __init__(self, settings: ModelSettings) -> None:
        self._most = float(settings.concurrency)
        self._limit = self._most
        self._under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._requests = Bucket(settings.requests_per_minute)
        self._tokens = Bucket(settings.tokens_per_minute)
        self._cut_at = 0
        self._started = 0

    @property
    def limit(self) -> int:
        """How many calls may be under way now."""
        return max(1, int(self._limit))

    @asynccontextmanager
    async def slot(self, tokens: int) -> AsyncIterator[int]:
        """Wait for a place, hold it; the value tells later calls from earlier ones."""
        await self._enter()
        try:
            pause = max(self._requests.wait_for(1), self._tokens.wait_for(tokens))
            if pause:
                await asyncio.sleep(pause)
            self._started += 1
            yield self._started
        finally:
            self._leave()

    def busy(self, ticket: int) -> None:
        """The endpoint said 429: halve the limit, once for all calls then under way."""
        if ticket > self._cut_at:
            self._limit = max(1.0, self._limit / 2)
            self._cut_at = self._started

    def went_well(self) -> None:
        """A call succeeded: allow a little more."""
        self._limit = min(self._most, self._limit + 1 / max(1.0, self._limit))

    async def _enter(self) -> None:
        while self._under_way >= self.limit:
            place = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled():
                    self._wake()  # the place that was offered goes to the next
                raise
        self._under_way += 1

    def _leave(self) -> None:
        self._under_way -= 1
        for _ in range(max(0, self.limit - self._under_way)):
            self._wake()

    def _wake(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
