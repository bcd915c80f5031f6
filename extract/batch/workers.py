"""Spreads work over processes, and survives every way in which one of them can end.

The pools of the standard library hang (`multiprocessing.Pool`) or give up and return
nothing (`ProcessPoolExecutor`) when a worker is killed. This one knows at any moment which
task each worker is at: a worker that dies or hangs is replaced, the task that it was at
is given a second try when all others are done, the tasks that waited behind it go to
another worker.

Workers are plain subprocesses, not `multiprocessing`'s: those import the caller's main
script again, which fails in a notebook or a script without a main guard.
"""

import multiprocessing
import os
import pickle
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from extract.batch.errors import WorkersCannotStart

T = TypeVar("T")
R = TypeVar("R")

READY = "ready"

_WAITING = 4
"""Tasks sent ahead to each worker: it never waits for the parent."""

_WAITING_BYTES = 64_000
"""Less than a socket's buffer: a parent that fills it while the worker answers would hang."""

_TICK_S = 0.1
_ORPHANED_S = 2.0
"""How often a worker looks whether its parent is still there."""

_STILLBORN = 3
"""So many workers in a row that end before they are ready: it will not get better."""

_KILLED_FOR_ONE = 10
"""A worker that was killed while it started says a tenth as much: it may be bad luck."""


@dataclass(frozen=True, slots=True)
class Lost(Generic[T]):
    """A task whose worker died (`hung`: had to be killed) at each of its tries."""

    task: T
    hung: bool


@dataclass(slots=True, eq=False)
class _Job(Generic[T]):
    task: T
    packed: bytes
    tries: int = 0


@dataclass(slots=True, eq=False)
class _Worker(Generic[T]):
    process: subprocess.Popen[bytes]
    connection: Connection
    jobs: deque[_Job[T]] = field(default_factory=deque)
    waiting_bytes: int = 0
    ready: bool = False
    at_head_since: float = 0.0


