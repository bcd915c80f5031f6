"""A run ends with every letter once, however often and however it is broken off."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from pyarrow import parquet

from extract import Method, Settings, extract_record, read_letter
from extract.batch import JobOptions, run_batch
from extract.batch.engine import Assignment
from extract.batch.errors import InputMissing, RunLocked, WorkerLost
from extract.batch.job import Job
from extract.batch.lock import hold_lock
from extract.batch.stop import RunStopped
from extract.batch.store import RunStore
from extract.batch.work import failure
from extract.errors import NoModel
from extract.files import moved_into_place
from tests.extract.batch import jobs

GOLD = jobs.ROOT / "gold" / "letters"
ONE = JobOptions(workers=1)


def test_a_line_is_what_the_library_returns(tmp_path: Path) -> None:
    run_batch([str(GOLD)], tmp_path, options=ONE)
    with RunStore(tmp_path) as store:
        today = json.loads(store.fact("settings") or "")["today"]
    settings = Settings(today=date.fromisoformat(today))
    lines = (tmp_path / "records.jsonl").read_text("utf-8").splitlines()
    paths = sorted(GOLD.glob("*.txt"))
    for path, line in zip(paths, lines, strict=True):
        letter = read_letter(path, letter_id=path.stem)
        assert extract_record(letter, settings=settings).model_dump_json() == line


def test_paths_may_be_named_as_they_come(tmp_path: Path) -> None:
    summary = run_batch([GOLD], str(tmp_path / "run"), options=ONE)
    assert summary.done == 5
    with pytest.raises(TypeError, match="put the one into a list"):
        run_batch(GOLD, tmp_path / "other")  # type: ignore[arg-type]
    assert not (tmp_path / "other").exists()


def test_the_same_command_again_does_nothing_again(tmp_path: Path) -> None:
    first = run_batch([str(GOLD)], tmp_path, options=ONE)
    written = (tmp_path / "records.jsonl").stat().st_mtime_ns
    second = run_batch([str(GOLD)], tmp_path, options=ONE)
    assert (first.extracted, second.extracted) == (5, 0)
    assert second.done == 5
    assert (tmp_path / "records.jsonl").stat().st_mtime_ns == written


@pytest.mark.parametrize("name", ["items.csv", "records.jsonl", "failures.jsonl"])
@pytest.mark.parametrize("damage", [None, b"", b"garbage\n"])
def test_a_lost_or_damaged_output_is_written_again_from_the_store(
    tmp_path: Path, name: str, damage: bytes | None
) -> None:
    run_batch([str(GOLD)], tmp_path, options=ONE)
    before = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    if damage is not None:
        (tmp_path / name).write_bytes(damage)
    assert run_batch([str(GOLD)], tmp_path, options=ONE).extracted == 0
    assert (tmp_path / name).read_bytes() == before


def test_a_changed_setting_does_its_letters_again_and_keeps_the_old(tmp_path: Path) -> None:
    run_batch([str(GOLD)], tmp_path, options=ONE)
    another_day = Settings(today=date(2020, 1, 1))
    assert run_batch([str(GOLD)], tmp_path, settings=another_day, options=ONE).extracted == 5
    assert run_batch([str(GOLD)], tmp_path, options=ONE).extracted == 0


def test_a_new_and_a_changed_letter_are_all_that_is_done(tmp_path: Path) -> None:
    letters = jobs.make_folder(tmp_path / "letters", 6)
    run_batch([str(letters)], tmp_path / "run", options=ONE)
    changed, added = sorted(letters.rglob("*.txt"))[2], letters / "added.txt"
    changed.write_text(changed.read_text("utf-8") + " One more word.", "utf-8")
    added.write_text(changed.read_text("utf-8"), "utf-8")  # identical: extracted once
    summary = run_batch([str(letters)], tmp_path / "run", options=ONE)
    assert (summary.letters, summary.done, summary.extracted) == (7, 7, 2)
    lines = (tmp_path / "run" / "records.jsonl").read_text("utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == 7


def test_failures_are_kept_and_tried_again_when_asked(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    named = [str(GOLD), str(tmp_path / "broken.pdf")]
    summary = run_batch(named, tmp_path / "run", options=ONE)
    assert summary.failures == {"PdfBroken": 1}
    again = JobOptions(workers=1, retry_failed=True)
    assert run_batch(named, tmp_path / "run", options=again).failures == {"PdfBroken": 1}
    with RunStore(tmp_path / "run") as store:
        attempts = store._db.value("SELECT count(*) FROM attempts")
    assert attempts == 2


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    with hold_lock(tmp_path), pytest.raises(RunLocked, match="another run"):
        run_batch([str(GOLD)], tmp_path)


def test_a_mistyped_path_leaves_the_run_as_it_was(tmp_path: Path) -> None:
    run_batch([str(GOLD)], tmp_path, options=ONE)
    with pytest.raises(InputMissing):
        run_batch([str(GOLD), "lettres"], tmp_path, options=ONE)
    with RunStore(tmp_path) as store:
        assert store.counts(store.fact("digest") or "").done == 5


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return jobs.make_folder(tmp_path_factory.mktemp("letters"), 400)


@pytest.fixture(scope="module")
def uninterrupted(letters: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("run")
    assert jobs.finish(jobs.start(letters, "--out", run, "-q"))[0] == 0
    return run


def test_a_run_killed_again_and_again_ends_as_if_it_never_was(
    letters: Path, uninterrupted: Path, tmp_path: Path
) -> None:
    done = 0
    for more in (1, 60, 5, 110):
        process = jobs.start(letters, "--out", tmp_path, "-q")
        before, done = done, jobs.wait_until_done(process, tmp_path, done + more)
        process.send_signal(signal.SIGKILL)
        jobs.finish(process)
        assert done >= before, "a stored result was lost"
    assert jobs.finish(jobs.start(letters, "--out", tmp_path, "-q"))[0] == 0
    assert jobs.same_outputs(tmp_path, uninterrupted)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_stops_cleanly_and_says_how_to_go_on(
    letters: Path, uninterrupted: Path, tmp_path: Path, number: signal.Signals
) -> None:
    prelude = jobs.signal_group_after(40, number)
    code, said = jobs.finish(jobs.start(letters, "--out", tmp_path, "-q", prelude=prelude))
    assert code == 128 + number
    assert "same command again to go on" in said
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["status"] == "stopped"
    assert not (tmp_path / "records.jsonl").exists()
    assert jobs.finish(jobs.start(letters, "--out", tmp_path, "-q"))[0] == 0
    assert jobs.same_outputs(tmp_path, uninterrupted)


def test_a_disk_that_is_full_stops_the_run_with_a_sentence(
    letters: Path, uninterrupted: Path, tmp_path: Path
) -> None:
    small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000));"
    code, said = jobs.finish(jobs.start(letters, "--out", tmp_path, "-q", prelude=small))
    assert code == 2
    assert "free some space" in said
    assert "Traceback" not in said
    assert not list(tmp_path.glob(".*.tmp"))
    assert jobs.finish(jobs.start(letters, "--out", tmp_path, "-q"))[0] == 0
    assert jobs.same_outputs(tmp_path, uninterrupted)


def test_workers_end_with_a_parent_that_is_killed(letters: Path, tmp_path: Path) -> None:
    prelude = jobs.kill_after(40)
    process = jobs.start(letters, "--out", tmp_path, "-q", prelude=prelude)
    # The pipes are inherited by the workers: reading to their end waits for all of them.
    try:
        process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail("a worker outlived its parent")


def test_what_a_killed_writer_left_goes(tmp_path: Path) -> None:
    (tmp_path / ".records.jsonl.999999999.tmp").write_text("half a li")
    with moved_into_place(tmp_path / "records.jsonl", "w") as file:
        file.write("a line\n")
    assert [path.name for path in tmp_path.iterdir()] == ["records.jsonl"]


def test_outputs_that_were_half_replaced_are_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, more = jobs.make_folder(tmp_path / "few", 2), jobs.make_folder(tmp_path / "more", 4)
    run = tmp_path / "run"
    run_batch([str(few)], run)
    written = (run / "records.jsonl").read_bytes()

    def half(*_: object, **__: object) -> None:
        (run / "records.jsonl").write_text("of another list\n")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("extract.batch.job.export", half)
        with pytest.raises(KeyboardInterrupt):
            run_batch([str(more)], run)
    run_batch([str(few)], run)
    assert (run / "records.jsonl").read_bytes() == written


def test_the_twin_of_a_letter_that_vanished_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    for name in "ab":
        shutil.copy(GOLD / "imr-001.txt", folder / f"{name}.txt")

    def vanish(job: Job, named: Sequence[str]) -> None:
        list_letters(job, named)
        (folder / "a.txt").unlink()

    list_letters = Job.list_letters
    monkeypatch.setattr(Job, "list_letters", vanish)
    summary = run_batch([str(folder)], tmp_path / "run", options=ONE)
    assert (summary.done, summary.pending) == (1, 0)
    assert summary.failures == {"LetterUnreadable": 1}


@pytest.mark.parametrize("twins", [False, True])
def test_a_letter_that_could_not_be_read_once_is_done_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twins: bool
) -> None:
    folder, run = tmp_path / "letters", tmp_path / "run"
    folder.mkdir()
    for name, source in (("a", "imr-001"), ("b", "imr-001" if twins else "imr-002")):
        shutil.copy(GOLD / f"{source}.txt", folder / f"{name}.txt")

    def vanish(job: Job, named: Sequence[str]) -> None:
        list_letters(job, named)
        (folder / "a.txt").unlink()

    list_letters = Job.list_letters
    with monkeypatch.context() as patched:
        patched.setattr(Job, "list_letters", vanish)
        assert run_batch([str(folder)], run, options=ONE).failed == 1
    shutil.copy(GOLD / "imr-001.txt", folder / "a.txt")
    summary = run_batch([str(folder)], run, options=ONE)
    assert (summary.done, summary.failed, summary.failures) == (2, 0, {})
    assert len((run / "records.jsonl").read_text("utf-8").splitlines()) == 2
    assert (run / "failures.jsonl").read_text("utf-8") == ""


def test_a_start_killed_behind_its_listing_leaves_no_stale_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = str(GOLD / "imr-001.txt")
    run_batch([one], tmp_path, options=ONE)
    note = RunStore.note

    def die(store: RunStore, key: str, value: str) -> None:
        if key == "max_bytes":
            raise KeyboardInterrupt
        note(store, key, value)

    with monkeypatch.context() as patched:
        patched.setattr(RunStore, "note", die)
        with pytest.raises(KeyboardInterrupt):
            run_batch([str(GOLD)], tmp_path, options=ONE)
    summary = run_batch([one], tmp_path, options=ONE)
    assert (summary.letters, summary.done, summary.status) == (1, 1, "finished")


def test_warnings_reach_the_summary_and_the_table(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "hello.txt").write_text("Dear Sir, hello")
    summary = run_batch([str(tmp_path / "letters"), str(GOLD)], tmp_path, options=ONE)
    assert summary.warnings == {"layout_unknown": 1}
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["warnings"] == {
        "layout_unknown": 1
    }
    rows = parquet.read_table(tmp_path / "cases.parquet").to_pylist()
    assert {row["id"]: row["warnings"] for row in rows if row["warnings"]} == {
        "hello": ["layout_unknown"]
    }


def test_the_summary_tells_how_a_run_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look() -> None:
        seen.append(json.loads((tmp_path / "run.json").read_text("utf-8"))["status"])

    def look_and_stop(*_: object, **__: object) -> None:
        look()
        raise RunStopped("stopped", signal_number=signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr("extract.batch.job.list_letters", look_and_stop)
        with pytest.raises(RunStopped):
            run_batch([str(GOLD)], tmp_path, options=ONE)
    look()
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputMissing):
        run_batch([str(tmp_path / "empty")], tmp_path, options=ONE)
    look()
    run_batch([str(GOLD)], tmp_path, options=ONE)
    look()
    assert seen == ["running", "stopped", "failed", "finished"]


def test_another_reason_for_a_failure_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    named, run = [str(tmp_path / "broken.pdf")], tmp_path / "run"
    run_batch(named, run, options=ONE)

    def lose(assignment: Assignment) -> None:
        tasks = list(assignment.tasks())
        lost = [failure(task, WorkerLost("it died")) for task in tasks]
        assignment.store.save(assignment.digest, lost, at=1.0)

    monkeypatch.setattr("extract.batch.run._engine", lambda *_: lose)
    run_batch(named, run, options=JobOptions(retry_failed=True))
    assert "WorkerLost" in (run / "failures.jsonl").read_text("utf-8")


def test_what_cannot_work_leaves_no_folder_behind(tmp_path: Path) -> None:
    with pytest.raises(NoModel):
        run_batch([str(GOLD)], tmp_path / "run", settings=Settings(method=Method.MODEL))
    assert not (tmp_path / "run").exists()


def test_a_full_disk_under_duckdb_is_a_sentence_and_leaves_nothing(
    uninterrupted: Path, tmp_path: Path
) -> None:
    pytest.importorskip("duckdb")
    small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000));"
    command = ("export", uninterrupted, "--format", "duckdb", "--to", tmp_path)
    process = jobs.start(*command, prelude=small)
    code, said = jobs.finish(process)
    assert code == 2
    assert "free some space" in said
    assert not list(tmp_path.glob(".*.tmp*"))


def test_an_export_into_the_run_is_made_good_by_the_next_start(tmp_path: Path) -> None:
    run_batch([str(GOLD)], tmp_path, options=ONE)
    written = (tmp_path / "records.jsonl").read_bytes()
    with RunStore(tmp_path) as store:
        digest = store.fact("digest")
        store.note("digest", "another start that was killed behind its listing")
    assert jobs.finish(jobs.start("export", tmp_path))[0] == 0
    assert (tmp_path / "records.jsonl").read_bytes() == b""
    with RunStore(tmp_path) as store:
        store.note("digest", str(digest))
    run_batch([str(GOLD)], tmp_path, options=ONE)
    assert (tmp_path / "records.jsonl").read_bytes() == written


def test_a_list_of_failures_is_kept_up_to_date(tmp_path: Path) -> None:
    letter, run = tmp_path / "b.txt", tmp_path / "run"
    letter.symlink_to(tmp_path / "nowhere")
    run_batch([str(letter)], run, options=ONE)
    letter.unlink()
    letter.write_bytes(b"x" * 2000)
    small = Settings(max_bytes=1000)
    run_batch([str(letter)], run, settings=small, options=ONE)
    assert "LetterTooLarge" in (run / "failures.jsonl").read_text("utf-8")
    (run / "failures.jsonl").unlink()
    run_batch([str(letter)], run, settings=small, options=ONE)
    assert "LetterTooLarge" in (run / "failures.jsonl").read_text("utf-8")
