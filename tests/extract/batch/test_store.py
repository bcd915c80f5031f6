"""What is stored stays stored, once, under what shaped it."""

import random
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from extract.batch.database import STORE
from extract.batch.errors import NoRun, StoreFailed, StoreUnknown
from extract.batch.migrations import VERSION
from extract.batch.store import (
    Failure,
    LetterRow,
    RunStore,
    Success,
)

SHAS = [f"{number:064x}" for number in range(100)]


def _row(position: int, sha256: str | None, reason: str | None = None) -> LetterRow:
    file = f"letter-{position}.txt"
    return LetterRow(position, f"letter-{position}", file, None, file, sha256, reason, reason)


def _store(folder: Path, shas: list[str | None]) -> RunStore:
    store = RunStore(folder, create=True)
    with store.transaction():
        store.drop_letters(0)
        for position, sha256 in enumerate(shas):
            store.add_letter(_row(position, sha256, None if sha256 else "LetterUnreadable"))
    return store


def test_identical_letters_wait_once_and_are_done_together(tmp_path: Path) -> None:
    with _store(tmp_path, [SHAS[1], SHAS[2], SHAS[1], None]) as store:
        assert [row.position for row in store.all_pending("a")] == [0, 1]
        store.save("a", [Success(SHAS[1], b"body", None, 0)], at=1.0)
        assert [row.position for row in store.all_pending("a")] == [1]
        assert store.counts("a") == (4, 2, 1, 0)
        assert [stored.id for stored in store.results("a")] == ["letter-0", "letter-2"]


def test_another_digest_shares_letters_and_no_results(tmp_path: Path) -> None:
    with _store(tmp_path, [SHAS[1]]) as store:
        store.save("a", [Success(SHAS[1], b"body", 3, 2)], at=1.0)
        assert store.counts("b").pending == 1
        assert list(store.results("b")) == []


def test_a_failure_is_kept_until_it_is_forgotten(tmp_path: Path) -> None:
    with _store(tmp_path, [SHAS[1], None]) as store:
        store.save("a", [Failure(SHAS[1], "PdfBroken", "export it again")], at=1.0)
        assert store.counts("a").pending == 0
        assert store.reasons("a") == [("LetterUnreadable", 1), ("PdfBroken", 1)]
        assert [failure.reason for failure in store.failures("a")] == [
            "PdfBroken", "LetterUnreadable",
        ]  # fmt: skip
        store.retry_failures("a")
        assert store.counts("a").pending == 1


def test_the_pending_are_read_in_pages_without_a_gap(tmp_path: Path) -> None:
    shas = [f"{number:064x}" for number in range(2_500)]
    with _store(tmp_path, list(shas)) as store:
        seen = []
        for row in store.all_pending("a"):
            seen.append(row.sha256)
            store.save("a", [Success(row.sha256 or "", b"", None, 0)], at=1.0)
        assert seen == shas


def test_an_id_is_given_once(tmp_path: Path) -> None:
    with _store(tmp_path, [SHAS[1]]) as store, store.transaction():
        assert not store.add_letter(_row(5, SHAS[2])._replace(id="letter-0"))


def test_a_transaction_that_is_broken_off_leaves_the_old_list(tmp_path: Path) -> None:
    with _store(tmp_path, [SHAS[1], SHAS[2]]) as store:
        with suppress(KeyboardInterrupt), store.transaction():
            store.drop_letters(0)
            raise KeyboardInterrupt
        assert store.counts("a").letters == 2


def test_a_folder_without_a_run_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NoRun, match="holds no run"):
        RunStore(tmp_path)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    _store(tmp_path, []).close()
    with sqlite3.connect(tmp_path / STORE) as raw:
        raw.execute(f"PRAGMA user_version = {VERSION + 1}")
    raw.close()
    with pytest.raises(StoreUnknown, match="newer imr"):
        RunStore(tmp_path, create=True)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / STORE) as raw:
        raw.execute("CREATE TABLE recipes (name TEXT)")
    raw.close()
    with pytest.raises(StoreUnknown, match="no run store"):
        RunStore(tmp_path, create=True)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / STORE).write_bytes(b"a shopping list, " * 400)
    with pytest.raises(StoreFailed, match="no SQLite file"):
        RunStore(tmp_path, create=True)


