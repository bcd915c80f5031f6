"""`imr extract` and `imr schema` as a user runs them: real processes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import extract.letter
import extract.pipeline
from extract import Extraction
from extract.cli import app
from extract.conclude import conclude
from extract.draft import Draft
from extract.letter import Letter
from schemas import CaseRecord
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always
from tests.extract.model.letters import REPLY
from tests.extract.pdfs import make_pdf


def imr(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command with `arguments`."""
    command = [sys.executable, "-c", "import imr; imr.main()", *arguments]
    known = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return subprocess.run(
        command, env=known, input=stdin, capture_output=True, check=False, timeout=60
    )


def test_piped_output_is_one_json_object_a_letter(letter_paths: list[Path]) -> None:
    run = imr("extract", *map(str, letter_paths[:2]))
    assert run.returncode == 0
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["imr-001", "imr-002"]
    assert list(lines[0])[:5] == ["id", "source", "method", "record", "evidence"]
    assert list(lines[0]["record"]) == list(json.loads(CaseRecord().model_dump_json()))


def test_a_name_that_is_not_utf_8_costs_no_other_letter(tmp_path: Path) -> None:
    names = ["one.txt", os.fsdecode(b"bad\xff.txt"), "two.txt"]
    for name in names:
        (tmp_path / name).write_text("IMR DECISION\nMRI: Upheld\n")
    run = imr("extract", *(str(tmp_path / name) for name in names))
    assert run.returncode == 1
    assert [json.loads(line)["id"] for line in run.stdout.splitlines()] == ["one", "two"]
    assert b"rename it [LetterUnreadable]" in run.stderr


@pytest.mark.parametrize("layout", ["card", "table"])
def test_a_letter_does_not_steer_the_terminal(
    letter_paths: list[Path], tmp_path: Path, layout: str
) -> None:
    forged = letter_paths[2].read_text().replace("Soma", "\x1b[8mSoma\x9b2J")
    (tmp_path / "odd\x1b[2J.txt").write_text(forged)
    (tmp_path / "empty\x1b[2J.txt").write_text("No letter at all.")
    run = imr("extract", *map(str, tmp_path.iterdir()), "nowhere\x1b[2J", "--format", layout)
    shown = (run.stdout + run.stderr).decode()
    assert "\\u001b[8mSoma\\u009b2J" in shown
    assert "nowhere\\u001b[2J: " in shown
    assert not re.search("[\x1b\x9b]", shown)


def test_a_prompt_is_json_whatever_the_letter_holds(
    letter_paths: list[Path], tmp_path: Path
) -> None:
    text = letter_paths[2].read_text().replace("Soma", "\x9bSoma")
    (tmp_path / "odd.txt").write_text(text)
    run = imr("prompt", str(tmp_path / "odd.txt"), "--json", "--model", "m")
    assert "Soma" in json.loads(run.stdout)["messages"][1]["content"]
    assert b"\xc2\x9b" not in run.stdout


def test_standard_input_is_a_letter(letter_paths: list[Path]) -> None:
    run = imr("extract", "-", "--json", stdin=letter_paths[0].read_bytes())
    (line,) = run.stdout.splitlines()
    assert json.loads(line)["id"] == "stdin"
    assert json.loads(line)["record"]["patient"]["age"] == 37


def test_card_shows_values_beside_their_evidence(letter_paths: list[Path]) -> None:
    run = imr("extract", "--format", "card", str(letter_paths[2]))
    shown = run.stdout.decode()
    for words in ("Soma 350mg #90", "UPHELD", "2007-07-11"):
        assert words in shown
    assert re.search(r"“07/11/2007” +9\d %", shown)


def test_table_shows_a_row_for_each_item(letter_paths: list[Path]) -> None:
    run = imr("extract", "--format", "table", *map(str, letter_paths))
    assert run.stdout.decode().count("upheld") == 8


def test_brackets_of_a_letter_are_no_markup(letter_paths: list[Path], tmp_path: Path) -> None:
    text = letter_paths[0].read_text("utf-8").replace("SPINE: Upheld", "SPINE [/b]: Upheld")
    path = tmp_path / "[bold]q.txt"
    path.write_text(text, encoding="utf-8")
    shown = imr("extract", "--format", "table", str(path)).stdout.decode()
    assert "[bold]q" in shown
    assert "[/b]" in shown


def test_table_leaves_no_letter_and_no_warning_out(
    letter_paths: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "milk.txt").write_text("Milk, bread, physical therapy.")
    arguments = [str(tmp_path / "milk.txt"), *map(str, letter_paths)]
    shown = imr("extract", "--format", "table", *arguments).stdout.decode()
    assert re.search(r"milk +– \(no items\)", shown)
    assert "milk ! no heading of a determination letter was found" in shown
    assert "physical_therapy" in shown


def test_version_is_told() -> None:
    assert re.fullmatch(rb"imr \d+\.\d+\.\d+, rules \d+\n", imr("--version").stdout)


BAD = [
    ("missing.pdf", None, "LetterNotFound"),
    ("folder", "folder", "LetterIsFolder"),
    ("empty.txt", b"", "LetterEmpty"),
    ("scan.pdf", make_pdf(""), "TextLayerMissing"),
    ("locked.pdf", make_pdf("secret", password="pw"), "PdfEncrypted"),
    ("broken.pdf", b"%PDF-1.4 broken", "PdfBroken"),
    ("large.txt", b"x" * 2_000_000, "LetterTooLarge"),
    ("junk.bin", b"\x00\x07" * 100, "NotText"),
]


