"""The list of letters: made anew at each start, left alone where nothing changed."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from extract import Settings
from extract.batch import JobOptions, run_batch
from extract.batch.containers import OnDisk
from extract.batch.scan import list_letters, load_tasks
from extract.batch.store import RunStore, Success
from extract.batch.work import content_digest, load_letter
from extract.errors import LetterUnreadable, ReadError
from extract.letter import read_letter
from extract.review.loading import find_contents, load
from extract.review.review import Review, ReviewSettings
from tests.extract.batch import jobs

GOLD = jobs.ROOT / "gold" / "letters"


def _list(store: RunStore, *named: Path) -> list[tuple[int, str]]:
    names = [str(name) for name in named]
    list_letters(store, names, max_bytes=1000, on_progress=lambda done: None)
    return [(row.position, row.id) for row in store.listed()]


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    for name in "abcde":
        (folder / f"{name}.txt").write_text(f"letter {name}")
    return folder


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        (lambda folder: None, "abcde"),
        (lambda folder: (folder / "c.txt").unlink(), "abde"),
        (lambda folder: (folder / "e.txt").unlink(), "abcd"),
        (lambda folder: (folder / "bb.txt").write_text("new"), "a,b,bb,c,d,e"),
        (lambda folder: (folder / "a.txt").write_text("changed"), "abcde"),
        (lambda folder: (folder / "c.txt").write_text("x" * 2000), "abcde"),
    ],
)
def test_a_list_made_again_is_the_list_made_at_once(
    letters: Path, tmp_path: Path, change: object, ids: str
) -> None:
    (tmp_path / "again").mkdir()
    (tmp_path / "once").mkdir()
    with RunStore(tmp_path / "again", create=True) as again:
        _list(again, letters)
        change(letters)  # type: ignore[operator]  # a table of changes
        _list(again, letters)
        with RunStore(tmp_path / "once", create=True) as once:
            _list(once, letters)
            assert list(again.listed()) == list(once.listed())
        wanted = ids.split(",") if "," in ids else list(ids)
        assert [row.id for row in again.listed()] == wanted
        assert [row.position for row in again.listed()] == list(range(len(wanted)))


@pytest.mark.parametrize(
    ("change", "left_out"),
    [
        (lambda folder: None, 0),
        (lambda folder: (folder / "aa.txt").write_text("new"), 0),
        (lambda folder: (folder / "b.txt").write_text("changed"), 0),
        (lambda folder: (folder / "b.txt").rename(folder / "z.txt"), 0),
        (lambda folder: (folder / "b.txt").unlink(), 1),
        (lambda folder: [(folder / f"{name}.txt").unlink() for name in "ade"], 3),
    ],
    ids=["unchanged", "added", "changed", "renamed", "removed", "three-removed"],
)
def test_letters_that_are_named_no_more_are_counted(
    letters: Path, tmp_path: Path, change: Callable[[Path], object], left_out: int
) -> None:
    (tmp_path / "run").mkdir()
    with RunStore(tmp_path / "run", create=True) as store:
        counts = []
        for _ in range(3):
            counts.append(
                list_letters(store, [str(letters)], max_bytes=1000, on_progress=lambda n: None)
            )
            if len(counts) == 1:
                change(letters)
    assert counts == [0, left_out, 0]


def test_an_unreadable_letter_that_is_named_no_more_is_counted(
    letters: Path, tmp_path: Path
) -> None:
    dangling = letters / "f.txt"
    dangling.symlink_to(letters / "nowhere")
    (tmp_path / "run").mkdir()
    with RunStore(tmp_path / "run", create=True) as store:
        _list(store, dangling, letters / "a.txt")
        left_out = list_letters(
            store, [str(letters / "a.txt")], max_bytes=1000, on_progress=lambda n: None
        )
    assert left_out == 1


def test_tasks_carry_what_the_list_says(letters: Path, tmp_path: Path) -> None:
    with RunStore(tmp_path, create=True) as store:
        _list(store, letters)
        store.save("a", [Success(content_digest("letter b"), b"", None, 0)], at=1.0)
        tasks = list(load_tasks(store.all_pending("a"), 1000))
    assert [task.id for task in tasks] == ["a", "c", "d", "e"]
    files = [OnDisk(str(letters / f"{name}.txt")) for name in "acde"]
    assert [task.contents for task in tasks] == files


def test_a_letter_that_left_its_container_is_not_mistaken_for_another(tmp_path: Path) -> None:
    lines = tmp_path / "letters.jsonl"
    lines.write_text('{"id": "a", "text": "one"}\n{"id": "b", "text": "two"}\n')
    with RunStore(tmp_path, create=True) as store:
        _list(store, lines)
        lines.write_text('{"id": "a", "text": "one"}\n')
        first, second = load_tasks(store.all_pending("a"), 1000)
    assert first.contents == "one"
    assert isinstance(second.contents, ReadError)
    assert second.contents.reason == "LetterChanged"


def test_names_that_are_not_utf8_cost_no_other_letter(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.txt").write_text("letter")
    (folder / os.fsdecode(b"b\xff.txt")).write_text("letter")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "\\ud800", "text": "letter"}\n')
    with RunStore(tmp_path, create=True) as store:
        _list(store, folder, rows)
        listed = list(store.listed())
    assert [row.id for row in listed] == ["a", "b\\udcff", "\\ud800"]
    assert [row.reason for row in listed] == [None, "LetterUnreadable", None]


def test_a_pipe_is_a_failure_and_holds_nothing_up(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    os.mkfifo(folder / "pipe.txt")
    with RunStore(tmp_path, create=True) as store:
        _list(store, folder)
        (row,) = store.listed()
    assert row.reason == "LetterUnreadable"
    with pytest.raises(LetterUnreadable, match="regular file"):
        read_letter(folder / "pipe.txt")


def test_many_letters_of_one_name_are_numbered(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "x", "text": "letter"}\n' * 500)
    with RunStore(tmp_path, create=True) as store:
        ids = [letter_id for _, letter_id in _list(store, rows)]
    assert ids[-1] == "x~499"
    assert len(set(ids)) == 500


def test_a_limit_counts_bytes_and_can_be_raised(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": "x", "text": "ß" * 60}), "utf-8")
    reasons = []
    with RunStore(tmp_path, create=True) as store:
        for most in (119, 120):
            list_letters(store, [str(rows)], max_bytes=most, on_progress=lambda _done: None)
            reasons += [row.reason for row in store.listed()]
    assert reasons == ["LetterTooLarge", None]


def test_a_letter_takes_the_id_that_its_new_name_gives(tmp_path: Path) -> None:
    (tmp_path / "in" / "a").mkdir(parents=True)
    (tmp_path / "in" / "a" / "x.txt").write_text("letter")
    with RunStore(tmp_path, create=True) as store:
        assert [row_id for _, row_id in _list(store, tmp_path / "in")] == ["a/x"]
        assert [row_id for _, row_id in _list(store, tmp_path / "in" / "a")] == ["x"]


def test_relative_paths_lead_to_the_letters_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(GOLD, tmp_path / "letters")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("another.txt", "another letter")
    monkeypatch.chdir(tmp_path)
    run_batch(["letters", "more.zip"], Path("run"), options=JobOptions(workers=1))
    monkeypatch.chdir("/")
    with RunStore(tmp_path / "run") as store:
        rows = store.all_pending("other settings")
        folder = store.fact("listed_from") or ""
        tasks = list(load_tasks(rows, 10**6, folder=folder))
    assert len([load_letter(task, Settings()).id for task in tasks]) == 6

    shutil.move(tmp_path / "letters", tmp_path / "moved" / "letters")
    monkeypatch.chdir(tmp_path / "moved")
    with RunStore(tmp_path / "run") as store:
        first = next(load_tasks(store.all_pending("another"), 10**6, folder=folder))
    assert load_letter(first, Settings()).id == "imr-001"

    review = Review(ReviewSettings(folder=tmp_path / "review", max_bytes=1_000_000))
    load(tmp_path / "run", review.shelf, Settings(), lambda count: None)
    for name, contents in (
        ("another", b"another letter"),
        ("imr-001", (GOLD / "imr-001.txt").read_bytes()),
    ):
        kept = review.shelf.get(name)
        assert kept
        assert find_contents(kept, 10**6) == contents
