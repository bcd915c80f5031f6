"""A process that parses letters for the service: job in, answer out, over its pipes.

Letters come from strangers and a PDF library is native code: a crash, a hang or a flood of
memory ends here, in a process of its own that writes no file, and costs one letter.
pdfium must also never run in two threads at once; here there is one.

A frame is 4 bytes of length and the content. A job is a pickled `WorkerJob` (the service is
trusted); an answer is a status byte and plain bytes, never a pickle (a parser that read a
hostile file is not).
"""

import json
import pickle
import resource
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from extract import extract_record, read_letter
from extract.errors import ExtractError, LetterTooLarge, WorkFailed
from extract.letter import Letter
from extract.pdf import is_pdf
from extract.settings import Settings
from extract.web.pages import count_pages, page_boxes, page_image

DONE, REFUSED, FAILED = b"\x00", b"\x01", b"\x02"
MOST_MEMORY = 4_000_000_000
"""Address space of a worker: a letter of 20 MB needs a tenth of it."""


class TooManyPages(LetterTooLarge):
    """The PDF has more pages than the service takes."""


@dataclass(frozen=True)
class Bounds:
    """What a letter may be for the service to read it.

    Args:
        settings: how it is read and extracted.
        max_pages: a PDF with more is refused.
        max_characters: a text with more is refused.
    """

    settings: Settings
    max_pages: int
    max_characters: int


@dataclass(frozen=True)
class _OnLetter:
    """To read a letter within bounds; its source is its text, or a file's contents."""

    source: str | bytes
    letter_id: str | None
    bounds: Bounds


@dataclass(frozen=True)
class ReadLetter(_OnLetter):
    """To read a letter: its text and where it is from, as JSON."""


@dataclass(frozen=True)
class ExtractLetter(_OnLetter):
    """To read a letter and extract it by the rules: the extraction as JSON."""


@dataclass(frozen=True)
class PageImage:
    """To show page `number` of a PDF: a PNG, at `scale` times 72 dots per inch."""

    contents: bytes
    number: int
    scale: float


@dataclass(frozen=True)
class PageBoxes:
    """To find stretches of the text of page `number` of a PDF: their boxes as JSON."""

    contents: bytes
    number: int
    spans: tuple[tuple[int, int], ...]


WorkerJob: TypeAlias = ReadLetter | ExtractLetter | PageImage | PageBoxes
"""What a worker is asked to do."""


def _read(job: _OnLetter) -> Letter:
    """The letter, if it is within the service's bounds."""
    bounds, source = job.bounds, job.source
    if isinstance(source, bytes) and is_pdf(source):
        pages = count_pages(source)
        if pages > bounds.max_pages:
            raise TooManyPages(
                f"the PDF has {pages} pages, over the limit of {bounds.max_pages}: "
                "send one letter at a time"
            )
    letter = read_letter(source, settings=bounds.settings, letter_id=job.letter_id)
    if len(letter.text) > bounds.max_characters:
        raise LetterTooLarge(
            f"the letter has {len(letter.text):,} characters, over the limit of "
            f"{bounds.max_characters:,}: send one letter at a time"
        )
    return letter


def _read_as_json(job: ReadLetter) -> bytes:
    letter = _read(job)
    parts = {
        "text": letter.text,
        "source": letter.source.model_dump(mode="json"),
        "page_starts": letter.page_starts,
        "warnings": [warning.model_dump(mode="json") for warning in letter.warnings],
    }
    return json.dumps(parts).encode()


def _done(job: WorkerJob) -> bytes:
    """The answer to `job`."""
    match job:
        case ExtractLetter():
            extraction = extract_record(_read(job), settings=job.bounds.settings)
            return extraction.model_dump_json().encode()
        case ReadLetter():
            return _read_as_json(job)
        case PageImage():
            return page_image(job.contents, job.number, scale=job.scale)
        case PageBoxes():
            return json.dumps(page_boxes(job.contents, job.number, job.spans)).encode()


def do(job: WorkerJob) -> tuple[bytes, bytes]:
    """Status and answer for `job`; a named failure is an answer too."""
    try:
        return DONE, _done(job)
    except WorkFailed as error:
        return FAILED, error.message.encode()
    except ExtractError as error:
        failure = {"reason": error.reason, "message": error.message}
        return REFUSED, json.dumps(failure).encode()
    except Exception as error:  # noqa: BLE001  # a fault of ours; its message may quote the letter
        return FAILED, type(error).__name__.encode()


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Answer jobs until the pipe closes."""
    while head := jobs.read(4):
        job: WorkerJob = pickle.loads(jobs.read(struct.unpack("!I", head)[0]))
        status, answer = do(job)
        answers.write(struct.pack("!I", len(answer) + 1) + status + answer)
        answers.flush()


def confine() -> None:
    """No file is written, no core dumped, and memory has an end."""
    for limit, value in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MOST_MEMORY),
    ):
        with suppress(ValueError, OSError):  # a lower limit is set already
            resource.setrlimit(limit, (value, value))


def main() -> None:
    """Be a worker."""
    import pypdfium2  # noqa: F401  # loaded before files can no longer be written

    confine()
    with suppress(KeyboardInterrupt):
        serve(sys.stdin.buffer, sys.stdout.buffer)
