"""Lists the letters of a run in its store, and later hands out those that wait.

Every letter is read once to know its content's digest: so a run knows how many letters
wait, and that a file was changed, moved or doubled, whatever its name and date say.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from extract.batch.containers import OnDisk, placed, working_folder
from extract.batch.errors import LetterChanged
from extract.batch.inputs import (
    Entry,
    find_files,
    find_reader,
    free_numbers,
    id_candidates,
    may_have_id,
    read_entries,
)
from extract.batch.store import LetterRow, RunStore
from extract.batch.work import Task, content_bytes, content_digest
from extract.errors import LetterUnreadable, ReadError
from extract.letter import spelt_out, too_large

_SAY_EVERY = 500


def list_letters(
    store: RunStore,
    named: Sequence[str],
    *,
    max_bytes: int,
    on_progress: Callable[[int], None],
) -> int:
    """Make the list of letters anew; how many of the old one it leaves out.

    All of the list is stored or, if this is broken off, nothing: then the old one stays.
    """
    position = -1
    with store.transaction():
        rows = _Rows(store)
        for position, entry in enumerate(_entries(named, max_bytes)):
            rows.put(position, entry, max_bytes)
            if position % _SAY_EVERY == 0:
                on_progress(position)
        rows.end(position + 1)
        if rows.are_changed:
            store.revise()
        left_out = store.left_out()
    on_progress(position + 1)
    return left_out


def load_tasks(
    rows: Iterable[LetterRow], max_bytes: int, *, folder: str = ""
) -> Iterator[Task]:
    """What is to be done for `rows`: a container is read once for all of its letters.

    Args:
        folder: what their relative paths count from; by default the working directory,
            and so where the letters are not in it any more.
    """
    is_here = folder in ("", working_folder())
    for file, group in groupby(rows, key=lambda row: row.file if row.key else None):
        if file is None:
            for row in group:
                yield _task(row, OnDisk(row.file if is_here else placed(row.file, folder)))
        else:
            yield from _load_contained(Path(placed(file, folder)), group, max_bytes)


def _entries(named: Sequence[str], max_bytes: int) -> Iterator[Entry]:
    for file in find_files(named):
        for entry in read_entries(file, max_bytes):
            yield entry if (entry.file + entry.name).isascii() else _nameable(entry)


def _nameable(entry: Entry) -> Entry:
    """`entry` with names that can be stored: one that is not UTF-8 is spelt out."""
    file, name = spelt_out(entry.file), spelt_out(entry.name)
    if file == entry.file:
        return replace(entry, name=name)
    refusal = LetterUnreadable("the file's name is not UTF-8: rename it")
    return Entry(file, entry.key, name, refusal)


class _Rows:
    """The list as it is made anew; what it has in common with the old one is left alone."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._old: Iterator[LetterRow] | None = store.listed()
        self._numbers = free_numbers()
        self.are_changed = False

    def put(self, position: int, entry: Entry, max_bytes: int) -> None:
        """List the letter at `position`."""
        place = (entry.file, entry.key, entry.origin)
        try:
            found: tuple[str | None, ...] = (_digest(entry, max_bytes), None, None)
        except ReadError as error:
            found = (None, error.reason, error.message)
        if self._old is not None:
            old = next(self._old, None)
            is_same = old is not None and old[2:] == (*place, *found)
            if old is not None and is_same and may_have_id(entry, old.id):
                return
            self.end(position)
        self.are_changed = True
        for letter_id in id_candidates(entry, self._numbers):
            row = LetterRow(position, letter_id, *place, *found)
            if self._store.add_letter(row):
                return
        raise AssertionError("the candidates never end")

    def end(self, position: int) -> None:
        """The old list has nothing in common from `position` on."""
        if self._old is not None:
            self._old = None
            self.are_changed = self._store.drop_letters(position) > 0 or self.are_changed


def _digest(entry: Entry, max_bytes: int) -> str:
    contents = content_bytes(entry.read(max_bytes))
    if len(contents) > max_bytes:
        raise too_large(max_bytes)
    return content_digest(contents)


def _load_contained(file: Path, rows: Iterator[LetterRow], max_bytes: int) -> Iterator[Task]:
    """Both the members and the rows come in the container's order: walk them together."""
    row = next(rows, None)
    reader = find_reader(str(file))
    if reader is None:
        raise AssertionError("a letter with a key stands in a container")
    for member in reader(file, max_bytes):
        if row is None:
            return
        if member.key == row.key:
            yield _task(row, member.contents)
            row = next(rows, None)
    gone = LetterChanged(f"{file} does not hold this letter any more: start again")
    while row is not None:
        yield _task(row, gone)
        row = next(rows, None)


def _task(row: LetterRow, contents: OnDisk | bytes | str | ReadError) -> Task:
    return Task(row.position, row.id, row.sha256 or "", contents)
