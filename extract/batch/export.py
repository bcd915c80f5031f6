"""Writes a run's outputs from its store, as often as anybody likes."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from extract.batch.errors import StoreFailed
from extract.batch.kinds import FORMATS, OutputFormat
from extract.batch.outputs import Result, open_outputs
from extract.batch.packing import unpack
from extract.batch.store import RunStore, StoredResult
from extract.files import Parts, written_together
from extract.result import Source

FAILURES = "failures.jsonl"

_CHUNK = 1000
"""Results held at a time: some 15 MB, and large enough for Parquet's row groups."""


class Exported(NamedTuple):
    """How much was written, and how often each warning was given."""

    letters: int
    items: int
    warnings: Counter[str]


def export(
    store: RunStore,
    digest: str,
    folder: Path,
    *,
    formats: Sequence[OutputFormat] = FORMATS,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Exported:
    """Write the results under `digest` to `folder`, in the order of the letters.

    All outputs appear together, when each of them is complete and on the disk.

    Raises:
        StoreFailed: the folder cannot be written; the outputs that were there still are.
    """
    letters = items = 0
    warnings = Counter[str]()
    with output_errors(folder), written_together() as files:
        folder.mkdir(parents=True, exist_ok=True)
        _write_failures(store, digest, folder, files)
        outputs = open_outputs(folder, files, formats)
        results = (to_result(stored) for stored in store.results(digest))
        for chunk in chunks(results):
            for output in outputs:
                output.write(chunk)
            letters += len(chunk)
            items += sum(result.item_count for result in chunk)
            warnings.update(code for result in chunk for code in result.warnings)
            on_progress(letters)
    return Exported(letters, items, warnings)


def to_result(stored: StoredResult) -> Result:
    """A stored extraction with its letter's id and source, as the library returns it."""
    source = Source(id=stored.id, path=stored.origin, sha256=stored.sha256, pages=stored.pages)
    body = unpack(stored.body)
    key = json.dumps(stored.id, ensure_ascii=False)
    line = f'{{"id":{key},"source":{source.model_dump_json()},{body[1:]}'
    return Result(stored.id, line, record_in(body), stored.item_count, _warnings_in(body))


def record_in(body: str) -> str:
    """The case record in a stored extraction, still as JSON.

    Quotes within texts are escaped, so these two keys cannot stand in one.
    """
    return body[body.index(_RECORD) + len(_RECORD) : body.index(_BEHIND_RECORD)]


def _warnings_in(body: str) -> tuple[str, ...]:
    """The codes of the warnings in a stored extraction."""
    listed, _ = _DECODER.raw_decode(body, body.index(_WARNINGS) + len(_WARNINGS))
    return tuple(warning["code"] for warning in listed)


@contextmanager
def output_errors(folder: Path) -> Iterator[None]:
    """Turn what the system raises over a file into a sentence that says what to do."""
    try:
        yield
    except OSError as error:
        raise StoreFailed(
            f"the outputs in {folder} cannot be written ({error.strerror or error}): free "
            "some space or check the permissions; every result is stored, start the same "
            "command again to write them"
        ) from error


_RECORD = '"record":'
_BEHIND_RECORD = ',"evidence":'
_WARNINGS = ',"warnings":'
_DECODER = json.JSONDecoder()


def _write_failures(store: RunStore, digest: str, folder: Path, files: Parts) -> None:
    file = files.open(folder / FAILURES, "w")
    for failure in store.failures(digest):
        file.write(json.dumps(failure._asdict(), ensure_ascii=False) + "\n")


def chunks(results: Iterator[Result]) -> Iterator[list[Result]]:
    """`results` some at a time."""
    while chunk := list(islice(results, _CHUNK)):
        yield chunk
