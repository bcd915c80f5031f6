"""Which letters were named, in which order, under which ids."""

import json
import zipfile
from pathlib import Path

import pytest

from extract.batch.errors import InputMissing
from extract.batch.inputs import find_files, id_candidates, read_entries
from extract.errors import ReadError

MAX = 1_000_000


def _ids(*named: Path | str) -> list[str]:
    taken: list[str] = []
    for file in find_files([str(name) for name in named]):
        for entry in read_entries(file, MAX):
            taken.append(next(new for new in id_candidates(entry) if new not in taken))
    return taken


def _reasons(path: Path, max_bytes: int = MAX) -> dict[str, str]:
    return {
        entry.name: entry.contents.reason
        for file in find_files([str(path)])
        for entry in read_entries(file, max_bytes)
        if isinstance(entry.contents, ReadError)
    }


def _zip(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return path


def test_a_folder_gives_its_letters_by_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.pdf", "a/c.TXT", "a/label.json", ".hidden.txt", ".git/x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("letter")
    assert _ids(tmp_path) == ["a/c", "a/z", "b"]


def test_a_glob_is_sorted_and_a_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    for name in ("2.txt", "10.txt", "1.letter"):
        (tmp_path / name).write_text("letter")
    assert _ids(tmp_path / "1.letter", f"{tmp_path}/*.txt") == ["1.letter", "10", "2"]


def test_letters_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("letter")
    (tmp_path / "a.pdf").write_text("letter")
    archive = _zip(tmp_path / "more.zip", {"a.txt": "x"})
    assert _ids(tmp_path, archive) == ["a", "a.txt", "more/a.txt", "a.txt~2"]


def test_a_missing_path_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(InputMissing, match="nothing is at"):
        _ids(tmp_path / "lettres")


def test_lines_are_letters_and_bad_lines_are_failures(tmp_path: Path) -> None:
    path = tmp_path / "letters.jsonl"
    lines = [
        json.dumps({"id": "CM14-1", "text": "letter"}),
        "",
        "{broken",
        json.dumps({"id": 7, "text": "letter"}),
        json.dumps({"text": "letter"}),
        json.dumps({"id": "x"}),
        json.dumps({"id": "long", "text": "l" * 3000}),
    ]
    path.write_text("\n".join(lines))
    entries = [e for f in find_files([str(path)]) for e in read_entries(f, 500)]
    assert [entry.name for entry in entries] == [
        "CM14-1", "line-3", "7", "line-5", "line-6", "line-7",
    ]  # fmt: skip
    assert _reasons(path, 500) == {
        "line-3": "LineInvalid", "line-6": "LineInvalid", "line-7": "LetterTooLarge",
    }  # fmt: skip


def test_an_archive_gives_its_letters_and_refuses_tricks(tmp_path: Path) -> None:
    path = _zip(
        tmp_path / "letters.zip",
        {
            "2014/good.txt": "letter",
            "__MACOSX/2014/good.txt": "junk",
            "readme.md": "no letter",
            "../../escape.txt": "letter",
            "/etc/absolute.txt": "letter",
            "large.txt": bytes(range(256)) * 8_000,
            "bomb.txt": b"0" * 3_000_000,
        },
    )
    assert _ids(path)[0] == "2014/good"
    assert _reasons(path) == {
        "../../escape.txt": "MemberRefused",
        "/etc/absolute.txt": "MemberRefused",
        "large.txt": "MemberRefused",
        "bomb.txt": "MemberRefused",
    }


def test_a_broken_archive_is_one_failure(tmp_path: Path) -> None:
    path = tmp_path / "letters.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    assert _reasons(path) == {"letters.zip": "ArchiveBroken"}
