"""Writes files whole: one appears under its name when it is complete, or not at all.

Before, it is `.name.process.tmp`.
"""

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


@contextmanager
def moved_into_place(path: Path, mode: str = "wb") -> Iterator[IO[Any]]:
    """A file to write that takes the name `path` when the block ends without an error.

    What was written is on the disk before the name is: after a power cut there is the
    old file or the new one, never half of one.
    """
    encoding, newline = (None, None) if "b" in mode else ("utf-8", "\n")
    with (
        replaced_at_the_end(path) as part,
        part.open(mode, encoding=encoding, newline=newline) as file,
    ):
        yield file


@contextmanager
def replaced_at_the_end(path: Path) -> Iterator[Path]:
    """Where to write what takes the name `path` when the block ends without an error."""
    part = _part_of(path)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
    except BaseException:
        for left in part.parent.glob(f"{glob.escape(part.name)}*"):  # DuckDB's log too
            left.unlink(missing_ok=True)
        raise
    part.replace(path)


def _part_of(path: Path) -> Path:
    """Where this process writes what will be `path`; what ended ones left goes.

    Two processes that write the same output each write their own, and the last one counts.
    """
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp*"):
        writer = left.name.removeprefix(f".{path.name}.").partition(".")[0]
        if writer == str(os.getpid()) or not (writer.isdecimal() and _is_alive(int(writer))):
            left.unlink(missing_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
