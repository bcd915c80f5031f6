"""What is a container of letters, and what reads each kind?"""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from extract.batch.errors import ArchiveBroken
from extract.errors import LetterTooLarge, LetterUnreadable, ReadError, path_problem
from extract.settings import MEGABYTE

LETTER_SUFFIXES = (".txt", ".pdf")
ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True, slots=True)
class Member:
    """A letter in a container.

    Args:
        key: its place, unique in the container and the same at every reading.
        name: what the container calls it: a path, or the `id` of a line.
        contents: a file's contents, a text, or why it cannot be read.
    """

    key: str
    name: str
    contents: bytes | str | ReadError


class OnDisk(NamedTuple):
    """A file that is still to be read; a tenth of what a `pathlib.Path` costs to send."""

    path: str

    def read(self, max_bytes: int) -> bytes:
        """The file's contents.

        Raises:
            LetterUnreadable: it cannot be read.
            LetterTooLarge: it has more than `max_bytes`.
        """
        try:
            file, size = _open_regular(self.path)
            with file:
                data = file.read(min(size, max_bytes) + 1)
        except (OSError, ValueError) as error:
            raise LetterUnreadable(
                f"{self.path} cannot be read ({path_problem(error)}): check the permissions "
                "and the path"
            ) from error
        if len(data) > max_bytes:
            raise too_large(max_bytes)
        return data


def placed(path: str, folder: str) -> str:
    """Where `path`, named in `folder`, leads now: there, or here if it was moved.

    It may go on into a container: `letters.zip/a.txt`.
    """
    there = Path(folder, path)
    is_there = there.exists() or any(parent.is_file() for parent in there.parents)
    return str(there) if is_there else path


def _open_regular(path: str) -> tuple[FileIO, int]:
    """The file at `path`, open, and its size; a pipe or a device would have no end."""
    file = FileIO(path, opener=_open_at_once)
    status = os.fstat(file.fileno())
    if not S_ISREG(status.st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is no regular file", path)
    return file, status.st_size


def _open_at_once(path: str, flags: int) -> int:
    """Open `path` without waiting for somebody who writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


Reader = Callable[[Path, int], Iterator[Member]]
"""Reads a container whose letters may have so many bytes each."""


def is_letter_name(name: str) -> bool:
    """Whether a file of this name may be a letter: neither hidden nor of another kind."""
    return name.lower().endswith(LETTER_SUFFIXES) and not _is_hidden(name)


def is_archive_name(name: str) -> bool:
    """Whether a file of this name may be an archive of letters."""
    return suffix_of(name) in ARCHIVE_SUFFIXES and not _is_hidden(name)


def suffix_of(path: str) -> str:
    """The suffix in lower case, the one before a compression's included: `.tar.gz`."""
    stem, suffix = os.path.splitext(path.lower())
    return ".tar" + suffix if stem.endswith(".tar") else suffix


def _is_hidden(name: str) -> bool:
    """Whether a part of the path is hidden; "." and ".." are none."""
    if "." not in name[:1] and "/." not in name and "__MACOSX" not in name:
        return False
    parts = [part for part in name.split("/") if part not in {"", ".", ".."}]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def broken(path: Path, error: Exception) -> Member:
    """What stands for a container, or for the rest of it, that cannot be read."""
    message = f"{path} cannot be read to its end ({type(error).__name__}): fetch it again"
    return Member("broken", path.name, ArchiveBroken(message))


def too_large(max_bytes: int) -> LetterTooLarge:
    """The refusal of a letter over the size limit."""
    return LetterTooLarge(
        f"the letter is over the limit of {max_bytes / MEGABYTE:g} MB: raise it "
        "(--max-mb) if it really is one letter"
    )
