"""Writes the outputs of a run: JSON Lines, CSV, Parquet and DuckDB."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from extract.batch.kinds import OutputFormat
from extract.batch.tables import TABLES, arrow_schema, tables_of
from extract.errors import ExtraMissing
from extract.files import Parts

if TYPE_CHECKING:
    import pyarrow as pa

DUCKDB = "run.duckdb"

Write: TypeAlias = Callable[["pa.Table"], None]
"""Adds rows to a table that is open to be written."""


class Result(NamedTuple):
    """A letter's extraction, ready to be written.

    Args:
        letter_id: the letter's id.
        line: the whole extraction as one JSON object.
        record: the case record alone, as JSON.
        item_count: how many items the record has.
        warnings: the codes of what a reader should know.
    """

    letter_id: str
    line: str
    record: str
    item_count: int
    warnings: tuple[str, ...] = ()


class Output(Protocol):
    """One or more files that are written together, some results at a time."""

    def write(self, results: Sequence[Result]) -> None:
        """Add `results`."""


class JsonLines:
    """`records.jsonl`: one extraction a line."""

    def __init__(self, folder: Path, files: Parts) -> None:
        self._file = files.open(folder / "records.jsonl", "w")

    def write(self, results: Sequence[Result]) -> None:
        """Add `results`."""
        self._file.writelines(result.line + "\n" for result in results)


class Tables:
    """The tidy tables, each in one or more formats."""

    def __init__(self, folder: Path, files: Parts, formats: Iterable[OutputFormat]) -> None:
        self._writers = {
            table: [_TABLE_WRITERS[name](folder, files, table) for name in formats]
            for table in TABLES
        }

    def write(self, results: Sequence[Result]) -> None:
        """Add `results`."""
        for table, arrow in tables_of_results(results).items():
            for write in self._writers[table]:
                write(arrow)


class DuckDb:
    """`run.duckdb`: the tidy tables in one database."""

    def __init__(self, folder: Path, files: Parts) -> None:
        try:
            import duckdb
        except ImportError as error:
            raise ExtraMissing(
                "this format needs DuckDB: pip install 'imr-extract[duckdb]'"
            ) from error
        part = files.path(folder / DUCKDB)
        files.enter_context(_system_errors(duckdb.Error))  # of its last writes, when it closes
        self._db = files.enter_context(duckdb.connect(part))
        for table in TABLES:
            self._db.register("empty", arrow_schema(table).empty_table())
            self._db.execute(f"CREATE TABLE {table} AS SELECT * FROM empty")

    def write(self, results: Sequence[Result]) -> None:
        """Add `results`."""
        for table, arrow in tables_of_results(results).items():
            self._db.register("rows", arrow)
            self._db.execute(f"INSERT INTO {table} SELECT * FROM rows")


@contextmanager
def _system_errors(kind: type[Exception]) -> Iterator[None]:
    """Turn another library's error over a file into the system's: the disk is full, say."""
    try:
        yield
    except kind as error:
        raise OSError(f"{type(error).__name__}: is the disk full?") from error


def open_outputs(folder: Path, files: Parts, formats: Sequence[OutputFormat]) -> list[Output]:
    """The outputs of the named `formats`, open to be written."""
    outputs: list[Output] = []
    if OutputFormat.JSONL in formats:
        outputs.append(JsonLines(folder, files))
    tables = [name for name in formats if name in _TABLE_WRITERS]
    if tables:
        outputs.append(Tables(folder, files, tables))
    if OutputFormat.DUCKDB in formats:
        outputs.append(DuckDb(folder, files))
    return outputs


def file_names(formats: Sequence[OutputFormat]) -> list[str]:
    """The files that the named `formats` consist of."""
    names = ["records.jsonl"] if OutputFormat.JSONL in formats else []
    kinds = [name for name in formats if name in _TABLE_WRITERS]
    names += [f"{table}.{kind}" for kind in kinds for table in TABLES]
    return [*names, DUCKDB] if OutputFormat.DUCKDB in formats else names


def file_mark(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change, by which a file is known; `None` if it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def tables_of_results(results: Sequence[Result]) -> dict[str, "pa.Table"]:
    """The tidy tables of `results`, by name."""
    ids = [result.letter_id for result in results]
    warnings = [result.warnings for result in results]
    return tables_of(ids, [result.record for result in results], warnings)


def _csv_writer(folder: Path, files: Parts, table: str) -> Write:
    from pyarrow import csv

    sink = files.open(folder / f"{table}.csv")
    schema = _listless(arrow_schema(table).empty_table()).schema
    writer = files.enter_context(csv.CSVWriter(sink, schema))
    return lambda arrow: writer.write_table(_listless(arrow))


def _parquet_writer(folder: Path, files: Parts, table: str) -> Write:
    from pyarrow import parquet

    sink = files.open(folder / f"{table}.parquet")
    writer = parquet.ParquetWriter(sink, arrow_schema(table), compression="zstd")
    write: Write = files.enter_context(writer).write_table
    return write


_TABLE_WRITERS = {OutputFormat.CSV: _csv_writer, OutputFormat.PARQUET: _parquet_writer}


def _listless(arrow: "pa.Table") -> "pa.Table":
    """`arrow` with each list in one cell, its values parted by "; "."""
    import pyarrow as pa
    from pyarrow import compute

    columns = [
        compute.binary_join(column.combine_chunks(), "; ")
        if pa.types.is_list(column.type)
        else column
        for column in arrow.columns
    ]
    return pa.table(columns, names=arrow.column_names)
