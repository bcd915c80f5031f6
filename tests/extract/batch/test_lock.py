"""Two runs on one folder: the second is refused, by a lock that a crash releases."""

import fcntl
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from extract.batch.errors import RunLocked, StoreFailed
from extract.batch.lock import LOCK, hold_lock, is_locked

HOLD = """
import sys, time
from pathlib import Path
from extract.batch.lock import hold_lock
with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_run_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    with first:
        assert first.stdout
        assert first.stdout.readline() == b"held\n"
        assert is_locked(tmp_path)
        with (
            pytest.raises(RunLocked, match=f"process {first.pid}"),
            hold_lock(tmp_path),
        ):
            pass
        first.send_signal(signal.SIGKILL)
    with hold_lock(tmp_path):
        assert is_locked(tmp_path)
    assert not is_locked(tmp_path)


def test_a_look_at_the_lock_keeps_nobody_out(tmp_path: Path) -> None:
    with (tmp_path / LOCK).open("wb") as look:
        fcntl.flock(look, fcntl.LOCK_SH)
        threading.Timer(0.1, look.close).start()
        with hold_lock(tmp_path):
            assert is_locked(tmp_path)


def test_a_file_cannot_be_a_runs_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a shopping list")
    with pytest.raises(StoreFailed, match="another --out"), hold_lock(tmp_path / "taken"):
        pass
