"""One letter's work: read it, extract it, pack what comes out. Runs in a worker."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from extract.batch.containers import OnDisk
from extract.batch.errors import BatchError, LetterChanged
from extract.batch.packing import pack
from extract.batch.store import Failure, Success
from extract.errors import (
    ExtractError,
    LetterTooLarge,
    LetterUnreadable,
    ModelUnusable,
    ReadError,
    unforeseen,
)
from extract.letter import Letter, read_letter
from extract.pipeline import extract_record
from extract.result import Extraction
from extract.settings import Settings

LETTER_S = 120.0
"""A letter that takes longer is given up, after a second try."""


class Task(NamedTuple):
    """A letter to be extracted: its contents, where they are, or why they cannot be read."""

    position: int
    id: str
    sha256: str
    contents: OnDisk | bytes | str | ReadError


class Unread(NamedTuple):
    """A letter that can no longer be read as it was when the run began."""

    position: int
    reason: str
    message: str


TaskResult = Success | Failure | Unread


class ReadTask(NamedTuple):
    """A task whose letter was read; or what came of it."""

    position: int
    id: str
    sha256: str
    letter: Letter | Failure | Unread


def extract_task(task: Task, settings: Settings) -> TaskResult:
    """What comes of one letter; whatever happens to it is a result, not an exception."""
    try:
        extraction = extract_record(load_letter(task, settings), settings=settings)
        return success(task.sha256, extraction)
    except Exception as error:  # noqa: BLE001  one letter's bug must not stop a run
        return _failed(task, error)


def read_task(task: Task, settings: Settings) -> ReadTask:
    """The letter of `task`, or what came of it if it cannot be read."""
    try:
        letter: Letter | Failure | Unread = load_letter(task, settings)
    except Exception as error:  # noqa: BLE001  one letter's bug must not stop a run
        letter = _failed(task, error)
    return ReadTask(task.position, task.id, task.sha256, letter)


async def attempt_async(
    task: ReadTask,
    extract: Callable[[Letter], Awaitable[Extraction]],
    judge: Callable[[ReadTask, Extraction], TaskResult],
) -> TaskResult:
    """What comes of a letter that was read, under `extract`, as `judge` sees it.

    Raises:
        ModelUnusable: no letter can be extracted as things are set.
        BatchError: `judge`, or the store, ends the run.
    """
    if not isinstance(task.letter, Letter):
        return task.letter
    try:
        return judge(task, await extract(task.letter))
    except (ModelUnusable, BatchError):
        raise
    except Exception as error:  # noqa: BLE001  one letter's bug must not stop a run
        return _failed(task, error)


def _failed(task: Task | ReadTask, error: Exception) -> Failure | Unread:
    """What `error` is filed as."""
    if isinstance(error, LetterChanged | LetterUnreadable | LetterTooLarge):
        return Unread(task.position, error.reason, error.message)
    if isinstance(error, ExtractError):
        return failure(task, error)
    return failure(task, unforeseen(error))


def load_letter(task: Task, settings: Settings) -> Letter:
    """The letter of `task`, sure to be the one that the run has listed.

    Raises:
        LetterChanged: it holds another content now.
        ReadError: it cannot be read.
    """
    contents = task.contents
    if isinstance(contents, ReadError):
        raise LetterChanged(contents.message) from contents
    if isinstance(contents, OnDisk):
        contents = contents.read(settings.max_bytes)
    try:
        letter = read_letter(contents, settings=settings, letter_id=task.id)
    except ReadError:
        if content_digest(contents) == task.sha256:
            raise
        raise _changed() from None
    if letter.source.sha256 != task.sha256:
        raise _changed()
    return letter


def _changed() -> LetterChanged:
    return LetterChanged("the content changed while the run was at work: start again")


def content_digest(contents: bytes | str) -> str:
    """SHA-256 of a file's contents or of the UTF-8 text, as `Source.sha256` has it."""
    return hashlib.sha256(content_bytes(contents)).hexdigest()


def content_bytes(contents: bytes | str) -> bytes:
    """A file's contents, or the text as UTF-8."""
    if isinstance(contents, str):
        return contents.encode("utf-8", "surrogatepass")
    return contents


def success(sha256: str, extraction: Extraction) -> Success:
    """`extraction` as the store keeps it."""
    failures = extraction.model.failures if extraction.model else ()
    flaw = failures[0].reason if failures else None
    body = extraction.model_dump_json(exclude={"id", "source"})
    items = len(extraction.record.items)
    return Success(sha256, pack(body), extraction.source.pages, items, flaw)


def failure(task: Task | ReadTask, error: ExtractError) -> Failure:
    """`error` as the store keeps it."""
    return Failure(task.sha256, error.reason, error.message)
