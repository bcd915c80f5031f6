"""Reads a letter: from a file, from a file's contents, or from text. Never guesses which."""

import codecs
import errno
import hashlib
import os
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from extract import pdf
from extract.errors import (
    LetterEmpty,
    LetterIsFolder,
    LetterIsPath,
    LetterNotFound,
    LetterTooLarge,
    LetterUnreadable,
    NotText,
    ReadError,
    path_problem,
    unforeseen,
)
from extract.result import ExtractionWarning, Source
from extract.settings import MEGABYTE, Settings

LETTER_SUFFIXES = (".txt", ".pdf")
_LONGEST_PATH = 4096

# Control characters that no text has; form feeds and the like are not among them.
_CONTROL = bytes([*range(9), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_JUNK_SHARE = 0.005
"""A text with more control characters than this is no text: measured, letters have none."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was read.

    Args:
        text: as it was handed in; every offset of an extraction counts in it. Pages of
            a PDF are joined by a form feed.
        source: where it came from.
        page_starts: the offset at which each page begins; one page for plain text.
        warnings: what was odd about the reading.
    """

    text: str
    source: Source
    page_starts: tuple[int, ...] = (0,)
    warnings: tuple[ExtractionWarning, ...] = ()

    @property
    def id(self) -> str:
        """The name by which results speak of the letter."""
        return self.source.id

    def page_of(self, offset: int) -> int | None:
        """The page, from 1, on which `offset` lies; `None` where pages are not known."""
        if self.source.pages is None:
            return None
        return bisect_right(self.page_starts, offset)


def read_letter(
    source: Path | bytes | str,
    *,
    settings: Settings | None = None,
    letter_id: str | None = None,
) -> Letter:
    """Return the letter that `source` holds.

    Args:
        source: a `Path` is a file, `bytes` are a file's contents, a `str` is the text;
            one line that ends in .txt or .pdf is a path, and refused.
        letter_id: the letter's name; by default the file's stem, or the first 16
            characters of the SHA-256 of what was handed in.

    Raises:
        ReadError: one of its classes, with a sentence that says what to do.
        WorkFailed: reading broke: a bug.
        TypeError: `source` is none of the three.
    """
    settings = settings or Settings()
    if isinstance(source, Path):
        letter_id = letter_id or spelt_out(source.stem)
        data, path = _read_file(source, settings.max_bytes, letter_id), str(source)
    elif isinstance(source, bytes):
        data, path = source, None
    elif isinstance(source, str):
        data, path = source.encode("utf-8", "surrogatepass"), None
    else:
        raise TypeError(
            "a letter is a pathlib.Path (a file), bytes (a file's contents) or a str "
            f"(the text), not {type(source).__name__}"
        )
    digest = hashlib.sha256(data).hexdigest()
    letter_id = letter_id or digest[:16]
    if len(data) > settings.max_bytes:
        raise too_large(settings.max_bytes, letter_id=letter_id)
    try:
        if isinstance(source, str):
            _refuse_path(source)
            return _letter_of_text(source, letter_id, path, digest)
        if pdf.is_pdf(data):
            return _letter_of_pdf(data, letter_id, path, digest)
        text, warnings = _decode(data)
        return _letter_of_text(text, letter_id, path, digest, warnings)
    except ReadError as error:
        error.letter_id = letter_id
        raise
    except Exception as error:  # noqa: BLE001  a bug, whatever it is
        failure = unforeseen(error, letter_id=letter_id)
    raise failure  # here it has no context, which could quote the letter


def spelt_out(name: str) -> str:
    """`name`; bytes in it that are no UTF-8 are spelt out, as no result can hold them."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _read_file(path: Path, max_bytes: int, letter_id: str) -> bytes:
    if spelt_out(str(path)) != str(path):
        raise LetterUnreadable("the file's name is not UTF-8: rename it", letter_id=letter_id)
    try:
        return read_regular(str(path), max_bytes)
    except IsADirectoryError as error:
        raise LetterIsFolder(
            f"{path} is a folder: name a file, or use `imr batch` for a folder",
            letter_id=letter_id,
        ) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise LetterNotFound(
            f"there is no file at {path}: check the path", letter_id=letter_id
        ) from error
    except (OSError, ValueError) as error:
        raise unreadable(str(path), error, letter_id=letter_id) from error


_BLOCK = 1 << 16
_AT_ONCE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opens without waiting for somebody who writes into a pipe; bytes as they are."""


def read_regular(path: str, most: int) -> bytes:
    """The contents of the regular file at `path`; of a larger one `most` bytes and one more.

    Raises:
        OSError: it cannot be read, or is a pipe or a device, which would have no end.
        ValueError: no path can be like this.
    """
    file = os.open(path, _AT_ONCE)
    try:
        status = os.fstat(file)
        if S_ISDIR(status.st_mode):
            raise OSError(errno.EISDIR, "a folder", path)
        if not S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "a pipe or a device, no regular file", path)
        pieces = [os.read(file, min(status.st_size, most) + 1)]
        read = len(pieces[0])
        # Less than its size was read so far, or it has grown since.
        while read != status.st_size and read <= most and (more := os.read(file, _BLOCK)):
            pieces.append(more)
            read += len(more)
        return b"".join(pieces)[: most + 1]
    finally:
        os.close(file)


def unreadable(
    path: str, error: Exception, *, letter_id: str | None = None
) -> LetterUnreadable:
    """The failure of a file that the system does not hand over."""
    return LetterUnreadable(
        f"{path} cannot be read ({path_problem(error)}): check the permissions and the path",
        letter_id=letter_id,
    )


def too_large(max_bytes: int, *, letter_id: str | None = None) -> LetterTooLarge:
    """The refusal of a letter over the size limit."""
    return LetterTooLarge(
        f"the letter is over the limit of {max_bytes / MEGABYTE:g} MB: raise it (--max-mb, "
        "max_bytes) if it really is one letter",
        letter_id=letter_id,
    )


def _refuse_path(text: str) -> None:
    """Refuse a text that has a path's form, whether or not a file is there.

    The disk is not asked: a caller of the service must not learn which files there are.

    Raises:
        LetterIsPath: it is one line, of a path's length, that ends like a letter's file.
    """
    if len(text) > _LONGEST_PATH:
        return
    line = text.strip()
    if line.lower().endswith(LETTER_SUFFIXES) and len(line.splitlines()) == 1:
        raise LetterIsPath(
            "the text is the path of a file and no letter: hand in pathlib.Path(...) for the "
            "file, or the letter's own words"
        )


def _letter_of_text(
    text: str,
    letter_id: str,
    path: str | None,
    digest: str,
    warnings: tuple[ExtractionWarning, ...] = (),
) -> Letter:
    if not text or text.isspace():
        raise LetterEmpty("the letter is empty: there is nothing to extract")
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise NotText(
            "the text holds half a character: decode it from its source anew"
        ) from error
    if len(data) - len(data.translate(None, _CONTROL)) > len(text) * _JUNK_SHARE:
        raise NotText("the letter is neither a PDF nor a text: hand in .pdf or .txt")
    starts = _page_starts(text)
    pages = len(starts) if len(starts) > 1 else None
    source = Source(id=letter_id, path=path, sha256=digest, pages=pages)
    return Letter(text, source, starts, warnings)


def _page_starts(text: str) -> tuple[int, ...]:
    """The offset of each page: form feeds part them."""
    if "\f" not in text:
        return (0,)
    behind = [match.end() for match in re.finditer("\f", text)]
    return (0, *(start for start in behind if start < len(text)))


def _letter_of_pdf(data: bytes, letter_id: str, path: str | None, digest: str) -> Letter:
    pages = pdf.read_pages(data)
    starts, at = [], 0
    for page in pages:
        starts.append(at)
        at += len(page) + 1
    source = Source(id=letter_id, path=path, sha256=digest, pages=len(pages))
    return Letter("\f".join(pages), source, tuple(starts), _textless(pages))


def _textless(pages: Sequence[str]) -> tuple[ExtractionWarning, ...]:
    """A warning if some of `pages` have no text: they may be scanned."""
    numbers = [str(number) for number, page in enumerate(pages, 1) if not page.strip()]
    if not numbers:
        return ()
    message = (
        f"no text on page {', '.join(numbers)} of {len(pages)}: if that is a scan, run OCR "
        "first (e.g. ocrmypdf)"
    )
    return (ExtractionWarning(code="pages_without_text", message=message),)


def _decode(data: bytes) -> tuple[str, tuple[ExtractionWarning, ...]]:
    """The text of `data`: by its byte order mark, else UTF-8, else CP1252 with a warning.

    Raises:
        NotText: it cannot be a text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise NotText("the letter is a broken UTF-16 text: save it as UTF-8") from error
    if b"\x00" in data:
        raise NotText("the letter is neither a PDF nor a text: hand in .pdf or .txt")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        return text, (
            ExtractionWarning(
                code="encoding_assumed",
                message="the text is not UTF-8 and was read as CP1252",
            ),
        )
