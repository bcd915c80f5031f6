"""A file is there whole or not at all, under the longest name that a label can have."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from extract.files import moved_into_place, written_together
from extract.review.labels import file_name, write_whole


def test_a_file_is_the_old_one_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(TypeError), moved_into_place(path, "w") as file:
        file.writelines(["half of the n", None])
    assert ([each.name for each in tmp_path.iterdir()], path.read_text()) == (["a"], "old")
    with moved_into_place(path, "w") as file:
        file.write("new")
        assert path.read_text() == "old"
    assert ([each.name for each in tmp_path.iterdir()], path.read_text()) == (["a"], "new")


@pytest.mark.parametrize("written", range(3))
def test_files_appear_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """As on a disk that fails late, when some of them are on it."""
    fsync = Mock(side_effect=[*[None] * written, OSError("the disk is full")])
    monkeypatch.setattr("extract.files.os.fsync", fsync)
    for name in "abc":
        (tmp_path / name).write_text("old")

    def write() -> None:
        with written_together() as files:
            for name in "abc":
                files.open(tmp_path / name, "w").write("new")

    with pytest.raises(OSError, match="full"):
        write()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        "abc", "old"
    )


def test_none_appears_where_a_folder_has_the_name_of_one(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()

    def write() -> None:
        with written_together() as files:
            for name in "abc":
                files.open(tmp_path / name, "w").write("new")

    with pytest.raises(IsADirectoryError):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_label_of_the_longest_name_is_written_by_a_process_of_any_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.files.os.getpid", lambda: 4_194_304)  # the last one of Linux
    path = tmp_path / f"{file_name('x' * 300)}.json"
    write_whole(path, b"{}")
    assert path.read_bytes() == b"{}"


def test_a_label_that_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "labels" / "a.json"
    write_whole(path, b"{}")
    before = path.stat().st_ino
    write_whole(path, b"{}")
    assert path.stat().st_ino == before
    write_whole(path, b"[]")
    assert path.read_bytes() == b"[]"
