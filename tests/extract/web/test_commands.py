"""`imr serve` and `imr review` refuse in words what they cannot do."""

import socket
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from extract.web.commands import mount

app = typer.Typer()
mount(app)


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), env=environment)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["serve", "--host", "0.0.0.0"], {}, "set bearer tokens in IMR_TOKENS"),
        (["serve", "--token-file", "none"], {}, "cannot be read"),
        (["serve"], {"IMR_TOKENS": "short"}, "shorter than 20 characters"),
        (["serve", "--timeout", "0"], {}, "timeout_s must be a number above 0"),
        (["serve", "--timeout", "nan"], {}, "timeout_s must be a number above 0"),
        (["review", "nowhere"], {}, "nothing is at nowhere"),
        (["review", ".", "--host", "0.0.0.0"], {}, "set bearer tokens"),
        (["review", ".", "--reviewer", "../x"], {}, "a reviewer's name has letters"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run(*arguments, **environment)
    assert code == 2
    assert message in " ".join(said.split())


@pytest.mark.parametrize("command", [["serve"], ["review", ".", "--reviewer", "r"]])
def test_a_port_that_is_taken_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    (tmp_path / "letter.txt").write_text("words")
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = run(*command, "--port", str(port))
    assert (code, f"cannot listen at 127.0.0.1 port {port}" in said) == (2, True)


def test_a_folder_that_cannot_hold_the_review_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("words")
    (tmp_path / "file").write_text("")
    arguments = ("review", str(tmp_path), "--reviewer", "r", "--port", "0", "--out")
    code, said = run(*arguments, str(tmp_path / "file"))
    assert (code, "cannot hold the review (File exists)" in said) == (2, True)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "review.sqlite").write_text("no store")
    code, said = run(*arguments, str(tmp_path / "out"))
    assert (code, "no review store or is damaged" in said) == (2, True)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "extract.web.app", None)
    code, said = run("serve")
    assert (code, "pip install 'imr-extract[serve]'" in said) == (2, True)


def test_a_folder_without_letters_is_named(tmp_path: Path) -> None:
    code, said = run("review", str(tmp_path), "--out", str(tmp_path / "out"))
    assert (code, "holds no letter" in said) == (2, True)


def test_a_run_of_another_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_text("{}\n")
    code, said = run("review", str(tmp_path))
    assert (code, "line 1 is no extraction of this version" in said) == (2, True)
