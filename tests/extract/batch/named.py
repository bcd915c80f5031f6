"""Reads what is named for a run, for the tests of its inputs."""

from pathlib import Path

from extract.batch.inputs import find_files, free_numbers, id_candidates, read_entries
from extract.errors import ReadError

MAX = 1_000_000
"""Bytes of a letter that is not too large."""


def ids_of(*named: Path | str) -> list[str]:
    taken: list[str] = []
    numbers = free_numbers()
    for file in find_files([str(name) for name in named]):
        for entry in read_entries(file, MAX):
            taken.append(
                next(new for new in id_candidates(entry, numbers) if new not in taken)
            )
    return taken


def reasons_of(path: Path, max_bytes: int = MAX) -> dict[str, str]:
    return {
        entry.name: entry.contents.reason
        for file in find_files([str(path)])
        for entry in read_entries(file, max_bytes)
        if isinstance(entry.contents, ReadError)
    }
