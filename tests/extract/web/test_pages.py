"""Page images, and boxes that enclose the words they should."""

import io

import pytest
from PIL import Image

from extract import read_letter
from extract.errors import PdfBroken, PdfEncrypted
from extract.web.pages import Box, count_pages, page_boxes, page_image
from tests.extract.pdfs import make_pdf

PDF = make_pdf("first page", "The decision is Upheld.\nOn the second line: Overturned.")


def span_of(word: str) -> tuple[int, int]:
    letter = read_letter(PDF)
    start = letter.text.index(word) - letter.page_starts[1]
    return start, start + len(word)


def ink(box: Box) -> float:
    """The share of dark points within `box`."""
    image = Image.open(io.BytesIO(page_image(PDF, 2, scale=3))).convert("L")
    left, top, width, height = box
    area = image.crop(
        (
            int(left * image.width),
            int(top * image.height),
            int((left + width) * image.width),
            int((top + height) * image.height),
        )
    )
    return sum(area.histogram()[:128]) / (area.width * area.height)


def test_a_box_holds_its_words_ink() -> None:
    ((box,),) = page_boxes(PDF, 2, [span_of("Upheld")])
    assert ink(box) > 0.05
    left, top, width, height = box
    assert ink((left + 0.3, top, width, height)) == 0
    assert width < 0.2


def test_words_over_a_line_end_get_a_box_for_each_line() -> None:
    start, _ = span_of("Upheld")
    _, end = span_of("second")
    (boxes,) = page_boxes(PDF, 2, [(start, end)])
    assert len(boxes) == 2
    assert boxes[0][1] < boxes[1][1]


def test_each_span_gets_its_own_boxes() -> None:
    boxes = page_boxes(PDF, 2, [span_of("Upheld"), span_of("Overturned"), (10_000, 10_001)])
    assert [len(lines) for lines in boxes] == [1, 1, 0]


def test_pages_are_counted() -> None:
    assert (count_pages(PDF), count_pages(b"%PDF-1.7 broken")) == (2, 0)


def test_an_encrypted_pdf_is_said_to_need_its_password() -> None:
    locked = make_pdf("secret", password="pw")
    assert count_pages(locked) == 0
    with pytest.raises(PdfEncrypted, match="needs a password"):
        page_image(locked, 1, scale=1)


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_is_not_there_is_named(number: int) -> None:
    with pytest.raises(PdfBroken, match="2 pages"):
        page_image(PDF, number, scale=1)
