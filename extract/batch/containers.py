"""Which letters does a container hold? Reads `.zip` and `.jsonl`, one letter at a time.

Nothing is unpacked to disk. What looks like a bomb or a path trick is refused: it becomes
a member whose contents are the error, and the members behind it are still read.
"""

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from extract.batch.errors import ArchiveBroken, LineInvalid, MemberRefused
from extract.errors import LetterTooLarge, ReadError
from extract.settings import MEGABYTE

LETTER_SUFFIXES = frozenset({".txt", ".pdf"})
ARCHIVE_SUFFIXES = frozenset({".zip"})

_MOST_DENSE = 200
"""A larger ratio is refused: letters compress 3 to 5 times, PDF pages up to 30 times."""

_SMALL = 1 * MEGABYTE
"""Below this size no ratio is suspicious."""


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


Reader = Callable[[Path, int], Iterator[Member]]
"""Reads a container whose letters may have so many bytes each."""


def read_zip(path: Path, max_bytes: int) -> Iterator[Member]:
    """The letters of the zip archive at `path`, in the archive's order."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if is_letter_name(m.filename)]
            for number, member in enumerate(members):
                contents = _read_zip_member(archive, member, max_bytes)
                yield Member(str(number), member.filename, contents)
    except (zipfile.BadZipFile, OSError) as error:
        yield broken(path, error)


def read_jsonl(path: Path, max_bytes: int) -> Iterator[Member]:
    """The letters of a file with one JSON object a line: `text`, and an `id` if it has one."""
    most = max_bytes * 2 + 1000
    try:
        with path.open("rb") as lines:
            number = 0
            while line := lines.readline(most):
                number += 1
                if len(line) == most and not line.endswith(b"\n"):
                    _skip_line(lines, most)
                    yield Member(str(number), f"line-{number}", _too_large(max_bytes))
                elif line.strip():
                    yield _member_of_line(line, number)
    except OSError as error:
        yield broken(path, error)


READERS: dict[str, Reader] = {".zip": read_zip, ".jsonl": read_jsonl}
"""How each kind of container is read, by its suffix."""


def find_reader(path: str) -> Reader | None:
    """What reads the container at `path`; `None` if it is a letter itself."""
    return READERS.get(os.path.splitext(path)[1].lower())


def is_letter_name(name: str) -> bool:
    """Whether a file of this name may be a letter: neither hidden nor of another kind."""
    if os.path.splitext(name)[1].lower() not in LETTER_SUFFIXES:
        return False
    hidden = name.startswith(".") and not name.startswith("..")
    return not (hidden or "/." in name.replace("/..", "") or "__MACOSX" in name)


def is_archive_name(name: str) -> bool:
    """Whether a file of this name, met in a folder, is sure to be meant as letters."""
    return os.path.splitext(name)[1].lower() in ARCHIVE_SUFFIXES


def broken(path: Path, error: Exception) -> Member:
    """What stands for a container, or for the rest of it, that cannot be read."""
    message = f"{path} cannot be read to its end ({type(error).__name__}): fetch it again"
    return Member("broken", f"{path.name}", ArchiveBroken(message))


def refuse_path(name: str) -> MemberRefused | None:
    """Why a member of this name is not read; `None` for an honest relative path."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name[:2]:
        return MemberRefused("the member's path leads out of the archive: rename it")
    return None


def refuse_size(size: int, packed: int, max_bytes: int) -> ReadError | None:
    """Why a member of this size is not read."""
    if size > _SMALL and size > packed * _MOST_DENSE:
        return MemberRefused("the member unpacks to far more than a letter can: a bomb?")
    return _too_large(max_bytes) if size > max_bytes else None


def _read_zip_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, max_bytes: int
) -> bytes | ReadError:
    refusal = refuse_path(member.filename) or refuse_size(
        member.file_size, member.compress_size, max_bytes
    )
    if refusal:
        return refusal
    if member.flag_bits & 0x1:
        return MemberRefused("the member is encrypted: unpack the archive yourself")
    try:
        with archive.open(member) as stream:
            data = stream.read(max_bytes + 1)  # the declared size may lie
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        return ArchiveBroken(f"the member cannot be unpacked ({type(error).__name__})")
    return data if len(data) <= max_bytes else _too_large(max_bytes)


def _member_of_line(line: bytes, number: int) -> Member:
    name = f"line-{number}"
    try:
        row = json.loads(line)
    except ValueError:
        return Member(str(number), name, LineInvalid(f"line {number} is no JSON"))
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        problem = LineInvalid(f"line {number} has no `text`: write one object a line")
        return Member(str(number), name, problem)
    if isinstance(row.get("id"), str | int) and str(row["id"]).strip():
        name = str(row["id"])
    return Member(str(number), name, row["text"])


def _skip_line(lines: BinaryIO, most: int) -> None:
    while (line := lines.readline(most)) and not line.endswith(b"\n"):
        pass


def _too_large(max_bytes: int) -> LetterTooLarge:
    return LetterTooLarge(
        f"the letter is over the limit of {max_bytes / MEGABYTE:.1f} MB: raise max_bytes "
        "(--max-mb) if it really is one letter"
    )
