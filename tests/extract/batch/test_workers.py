"""A pool that loses no task, whatever happens to its processes."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.batch.errors import WorkersCannotStart
from extract.batch.workers import Lost, WorkerPool
from tests.extract.batch import faults, jobs


def test_every_task_is_done_once() -> None:
    with WorkerPool(faults.double, 2, timeout_s=60) as pool:
        done = sorted(
            result for result in pool.run(iter(range(200))) if isinstance(result, int)
        )
    assert done == [2 * number for number in range(200)]


def test_a_task_that_kills_its_worker_is_lost_alone_after_a_second_try() -> None:
    retried: list[int] = []
    with WorkerPool(
        faults.die_on_seven,
        2,
        timeout_s=60,
        on_retry=lambda task, hung: retried.append(task),
    ) as pool:
        results = list(pool.run(iter(range(100))))
    assert [result for result in results if isinstance(result, Lost)] == [Lost(7, hung=False)]
    assert sorted(result for result in results if isinstance(result, int)) == [
        2 * number for number in range(100) if number != 7
    ]
    assert retried == [7]


def test_a_task_whose_worker_dies_once_is_done_at_the_second_try(tmp_path: Path) -> None:
    tasks = [(number, str(tmp_path / str(number))) for number in range(30)]
    with WorkerPool(faults.die_once, 2, timeout_s=60) as pool:
        results = list(pool.run(iter(tasks)))
    assert sorted(r for r in results if isinstance(r, int)) == [2 * n for n in range(30)]


def test_a_hanging_worker_is_replaced() -> None:
    with WorkerPool(faults.hang_on_seven, 1, timeout_s=0.3) as pool:
        results = list(pool.run(iter(range(20))))
    assert [result for result in results if isinstance(result, Lost)] == [Lost(7, hung=True)]
    assert len(results) == 20


def test_workers_killed_from_outside_cost_nothing() -> None:
    with WorkerPool(faults.double, 2, timeout_s=60) as pool:
        results: list[object] = []
        for count, result in enumerate(pool.run(iter(range(2_000)))):
            results.append(result)
            if count % 400 == 100:
                os.kill(next(iter(pool._workers)).process.pid, signal.SIGKILL)
    assert len(results) == 2_000
    assert len({result for result in results if isinstance(result, int)}) == 2_000


@pytest.mark.parametrize(
    ("work", "tasks", "size"),
    [
        (faults.grow, [1_000_000] * 40, 1_000_000),
        (faults.take_large, [bytes(3_000_000)] * 12, 3_000_000),
        (faults.take_large, [bytes(30_000)] * 100, 30_000),
    ],
)
def test_messages_larger_than_a_pipe_do_not_block(
    work: Callable[[Any], Any], tasks: list[Any], size: int
) -> None:
    with WorkerPool(work, 2, timeout_s=60) as pool:
        results: list[Any] = list(pool.run(iter(tasks)))
    assert [len(result) for result in results] == [size] * len(tasks)


def test_stopping_finishes_what_was_begun_and_begins_no_more() -> None:
    asked: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100_000):
            asked.append(number)
            yield number

    with WorkerPool(faults.double, 2, timeout_s=60) as pool:
        results: list[object] = []
        for result in pool.run(tasks(), is_stopped=lambda: len(results) >= 50):
            results.append(result)
    assert 50 <= len(results) == len(asked) < 200


def test_workers_that_cannot_start_end_the_run_with_a_sentence() -> None:
    with (
        WorkerPool(faults.Unloadable(), 1, timeout_s=60) as pool,
        pytest.raises(WorkersCannotStart, match="memory"),
    ):
        list(pool.run(iter(range(5))))


def test_a_machine_that_takes_no_more_processes_is_said_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr("extract.batch.workers.subprocess.Popen", refuse)
    with pytest.raises(WorkersCannotStart, match="fewer --workers"):
        WorkerPool(faults.double, 1, timeout_s=60)


def test_a_worker_in_the_middle_of_a_task_ends_with_its_parent() -> None:
    program = (
        "import os, sys, time; from extract.batch import workers\n"
        "from tests.extract.batch import faults\n"
        "workers._TICK_S = 0.1\n"
        "pool = workers.WorkerPool(faults.hang_on_seven, 1, timeout_s=600)\n"
        "rounds = pool.rounds(iter([7]), is_stopped=lambda: False)\n"
        "while not any(worker.jobs for worker in pool._workers): next(rounds)\n"
        "print(*(worker.process.pid for worker in pool._workers), flush=True)\n"
        "time.sleep(1); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=jobs.ROOT, capture_output=True, check=False
    )
    worker = int(ended.stdout)
    deadline = time.monotonic() + 30
    while _is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _is_alive(worker)


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
