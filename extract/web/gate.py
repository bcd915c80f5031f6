"""How many extractions may be under way? Refuses at once instead of queueing without end."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from extract.web.metrics import Metrics
from extract.web.problems import Problem


class Gate:
    """Counts the extractions at work or waiting, in all and for each caller."""

    def __init__(self, most: int, most_per_caller: int, metrics: Metrics) -> None:
        self._most = most
        self._most_per_caller = most_per_caller
        self._inside: Counter[str] = Counter()
        self._metrics = metrics

    @contextmanager
    def entered(self, caller: str) -> Iterator[None]:
        """A place for one extraction of `caller`.

        Raises:
            Problem: 503, the service is full; 429, this caller has too many at once.
        """
        if self._inside.total() >= self._most:
            raise Problem(
                503, "Busy", "too many letters at once: try again shortly", retry_after_s=1
            )
        if self._inside[caller] >= self._most_per_caller:
            raise Problem(
                429,
                "TooManyAtOnce",
                f"at most {self._most_per_caller} letters of one caller at a time: wait for "
                "answers, or use the batch job for many letters",
                retry_after_s=1,
            )
        self._inside[caller] += 1
        self._metrics.in_flight.inc()
        try:
            yield
        finally:
            self._metrics.in_flight.dec()
            self._inside[caller] -= 1
            if not self._inside[caller]:
                del self._inside[caller]
