"""Reads letters that are rows: `.jsonl` with `id` and `text`, `.parquet` and `.csv` alike."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from extract.batch.containers import Member, broken
from extract.batch.errors import LineInvalid
from extract.letter import too_large

_ID_COLUMNS = ("id", "letter_id", "case_number")
_TEXT_COLUMNS = ("text", "letter", "content")
_ROOM = 1 << 26
"""Characters over the size limit from which a CSV file is given up, not the letter alone."""

_BATCH = 256
"""Rows of a Parquet file held at a time."""


def read_jsonl(path: Path, max_bytes: int) -> Iterator[Member]:
    """The letters of a file with one JSON object a line: `text`, and an `id` if it has one."""
    most = max_bytes * 6 + 1000  # an escape takes six bytes, of a character of one
    try:
        with path.open("rb") as lines:
            number = 0
            while line := lines.readline(most):
                number += 1
                if len(line) == most and not line.endswith(b"\n"):
                    _skip_line(lines, most)
                    yield Member(str(number), f"line-{number}", too_large(max_bytes))
                elif line.strip():
                    yield _member_of_line(line, number)
    except OSError as error:
        yield broken(path, error)


def read_parquet(path: Path, max_bytes: int) -> Iterator[Member]:
    """The letters of a Parquet file: a column `text`, and a column `id` if there is one."""
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            text, key = _letter_columns(file.schema_arrow.names)
            if text is None:
                yield _textless(path)
                return
            columns = [text] if key is None else [text, key]
            number = 0
            for batch in file.iter_batches(batch_size=_BATCH, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    name = row.get(key) if key else None
                    yield _member(number, "row", name, row[text])
    except Exception as error:  # noqa: BLE001  damage makes the library raise anything
        yield broken(path, error)


def read_csv(path: Path, max_bytes: int) -> Iterator[Member]:
    """The letters of a CSV file with a heading: columns as in a Parquet file."""
    # Of this process; the default is 128 kB. With room: one large letter is refused alone.
    csv.field_size_limit(max_bytes + _ROOM)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            text, key = _letter_columns(rows.fieldnames or ())
            if text is None:
                yield _textless(path)
                return
            for number, row in enumerate(rows, start=1):
                yield _member(number, "row", row[key] if key else None, row[text])
    except (OSError, ValueError, csv.Error) as error:
        yield broken(path, error)


def _letter_columns(names: Iterable[str]) -> tuple[str | None, str | None]:
    """The columns of the texts and of the ids; `None` where there is none."""
    known = set(names)
    text = next((name for name in _TEXT_COLUMNS if name in known), None)
    return text, next((name for name in _ID_COLUMNS if name in known), None)


def _textless(path: Path) -> Member:
    wanted = LineInvalid(f"{path} has no column `text`: rename the right one")
    return Member("broken", path.name, wanted)


def _member_of_line(line: bytes, number: int) -> Member:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        problem = LineInvalid(f"line {number} is no JSON: write one object a line")
        return Member(str(number), f"line-{number}", problem)
    if not isinstance(row, dict):
        row = {}
    return _member(number, "line", row.get("id"), row.get("text"))


def _member(number: int, kind: str, name: Any, text: Any) -> Member:
    if isinstance(name, float) and name.is_integer():
        name = int(name)  # a column of numbers in which one is missing holds floats
    has_name = isinstance(name, str | int) and str(name).strip()
    shown = str(name) if has_name else f"{kind}-{number}"
    if not isinstance(text, str):
        problem = LineInvalid(f"{kind} {number} has no `text`: give each letter its text")
        return Member(str(number), shown, problem)
    return Member(str(number), shown, text)


def _skip_line(lines: BinaryIO, most: int) -> None:
    while (line := lines.readline(most)) and not line.endswith(b"\n"):
        pass
