"""Reads letters for those who ask a model about them, in processes of their own.

A PDF may hang or bring down whatever reads it. So it costs itself, after a second try, and
not the calls about other letters that are under way and paid for.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from functools import partial

from extract.batch.engine import Assignment, lost_letter, note_retry
from extract.batch.work import LETTER_S, ReadTask, Task, read_task
from extract.batch.workers import Lost, WorkerPool

_READERS = 2
"""One more than is needed to keep any model busy, for letters behind one that hangs."""

_LOOK_S = 0.01


def read_all(assignment: Assignment) -> Iterator[ReadTask]:
    """Each letter of `assignment`, read.

    Raises:
        RunStopped: somebody asked to stop.
    """
    with _pool(assignment, LETTER_S) as pool:
        for done in pool.rounds(assignment.tasks(), is_stopped=assignment.stop.is_set):
            assignment.stop.check()
            yield from map(_as_read, done)
    assignment.stop.check()


async def read_ahead(
    assignment: Assignment, *, timeout_s: float, is_stopped: Callable[[], bool]
) -> AsyncGenerator[ReadTask, None]:
    """Each letter of `assignment`, read; the next ones are read meanwhile.

    Args:
        timeout_s: a letter that takes longer is given up, after a second try.
    """
    with _pool(assignment, timeout_s) as pool:
        for done in pool.rounds(assignment.tasks(), is_stopped=is_stopped, wait_s=0):
            for found in done:
                yield _as_read(found)
            if not done:
                await asyncio.sleep(_LOOK_S)


def _pool(assignment: Assignment, timeout_s: float) -> WorkerPool[Task, ReadTask]:
    return WorkerPool(
        partial(read_task, settings=assignment.settings),
        _READERS,
        timeout_s=timeout_s,
        on_retry=lambda task, hung: note_retry(assignment, task, hung=hung),
    )


def _as_read(found: ReadTask | Lost[Task]) -> ReadTask:
    if not isinstance(found, Lost):
        return found
    task = found.task
    return ReadTask(task.position, task.id, task.sha256, lost_letter(task, hung=found.hung))
