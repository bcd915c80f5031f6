"""Real `imr batch` processes over real letters, to be killed and started again."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.letters import write_folder
from extract import extract_record
from extract.batch.errors import BatchError
from extract.batch.status import read_status
from tests.extract.model.replies import reply_for

ROOT = Path(__file__).parents[3]

_MAIN = "import imr; imr.main()"


def start(
    *arguments: object, prelude: str = "", environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """`imr batch` with `arguments`, at work in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", prelude + _MAIN, "batch", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )


_AFTER = """
import os
from extract.batch.engine import Saver
add = Saver.add
def add_and_then(self, result):
    add(self, result)
    if self.done == {count}:
        {then}
Saver.add = add_and_then
"""


def kill_after(count: int) -> str:
    """A prelude: the process is killed once so many letters have come back."""
    return _AFTER.format(count=count, then="os.kill(os.getpid(), 9)")


def signal_group_after(count: int, number: int) -> str:
    """A prelude: the whole process group gets a signal once so many letters have come back."""
    return _AFTER.format(count=count, then=f"os.killpg(0, {int(number)})")


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code and all that was said."""
    out, err = process.communicate()
    return process.returncode, out + err


def wait_until_done(process: subprocess.Popen[str], run: Path, least: int) -> int:
    """Wait until so many letters are stored (or the process has ended); how many are."""
    done = 0
    while done < least and process.poll() is None:
        time.sleep(0.01)
        done = _done(run)
    return done


def wait_until(process: subprocess.Popen[str], is_so: Callable[[], bool]) -> None:
    """Wait until something is so (or the process has ended)."""
    while not is_so() and process.poll() is None:
        time.sleep(0.005)


@cache
def reply_by_the_rules(message: str) -> dict[str, Any]:
    """A reply that says what the rules find: made up for tests, no model's."""
    letter = message.split("\n", 1)[1].rsplit("\n", 1)[0]
    return reply_for(letter, extract_record(letter).record.model_dump(mode="json"))


def make_folder(folder: Path, count: int) -> Path:
    """A folder of so many letters, none like another."""
    return write_folder(folder, count)


def same_outputs(first: Path, second: Path) -> bool:
    """Whether two runs wrote the same, byte by byte, in all that people read."""
    names = ["records.jsonl", "cases.csv", "items.csv", "citations.csv", "failures.jsonl"]
    return all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def _done(run: Path) -> int:
    try:
        return read_status(run).done
    except BatchError:
        return 0