@pytest.mark.parametrize(("name", "content", "reason"), BAD)
def test_a_bad_letter_is_named_and_stops_nothing(
    name: str,
    content: bytes | str | None,
    reason: str,
    tmp_path: Path,
    letter_paths: list[Path],
) -> None:
    bad = tmp_path / name
    if content == "folder":
        bad.mkdir()
    elif isinstance(content, bytes):
        bad.write_bytes(content)
    run = imr("extract", str(bad), str(letter_paths[0]), "--max-mb", "1")
    assert run.returncode == 1
    assert len(run.stdout.splitlines()) == 1
    message = run.stderr.decode()
    assert reason in message
    assert "Traceback" not in message
    assert "secret" not in message


def test_a_bug_over_one_letter_stops_nothing(
    letter_paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(draft: Draft, letter: Letter, *rest: Any, **more: Any) -> Extraction:
        if letter.id == "imr-001":
            raise KeyError("words of the letter")
        return conclude(draft, letter, *rest, **more)

    monkeypatch.setattr(extract.pipeline, "conclude", broken)
    run = CliRunner().invoke(app, ["extract", *map(str, letter_paths[:2]), "--json"])
    assert run.exit_code == 1
    assert [json.loads(line)["id"] for line in run.stdout.splitlines()] == ["imr-002"]
    assert "imr-001: the extractor broke with KeyError at test_cli.py" in run.stderr
    assert "words of the letter" not in run.output


def test_a_bug_over_reading_one_letter_stops_nothing(
    letter_paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str, letter_id: str, *rest: Any) -> Letter:
        if letter_id == "imr-001":
            raise KeyError("words of the letter")
        return letter_of_text(text, letter_id, *rest)

    letter_of_text = extract.letter._letter_of_text
    monkeypatch.setattr(extract.letter, "_letter_of_text", broken)
    run = CliRunner().invoke(app, ["extract", *map(str, letter_paths[:2]), "--json"])
    assert run.exit_code == 1
    assert [json.loads(line)["id"] for line in run.stdout.splitlines()] == ["imr-002"]
    assert "imr-001: the extractor broke with KeyError" in run.stderr
    assert "words of the letter" not in run.output


@pytest.mark.parametrize("flag", [["--model", "m"], ["--base-url", "http://x/v1"]])
def test_a_model_is_not_named_in_vain(letter_paths: list[Path], flag: list[str]) -> None:
    run = imr("extract", str(letter_paths[0]), *flag)
    assert run.returncode == 2
    assert b"--method model" in run.stderr


def test_a_dead_endpoint_is_told_and_costs_no_record(letter_paths: list[Path]) -> None:
    with socket.socket() as nobody:  # a port on which nobody answers
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/v1"
        known = {**os.environ, "IMR_ATTEMPTS": "1"}
        command = [sys.executable, "-c", "import imr; imr.main()", "extract", "--json"]
        asked = ["--method", "model", "--model", "m", "--base-url", url, str(letter_paths[0])]
        run = subprocess.run([*command, *asked], env=known, capture_output=True, check=False)
    assert run.returncode == 1
    assert b"the rules' record stands [EndpointUnreachable]" in run.stderr
    assert json.loads(run.stdout)["record"]["items"]


def test_ctrl_c_tells_what_is_waited_for_and_the_second_one_ends_it(
    letter_paths: list[Path],
) -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.HANG))) as endpoint:
        asked = ["--method", "model", "--model", "m", "--base-url", endpoint.url]
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", "import imr; imr.main()", "extract", "--json"),
                *(*asked, str(letter_paths[0])),
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr
        while not endpoint.requests and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert "waiting up to 60 s" in process.stderr.readline()
        time.sleep(0.5)  # as long as a person takes at least
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in said


@pytest.mark.parametrize("layout", ["json", "table"])
def test_ctrl_c_prints_what_was_under_way(letter_paths: list[Path], layout: str) -> None:
    with Endpoint(Plan(lambda _message: REPLY, latency_s=2.0)) as endpoint:
        asked = ["--method", "model", "--model", "m", "--base-url", endpoint.url]
        process = subprocess.Popen(
            [
                *(
                    sys.executable,
                    "-c",
                    "import imr; imr.main()",
                    "extract",
                    "--format",
                    layout,
                ),
                *(*asked, "--concurrency", "1", *map(str, letter_paths[:2])),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not endpoint.requests and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert letter_paths[0].stem in shown
    assert letter_paths[1].stem not in shown


def test_a_dry_run_names_what_cannot_be_read(letter_paths: list[Path]) -> None:
    stdin = letter_paths[0].read_bytes()
    run = imr("extract", "-", "nowhere.txt", "--dry-run", stdin=stdin)
    assert run.returncode == 1
    assert b"1 letters (1 unreadable)" in run.stdout
    assert b"nowhere.txt" in run.stderr


def test_settings_that_cannot_be_meant_exit_with_2(letter_paths: list[Path]) -> None:
    run = imr("extract", str(letter_paths[0]), "--min-confidence", "7")
    assert run.returncode == 2
    assert b"between 0 and 1" in run.stderr


def test_schema_is_the_records() -> None:
    run = imr("schema")
    assert json.loads(run.stdout) == CaseRecord.model_json_schema(mode="serialization")
