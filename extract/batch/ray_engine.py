"""The engine of many machines: Ray tasks over groups of letters.

The driver reads the letters and ships them, so that no node needs the files; it stores
what comes back, so that everything else (resuming, outputs, status) is as on one machine.
Ray makes a task again whose worker or node died. A group that dies each time is taken
apart, and only the letter that kills its worker is given up.
"""

import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from extract.batch.containers import OnDisk
from extract.batch.engine import Assignment, Saver
from extract.batch.errors import ClusterUnusable, WorkerLost
from extract.batch.groups import Groups, extract_group
from extract.batch.progress import Tally
from extract.batch.work import Task, TaskResult, failure
from extract.errors import ExtraMissing, ReadError
from extract.settings import Settings

_GROUP = 200
"""Letters in a task: a fifth of a second's work, against a task's cost of a millisecond."""

_TASKS_PER_CORE = 3
"""So many tasks wait for each core: it is never idle, and the driver holds few letters."""

_RETRIES = 3
"""Tries of a group after its first: nodes come and go."""

_RETRIES_ALONE = 1
"""Tries of a letter after its first, once it is alone: as on one machine."""

_ANSWER_S = 5.0
"""How long a cluster's address may take to answer."""

_COUNT_CORES_S = 5.0
"""How often the cores are counted: a cluster may grow and shrink."""

_IDLE_S = 15.0
"""When nothing has come back for so long, all cores may be taken by others: that is said."""

_GRACE_S = 5.0
"""How long a stopped run waits for the next group: those at work take less."""


def check_cluster(address: str | None) -> None:
    """Make sure that Ray is installed and that somebody answers at `address`.

    Ray itself waits a minute for an address that does not answer, and then ends the process.

    Args:
        address: `host:port` or `ray://host:port`; `None`, `auto` and `local` need no check.

    Raises:
        ExtraMissing: Ray is not installed.
        ClusterUnusable: nobody answers.
    """
    ray = _import_ray()
    address = address or os.environ.get("RAY_ADDRESS")
    if address in {None, "auto", "local"}:
        return
    host, _, port = str(address).removeprefix("ray://").rpartition(":")
    if host in {"localhost", "127.0.0.1"} and not str(address).startswith("ray://"):
        host = ray.util.get_node_ip_address()  # that is where Ray will look
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWER_S).close()
    except (OSError, ValueError, OverflowError) as error:
        raise ClusterUnusable(
            f"no Ray cluster answers at {address}: check --address (host:port) and that the "
            "head node runs"
        ) from error


def extract_on_ray(assignment: Assignment, *, address: str | None, timeout_s: float) -> None:
    """Extract every letter that waits, on a Ray cluster.

    Args:
        address: the cluster's address; `None` starts one on this machine.
        timeout_s: a letter that takes longer ends its worker.

    Raises:
        ClusterUnusable: the cluster cannot be joined, or its nodes cannot do the work.
    """
    ray = _import_ray()
    saver = Saver(assignment.store, assignment.digest)
    with _cluster(ray, address):
        try:
            for results in _Tasks(ray, assignment, timeout_s).run():
                for result in results:
                    saver.add(result)
                assignment.reporter.advance(Tally(saver.done, saver.failed))
        finally:
            saver.flush()


@contextmanager
def _cluster(ray: Any, address: str | None) -> Iterator[None]:
    """Be part of the cluster; leave it again if this process was not before."""
    if ray.is_initialized():
        yield
        return
    terminate = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(address=address, log_to_driver=False, include_dashboard=False)
    except (OSError, RuntimeError, ValueError) as error:
        raise ClusterUnusable(
            f"the Ray cluster at {address or 'this machine'} cannot be joined "
            f"({type(error).__name__}): check --address, and Ray's version on every node"
        ) from error
    try:
        with suppress(ValueError):  # only the main thread has, and may set, such a thing
            signal.signal(signal.SIGTERM, terminate)  # Ray's own would end the run at once
        yield
    finally:
        ray.shutdown()


