"""Which letters were named? Files, folders, globs and containers, in a stable order."""

import glob
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from extract.batch.archives import read_tar, read_zip
from extract.batch.containers import (
    ARCHIVE_SUFFIXES,
    OnDisk,
    Reader,
    is_archive_name,
    is_letter_name,
    suffix_of,
)
from extract.batch.errors import ArchiveBroken, InputMissing
from extract.batch.rows import read_csv, read_jsonl, read_parquet
from extract.errors import LetterUnreadable, ReadError

REVIEW_STORE, GOLD, REVIEWERS = "review.sqlite", "gold", "reviewers"
"""The file by which a review's folder is known, and the folders of its labels beside it."""

_READERS: dict[str, Reader] = {
    **dict.fromkeys(ARCHIVE_SUFFIXES, read_tar),
    ".zip": read_zip,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
    ".csv": read_csv,
}


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was named, or found in a folder that was named.

    Args:
        path: where it is.
        name: its path below the folder that was named; its bare name otherwise.
    """

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A letter that is to be extracted, not read yet unless a container held it.

    Args:
        file: the file or the container that holds it.
        key: its place in the container; `None` for a file of its own.
        name: what the input calls it: a relative path, or the `id` of a line.
        contents: a file's contents, a text, why it cannot be read, or a file that is
            still to be read.
    """

    file: str
    key: str | None
    name: str
    contents: OnDisk | bytes | str | ReadError

    @property
    def origin(self) -> str:
        """Where the letter came from, for people: `letters.zip/a.txt`."""
        return self.file if self.key is None else f"{self.file}/{self.name}"

    @property
    def source(self) -> Path | bytes | str | ReadError:
        """What `read_letter` takes, or why it cannot be read."""
        contents = self.contents
        return Path(contents.path) if isinstance(contents, OnDisk) else contents

    def read(self, max_bytes: int) -> bytes | str:
        """What the letter holds.

        Raises:
            ReadError: it cannot be read.
        """
        if isinstance(self.contents, ReadError):
            raise self.contents
        if isinstance(self.contents, OnDisk):
            return self.contents.read(max_bytes)
        return self.contents


def check_named(named: Sequence[str]) -> None:
    """Make sure that each name leads somewhere, before anything is made.

    Raises:
        InputMissing: one does not.
    """
    for name in named:
        if "\0" in name:
            raise InputMissing("a path holds a character that no path can: check the list")
        if not os.path.lexists(name) and next(_matches(name), None) is None:
            raise _missing(name)


def find_files(
    named: Sequence[str], *, outputs: Set[str] = frozenset()
) -> Iterator[InputFile]:
    """Every file that `named` stands for: each name in turn, folders sorted by path.

    Args:
        outputs: real paths of further folders that are passed over within others.

    Raises:
        InputMissing: a name leads to no file.
    """
    check_named(named)
    for name in named:
        if os.path.isdir(name):
            yield from _some(_walk(name, outputs), name)
        elif os.path.lexists(name):
            yield InputFile(name, os.path.basename(name))
        else:
            for match in sorted(_matches(name)):
                yield InputFile(match, os.path.basename(match))


def read_manifest(path: Path) -> list[str]:
    """The paths that the manifest at `path` lists, one a line, relative to the manifest.

    Empty lines and lines that begin with # are left out.

    Raises:
        InputMissing: the manifest cannot be read, or lists nothing.
    """
    try:
        text = path.read_text("utf-8-sig")  # a pipe will do
    except (OSError, ValueError) as error:
        raise InputMissing(f"{path} cannot be read as a manifest: check the path") from error
    lines = [line.strip() for line in text.split("\n")]
    listed = [line for line in lines if line and not line.startswith("#")]
    if not listed:
        raise InputMissing(f"the manifest {path} lists no path: write one a line")
    return [str(path.parent / line) for line in listed]


def find_reader(path: str) -> Reader | None:
    """What reads the container at `path`; `None` if it is a letter itself."""
    return None if is_letter_name(os.path.basename(path)) else _READERS.get(suffix_of(path))


