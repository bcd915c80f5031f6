"""Has somebody asked the run to stop? SIGINT and SIGTERM, heard and answered in peace."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from extract.batch.errors import BatchError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class RunStopped(BatchError):
    """The run was asked to stop, by the signal `signal_number`."""

    def __init__(self, message: str, *, signal_number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + signal_number


class Stop:
    """The request to stop, once it was made."""

    def __init__(self) -> None:
        self.signal_number: int | None = None

    def is_set(self) -> bool:
        """Whether somebody asked the run to stop."""
        return self.signal_number is not None

    def check(self) -> None:
        """Break off here if somebody asked to stop.

        Raises:
            RunStopped: somebody did.
        """
        if self.signal_number is not None:
            name = signal.Signals(self.signal_number).name
            raise RunStopped(
                f"stopped by {name}: what is done is stored, start the same command "
                "again to go on",
                signal_number=self.signal_number,
            )


@contextmanager
def heed_signals() -> Iterator[Stop]:
    """Turn the first SIGINT or SIGTERM into a request; the second one has its usual effect."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop  # only the main thread may listen; the caller stops a run otherwise
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def ask(number: int, frame: FrameType | None) -> None:
        stop.signal_number = number
        for each in _SIGNALS:
            signal.signal(each, before[each])

    for number in _SIGNALS:
        signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number in _SIGNALS:
            signal.signal(number, before[number])
