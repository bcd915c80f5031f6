"""Shards follow from the run alone, and a finished one is not written again."""

import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from extract.batch import JobOptions, run_batch
from extract.batch.errors import StoreFailed
from extract.batch.shards import export_shards
from extract.batch.status import current_digest
from extract.batch.store import RunStore
from extract.errors import ExtraMissing
from tests.extract.batch import jobs

fsspec = pytest.importorskip("fsspec", reason="the extra [ray] is not installed")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    letters = jobs.make_folder(folder / "letters", 25)
    run_batch([str(letters)], folder, options=JobOptions(workers=1))
    return folder


def _export(run: Path, address: str) -> int:
    with RunStore(run) as store:
        return export_shards(store, current_digest(store), address, size=10)


def test_shards_together_are_the_table(run: Path, tmp_path: Path) -> None:
    assert _export(run, str(tmp_path / "out")) == 3
    for table in ("cases", "items", "citations"):
        whole = parquet.read_table(run / f"{table}.parquet")
        parts = sorted((tmp_path / "out" / table).iterdir())
        assert [part.name for part in parts] == [f"0000{n}.parquet" for n in range(3)]
        rows = [row for part in parts for row in parquet.read_table(part).to_pylist()]
        assert rows == whole.to_pylist()


def test_finished_shards_are_left_alone(run: Path, tmp_path: Path) -> None:
    _export(run, str(tmp_path))
    next((tmp_path / "_done").glob("00001-*")).unlink()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    assert _export(run, str(tmp_path)) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == before
    assert _export(run, str(tmp_path)) == 0


def test_any_address_that_fsspec_knows_will_do(run: Path) -> None:
    assert _export(run, "memory://shards/run") == 3
    assert _export(run, "memory://shards/run") == 0


def test_a_shard_that_was_lost_is_written_again(run: Path, tmp_path: Path) -> None:
    _export(run, str(tmp_path))
    lost = tmp_path / "items" / "00001.parquet"
    before = lost.read_bytes()
    lost.unlink()
    assert _export(run, str(tmp_path)) == 1
    assert lost.read_bytes() == before


def test_what_a_longer_list_left_is_removed_and_nothing_else(
    run: Path, tmp_path: Path
) -> None:
    _export(run, str(tmp_path))
    for name in ("items/00003.parquet", "_done/00003-0123abcd", "items/notes.txt"):
        (tmp_path / name).write_text("left")
    _export(run, str(tmp_path))
    assert sorted(path.name for path in (tmp_path / "items").iterdir()) == [
        *(f"0000{number}.parquet" for number in range(3)),
        "notes.txt",
    ]
    assert len(list((tmp_path / "_done").iterdir())) == 3


@pytest.mark.parametrize("address", ["gopher://x/y", "file:///dev/null/x", "abfs://x"])
def test_an_address_that_will_not_do_is_named(run: Path, address: str) -> None:
    with pytest.raises((StoreFailed, ExtraMissing), match=address):
        _export(run, address)


@pytest.mark.parametrize("limit", [3_000, 8_500, 10_000])
def test_a_full_disk_is_a_sentence_wherever_it_is_full(
    run: Path, tmp_path: Path, limit: int
) -> None:
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from extract.batch.errors import StoreFailed\n"
        "from extract.batch.shards import export_shards\n"
        "from extract.batch.store import RunStore\n"
        "store = RunStore(Path(sys.argv[1])); digest = store.fact('digest')\n"
        "list(store.results(digest))\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "try: export_shards(store, digest, sys.argv[2])\n"
        "except StoreFailed as error: print(error.message)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(run), str(tmp_path)],
        cwd=jobs.ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "cannot be written" in said
    _assert_whole(tmp_path)


def _assert_whole(out: Path) -> None:
    """Nothing is there but shards that can be read to their end."""
    for path in out.rglob("*.*"):
        assert path.suffix == ".parquet"
        parquet.read_table(path)


_DIES_WRITING = """
import os
from pyarrow import parquet
write = parquet.ParquetWriter.write_table
def write_and_die(self, table):
    write(self, table)
    if "cited_by" in table.column_names:
        os.kill(os.getpid(), 9)
parquet.ParquetWriter.write_table = write_and_die
"""


def test_a_kill_leaves_no_half_a_shard(run: Path, tmp_path: Path) -> None:
    arguments = ("export", run, "--shards", tmp_path)
    killed, _ = jobs.finish(jobs.start(*arguments, prelude=_DIES_WRITING))
    assert killed == -9
    assert not [path for path in tmp_path.rglob("*") if path.suffix == ".parquet"]
    assert jobs.finish(jobs.start(*arguments))[0] == 0
    _assert_whole(tmp_path)
    assert len(list(tmp_path.rglob("*.parquet"))) == 3


def test_an_error_leaves_no_half_a_shard_elsewhere(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(writer: parquet.ParquetWriter, rows: object) -> None:
        raise OSError("no space")

    memory = fsspec.filesystem("memory")
    _export(run, "memory://half")
    before = {path: memory.cat(path) for path in memory.glob("/half/*/*.parquet")}
    assert len(before) == 9
    for mark in memory.glob("/half/_done/*"):
        memory.rm(mark)
    monkeypatch.setattr(parquet.ParquetWriter, "write_table", fail)
    with pytest.raises(StoreFailed, match="memory://half"):
        _export(run, "memory://half")
    assert {path: memory.cat(path) for path in memory.glob("/half/*/*.parquet")} == before


def test_the_first_error_is_told(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Access denied")

    monkeypatch.setattr(type(fsspec.filesystem("memory")), "_open", refuse)
    with pytest.raises(StoreFailed, match="Access denied"):
        _export(run, "memory://refused")
