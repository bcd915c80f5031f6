"""On Ray: the same results byte for byte, whatever dies in the middle."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.batch import JobOptions, run_batch
from extract.batch.progress import Silent, Tally
from tests.extract.batch import jobs

ray = pytest.importorskip("ray", reason="the extra [ray] is not installed")

COUNT = 2_000

pytestmark = pytest.mark.filterwarnings("ignore")  # Ray's own, many and not ours


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return jobs.make_folder(tmp_path_factory.mktemp("letters"), COUNT)


@pytest.fixture(scope="module")
def local(letters: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("local")
    run_batch([str(letters)], run)
    return run


@pytest.fixture
def cluster() -> Iterator[Any]:
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    made.add_node(num_cpus=1)
    yield made
    ray.shutdown()
    made.shutdown()  # type: ignore[no-untyped-call]  # ray ships no types for it


class _NodeKiller(Silent):
    """Takes a node away as soon as the first letters are done."""

    def __init__(self, cluster: Any, node: Any) -> None:
        self._cluster, self._node, self.killed = cluster, node, False

    def advance(self, tally: Tally) -> None:
        if not self.killed and tally.done:
            self.killed = True
            self._cluster.remove_node(self._node, allow_graceful=False)


def test_two_nodes_give_what_one_machine_gives(
    cluster: Any, letters: Path, local: Path, tmp_path: Path
) -> None:
    options = JobOptions(engine="ray", address=cluster.address)
    assert run_batch([str(letters)], tmp_path, options=options).done == COUNT
    assert jobs.same_outputs(tmp_path, local)


def test_a_node_that_is_killed_costs_nothing(
    cluster: Any, letters: Path, local: Path, tmp_path: Path
) -> None:
    node = cluster.add_node(num_cpus=1)
    killer = _NodeKiller(cluster, node)
    time.sleep(1)
    options = JobOptions(engine="ray", address=cluster.address)
    summary = run_batch([str(letters)], tmp_path, options=options, reporter=killer)
    assert killer.killed
    assert (summary.done, summary.failed) == (COUNT, 0)
    assert jobs.same_outputs(tmp_path, local)
