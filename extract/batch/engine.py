"""The engine of one machine: spreads the letters over processes, stores what comes back."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from extract.batch.errors import LetterTimedOut, WorkerLost
from extract.batch.groups import Groups, extract_group
from extract.batch.progress import Reporter, Tally
from extract.batch.scan import load_tasks
from extract.batch.stop import Stop
from extract.batch.store import Failure, RunStore, Success
from extract.batch.work import Task, TaskResult, Unread, failure
from extract.batch.workers import Lost, WorkerPool
from extract.settings import Settings

_LETTERS_PER_WORKER = 25
"""A process costs half a second to start: as long as it takes to extract some letters."""

_GROUP = 8
"""Letters sent to a worker together: 10 to 100 ms of work, and all that a kill undoes."""


_SAVED_TOGETHER, _SAVED_EVERY_S = 200, 0.5
"""How many results wait at most to be stored, and for how many seconds."""


class Saver:
    """Stores results in groups: a commit each would cost more than a letter does."""

    def __init__(self, store: RunStore, digest: str) -> None:
        self._store, self._digest = store, digest
        self._waiting: list[Success | Failure] = []
        self._saved_at = time.monotonic()
        self.done = self.failed = 0

    def add(self, result: TaskResult) -> None:
        """Store `result`, together with its next neighbours."""
        self.done += 1
        self.failed += not isinstance(result, Success)
        if isinstance(result, Unread):
            self._store.file_unread(*result)
            return
        self._waiting.append(result)
        late = time.monotonic() - self._saved_at > _SAVED_EVERY_S
        if late or len(self._waiting) >= _SAVED_TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Store what waits."""
        if self._waiting:
            self._store.save(self._digest, self._waiting, at=time.time())
            self._waiting = []
        self._saved_at = time.monotonic()


@dataclass(frozen=True, slots=True)
class Assignment:
    """What an engine is given to do: extract the letters that wait in the store.

    Args:
        store: where letters wait and results go.
        digest: under which digest of settings.
        settings: how letters are extracted.
        reporter: is told how far the work is.
        stop: once it is set, no further letter is begun.
    """

    store: RunStore
    digest: str
    settings: Settings
    reporter: Reporter
    stop: Stop

    def tasks(self) -> Iterator[Task]:
        """The letters that wait, in order, read as they are asked for."""
        rows = self.store.all_pending(self.digest)
        folder = self.store.fact("listed_from") or ""
        return load_tasks(rows, self.settings.max_bytes, folder=folder)


Engine = Callable[[Assignment], None]
"""Extracts the letters of an assignment, and returns when none waits or it was stopped."""


def extract_locally(assignment: Assignment, *, workers: int, timeout_s: float) -> None:
    """Extract every letter that waits, on the cores of this machine."""
    store, digest = assignment.store, assignment.digest
    waiting = store.counts(digest).pending
    if not waiting:
        return
    saver = Saver(store, digest)
    groups = Groups(assignment.tasks(), _GROUP)
    pool: WorkerPool[list[Task], list[TaskResult]] = WorkerPool(
        partial(extract_group, settings=assignment.settings),
        max(1, min(workers, waiting // _LETTERS_PER_WORKER)),
        timeout_s=timeout_s,
        tries=lambda group: 1 if len(group) > 1 else 2,
        on_retry=lambda group, hung: note_retry(assignment, group[0], hung=hung),
    )
    try:
        with pool:
            for results in pool.run(groups, is_stopped=assignment.stop.is_set):
                if isinstance(results, Lost):
                    if len(results.task) > 1:
                        groups.take_apart(results.task)
                        continue
                    results = [lost_letter(results.task[0], hung=results.hung)]
                for result in results:
                    saver.add(result)
                assignment.reporter.advance(Tally(saver.done, saver.failed))
    finally:
        saver.flush()


def count_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def lost_letter(task: Task, *, hung: bool) -> Failure:
    """What is filed of a letter that took its worker with it, twice."""
    if hung:
        return failure(task, LetterTimedOut("the letter took too long, twice"))
    return failure(
        task, WorkerLost("the worker process died over this letter, twice: out of memory?")
    )


def note_retry(assignment: Assignment, task: Task, *, hung: bool) -> None:
    """Note that a letter took its worker with it and is given a second try."""
    reason = LetterTimedOut.__name__ if hung else WorkerLost.__name__
    store, digest = assignment.store, assignment.digest
    store.note_attempt(task.sha256, digest, reason, at=time.time())
