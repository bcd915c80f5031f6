"""The engine of many machines: Ray tasks over groups of letters.

The driver reads the letters and ships them, so that no node needs the files; it stores
what comes back, so that everything else (resuming, outputs, status) is as on one machine.
Ray makes a task again whose worker or node died. A group that dies each time is taken
apart, and only the letter that kills its worker is given up.
"""

from collections.abc import Iterator
from typing import Any

from extract.batch.containers import OnDisk
from extract.batch.engine import Assignment, Saver
from extract.batch.errors import ExtraMissing, LetterChanged, WorkerLost
from extract.batch.groups import Groups, extract_group
from extract.batch.progress import Tally
from extract.batch.work import Outcome, Task, failure

_GROUP = 200
"""Letters in a task: a fifth of a second's work, against a task's cost of a millisecond."""

_TASKS_PER_CORE = 3
"""So many tasks wait for each core: it is never idle, and the driver holds few letters."""

_RETRIES = 3


def extract_on_ray(assignment: Assignment, *, address: str | None) -> None:
    """Extract every letter that waits, on a Ray cluster.

    Args:
        address: the cluster's address; `None` starts one on this machine.

    Raises:
        ExtraMissing: Ray is not installed.
    """
    ray = _import_ray()
    ours = not ray.is_initialized()
    if ours:
        ray.init(address=address, log_to_driver=False, include_dashboard=False)
    saver = Saver(assignment.store, assignment.digest)
    try:
        for outcomes in _Tasks(ray, assignment).run():
            for outcome in outcomes:
                saver.add(outcome)
            assignment.reporter.advance(Tally(saver.done, saver.failed))
    finally:
        saver.flush()
        if ours:
            ray.shutdown()


class _Tasks:
    """The groups that are under way."""

    def __init__(self, ray: Any, assignment: Assignment) -> None:
        self._ray, self._assignment = ray, assignment
        self._remote = ray.remote(max_retries=_RETRIES)(extract_group)
        self._settings = ray.put(assignment.settings)
        self._groups = Groups(_read(assignment.tasks()), _GROUP)
        self._under_way: dict[Any, list[Task]] = {}

    def run(self) -> Iterator[list[Outcome]]:
        """What came of each group, in the order in which they are done."""
        most = _TASKS_PER_CORE * max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        while True:
            while len(self._under_way) < most and not self._assignment.stop.is_set():
                group = next(self._groups, None)
                if group is None:
                    break
                self._under_way[self._remote.remote(group, self._settings)] = group
            if not self._under_way:
                return
            done, _ = self._ray.wait(list(self._under_way), num_returns=1, timeout=1.0)
            for reference in done:
                yield self._result(reference, self._under_way.pop(reference))

    def _result(self, reference: Any, group: list[Task]) -> list[Outcome]:
        from ray.exceptions import RayError

        try:
            outcomes: list[Outcome] = self._ray.get(reference)
        except RayError:
            if len(group) > 1:
                self._groups.take_apart(group)
                return []
            lost = WorkerLost("the worker process died over this letter each time: memory?")
            return [failure(group[0], lost)]
        return outcomes


def _read(tasks: Iterator[Task]) -> Iterator[Task]:
    """`tasks` with their files read: the nodes need not see them."""
    for task in tasks:
        contents = task.contents
        if isinstance(contents, OnDisk):
            try:
                yield task._replace(contents=contents.read())
            except OSError as error:
                gone = LetterChanged(f"the file cannot be read any more ({error.strerror})")
                yield task._replace(contents=gone)
        else:
            yield task


def _import_ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise ExtraMissing("this engine needs Ray: pip install 'imr-extract[ray]'") from error
    return ray
