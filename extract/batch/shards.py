"""Writes a run's tables as Parquet shards to any address that fsspec knows.

Shard n holds the letters n·size to (n+1)·size of the list, whoever extracted them, so its
name and its bytes follow from the run alone. A shard that is there already, of the same
letters and results, is not written again; those that a longer list left are removed.
"""

import hashlib
import math
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from extract.batch.errors import StoreFailed
from extract.batch.export import chunks, to_result
from extract.batch.outputs import tables_of_results
from extract.batch.store import RunStore, StoredResult
from extract.batch.tables import TABLES, arrow_schema
from extract.errors import ExtractError, ExtraMissing
from extract.files import moved_into_place

T = TypeVar("T")

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
    letters = store.counts(digest).letters
    shards = math.ceil(letters / size)
    for folder in (_DONE, *TABLES):
        place.remove_shards(folder, lambda number: number >= shards)
    written = 0
    for number in range(shards):
        first, last = number * size, number * size + size - 1
        read = partial(store.results, digest, first=first, last=last)
        written += _write_shard(place, number, read)
    return written


def _write_shard(
    place: "_Place", number: int, read: Callable[[], Iterator[StoredResult]]
) -> bool:
    """Whether the shard had to be written; `read` gives its results as often as asked."""
    mark = f"{_DONE}/{number:05d}-{_state(read())}"
    files = {table: f"{table}/{number:05d}.parquet" for table in TABLES}
    if all(place.has(file) for file in (mark, *files.values())):
        return False
    place.remove_shards(_DONE, lambda shard: shard == number)
    with place.together(), ExitStack() as open_files:
        writers = {
            table: open_files.enter_context(_writer(place, table, file))
            for table, file in files.items()
        }
        results = (to_result(stored) for stored in read())
        for chunk in chunks(results):
            for table, rows in tables_of_results(chunk).items():
                with place.errors():
                    writers[table].write_table(rows)
    with place.open(mark):
        pass  # last: a shard without its mark is written again
    return True


@contextmanager
def _writer(place: "_Place", table: str, file: str) -> Iterator[Any]:
    from pyarrow import parquet

    with place.open(file) as sink:
        with place.errors():
            writer = parquet.ParquetWriter(sink, arrow_schema(table), compression="zstd")
        try:
            yield writer
        finally:
            with place.errors():
                writer.close()


def _state(results: Iterator[StoredResult]) -> str:
    """A digest of the shard's letters and results."""
    state = hashlib.sha256()
    for stored in results:
        state.update(f"{stored.id}\0{stored.sha256}\n".encode())
        state.update(stored.body)
    return state.hexdigest()[:16]


class _Place:
    """Where shards are put: a folder of any file system that fsspec knows."""

    def __init__(self, address: str) -> None:
        self._address = address
        with self.errors():
            import fsspec
            from fsspec.implementations.local import LocalFileSystem

            self._system, self._root = fsspec.core.url_to_fs(address)
            self._is_local = isinstance(self._system, LocalFileSystem)

    def has(self, file: str) -> bool:
        """Whether `file` is there."""
        with self.errors():
            return bool(self._system.exists(f"{self._root}/{file}"))

    @contextmanager
    def open(self, file: str) -> Iterator[Any]:
        """`file`, open to be written; readers see it when the block ends without an error."""
        path = f"{self._root}/{file}"
        with self.errors():
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            if self._is_local:
                opened = moved_into_place(Path(path))
            else:
                opened = self._system.open(path, "wb")
        with self._guarded(opened) as stream:
            yield stream

    @contextmanager
    def together(self) -> Iterator[None]:
        """Files of an object store appear when the block ends without an error.

        A local file appears by itself, when it is whole.
        """
        with self._guarded(nullcontext() if self._is_local else self._system.transaction):
            yield

    @contextmanager
    def _guarded(self, entered: AbstractContextManager[T]) -> Iterator[T]:
        """`entered`, whose errors at both ends are sentences; those between are left alone."""
        stack = ExitStack()
        with self.errors():
            value = stack.enter_context(entered)
        try:
            yield value
        except BaseException as error:
            with suppress(Exception):  # the first error is the one to tell
                stack.__exit__(type(error), error, error.__traceback__)
            raise
        with self.errors():
            stack.close()

    def remove_shards(self, folder: str, is_unwanted: Callable[[int], bool]) -> None:
        """Remove those of `folder` whose number is unwanted."""
        with self.errors():
            if not self._system.exists(f"{self._root}/{folder}"):
                return
            for path in self._system.ls(f"{self._root}/{folder}", detail=False):
                name = _NUMBERED.fullmatch(str(path).rpartition("/")[2])
                if name and is_unwanted(int(name[1])):
                    self._system.rm_file(path)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what a file system raises, each its own kind, into a sentence."""
        try:
            yield
        except ImportError as error:
            raise ExtraMissing(
                f"{self._address} needs fsspec and its part for this kind of address: "
                "pip install 'imr-extract[ray]'"
            ) from error
        except ExtractError:
            raise
        except Exception as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise StoreFailed(
                f"{self._address} cannot be written ({reason}): check the address and its "
                "permissions, then give the same command again"
            ) from error
