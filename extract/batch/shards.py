"""Writes a run's tables as Parquet shards to any address that fsspec knows.

Shard n holds the letters n·size to (n+1)·size of the list, whoever extracted them, so its
name and its bytes follow from the run alone. A shard that is there already, of the same
letters and results, is not written again.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from typing import Any

from extract.batch.errors import ExtraMissing, StoreFailed
from extract.batch.export import to_result
from extract.batch.store import RunStore, StoredResult
from extract.batch.tables import TABLES, tables_of

SHARD_LETTERS = 50_000
"""Some 5 to 40 MB a table: what readers of Parquet like."""


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
    files, root = _open(address)
    letters = store.counts(digest).letters
    written = 0
    try:
        for number, first in enumerate(range(0, letters, size)):
            results = list(store.results(digest, first=first, last=first + size - 1))
            written += _write_shard(files, root, number, results)
            on_progress(first + len(results))
    except OSError as error:
        raise StoreFailed(
            f"{address} cannot be written ({error.strerror or type(error).__name__}): check "
            "the address and its permissions, then give the same command again"
        ) from error
    return written


def _write_shard(files: Any, root: str, number: int, results: list[StoredResult]) -> bool:
    """Whether the shard had to be written."""
    state = _state(results)
    mark = f"{root}/_done/{number:05d}-{state}"
    if files.exists(mark):
        return False
    made = [to_result(stored) for stored in results]
    tables = tables_of([result.letter_id for result in made], [r.record for r in made])
    for table in TABLES:
        files.makedirs(f"{root}/{table}", exist_ok=True)
        _put(files, f"{root}/{table}/{number:05d}.parquet", _parquet(tables[table]))
    files.makedirs(f"{root}/_done", exist_ok=True)
    for old in _marks(files, root, number):
        files.rm(old)
    _put(files, mark, b"")  # last: a shard without its mark is written again
    return True


def _marks(files: Any, root: str, number: int) -> Iterator[str]:
    for path in files.ls(f"{root}/_done", detail=False):
        if str(path).rsplit("/", 1)[-1].startswith(f"{number:05d}-"):
            yield path


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


def _put(files: Any, path: str, data: bytes) -> None:
    with files.open(path, "wb") as file:
        file.write(data)


def _open(address: str) -> tuple[Any, str]:
    """The file system of `address`, and the path within it."""
    try:
        import fsspec

        files, root = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise ExtraMissing(
            f"{address} needs fsspec and its part for this kind of address: "
            "pip install 'imr-extract[ray]'"
        ) from error
    files.makedirs(root, exist_ok=True)
    return files, str(root)
