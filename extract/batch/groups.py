"""Which letters go to a worker together? Sending each by itself costs a tenth of its work.

A group whose worker died is taken apart, and its letters go one by one: so only the letter
that kills its worker is given up.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from extract.batch.work import Task, TaskResult, extract_task
from extract.settings import Settings


class Groups:
    """Hands out letters in groups; an iterator that may go on after it has ended.

    Args:
        letters: those that are to be extracted.
        size: how many make a group.
    """

    def __init__(self, letters: Iterator[Task], size: int) -> None:
        self._letters, self._size = letters, size
        self._alone: deque[Task] = deque()

    def __iter__(self) -> "Groups":
        return self

    def __next__(self) -> list[Task]:
        if self._alone:
            return [self._alone.popleft()]
        group = list(islice(self._letters, self._size))
        if not group:
            raise StopIteration
        return group

    def take_apart(self, group: Sequence[Task]) -> None:
        """One letter of `group` kills its worker: hand each out alone."""
        self._alone.extend(group)


def extract_group(group: Sequence[Task], settings: Settings) -> list[TaskResult]:
    """What comes of some letters, one after the other."""
    return [extract_task(task, settings) for task in group]