def read_entries(file: InputFile, max_bytes: int) -> Iterator[Entry]:
    """The letters of `file`: itself, or those that it contains."""
    reader = find_reader(file.path)
    if reader is None:
        yield Entry(file.path, None, file.name, OnDisk(file.path))
        return
    if os.path.exists(file.path) and not os.path.isfile(file.path):
        endless = LetterUnreadable(f"{file.path} is a pipe or a device: name a regular file")
        yield Entry(file.path, "broken", file.name, endless)
        return
    member = None
    for member in reader(Path(file.path), max_bytes):
        yield Entry(file.path, member.key, member.name, member.contents)
    if member is None:
        nothing = ArchiveBroken(f"{file.path} holds no letter: look what is in it")
        yield Entry(file.path, "empty", file.name, nothing)


def free_numbers() -> Mapping[str, Iterator[int]]:
    """For each name the numbers that no letter has taken yet."""
    return defaultdict(lambda: count(2))


def id_candidates(entry: Entry, numbers: Mapping[str, Iterator[int]]) -> Iterator[str]:
    """The ids that a letter may have; it takes the first that no letter before it took.

    The name without its suffix, the name, the name with its container, then numbered: so
    a letter keeps its id at every run over the same inputs.

    Args:
        numbers: `free_numbers()`, the same for all letters: a thousand letters of one name
            would else take half a million looks.
    """
    yield from _plain_ids(entry)
    for number in numbers[entry.name]:
        yield f"{entry.name}~{number}"


def may_have_id(entry: Entry, letter_id: str) -> bool:
    """Whether `letter_id` is one that `id_candidates` would try for `entry`."""
    return letter_id in _plain_ids(entry) or letter_id.startswith(f"{entry.name}~")


def _plain_ids(entry: Entry) -> tuple[str, ...]:
    name = entry.name
    is_file = entry.key is None or is_archive_name(os.path.basename(entry.file))
    stem = os.path.splitext(name)[0] if is_file and is_letter_name(name) else name
    if entry.key is None:
        return stem, name
    return stem, name, f"{Path(entry.file).stem}/{name}"


def _some(files: Iterator[InputFile], folder: str) -> Iterator[InputFile]:
    """`files`; an error if there are none."""
    file = None
    for file in files:
        yield file
    if file is None:
        raise InputMissing(
            f"the folder {folder} holds no letter (.txt, .pdf) and no archive of letters: "
            "check the path; a .jsonl, .parquet or .csv file is named itself"
        )


def _walk(folder: str, outputs: Set[str]) -> Iterator[InputFile]:
    """The letters and archives under `folder`; hidden ones and links to folders are left.

    So are a review's labels, whose letters are copies and no new ones.
    """
    waiting = [(folder, "", True)]
    while waiting:  # however deep the folders are
        path, name, is_folder = waiting.pop()
        if not is_folder:
            yield InputFile(path, name)
            continue
        try:
            with os.scandir(path) as scan:
                children = sorted(scan, key=lambda child: child.name, reverse=True)
        except OSError:
            yield InputFile(path, name.rstrip("/") or path)  # reading it fails with a reason
            continue
        is_review = any(child.name == REVIEW_STORE for child in children)
        for child in children:
            if child.name.startswith(".") or (is_review and child.name in (GOLD, REVIEWERS)):
                continue
            if outputs and os.path.realpath(child.path) in outputs:
                continue
            if child.is_dir(follow_symlinks=False):
                waiting.append((child.path, f"{name}{child.name}/", True))
            elif is_letter_name(child.name) or is_archive_name(child.name):
                waiting.append((child.path, name + child.name, False))


def _matches(pattern: str) -> Iterator[str]:
    """The files that `pattern` matches; folders are none."""
    return (path for path in glob.iglob(pattern, recursive=True) if not os.path.isdir(path))


def _missing(name: str) -> InputMissing:
    return InputMissing(f"no file is at {name}: check the path, quote the pattern")
