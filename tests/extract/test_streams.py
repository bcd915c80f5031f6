"""A command's streams may be closed, full, or read by nobody: its exit code tells the truth."""

import json
import os
import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

IMR = [sys.executable, "-c", "import imr; imr.main()"]


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stop_no_run(
    letter_paths: list[Path], tmp_path: Path, closed: str
) -> None:
    command = [*IMR, "batch", str(letter_paths[0].parent), "--out", str(tmp_path / "run")]
    script = f'exec "$@" {closed}'
    run = subprocess.run(["sh", "-c", script, "sh", *command], stdout=PIPE, check=False)
    assert run.returncode == 0
    assert (b"5 of 5 letters" in run.stdout) == (closed == "2>&-")
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "finished"


def test_an_output_that_nobody_reads_is_no_failure_of_letters(
    letter_paths: list[Path],
) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [*IMR, "extract", str(letter_paths[0])]
    run = subprocess.run(command, stdout=write, stderr=PIPE, check=False, timeout=60)
    os.close(write)
    assert (run.returncode, run.stderr) == (141, b"")


def test_an_output_that_is_full_is_a_sentence(letter_paths: list[Path]) -> None:
    command = [*IMR, "extract", str(letter_paths[0])]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(command, stdout=full, stderr=PIPE, check=False, timeout=60)
    assert run.returncode == 2
    assert run.stderr.startswith(b"imr: the output cannot be written")
    assert run.stderr.count(b"\n") == 1


def test_messages_that_cannot_be_written_end_a_command(letter_paths: list[Path]) -> None:
    command = [*IMR, "extract", "nowhere", str(letter_paths[0])]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(command, stdout=PIPE, stderr=full, check=False, timeout=60)
    assert run.returncode == 2


def test_a_report_that_is_full_is_a_sentence(letter_paths: list[Path]) -> None:
    folder = letter_paths[0].parent
    command = [*IMR, "eval", "--gold", str(folder), "--labels", str(folder.parent / "labels")]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(command, stdout=full, stderr=PIPE, check=False, timeout=60)
    assert run.returncode == 2
    assert run.stderr.startswith(b"imr: the output cannot be written")


def test_a_folder_that_is_gone_stops_no_run(letter_paths: list[Path], tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = [*IMR, "batch", str(letter_paths[0]), "--out", str(tmp_path / "run")]
    script = 'rmdir "$PWD" && exec "$@"'
    run = subprocess.run(
        ["sh", "-c", script, "sh", *command], cwd=gone, stderr=DEVNULL, check=False
    )
    assert run.returncode == 0
