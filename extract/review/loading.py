"""Brings letters under review: from a run of `imr batch`, or from letters themselves."""

import json
import os
from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from extract.batch.inputs import (
    find_files,
    find_reader,
    free_numbers,
    id_candidates,
    read_entries,
)
from extract.batch.job import SUMMARY
from extract.batch.work import content_digest
from extract.errors import ExtractError, ReadError
from extract.letter import read_letter
from extract.pdf import is_pdf
from extract.pipeline import extract_record
from extract.result import Extraction
from extract.review.errors import ReviewSourceUnusable
from extract.review.shelf import KeptLetter, LetterShelf, NewLetter
from extract.settings import Settings

RECORDS = "records.jsonl"
_AT_ONCE = 200


def load(
    source: Path,
    shelf: LetterShelf,
    settings: Settings,
    tell: Callable[[int], None],
    *,
    outputs: Set[str] = frozenset(),
) -> None:
    """Put every letter of `source` on the shelf; `tell` hears how many there are by now.

    Args:
        outputs: real paths of folders whose letters are labelled copies, no new ones.

    Raises:
        ReviewSourceUnusable: it is neither a run nor letters.
    """
    if is_run(source):
        letters = _of_run(source)
    else:
        letters = _of_letters(source, shelf, settings, outputs)
    batch: list[NewLetter] = []
    loaded = 0
    for letter in letters:
        batch.append(letter)
        if len(batch) == _AT_ONCE:
            shelf.put(batch)
            loaded += len(batch)
            tell(loaded)
            batch.clear()
    shelf.put(batch)
    tell(loaded + len(batch))


def is_run(source: Path) -> bool:
    """Whether `source` is the output folder of `imr batch`."""
    return (source / RECORDS).is_file()


def _of_run(run: Path) -> Iterator[NewLetter]:
    folder = _said_of(run, "listed_from")  # what relative paths count from
    with (run / RECORDS).open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield NewLetter(Extraction.model_validate_json(line), folder=folder)
            except ValidationError as error:
                raise ReviewSourceUnusable(
                    f"{run / RECORDS}, line {number} is no extraction of this version: start "
                    "the run again with its `imr batch` command, which writes the file anew"
                ) from error


def listed_under(source: Path, settings: Settings) -> Settings:
    """`settings` under which every letter of `source` is read that its run has read."""
    try:
        limit = int(_said_of(source, "max_bytes") or 0)
    except ValueError:
        return settings
    return replace(settings, max_bytes=max(limit, settings.max_bytes))


def _said_of(run: Path, name: str) -> str:
    """What the run's summary says under `name`; empty where it does not say."""
    try:
        return str(json.loads((run / SUMMARY).read_text("utf-8"))[name])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _of_letters(
    source: Path, shelf: LetterShelf, settings: Settings, outputs: Set[str]
) -> Iterator[NewLetter]:
    folder = source / "letters" if (source / "letters").is_dir() else source
    given: set[str] = set()
    numbers = free_numbers()
    for file in find_files([str(folder)], outputs=outputs):
        for entry in read_entries(file, settings.max_bytes):
            candidates = id_candidates(entry, numbers)
            letter_id = next(each for each in candidates if each not in given)
            given.add(letter_id)
            try:
                contents = entry.source
                if isinstance(contents, ReadError):
                    raise contents
                letter = read_letter(contents, settings=settings, letter_id=letter_id)
                yield NewLetter(extract_record(letter, settings=settings), letter)
            except ExtractError as error:
                shelf.put_failure(letter_id, error.reason, error.message)


def find_contents(kept: KeptLetter, max_bytes: int) -> bytes | str:
    """What the letter was read from: a file's contents, or a text from a container.

    Args:
        max_bytes: the limit of size under which the letter was listed.

    Raises:
        ReviewSourceUnusable: it is not there any more, or has changed.
    """
    found = kept.contents if kept.contents is not None else _from_disk(kept, max_bytes)
    if content_digest(found or b"") != kept.extraction.source.sha256:
        raise ReviewSourceUnusable(
            "the letter is not where it was when it was extracted, or has changed since: "
            "put it back, or extract it again"
        )
    return found or b""


def _from_disk(kept: KeptLetter, max_bytes: int) -> bytes | str | None:
    path = Path(kept.path or "")
    try:
        if os.path.isfile(path):
            return path.read_bytes()
    except OSError:
        return None
    for container in path.parents:
        reader = find_reader(str(container))
        if reader is None or not os.path.isfile(container):
            continue
        for member in reader(container, max_bytes):  # several of them may have its name
            contents = member.contents
            if isinstance(contents, ReadError):
                continue
            if content_digest(contents) == kept.extraction.source.sha256:
                return contents
    return None


def page_count(kept: KeptLetter, contents: bytes | str) -> int:
    """The number of page images that can be shown: none unless it is a PDF."""
    is_paged = isinstance(contents, bytes) and is_pdf(contents)
    return (kept.extraction.source.pages or 0) if is_paged else 0
