"""Writes files whole: they appear under their names when they are complete, or not at all.

Before, each is `.name.process.tmp`.
"""

import errno
import glob
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any


class Parts(ExitStack):
    """Files that are being written, and whatever else is closed before they are complete."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[tuple[Path, Path]] = []

    def path(self, path: Path) -> Path:
        """Where to write what will be `path`."""
        part = _part_of(path)
        self._parts.append((part, path))
        return part

    def open(self, path: Path, mode: str = "wb") -> IO[Any]:
        """A file to write what will be `path`."""
        encoding, newline = (None, None) if "b" in mode else ("utf-8", "\n")
        part = self.path(path)
        return self.enter_context(part.open(mode, encoding=encoding, newline=newline))

    def move(self) -> None:
        """Give all of the closed files their names, once every one is on the disk."""
        for part, path in self._parts:
            with part.open("rb") as written:
                os.fsync(written.fileno())
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        for part, path in self._parts:
            part.replace(path)

    def drop(self) -> None:
        """Remove what has no name yet."""
        for part, _ in self._parts:
            for left in part.parent.glob(f"{glob.escape(part.name)}*"):  # DuckDB's log too
                left.unlink(missing_ok=True)


@contextmanager
def written_together() -> Iterator[Parts]:
    """Files that appear together when the block ends without an error.

    What was written is on the disk before the names are: after a power cut there is of each
    the old file or the new one, never half of one.
    """
    parts = Parts()
    try:
        with parts:
            yield parts
        parts.move()
    except BaseException:
        parts.drop()
        raise


@contextmanager
def moved_into_place(path: Path, mode: str = "wb") -> Iterator[IO[Any]]:
    """A file to write that takes the name `path` when the block ends without an error."""
    with written_together() as parts:
        yield parts.open(path, mode)


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
