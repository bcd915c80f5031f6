"""A process that parses letters for the service: job in, answer out, over its pipes.

Letters come from strangers and a PDF library is native code: a crash, a hang or a flood of
memory ends here, in a process of its own that writes no file, and costs one letter.
pdfium must also never run in two threads at once; here there is one.

A frame is 4 bytes of length and the content. A job is a pickled `Job` (the service is
trusted); an answer is a status byte and plain bytes, never a pickle (a parser that read a
hostile file is not).
"""

import json
import pickle
import resource
import struct
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from extract import extract_record, read_letter
from extract.errors import ExtractError, LetterTooLarge, PdfBroken, WorkFailed
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
class Job:
    """What a worker is asked to do.

    Args:
        task: `extract`, `read`, `page_image`, `page_boxes`.
        source: a letter's text, or a file's contents.
        options: what the task needs besides.
    """

    task: str
    source: str | bytes
    options: Mapping[str, Any]


def _read(job: Job) -> Letter:
    """The letter, if it is within the service's bounds."""
    options, source = job.options, job.source
    if isinstance(source, bytes) and is_pdf(source):
        pages = count_pages(source)
        if pages > options["max_pages"]:
            raise TooManyPages(
                f"the PDF has {pages} pages, over the limit of {options['max_pages']}: "
                "send one letter at a time"
            )
    letter = read_letter(source, settings=options["settings"], letter_id=options.get("id"))
    if len(letter.text) > options["max_characters"]:
        raise LetterTooLarge(
            f"the letter has {len(letter.text):,} characters, over the limit of "
            f"{options['max_characters']:,}: send one letter at a time"
        )
    return letter


def _extract(job: Job) -> bytes:
    settings: Settings = job.options["settings"]
    return extract_record(_read(job), settings=settings).model_dump_json().encode()


def _read_as_json(job: Job) -> bytes:
    letter = _read(job)
    parts = {
        "text": letter.text,
        "source": letter.source.model_dump(mode="json"),
        "page_starts": letter.page_starts,
        "warnings": [warning.model_dump(mode="json") for warning in letter.warnings],
    }
    return json.dumps(parts).encode()


def _page_image(job: Job) -> bytes:
    return page_image(_contents(job), job.options["page"], scale=job.options["scale"])


def _page_boxes(job: Job) -> bytes:
    spans = [(int(start), int(end)) for start, end in job.options["spans"]]
    return json.dumps(page_boxes(_contents(job), job.options["page"], spans)).encode()


def _contents(job: Job) -> bytes:
    if isinstance(job.source, str):
        raise PdfBroken("only a PDF has pages to show")
    return job.source


TASKS: Mapping[str, Callable[[Job], bytes]] = {
    "extract": _extract,
    "read": _read_as_json,
    "page_image": _page_image,
    "page_boxes": _page_boxes,
}


def do(job: Job) -> tuple[bytes, bytes]:
    """Status and answer for `job`; a named failure is an answer too."""
    try:
        return DONE, TASKS[job.task](job)
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
        job: Job = pickle.loads(jobs.read(struct.unpack("!I", head)[0]))
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
