"""Which letters were named? Files, folders, globs and containers, in a stable order."""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from extract.batch.containers import READERS, Member, is_letter_name
from extract.batch.errors import InputMissing
from extract.errors import ReadError

_ARCHIVES_IN_FOLDERS = frozenset({".zip"})
"""Containers that are sure to be meant when a folder holds them."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was named, or found in a folder that was named.

    Args:
        path: where it is.
        name: its path below the folder that was named; its bare name otherwise.
    """

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter that is to be extracted, not read yet unless a container held it.

    Args:
        file: the file or the container that holds it.
        key: its place in the container; `None` for a file of its own.
        name: what the input calls it: a relative path, or the `id` of a line.
        contents: a file's contents, a text, or why it cannot be read; a `Path` is
            still to be read.
    """

    file: Path
    key: str | None
    name: str
    contents: Path | bytes | str | ReadError

    @property
    def origin(self) -> str:
        """Where the letter came from, for people: `letters.zip/a.txt`."""
        return str(self.file) if self.key is None else f"{self.file}/{self.name}"


def find_files(named: Sequence[str]) -> Iterator[InputFile]:
    """Every file that `named` stands for: each name in turn, folders sorted by path.

    Raises:
        InputMissing: a name leads to no file.
    """
    for name in named:
        path = Path(name)
        if path.is_dir():
            yield from _walk(path, "")
        elif os.path.lexists(path):
            yield InputFile(path, path.name)
        else:
            yield from _find_matches(name)


def read_entries(file: InputFile, max_bytes: int) -> Iterator[Entry]:
    """The letters of `file`: itself, or those that it contains."""
    reader = READERS.get(file.path.suffix.lower())
    if reader is None:
        yield Entry(file.path, None, file.name, file.path)
        return
    for member in reader(file.path, max_bytes):
        yield _entry_of(file, member)


class LetterIds:
    """Gives every letter an id of its own, the same at every run over the same inputs."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, entry: Entry) -> str:
        """The first free one of: name without suffix, name, name with its container."""
        for candidate in _id_candidates(entry):
            if candidate not in self._given:
                self._given.add(candidate)
                return candidate
        raise AssertionError("the candidates never end")


def _id_candidates(entry: Entry) -> Iterator[str]:
    path = PurePosixPath(entry.name)
    yield str(path.with_suffix("")) if is_letter_name(entry.name) else entry.name
    yield entry.name
    if entry.key is not None:
        yield f"{entry.file.stem}/{entry.name}"
    number = 2
    while True:
        yield f"{entry.name}~{number}"
        number += 1


def _entry_of(file: InputFile, member: Member) -> Entry:
    return Entry(file.path, member.key, member.name, member.contents)


def _walk(folder: Path, prefix: str) -> Iterator[InputFile]:
    """The letters and archives under `folder`; hidden ones and links to folders are left."""
    try:
        with os.scandir(folder) as scan:
            children = sorted(scan, key=lambda child: child.name)
    except OSError:
        yield InputFile(folder, prefix.rstrip("/") or folder.name)
        return
    for child in children:
        name = prefix + child.name
        if child.name.startswith("."):
            continue
        if child.is_dir(follow_symlinks=False):
            yield from _walk(Path(child.path), f"{name}/")
        elif is_letter_name(child.name) or _is_archive(child.name):
            yield InputFile(Path(child.path), name)


def _is_archive(name: str) -> bool:
    return Path(name).suffix.lower() in _ARCHIVES_IN_FOLDERS


def _find_matches(pattern: str) -> Iterator[InputFile]:
    matches = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else []
    if not matches:
        raise InputMissing(f"nothing is at {pattern}: check the path, quote the pattern")
    for match in matches:
        path = Path(match)
        if path.is_dir():
            continue
        yield InputFile(path, path.name)
