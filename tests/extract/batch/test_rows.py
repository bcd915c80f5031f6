"""Letters in the rows of tables: Parquet and CSV."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from extract.batch.inputs import find_files, read_entries
from tests.extract.batch.named import MAX, ids_of, reasons_of


def test_rows_of_a_parquet_file_are_letters(tmp_path: Path) -> None:
    path = tmp_path / "letters.parquet"
    rows = {"case_number": ["CM14-1", None, "CM14-3"], "text": ["one", "two", None]}
    parquet.write_table(pa.table(rows), path)
    assert ids_of(path) == ["CM14-1", "row-2", "CM14-3"]
    assert reasons_of(path) == {"CM14-3": "LineInvalid"}


def test_numbers_of_a_column_with_gaps_are_ids(tmp_path: Path) -> None:
    path = tmp_path / "letters.parquet"
    parquet.write_table(pa.table({"id": [101.0, None, 1.5], "text": ["a", "b", "c"]}), path)
    assert ids_of(path) == ["101", "row-2", "row-3"]


@pytest.mark.parametrize(
    ("contents", "reason"), [(None, "LineInvalid"), (b"no parquet", "ArchiveBroken")]
)
def test_a_parquet_file_without_texts_is_one_failure(
    tmp_path: Path, contents: bytes | None, reason: str
) -> None:
    path = tmp_path / "letters.parquet"
    if contents is None:
        parquet.write_table(pa.table({"number": [1]}), path)
    else:
        path.write_bytes(contents)
    assert reasons_of(path) == {"letters.parquet": reason}


def test_rows_of_a_csv_file_are_letters(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    long = "Upheld. " * 30_000
    path.write_text(f'\ufeffid,note,text\nCM14-1,x,"a ""letter""\nof lines"\n,y,{long}\nz\n')
    (file,) = find_files([str(path)])
    entries = list(read_entries(file, MAX))
    assert [entry.name for entry in entries] == ["CM14-1", "row-2", "z"]
    assert [entry.contents for entry in entries[:2]] == ['a "letter"\nof lines', long]
    assert reasons_of(path) == {"z": "LineInvalid"}
    assert reasons_of(path, 1000) == {"z": "LineInvalid"}  # the size is seen when it is listed


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        ("number,body\n1,x\n", "LineInvalid"),
        ("", "LineInvalid"),
        (b"text\n\xff\n", "ArchiveBroken"),
    ],
)
def test_a_csv_file_without_texts_is_one_failure(
    tmp_path: Path, contents: str | bytes, reason: str
) -> None:
    path = tmp_path / "letters.csv"
    path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
    assert reasons_of(path) == {"letters.csv": reason}
