"""How many extractions may be under way? Refuses at once instead of queueing without end."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from extract.web.metrics import Metrics
from extract.web.problems import Problem


class ConcurrencyLimit:
    """Counts the extractions at work or waiting, in all and for each caller."""

    def __init__(self, most: int, most_per_caller: int, metrics: Metrics) -> None:
        self._most = most
        self._most_per_caller = most_per_caller
        self._under_way: Counter[str] = Counter()
        self._metrics = metrics

    @contextmanager
    def place_for(self, caller: str) -> Iterator[None]:
        """A place for one extraction of `caller`.

        Raises:
            Problem: 503, the service is full; 429, this caller has too many at once.
        """
        if self._under_way.total() >= self._most:
            raise Problem(
                503, "Busy", "too many letters at once: try again shortly", retry_after_s=1
            )
        if self._under_way[caller] >= self._most_per_caller:
            raise Problem(
                429,
                "TooManyAtOnce",
                f"at most {self._most_per_caller} letters of one caller at a time: wait for "
                "answers, or use the batch job for many letters",
                retry_after_s=1,
            )
        self._under_way[caller] += 1
        self._metrics.in_flight.inc()
        try:
            yield
        finally:
            self._metrics.in_flight.dec()
            self._under_way[caller] -= 1
            if not self._under_way[caller]:
                del self._under_way[caller]
