"""Is another run at work in this folder? A lock that a crash releases.

The kernel holds the lock as long as the process lives, so there is nothing to clean up
after SIGKILL or a power cut.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from extract.batch.errors import RunLocked, StoreFailed
from extract.errors import path_problem

LOCK = "run.lock"

_PATIENCE_S = 0.5
"""A look at the lock holds it for microseconds; another run holds it for longer."""


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Keep every other run out of `folder` until the block ends.

    Raises:
        RunLocked: another run is at work there.
        StoreFailed: the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a+", encoding="ascii")
    except (OSError, ValueError) as error:
        raise StoreFailed(
            f"{folder} cannot be used as a run's folder ({path_problem(error)}): choose "
            "another --out"
        ) from error
    with lock as file:
        if not _take(file):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise RunLocked(
                f"another run (process {holder}) is at work in {folder}: wait for it, "
                "or choose another --out"
            )
        with suppress(OSError):  # the disk may be full; the number is for people alone
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        yield


def _take(file: IO[str]) -> bool:
    """Lock `file`; `False` if another process keeps it."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        else:
            return True


def is_locked(folder: Path) -> bool:
    """Whether a run is at work in `folder`."""
    try:
        file = (folder / LOCK).open("rb")
    except OSError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
