"""Reads the text layer of a PDF, page by page, with pypdfium2.

pdfium returns the two-column case header row by row, takes about a millisecond a page,
and is permissively licensed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from extract.errors import PdfBroken, PdfEncrypted, TextLayerMissing

if TYPE_CHECKING:
    import pypdfium2

_SIGNATURE = b"%PDF-"
_SIGNATURE_WITHIN = 1024
"""Readers accept the signature anywhere in the first KiB (PDF 1.7, implementation note 13)."""

# pdfium writes U+FFFE for a hyphen at the end of a line and the break behind it.
_AS_PRINTED = {0xFFFE: "-\n", 0x0D: None, 0x02: "-\n"}


def raw_offsets(text: str) -> list[int]:
    """For each character of a page as it is read here, its index in pdfium's `text`."""
    read_as = ((at, _AS_PRINTED.get(ord(char), char) or "") for at, char in enumerate(text))
    return [at for at, read in read_as for _ in read]


def is_pdf(data: bytes) -> bool:
    """Whether `data` are the contents of a PDF file, not a text that speaks of one."""
    if data.startswith(_SIGNATURE):
        return True
    return _SIGNATURE in data[:_SIGNATURE_WITHIN] and b"startxref" in data


@contextmanager
def opened(data: bytes) -> Iterator["pypdfium2.PdfDocument"]:
    """The PDF file `data`, open until the block ends.

    Raises:
        PdfEncrypted: it needs a password.
        PdfBroken: it, or a page that the block asks for, cannot be parsed.
    """
    import pypdfium2  # costs 0.1 s: only when there is a PDF

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PdfEncrypted(
                "the PDF needs a password: save a copy without one and hand that in"
            ) from error
        raise PdfBroken("the PDF cannot be parsed: download or export it again") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise PdfBroken("a page of the PDF cannot be parsed: export it again") from error
    finally:
        document.close()


def read_pages(data: bytes) -> list[str]:
    """The text of each page.

    Raises:
        PdfEncrypted: it needs a password.
        PdfBroken: it cannot be parsed.
        TextLayerMissing: no page has any text.
    """
    with opened(data) as document:
        pages = [_page_text(document, number) for number in range(len(document))]
    if not any(page.strip() for page in pages):
        raise TextLayerMissing("the PDF has no text layer: run OCR first (e.g. ocrmypdf)")
    return pages


def _page_text(document: "pypdfium2.PdfDocument", number: int) -> str:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            text: str = text_page.get_text_range()
            return text.translate(_AS_PRINTED)
        finally:
            text_page.close()
    finally:
        page.close()
