"""Every command ends alike: one sentence that names the reason; 2, or 1 if a letter failed."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import imr
from extract.cli import app
from tests.conftest import ROOT

LETTER = str(ROOT / "gold/letters/imr-001.txt")
RUN, EMPTY, OUT = "RUN", "EMPTY.txt", "OUT"
"""A folder without anything, a letter without words, what is not there yet."""

MODEL = ("--model", "m")

SETTINGS = [
    ["extract", LETTER],
    ["prompt", LETTER],
    ["batch", LETTER, "--out", OUT],
    ["batch", LETTER, "--out", OUT, "--dry-run"],
    ["batch", "submit", LETTER, "--out", OUT],
    ["batch", "poll", RUN],
    ["batch", "collect", RUN],
    ["serve"],
    ["eval", "--gold", "gold/letters", "--labels", "gold/labels"],
    ["eval", "calibrate", "--out", OUT],
]
"""Commands that read the environment's settings."""

ENDS: list[tuple[list[str], int, str]] = [
    (["extract", LETTER, "--min-confidence", "7"], 2, "SettingsInvalid"),
    (["extract", LETTER, "--method", "model"], 2, "NoModel"),
    (["extract", LETTER, *MODEL], 2, "SettingsInvalid"),
    (["extract", EMPTY], 1, "LetterEmpty"),
    (["extract", EMPTY, "--dry-run"], 1, "LetterEmpty"),
    (["extract", "nowhere.txt"], 1, "LetterNotFound"),
    (["prompt", EMPTY], 1, "LetterEmpty"),
    (["prompt", "nowhere.txt"], 1, "LetterNotFound"),
    (["batch", "nowhere.txt", "--out", OUT], 2, "InputMissing"),
    (["batch", EMPTY, "--out", OUT, "--dry-run"], 1, "LetterEmpty"),
    (["batch", "status", RUN], 2, "NoRun"),
    (["batch", "export", RUN], 2, "NoRun"),
    (["batch", "export", RUN, "--shards", OUT], 2, "NoRun"),
    (["batch", "submit", LETTER, "--out", OUT], 2, "NoModel"),
    (["batch", "poll", RUN, *MODEL], 2, "NoRun"),
    (["batch", "collect", RUN, *MODEL], 2, "NoRun"),
    (["outcomes", RUN], 2, "NoRun"),
    (["serve", "--host", "0.0.0.0"], 2, "TokensMissing"),
    (["serve", "--max-mb", "0"], 2, "SettingsInvalid"),
    (["review", "nowhere", "--port", "0"], 2, "ReviewSourceUnusable"),
    (["eval", "--gold", "nowhere"], 2, "GoldInvalid"),
    (["eval", "--gate", EMPTY], 2, "GateInvalid"),
    (["eval", "--out", EMPTY], 2, "FileUnusable"),
    (["eval", "agreement", RUN, RUN], 2, "GoldInvalid"),
    (["eval", "calibrate", "--gold", "nowhere", "--out", OUT], 2, "GoldInvalid"),
    (["eval", "learn", "--gold", "nowhere", "--out", OUT], 2, "GoldInvalid"),
    (["eval", "words", "--gold", "nowhere", "--out", OUT], 2, "GoldInvalid"),
]


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / RUN).mkdir()
    (tmp_path / EMPTY).write_text(" ")
    (tmp_path / "gold").symlink_to(ROOT / "gold")
    monkeypatch.chdir(tmp_path)


def _end(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """The code with which `imr ARGUMENTS` ends."""
    monkeypatch.setattr(sys, "argv", ["imr", *arguments])
    with pytest.raises(SystemExit) as end:
        imr.main()
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize(("arguments", "code", "reason"), ENDS)
def test_a_command_ends_with_one_sentence_and_its_reason(
    arguments: list[str],
    code: int,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _end(arguments, monkeypatch) == code
    assert re.match(rf"imr: .+ \[{reason}\]\n(  .+\n)*\Z", capsys.readouterr().err)


@pytest.mark.parametrize("arguments", SETTINGS)
def test_a_variable_that_cannot_be_meant_is_wrong_use_everywhere(
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("IMR_METHOD", "foo")
    assert _end(arguments, monkeypatch) == 2
    said = capsys.readouterr().err
    assert re.fullmatch(r"imr: IMR_METHOD cannot be read: .+ \[SettingsInvalid\]\n", said)


def _commands(command: Any, name: str = "") -> Iterator[str]:
    yield name
    for each, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{name} {each}".strip())


def test_every_command_is_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    _end(["--version"], monkeypatch)  # mounts all
    rows = [" ".join(arguments) for arguments, *_ in ENDS]
    missing = {
        name
        for name in _commands(typer.main.get_command(app))
        if not any(row.startswith(name.removesuffix(" run")) for row in rows)
    }
    assert missing == {"schema"}  # which needs nothing that could be wrong