class _Tasks:
    """The groups that are under way."""

    def __init__(self, ray: Any, assignment: Assignment, timeout_s: float) -> None:
        self._ray, self._assignment = ray, assignment
        self._remote = ray.remote(max_retries=_RETRIES)(extract_in_time)
        self._settings, self._timeout_s = ray.put(assignment.settings), timeout_s
        self._groups = Groups(_read(assignment), _GROUP)
        self._under_way: dict[Any, list[Task]] = {}
        self._most, self._counted_at = 0, -_COUNT_CORES_S
        self._heard_at = time.monotonic()
        self._has_complained = False

    def run(self) -> Iterator[list[TaskResult]]:
        """What came of each group, in the order in which they are done."""
        while True:
            if not self._assignment.stop.is_set():
                self._hand_out()
            if not self._under_way:
                return
            done, _ = self._ray.wait(list(self._under_way), num_returns=1, timeout=1.0)
            for reference in done:
                self._heard_at = time.monotonic()
                yield self._result(reference, self._under_way.pop(reference))
            silence = time.monotonic() - self._heard_at
            if self._assignment.stop.is_set() and silence > _GRACE_S:
                self._give_up()
            elif silence > _IDLE_S and not self._has_complained:
                self._has_complained = True
                self._assignment.reporter.begin("Waiting for free cores of the cluster", None)

    def _hand_out(self) -> None:
        """Fill up the cluster's queue."""
        now = time.monotonic()
        if now - self._counted_at >= _COUNT_CORES_S:
            cores = int(self._ray.cluster_resources().get("CPU", 0))
            self._most, self._counted_at = _TASKS_PER_CORE * max(1, cores), now
        while len(self._under_way) < self._most:
            group = next(self._groups, None)
            if group is None:
                return
            remote = self._remote
            if len(group) == 1:
                remote = remote.options(max_retries=_RETRIES_ALONE)
            reference = remote.remote(group, self._settings, self._timeout_s)
            self._under_way[reference] = group

    def _give_up(self) -> None:
        """Take back what the cluster has not begun; its letters wait for the next start."""
        for reference in self._under_way:
            self._ray.cancel(reference)
        self._under_way.clear()

    def _result(self, reference: Any, group: list[Task]) -> list[TaskResult]:
        from ray import exceptions

        try:
            results: list[TaskResult] = self._ray.get(reference)
        except (
            exceptions.WorkerCrashedError,
            exceptions.OutOfMemoryError,
            exceptions.NodeDiedError,
            exceptions.LocalRayletDiedError,
            exceptions.ObjectLostError,
        ):
            if len(group) > 1:
                self._groups.take_apart(group)
                return []
            lost = WorkerLost(
                "the worker process died over this letter each time: it took too long, or "
                "too much memory"
            )
            return [failure(group[0], lost)]
        except exceptions.RayError as error:
            cause = getattr(error, "cause", None) or error
            raise ClusterUnusable(
                f"the cluster cannot do the work ({type(cause).__name__}): install the same "
                "imr-extract on every node, then start the same command again to go on"
            ) from error
        return results


def extract_in_time(
    group: Sequence[Task], settings: Settings, timeout_s: float
) -> list[TaskResult]:
    """What comes of some letters; one that takes too long ends the process.

    No exception ends a parser that hangs in C: the alarm's default action does.
    """
    results = []
    try:
        for task in group:
            signal.setitimer(signal.ITIMER_REAL, timeout_s)
            results += extract_group([task], settings)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return results


def _read(assignment: Assignment) -> Iterator[Task]:
    """The letters that wait with their files read: the nodes need not see them."""
    for task in assignment.tasks():
        contents = task.contents
        if isinstance(contents, OnDisk):
            try:
                yield task._replace(contents=contents.read(assignment.settings.max_bytes))
            except ReadError as error:
                yield task._replace(contents=error)
        else:
            yield task


def _import_ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise ExtraMissing("this engine needs Ray: pip install 'imr-extract[ray]'") from error
    return ray