class WorkerPool(Generic[T, R]):
    """Processes that each do one task after the other; a context manager.

    Args:
        work: does one task; a function of a module (or a partial of one), so that it
            can be sent to a process.
        count: how many processes.
        timeout_s: a task that takes longer is a hung one.
        tries: how often a task may be tried.
        on_retry: is told of each task that is tried again.
    """

    def __init__(
        self,
        work: Callable[[T], R],
        count: int,
        *,
        timeout_s: float,
        tries: Callable[[T], int] = lambda task: 2,
        on_retry: Callable[[T, bool], None] = lambda task, hung: None,
    ) -> None:
        self._packed_work = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
        self._timeout_s = timeout_s
        self._tries = tries
        self._on_retry = on_retry
        self._again: deque[_Job[T]] = deque()
        self._suspect: deque[_Job[T]] = deque()
        self._selector = selectors.DefaultSelector()
        self._stillborn = 0
        self._workers: set[_Worker[T]] = set()
        for _ in range(count):
            self._start_worker()

    def __enter__(self) -> "WorkerPool[T, R]":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process; what they were at is given up."""
        for worker in list(self._workers):
            self._remove(worker)
        self._selector.close()

    def run(
        self, tasks: Iterator[T], *, is_stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[R | Lost[T]]:
        """What became of each task, in the order in which they are done.

        Once `is_stopped` says so no further task is begun; those at work are finished.
        """
        return chain.from_iterable(self.rounds(tasks, is_stopped=is_stopped))

    def rounds(
        self, tasks: Iterator[T], *, is_stopped: Callable[[], bool], wait_s: float = _TICK_S
    ) -> Iterator[list[R | Lost[T]]]:
        """As `run`, for callers with something else to do: what is done at each look.

        Args:
            wait_s: how long a look waits for something to be done.
        """
        while True:
            if is_stopped():
                self._again.clear()
                self._suspect.clear()
                exhausted = True
            else:
                exhausted = self._hand_out(tasks)
            if exhausted and not any(worker.jobs for worker in self._workers):
                return
            yield list(self._collect(wait_s))

    def _hand_out(self, tasks: Iterator[T]) -> bool:
        """Fill up the workers' queues; whether there is nothing left to hand out."""
        exhausted = False
        for worker in sorted(self._workers, key=lambda worker: len(worker.jobs)):
            while worker.ready and len(worker.jobs) < _WAITING:
                job = self._next_job(tasks)
                if job is None:
                    exhausted = True
                    break
                if worker.jobs and worker.waiting_bytes + len(job.packed) > _WAITING_BYTES:
                    self._again.appendleft(job)
                    break
                self._send(worker, job)
        return exhausted

    def _next_job(self, tasks: Iterator[T]) -> _Job[T] | None:
        """What to do next: suspects last, so that whatever killed their worker is over."""
        if self._again:
            return self._again.popleft()
        for task in tasks:
            return _Job(task, pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
        return self._suspect.popleft() if self._suspect else None

    def _send(self, worker: _Worker[T], job: _Job[T]) -> None:
        if not worker.jobs:
            worker.at_head_since = time.monotonic()
        worker.jobs.append(job)
        worker.waiting_bytes += len(job.packed)
        # One that has died cannot be sent to: reading from it tells, and finds the job.
        with suppress(OSError):
            worker.connection.send_bytes(job.packed)

    def _collect(self, wait_s: float) -> Iterator[R | Lost[T]]:
        for key, _ in self._selector.select(wait_s):
            worker: _Worker[T] = key.data
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                yield from self._replace(worker, hung=False)
                continue
            self._stillborn = 0
            if not worker.ready:
                worker.ready = True
                continue
            worker.waiting_bytes -= len(worker.jobs.popleft().packed)
            worker.at_head_since = time.monotonic()
            yield message
        for worker in [worker for worker in self._workers if self._hangs(worker)]:
            yield from self._replace(worker, hung=True)

    def _hangs(self, worker: _Worker[T]) -> bool:
        return bool(worker.jobs) and (
            time.monotonic() - worker.at_head_since > self._timeout_s
        )

    def _replace(self, worker: _Worker[T], *, hung: bool) -> Iterator[Lost[T]]:
        """Start another worker; the job that the old one was at has used up a try."""
        self._remove(worker)
        if not worker.ready:
            by_itself = worker.process.returncode >= 0
            self._stillborn += _KILLED_FOR_ONE if by_itself else 1
            if self._stillborn >= _STILLBORN * _KILLED_FOR_ONE:
                raise WorkersCannotStart(
                    "worker processes die before they have begun, again and again: is there "
                    "memory left?"
                )
        self._start_worker()
        if not worker.jobs:
            return
        culprit = worker.jobs.popleft()
        culprit.tries += 1
        self._again.extendleft(reversed(worker.jobs))
        if culprit.tries < self._tries(culprit.task):
            self._suspect.append(culprit)
            self._on_retry(culprit.task, hung)
        else:
            yield Lost(culprit.task, hung)

    def _start_worker(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        start = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import main; main()"
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", start, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        except OSError as error:
            raise WorkersCannotStart(
                f"no worker process can be started ({error.strerror}): free some memory and "
                "processes, or choose fewer --workers"
            ) from error
        theirs.close()  # so that the worker's end closes when the worker ends
        worker: _Worker[T] = _Worker(process, ours)
        self._workers.add(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)
        with suppress(OSError):
            ours.send_bytes(self._packed_work)

    def _remove(self, worker: _Worker[T]) -> None:
        self._workers.discard(worker)
        self._selector.unregister(worker.connection)
        worker.connection.close()
        worker.process.kill()
        worker.process.wait()


def _end_with(parent: int) -> None:
    """End this process soon after its parent has ended, also in the middle of a task."""
    while os.getppid() == parent:
        time.sleep(_ORPHANED_S)
    os._exit(1)


def main() -> None:
    """Be a worker: do tasks until the parent closes the connection, or dies."""
    # Ctrl-C and a service manager's SIGTERM reach the whole group: the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    connection = Connection(int(sys.argv[1]))
    try:
        work = pickle.loads(connection.recv_bytes())
        connection.send(READY)
        while True:
            connection.send(work(pickle.loads(connection.recv_bytes())))
    except (EOFError, OSError):
        return  # the parent is gone or has no more to do
