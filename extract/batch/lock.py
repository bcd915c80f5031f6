"""Is another run at work in this folder? A lock that a crash releases.

The kernel holds the lock as long as the process lives, so there is nothing to clean up
after SIGKILL or a power cut.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.batch.errors import RunLocked

LOCK = "run.lock"


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Keep every other run out of `folder` until the block ends.

    Raises:
        RunLocked: another run is at work there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise RunLocked(
                f"another run (process {holder}) is at work in {folder}: wait for it, "
                "or choose another --out"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def is_locked(folder: Path) -> bool:
    """Whether a run is at work in `folder`."""
    try:
        file = (folder / LOCK).open("rb")
    except FileNotFoundError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
