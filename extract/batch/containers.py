"""What is a container of letters, and what reads each kind?"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from extract.batch.errors import ArchiveBroken
from extract.errors import ReadError
from extract.letter import LETTER_SUFFIXES, read_regular, too_large, unreadable

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
            data = read_regular(self.path, max_bytes)
        except (OSError, ValueError) as error:
            raise unreadable(self.path, error) from error
        if len(data) > max_bytes:
            raise too_large(max_bytes)
        return data


def placed(path: str, folder: str) -> str:
    """Where `path`, named in `folder`, leads now: there, or here if it was moved.

    It may go on into a container: `letters.zip/a.txt`; what follows may be no path at all,
    being too long for one.
    """
    there = Path(folder, path)
    is_there = os.path.exists(there) or any(map(os.path.isfile, there.parents))
    return str(there) if is_there else path


def working_folder() -> str:
    """The folder that relative paths count from; empty if it was deleted."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return ""


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
