"""Writes a run's tables as Parquet shards to any address that fsspec knows.

Shard n holds the letters n·size to (n+1)·size of the list, whoever extracted them, so its
name and its bytes follow from the run alone. A shard that is there already, of the same
letters and results, is not written again; those that a longer list left are removed.
"""

import hashlib
import io
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from extract.batch.errors import ExtraMissing, StoreFailed
from extract.batch.export import to_result
from extract.batch.outputs import tables_of_results
from extract.batch.store import RunStore, StoredResult
from extract.batch.tables import TABLES

SHARD_LETTERS = 50_000
"""Some 5 to 40 MB a table: what readers of Parquet like."""

_DONE = "_done"
"""The folder of marks, each named by a shard's number and the digest of what it holds."""

_NUMBERED = re.compile(r"(\d{5,})(?:-[0-9a-f]+|\.parquet)")
"""`00012.parquet`, or the mark `00012-4f1c…`; no other file is touched."""


def export_shards(
    store: RunStore,
    digest: str,
    address: str,
    *,
    size: int = SHARD_LETTERS,
    on_progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write `cases/`, `items/` and `citations/` under `address`; how many shards were new.

    Args:
        address: a folder, or an address such as `s3://bucket/run`.
        size: letters in a shard.

    Raises:
        ExtraMissing: fsspec, or what it needs for this kind of address, is not installed.
        StoreFailed: the address cannot be written.
    """
    place = _Place(address)
    shards = math.ceil(store.counts(digest).letters / size)
    for folder in (_DONE, *TABLES):
        place.remove_shards(folder, lambda number: number >= shards)
    written = 0
    for number in range(shards):
        first = number * size
        results = list(store.results(digest, first=first, last=first + size - 1))
        written += _write_shard(place, number, results)
        on_progress(first + len(results))
    return written


def _write_shard(place: "_Place", number: int, results: list[StoredResult]) -> bool:
    """Whether the shard had to be written."""
    mark = f"{_DONE}/{number:05d}-{_state(results)}"
    files = {table: f"{table}/{number:05d}.parquet" for table in TABLES}
    if all(place.has(file) for file in (mark, *files.values())):
        return False
    place.remove_shards(_DONE, lambda shard: shard == number)
    tables = tables_of_results([to_result(stored) for stored in results])
    for table, file in files.items():
        place.put(file, _parquet(tables[table]))
    place.put(mark, b"")  # last: a shard without its mark is written again
    return True


def _state(results: list[StoredResult]) -> str:
    """A digest of the shard's letters and results."""
    state = hashlib.sha256()
    for stored in results:
        state.update(f"{stored.id}\0{stored.sha256}\n".encode())
        state.update(stored.body)
    return state.hexdigest()[:16]


def _parquet(table: Any) -> bytes:
    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


class _Place:
    """Where shards are put: a folder of any file system that fsspec knows."""

    def __init__(self, address: str) -> None:
        self._address = address
        with self._errors():
            import fsspec

            self._system, self._root = fsspec.core.url_to_fs(address)

    def has(self, file: str) -> bool:
        """Whether `file` is there."""
        with self._errors():
            return bool(self._system.exists(f"{self._root}/{file}"))

    def put(self, file: str, data: bytes) -> None:
        """Write `file`."""
        path = f"{self._root}/{file}"
        with self._errors():
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            with self._system.open(path, "wb") as stream:
                stream.write(data)

    def remove_shards(self, folder: str, is_unwanted: Callable[[int], bool]) -> None:
        """Remove those of `folder` whose number is unwanted."""
        with self._errors():
            if not self._system.exists(f"{self._root}/{folder}"):
                return
            for path in self._system.ls(f"{self._root}/{folder}", detail=False):
                name = _NUMBERED.fullmatch(str(path).rpartition("/")[2])
                if name and is_unwanted(int(name[1])):
                    self._system.rm_file(path)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn what a file system raises, each its own kind, into a sentence."""
        try:
            yield
        except ImportError as error:
            raise ExtraMissing(
                f"{self._address} needs fsspec and its part for this kind of address: "
                "pip install 'imr-extract[ray]'"
            ) from error
        except Exception as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise StoreFailed(
                f"{self._address} cannot be written ({reason}): check the address and its "
                "permissions, then give the same command again"
            ) from error
