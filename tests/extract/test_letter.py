"""Reading: what is accepted, what is refused and in which words."""

import os
import stat
from pathlib import Path

import pytest

from extract import Settings, WorkFailed, errors, read_letter
from tests.extract.pdfs import make_pdf


def test_path_is_a_file_bytes_are_contents_str_is_text(tmp_path: Path) -> None:
    path = tmp_path / "CM14-0000001.txt"
    path.write_text("The letter")
    of_path, of_bytes, of_text = (
        read_letter(path),
        read_letter(b"The letter"),
        read_letter("The letter"),
    )
    assert of_path.text == of_bytes.text == of_text.text == "The letter"
    assert of_path.source.sha256 == of_bytes.source.sha256 == of_text.source.sha256
    assert of_path.id == "CM14-0000001"
    assert of_path.source.path == str(path)
    assert of_bytes.id == of_text.id == of_text.source.sha256[:16]


@pytest.mark.parametrize(
    "text", ["gold/letters/imr-001.txt", "nowhere.PDF", " C:\\letters\\one 2.pdf\n"]
)
def test_a_text_that_is_a_path_is_refused_whether_or_not_a_file_is_there(text: str) -> None:
    with pytest.raises(errors.LetterIsPath, match=r"pathlib\.Path\(") as caught:
        read_letter(text)
    assert caught.value.letter_id
    assert text.strip() not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "Upheld: see imr-001.txt for the rest.",
        "Decision: upheld.\nSource: imr-001.txt",
        "The request is denied. " * 200 + "See imr-001.pdf",
        "/etc/passwd",
        "gold/letters",
    ],
)
def test_a_text_that_only_speaks_of_a_file_is_a_text(text: str) -> None:
    assert read_letter(text).text == text
    assert read_letter(b"imr-001.txt").text == "imr-001.txt"


def test_anything_else_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"pathlib\.Path"):
        read_letter(17)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfplain", "plain"),
        ("na\u00efve".encode(), "na\u00efve"),
        ("wide".encode("utf-16"), "wide"),
    ],
)
def test_encodings_that_are_certain(data: bytes, text: str) -> None:
    letter = read_letter(data)
    assert letter.text == text
    assert not letter.warnings


def test_cp1252_is_assumed_and_said() -> None:
    letter = read_letter("the patient\u2019s knee".encode("cp1252"))
    assert letter.text == "the patient\u2019s knee"
    assert [warning.code for warning in letter.warnings] == ["encoding_assumed"]


def test_pages_of_a_pdf_survive() -> None:
    letter = read_letter(make_pdf("First page.", "Second page."))
    assert letter.source.pages == 2
    assert letter.page_of(letter.text.index("First")) == 1
    assert letter.page_of(letter.text.index("Second")) == 2


def test_form_feeds_are_pages_and_plain_text_has_none() -> None:
    letter = read_letter("one\ftwo\f")
    assert letter.source.pages == 2
    assert letter.page_of(4) == 2
    assert read_letter("one two").page_of(4) is None


def test_pages_without_text_are_told() -> None:
    (warning,) = read_letter(make_pdf("First", "", "Third", "")).warnings
    assert warning.code == "pages_without_text"
    assert "page 2, 4 of 4" in warning.message
    assert read_letter(make_pdf("First", "Second")).warnings == ()


def test_a_text_that_speaks_of_pdf_is_a_text() -> None:
    assert read_letter(b"The file began with %PDF-1.4, he says.").source.pages is None
    assert read_letter(b"\n" + make_pdf("First")).source.pages == 1


BAD_CONTENTS = [
    (b"", errors.LetterEmpty, "nothing to extract"),
    (b" \n\t\f ", errors.LetterEmpty, "nothing to extract"),
    (b"\x00\x01\x02\x03" * 50, errors.NotText, "neither a PDF nor a text"),
    (b"abc\x01\x02\x03def", errors.NotText, "neither a PDF nor a text"),
    (b"\xff\xfea", errors.NotText, "UTF-16"),
    (b"%PDF-1.7 and then nothing", errors.PdfBroken, "cannot be parsed"),
    (make_pdf(""), errors.TextLayerMissing, "run OCR first"),
    (make_pdf("secret", password="pw"), errors.PdfEncrypted, "needs a password"),
    (b"x" * 2001, errors.LetterTooLarge, "max_bytes"),
]


@pytest.mark.parametrize(("data", "kind", "words"), BAD_CONTENTS)
def test_bad_contents_are_named(
    data: bytes, kind: type[errors.ReadError], words: str, tmp_path: Path
) -> None:
    settings = Settings(max_bytes=2000 if data.startswith(b"x") else 10**6)
    path = tmp_path / "bad.pdf"
    path.write_bytes(data)
    for source in (data, path):
        with pytest.raises(kind, match=words) as caught:
            read_letter(source, settings=settings)
        assert type(caught.value) is kind
        assert caught.value.letter_id
        assert "secret" not in str(caught.value)


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(errors.LetterNotFound, match="check the path"):
        read_letter(tmp_path / "none.pdf")
    with pytest.raises(errors.LetterNotFound, match="check the path"):
        read_letter(tmp_path / "none.pdf" / "deeper.pdf")
    with pytest.raises(errors.LetterIsFolder, match="imr batch"):
        read_letter(tmp_path)
    with pytest.raises(errors.LetterUnreadable, match="check the permissions"):
        read_letter(Path("bad\0name"))


def test_an_error_survives_the_way_between_processes() -> None:
    import pickle

    error = errors.PdfBroken("export it again", letter_id="a")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.message, copy.letter_id) == (errors.PdfBroken, error.message, "a")
    assert copy.reason == "PdfBroken"


@pytest.mark.parametrize("change", [{"max_bytes": 0}, {"min_confidence": 1.5}])
def test_settings_that_cannot_be_meant_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(errors.SettingsInvalid, match="must"):
        Settings(**change)  # type: ignore[arg-type]


def test_a_file_that_grows_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Upheld. " * 20_000)
    short = os.stat_result((stat.S_IFREG, 0, 0, 1, 0, 0, 100, 0, 0, 0))
    monkeypatch.setattr("extract.letter.os.fstat", lambda _: short)
    assert read_letter(path).text == "Upheld. " * 20_000
    with pytest.raises(errors.LetterTooLarge):
        read_letter(path, settings=Settings(max_bytes=500))


def test_a_bug_in_reading_and_want_of_memory_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for error, kind in [
        (KeyError("words"), "ExtractorFailed"),
        (MemoryError(), "LetterOutOfMemory"),
    ]:

        def broken(_: bytes, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("extract.letter._decode", broken)
        with pytest.raises(WorkFailed) as caught:
            read_letter(b"a letter", letter_id="a")
        assert (caught.value.reason, caught.value.letter_id) == (kind, "a")
        assert "words" not in str(caught.value)


def test_a_name_that_no_result_can_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"bad\xff.txt")
    path.write_text("a letter")
    with pytest.raises(errors.LetterUnreadable, match="rename it") as raised:
        read_letter(path)
    assert raised.value.letter_id == r"bad\udcff"
