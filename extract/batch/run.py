"""Runs a job: every letter that was named, one after the other, to the output folder."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from extract.batch.inputs import Entry, LetterIds, find_files, read_entries
from extract.batch.outputs import Result, moved_into_place, open_outputs
from extract.batch.progress import Reporter, Silent
from extract.errors import ReadError
from extract.letter import read_letter
from extract.pipeline import extract_record
from extract.result import Extraction
from extract.settings import Settings

FORMATS = ("jsonl", "csv", "parquet")
"""What a run writes."""

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a letter has no record."""

    id: str
    path: str
    reason: str
    message: str


@dataclass(slots=True)
class Summary:
    """What a run came to."""

    letters: int = 0
    failed: int = 0
    items: int = 0


def run_batch(
    named: Sequence[str],
    folder: Path,
    *,
    settings: Settings | None = None,
    reporter: Reporter | None = None,
) -> Summary:
    """Extract every letter that `named` stands for and write the outputs to `folder`.

    Raises:
        InputMissing: a name leads to no file.
    """
    settings, reporter = settings or Settings(), reporter or Silent()
    folder.mkdir(parents=True, exist_ok=True)
    summary = Summary()
    with reporter, ExitStack() as files:
        total = sum(1 for _ in _entries(named, settings))
        reporter.begin("Extracting", total)
        outputs = open_outputs(folder, files, FORMATS)
        failures = files.enter_context(moved_into_place(folder / "failures.jsonl", "w"))
        outcomes = _extract_all(named, settings)
        while chunk := list(islice(outcomes, _CHUNK)):
            failed = [outcome for outcome in chunk if isinstance(outcome, Failure)]
            results = [_result(one) for one in chunk if isinstance(one, Extraction)]
            failures.writelines(_failure_line(failure) for failure in failed)
            for output in outputs:
                output.write(results)
            summary.letters += len(chunk)
            summary.failed += len(failed)
            summary.items += sum(len(result.record["items"]) for result in results)
            reporter.advance(summary.letters, summary.failed)
    return summary


def _entries(named: Sequence[str], settings: Settings) -> Iterator[Entry]:
    for file in find_files(named):
        yield from read_entries(file, settings.max_bytes)


def _extract_all(named: Sequence[str], settings: Settings) -> Iterator[Extraction | Failure]:
    ids = LetterIds()
    for entry in _entries(named, settings):
        yield extract_entry(entry, ids.give(entry), settings)


def extract_entry(entry: Entry, letter_id: str, settings: Settings) -> Extraction | Failure:
    """The extraction of one letter, or why there is none."""
    try:
        if isinstance(entry.contents, ReadError):
            raise entry.contents
        letter = read_letter(entry.contents, settings=settings, letter_id=letter_id)
        return extract_record(letter, settings=settings)
    except ReadError as error:
        return Failure(letter_id, entry.origin, error.reason, error.message)


def _result(extraction: Extraction) -> Result:
    record = extraction.record.model_dump(mode="json")
    return Result(extraction.id, extraction.model_dump_json(), record)


def _failure_line(failure: Failure) -> str:
    named = {name: getattr(failure, name) for name in ("id", "path", "reason", "message")}
    return json.dumps(named, ensure_ascii=False) + "\n"
