"""On Ray: the same results byte for byte, whatever dies in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.batch import EngineName, JobOptions, ray_engine, run_batch
from extract.batch.errors import ClusterUnusable
from extract.batch.progress import Silent, Tally
from extract.batch.stop import RunStopped
from extract.batch.store import RunStore
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
    options = JobOptions(engine=EngineName.RAY, address=cluster.address)
    assert run_batch([str(letters)], tmp_path, options=options).done == COUNT
    assert jobs.same_outputs(tmp_path, local)


def test_a_node_that_is_killed_costs_nothing(
    cluster: Any, letters: Path, local: Path, tmp_path: Path
) -> None:
    node = cluster.add_node(num_cpus=1)
    killer = _NodeKiller(cluster, node)
    time.sleep(1)
    options = JobOptions(engine=EngineName.RAY, address=cluster.address)
    summary = run_batch([str(letters)], tmp_path, options=options, reporter=killer)
    assert killer.killed
    assert (summary.done, summary.failed) == (COUNT, 0)
    assert jobs.same_outputs(tmp_path, local)


class _Canceller(Silent):
    """Ends the process, as a service manager does, once the cluster does not answer."""

    def begin(self, stage: str, total: int | None) -> None:
        if stage.startswith("Waiting"):
            os.kill(os.getpid(), signal.SIGTERM)


def test_a_cluster_without_free_cores_is_said_so_and_can_be_left(
    letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ray.cluster_utils import Cluster

    monkeypatch.setattr(ray_engine, "_IDLE_S", 0.5)
    monkeypatch.setattr(ray_engine, "_GRACE_S", 0.5)
    full = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    try:
        options = JobOptions(engine=EngineName.RAY, address=full.address)
        with pytest.raises(RunStopped, match="SIGTERM"):
            run_batch([str(letters)], tmp_path, options=options, reporter=_Canceller())
    finally:
        ray.shutdown()
        full.shutdown()  # type: ignore[no-untyped-call]  # ray ships no types for it
    with RunStore(tmp_path) as store:
        assert store.counts(store.fact("digest") or "").pending == COUNT


def test_nodes_that_cannot_do_the_work_end_the_run(
    cluster: Any, letters: Path, tmp_path: Path
) -> None:
    broken = JobOptions(
        engine=EngineName.RAY, address=cluster.address, timeout_s=1e300
    )  # no such alarm
    with pytest.raises(ClusterUnusable, match="on every node"):
        run_batch([str(letters)], tmp_path, options=broken)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "nowhere", "a:b"])
def test_an_address_without_a_cluster_is_refused_before_anything_is_made(
    letters: Path, tmp_path: Path, address: str
) -> None:
    options = JobOptions(engine=EngineName.RAY, address=address)
    with pytest.raises(ClusterUnusable, match="--address"):
        run_batch([str(letters)], tmp_path / "run", options=options)
    assert not (tmp_path / "run").exists()


def test_a_letter_that_hangs_ends_its_process() -> None:
    hang = (
        "import time; from extract.batch import ray_engine as engine\n"
        "engine.extract_group = lambda *_: time.sleep(600)\n"
        "engine.extract_in_time([None], None, 0.2)"
    )
    ended = subprocess.run([sys.executable, "-c", hang], cwd=jobs.ROOT, check=False)
    assert ended.returncode == -signal.SIGALRM
