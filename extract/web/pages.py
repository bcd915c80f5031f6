"""How a page of a PDF looks, and where on it a stretch of its text stands.

Offsets are those of the page's text as `extract.pdf` reads it: pdfium's text with line
breaks made even. Boxes are fractions of the page's width and height, from the top left.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from extract.errors import PdfBroken, PdfEncrypted
from extract.pdf import opened, raw_offsets

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, width, height, each as a share of the page."""


@contextmanager
def _page(data: bytes, number: int) -> Iterator[Any]:
    with opened(data) as document:
        if not 1 <= number <= len(document):
            raise PdfBroken(f"the PDF has {len(document)} pages and no page {number}")
        page = document[number - 1]
        try:
            yield page
        finally:
            page.close()


def count_pages(data: bytes) -> int:
    """The number of pages; 0 where the PDF cannot be opened, which its reader will say."""
    try:
        with opened(data) as document:
            return len(document)
    except (PdfBroken, PdfEncrypted):
        return 0


def page_image(data: bytes, number: int, *, scale: float) -> bytes:
    """Page `number` (from 1) as a PNG, at `scale` times 72 dots per inch."""
    with _page(data, number) as page:
        bitmap = page.render(scale=scale)
        out = io.BytesIO()
        bitmap.to_pil().save(out, "PNG")
        return out.getvalue()


def page_boxes(data: bytes, number: int, spans: Sequence[tuple[int, int]]) -> list[list[Box]]:
    """For each span of the text of page `number`, the boxes that enclose it, line by line."""
    with _page(data, number) as page:
        width, height = page.get_size()
        text_page = page.get_textpage()
        try:
            raw = raw_offsets(text_page.get_text_range())
            return [
                list(_lines(text_page, _raw_span(raw, span), width, height)) for span in spans
            ]
        finally:
            text_page.close()


def _raw_span(raw: Sequence[int], span: tuple[int, int]) -> range:
    start, end = max(0, span[0]), min(len(raw), span[1])
    return range(raw[start], raw[end - 1] + 1) if start < end else range(0)


def _lines(text_page: Any, indices: range, width: float, height: float) -> Iterator[Box]:
    """One box for each line that the characters `indices` stand on."""
    current: list[float] | None = None
    for index in indices:
        left, bottom, right, top = text_page.get_charbox(index, loose=True)
        if right <= left or top <= bottom:
            continue  # a blank or a line break that the page does not draw
        if current and bottom < current[3] and top > current[1] and left >= current[0]:
            current[2], current[1] = max(current[2], right), min(current[1], bottom)
            current[3] = max(current[3], top)
            continue
        if current:
            yield _share(current, width, height)
        current = [left, bottom, right, top]
    if current:
        yield _share(current, width, height)


def _share(box: Sequence[float], width: float, height: float) -> Box:
    left, bottom, right, top = box
    return (
        round(left / width, 4),
        round(1 - top / height, 4),
        round((right - left) / width, 4),
        round((top - bottom) / height, 4),
    )
