"""`imr review` refuses in words what it cannot do."""

import socket
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from extract.review.commands import review

app = typer.Typer()
app.command()(review)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with something like a letter."""
    (tmp_path / "letter.txt").write_text("words")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nothing is at nowhere"),
        ([".", "--host", "0.0.0.0"], "set bearer tokens"),
        ([".", "--reviewer", "../x"], "a reviewer's name has letters"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(*arguments, "--port", "0")
    assert code == 2
    assert message in " ".join(said.split())


def test_a_port_that_is_taken_is_named(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = run(str(folder), "--reviewer", "r", "--port", str(port))
    assert (code, f"cannot listen at 127.0.0.1 port {port}" in said) == (2, True)


def test_a_folder_that_cannot_hold_the_review_is_named(folder: Path) -> None:
    (folder / "file").write_text("")
    arguments = (str(folder), "--reviewer", "r", "--port", "0", "--out")
    code, said = run(*arguments, str(folder / "file"))
    assert (code, "cannot hold the review (File exists)" in said) == (2, True)
    (folder / "out").mkdir()
    (folder / "out" / "review.sqlite").write_text("no store")
    code, said = run(*arguments, str(folder / "out"))
    assert (code, "no review store or is damaged" in said) == (2, True)


def test_a_missing_library_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "extract.review.app", None)
    code, said = run(str(folder), "--port", "0")
    assert (code, "pip install 'imr-extract[serve]'" in said) == (2, True)


def test_a_folder_without_letters_is_named(tmp_path: Path) -> None:
    code, said = run(str(tmp_path), "--out", str(tmp_path / "out"), "--port", "0")
    assert (code, "holds no letter" in said) == (2, True)


def test_a_run_of_another_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_text("{}\n")
    code, said = run(str(tmp_path), "--port", "0")
    assert (code, "line 1 is no extraction of this version" in said) == (2, True)