def test_a_full_disk_is_said_so_and_what_was_stored_is_kept(tmp_path: Path) -> None:
    with _store(tmp_path, list(SHAS)) as store:
        store.save("a", [Success(SHAS[0], b"kept", None, 0)], at=1.0)
        store._db.change("PRAGMA max_page_count = 20")
        large = [Success(sha, bytes(50_000), None, 0) for sha in SHAS[1:]]
        with pytest.raises(StoreFailed, match="disk is full"):
            store.save("a", large, at=2.0)
        assert store.counts("a").done == 1
    with RunStore(tmp_path) as again:
        assert [stored.body for stored in again.results("a")] == [b"kept"]


def test_after_a_power_cut_there_is_a_beginning_of_what_was_stored(tmp_path: Path) -> None:
    """Writes that had not reached the disk are cut off at any byte of the log."""
    with _store(tmp_path, list(SHAS)) as store:
        for sha in SHAS[:40]:
            store.save("a", [Success(sha, sha.encode() * 20, None, 0)], at=1.0)
        wal = (tmp_path / f"{STORE}-wal").read_bytes()
        done = []
        for cut in range(0, len(wal), len(wal) // 37):
            after = tmp_path / f"cut-{cut}"
            after.mkdir()
            shutil.copy(tmp_path / STORE, after / STORE)
            (after / f"{STORE}-wal").write_bytes(wal[:cut])
            with RunStore(after, create=True) as survivor:
                stored = [row.sha256 for row in survivor.results("a")]
                assert stored == SHAS[: len(stored)]
                assert survivor._db.value("PRAGMA integrity_check") == "ok"
                done.append(len(stored))
        assert done == sorted(done)
        assert done[0] == 0
        assert done[-1] > 30


def test_a_second_try_that_fails_leaves_the_result_and_nothing_to_do(tmp_path: Path) -> None:
    with _store(tmp_path, [SHAS[1]]) as store:
        store.save("a", [Success(SHAS[1], b"by the rules", None, 0, "ReplyEmpty")], at=1.0)
        store.retry_failures("a")
        assert store.counts("a").pending == 1
        store.save("a", [Failure(SHAS[1], "WorkerLost", "it died")], at=2.0)
        assert store.counts("a") == (1, 1, 0, 1)
        assert list(store.failures("a")) == []


def test_whatever_is_stored_raises_the_revision(tmp_path: Path) -> None:
    with _store(tmp_path, [SHAS[1], SHAS[2]]) as store:
        before = store.revision()
        store.save("a", [Failure(SHAS[1], "WorkerLost", "it died")], at=1.0)
        store.file_unread(1, "LetterChanged", "start again")
        assert store.revision() == before + 2
        assert store.unread() == 1


def test_a_damaged_result_is_refused_until_it_is_extracted_anew(tmp_path: Path) -> None:
    kept = [Success(sha, b"the words", 3, 2) for sha in SHAS[:2]]
    with _store(tmp_path, list(SHAS[:2])) as store:
        store.save("a", kept, at=1.0)
        store._db.change("UPDATE results SET body = CAST('the world' AS BLOB) WHERE rowid = 1")
        with pytest.raises(StoreFailed, match=r"letter-0 .* --retry-failed"):
            list(store.results("a"))
        store.retry_failures("a")
        assert [row.sha256 for row in store.all_pending("a")] == [SHAS[0]]
        store.save("a", [Failure(SHAS[0], "WorkerLost", "it died")], at=2.0)
        assert store.counts("a") == (2, 1, 1, 0)
        assert [stored.id for stored in store.results("a")] == ["letter-1"]
        store.retry_failures("a")
        store.save("a", kept[:1], at=3.0)
        assert [stored.body for stored in store.results("a")] == [b"the words"] * 2


def test_whatever_bit_is_flipped_no_other_words_come_out(tmp_path: Path) -> None:
    chance = random.Random(7)
    bodies = {sha: chance.randbytes(3_000) for sha in SHAS}
    with _store(tmp_path, list(SHAS)) as store:
        store.save("a", [Success(sha, body, 3, 2) for sha, body in bodies.items()], at=1.0)
    whole = (tmp_path / STORE).read_bytes()
    refused = 0
    for place in chance.sample(range(len(whole)), 200):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        (tmp_path / STORE).write_bytes(damaged)
        try:
            with RunStore(tmp_path) as store:
                for stored in store.results("a"):
                    about = (stored.body, stored.pages, stored.item_count)
                    assert about == (bodies[stored.sha256], 3, 2)
        except (StoreFailed, StoreUnknown):
            refused += 1
    assert refused > 50
