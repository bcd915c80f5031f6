"""Which letters were named, in which order, under which ids."""

import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pytest
from pyarrow import parquet

from extract.batch import run_batch
from extract.batch.errors import InputMissing
from extract.batch.inputs import (
    find_files,
    read_entries,
    read_manifest,
)
from tests.extract.batch.named import ids_of, reasons_of


def _zip(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return path


def _write(folder: Path, names: str) -> None:
    for path in map(folder.joinpath, names.split()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("letter")


def test_a_folder_gives_its_letters_by_path(tmp_path: Path) -> None:
    _write(tmp_path, "b.txt a/z.pdf a/c.TXT a/label.json .hidden.txt .git/x.txt")
    assert ids_of(tmp_path) == ["a/c", "a/z", "b"]


def test_labels_of_a_review_are_passed_over_unless_they_are_named(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt year/b.txt year/gold/c.txt year/run.sqlite year/out/review.sqlite")
    _write(tmp_path / "year" / "out", "d.txt gold/letters/a.txt reviewers/me/letters/b.txt")
    assert ids_of(tmp_path) == ["a", "year/b", "year/gold/c", "year/out/d"]
    assert ids_of(tmp_path / "year" / "out") == ["d"]
    assert ids_of(tmp_path / "year" / "out" / "gold") == ["letters/a"]


def test_a_glob_is_sorted_and_a_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    for name in ("2.txt", "10.txt", "1.letter"):
        (tmp_path / name).write_text("letter")
    assert ids_of(tmp_path / "1.letter", f"{tmp_path}/*.txt") == ["1.letter", "10", "2"]


def test_letters_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("letter")
    (tmp_path / "a.pdf").write_text("letter")
    archive = _zip(tmp_path / "more.zip", {"a.txt": "x"})
    assert ids_of(tmp_path, archive) == ["a", "a.txt", "more/a.txt", "a.txt~2"]


@pytest.mark.parametrize("name", ["lettres", "*.text", "fold*"])
def test_a_missing_path_stops_the_run_before_it_begins(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputMissing, match="no file is at"):
        run_batch([str(tmp_path / name)], tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_lines_are_letters_and_bad_lines_are_failures(tmp_path: Path) -> None:
    path = tmp_path / "letters.jsonl"
    lines = [
        json.dumps({"id": "CM14-1", "text": "letter"}),
        "",
        "{broken",
        json.dumps({"id": 7, "text": "letter"}),
        json.dumps({"text": "letter"}),
        json.dumps({"id": "x"}),
        json.dumps({"id": "long", "text": "l" * 9000}),
    ]
    path.write_text("\n".join(lines))
    entries = [e for f in find_files([str(path)]) for e in read_entries(f, 500)]
    assert [entry.name for entry in entries] == [
        "CM14-1", "line-3", "7", "line-5", "x", "line-7",
    ]  # fmt: skip
    assert reasons_of(path, 500) == {
        "line-3": "LineInvalid", "x": "LineInvalid", "line-7": "LetterTooLarge",
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
    assert ids_of(path)[0] == "2014/good"
    assert reasons_of(path) == {
        "../../escape.txt": "MemberRefused",
        "/etc/absolute.txt": "MemberRefused",
        "large.txt": "MemberRefused",
        "bomb.txt": "MemberRefused",
    }


def test_a_broken_archive_is_one_failure(tmp_path: Path) -> None:
    path = tmp_path / "letters.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    assert reasons_of(path) == {"letters.zip": "ArchiveBroken"}


def test_overlapping_members_are_a_bomb(tmp_path: Path) -> None:
    path = _zip(tmp_path / "letters.zip", {"a.txt": bytes(range(256)) * 40})
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[directory + 20 : directory + 24] = (50_000).to_bytes(4, "little")
    path.write_bytes(data)
    assert reasons_of(path) == {"letters.zip": "MemberRefused"}


def _tar(path: Path, members: dict[str, bytes], links: dict[str, str]) -> Path:
    mode: Literal["w:gz", "w"] = "w:gz" if path.name.endswith("gz") else "w"
    with tarfile.open(path, mode) as archive:
        for name, target in links.items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            archive.addfile(link)
        for name, contents in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(contents)
            archive.addfile(member, io.BytesIO(contents))
    return path


@pytest.mark.parametrize("name", ["letters.tar", "letters.tar.gz", "letters.tgz"])
def test_a_tar_is_streamed_and_its_tricks_refused(tmp_path: Path, name: str) -> None:
    members = {"b.txt": b"letter", "../up.txt": b"letter", "large.txt": b"x" * 2_000_000}
    path = _tar(tmp_path / name, members, {"passwd.txt": "/etc/passwd"})
    assert ids_of(path) == ["passwd", "b", "../up", "large"]
    assert reasons_of(path) == {
        "passwd.txt": "MemberRefused",
        "../up.txt": "MemberRefused",
        "large.txt": "LetterTooLarge",
    }


def test_a_tar_bomb_is_stopped_before_it_unpacks(tmp_path: Path) -> None:
    path = _tar(tmp_path / "letters.tar.gz", {"a.txt": b"letter"}, {})
    with gzip.open(path, "wb") as packed:
        header = tarfile.TarInfo("readme.md")
        header.size = 400_000_000
        packed.write(header.tobuf())
        packed.write(bytes(1_000_000))
    assert reasons_of(path) == {"letters.tar.gz": "MemberRefused"}


def test_a_tar_that_ends_too_early_gives_what_it_holds(tmp_path: Path) -> None:
    path = _tar(tmp_path / "letters.tar", {"a.txt": b"letter", "b.txt": b"x" * 30_000}, {})
    path.write_bytes(path.read_bytes()[:9_000])
    assert ids_of(path)[0] == "a"
    assert reasons_of(path) == {"letters.tar": "ArchiveBroken"}


def test_a_manifest_lists_paths_relative_to_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("letter")
    manifest = tmp_path / "letters.list"
    manifest.write_text("# the first hearing\n\na.txt\n")
    assert read_manifest(manifest) == [str(tmp_path / "a.txt")]


@pytest.mark.parametrize("contents", [None, "", "# nothing\n"])
def test_a_manifest_without_paths_is_wrong_use(tmp_path: Path, contents: str | None) -> None:
    manifest = tmp_path / "letters.list"
    if contents is not None:
        manifest.write_text(contents)
    with pytest.raises(InputMissing, match="manifest"):
        read_manifest(manifest)


@pytest.mark.parametrize("fault", ["header", "cut"])
def test_a_tar_with_a_broken_header_loses_no_letter_silently(
    tmp_path: Path, fault: str
) -> None:
    members = {f"{number}.txt": b"letter" for number in range(10)}
    path = _tar(tmp_path / "letters.tar", members, {})
    data = bytearray(path.read_bytes())
    fifth = data.index(b"5.txt")
    if fault == "header":
        data[fifth + 148 : fifth + 156] = b"0000000\0"  # its checksum
    else:
        del data[fifth:]
    path.write_bytes(data)
    assert reasons_of(path) == {"letters.tar": "ArchiveBroken"}
    assert len(ids_of(path)) == 6


def test_a_tar_whose_name_fills_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letters.tar.gz"
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 50_000_000
    with gzip.open(path, "wb") as file:
        file.write(header.tobuf(tarfile.GNU_FORMAT) + bytes(header.size))
    assert reasons_of(path) == {"letters.tar.gz": "MemberRefused"}


def test_a_damaged_zip_of_any_compression_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "letters.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "letter " * 500)
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)
    assert set(reasons_of(path).values()) == {"ArchiveBroken"}


def test_folders_may_be_deeper_than_calls(tmp_path: Path) -> None:
    folders = [tmp_path / "d"]
    for _ in range(1_200):
        folders[-1].mkdir()
        folders.append(folders[-1] / "d")
    letter = folders.pop().with_name("a.txt")
    letter.write_text("letter")
    assert len(ids_of(tmp_path)) == 1
    letter.unlink()
    for folder in reversed(folders):  # what tidies up behind tests cannot go so deep
        folder.rmdir()


@pytest.mark.parametrize("name", [".", "*"])
def test_a_folder_without_letters_stops_the_run_before_it_begins(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputMissing, match="check the path"):
        ids_of(f"{tmp_path}/{name}")


@pytest.mark.parametrize("suffix", ["zip", "tar"])
def test_archives_that_hold_none_or_more_archives_are_said_so(
    tmp_path: Path, suffix: str
) -> None:
    def make(name: str, members: list[str]) -> Path:
        path = tmp_path / f"{name}.{suffix}"
        if suffix == "zip":
            return _zip(path, dict.fromkeys(members, "x"))
        return _tar(path, dict.fromkeys(members, b"x"), {})

    assert reasons_of(make("outer", ["a.txt", "more/b.tgz", "__MACOSX/c.zip"])) == {
        "more/b.tgz": "MemberRefused"
    }
    assert reasons_of(make("other", ["picture.png"])) == {f"other.{suffix}": "ArchiveBroken"}


def test_a_manifest_may_begin_with_a_mark_of_its_encoding(tmp_path: Path) -> None:
    manifest = tmp_path / "list"
    manifest.write_text("a.txt\n", "utf-8-sig")
    assert read_manifest(manifest) == [str(tmp_path / "a.txt")]


@pytest.mark.parametrize("suffix", ["zip", "tar"])
def test_members_below_a_dot_are_letters_and_hidden_ones_are_none(
    tmp_path: Path, suffix: str
) -> None:
    names = ["./a.txt", "./b/c.txt", "./.d.txt", ".e/f.txt", "./__MACOSX/g.txt"]
    path = tmp_path / f"letters.{suffix}"
    if suffix == "zip":
        _zip(path, dict.fromkeys(names, "x"))
    else:
        _tar(path, dict.fromkeys(names, b"x"), {})
    assert len(ids_of(path)) == 2


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.jsonl", "a.parquet", "a.csv"])
def test_a_pipe_that_looks_like_a_container_holds_nothing_up(
    tmp_path: Path, name: str
) -> None:
    os.mkfifo(tmp_path / name)
    assert list(reasons_of(tmp_path / name).values()) == ["LetterUnreadable"]


def test_whatever_damage_makes_a_library_raise_is_a_failure(tmp_path: Path) -> None:
    cut = tmp_path / "cut.tgz"
    cut.write_bytes(b"\x1f\x8b\x08")
    sparse = tmp_path / "sparse.tar"
    with tarfile.open(sparse, "w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("a.txt")
        member.pax_headers = {"GNU.sparse.map": "1,x"}
        archive.addfile(member)
    dates = tmp_path / "dates.parquet"
    ids = pa.array([2**31 - 1], pa.int32()).view(pa.date32())
    parquet.write_table(pa.table({"id": ids, "text": ["letter"]}), dates)
    for path in (cut, sparse, dates):
        assert list(reasons_of(path).values()) == ["ArchiveBroken"], path.name


def test_a_path_that_no_system_takes_is_a_typing_error() -> None:
    with pytest.raises(InputMissing):
        ids_of("a\0b/*.txt")


def test_the_id_of_a_line_is_the_letters(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "7.txt", "text": "letter"}\n')
    assert ids_of(rows) == ["7.txt"]


def test_escapes_do_not_make_a_letter_too_large(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": "x", "text": "\u00e9" * 350_000}))
    assert reasons_of(rows, 1_000_000) == {}


def test_a_remark_in_a_manifest_may_be_indented(tmp_path: Path) -> None:
    manifest = tmp_path / "list"
    manifest.write_text("  # of June\n a.txt \n")
    assert read_manifest(manifest) == [str(tmp_path / "a.txt")]
