"""One file, checked whoever opens it: damaged, older, newer, or not to be written."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from extract.account import Attempt, Usage
from extract.batch.database import STORE, Database
from extract.batch.errors import NoRun, StoreFailed, StoreUnknown
from extract.batch.ledger import Ledger, ProviderRequest
from extract.batch.migrations import MIGRATIONS, VERSION
from extract.batch.packing import pack, unpack
from extract.batch.replies import Reply, ReplyShelf
from extract.batch.store import Failure, LetterRow, RunStore, Success


@pytest.fixture
def old_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as this version leaves it, with a paid reply, to the version after."""
    paid = (Attempt(outcome="ok", usage=Usage(input_tokens=70, output_tokens=8)),)
    with RunStore(tmp_path, create=True), closing(ReplyShelf(tmp_path)) as shelf:
        shelf.keep([Reply("asked", None, paid, "made-up", 1.5)])
    later = (*MIGRATIONS, ("ALTER TABLE letters ADD COLUMN later TEXT",))
    monkeypatch.setattr("extract.batch.database.MIGRATIONS", later)
    monkeypatch.setattr("extract.batch.database.VERSION", len(later))
    return tmp_path


def test_an_older_store_is_brought_up_to_date_and_loses_nothing(old_store: Path) -> None:
    with RunStore(old_store) as store:
        assert store.spent() == Usage(input_tokens=70, output_tokens=8)
        assert store._db.value("PRAGMA user_version") == VERSION + 1
        assert store._db.value("SELECT count(later) FROM letters") == 0
    with closing(ReplyShelf(old_store)) as shelf:
        kept = shelf.find("asked")
    assert kept
    assert (kept.text, kept.served_by, kept.at) == (None, "made-up", 1.5)


def test_what_an_older_store_holds_goes_without_a_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("extract.batch.database.MIGRATIONS", MIGRATIONS[:2])
        earlier.setattr("extract.batch.database.VERSION", 2)
        with closing(Database(tmp_path, create=True)) as old, old.transaction():
            letter = "INSERT INTO letters VALUES (?, ?, 'a', NULL, 'a', ?, NULL, NULL)"
            result = "INSERT INTO results VALUES (?, 'd', 1, 2, NULL, 0, ?)"
            for number, body in enumerate((pack("{}"), b"damaged")):
                key = bytes([number])
                old.change(letter, (number, str(number), key))
                old.change(result, (key, body))
            reply = "INSERT INTO replies VALUES (?, ?, '[]', NULL, 1.5)"
            old.change_all(reply, [("asked", pack("{}")), ("cut", None), ("damaged", b"x")])
    with RunStore(tmp_path) as store, closing(ReplyShelf(tmp_path)) as shelf:
        whole, damaged = store.results("d")
        assert unpack(whole.body) == "{}"
        with pytest.raises(StoreFailed, match="--retry-failed"):
            unpack(damaged.body)
        store.retry_failures("d")
        assert [row.id for row in store.all_pending("d")] == ["1"]
        assert shelf.find("asked") == Reply("asked", "{}", (), None, 1.5)
        assert shelf.find("cut") == Reply("cut", None, (), None, 1.5)
        assert shelf.find("damaged") is None


def test_a_damaged_reply_is_none(tmp_path: Path) -> None:
    with RunStore(tmp_path, create=True) as store, closing(ReplyShelf(tmp_path)) as shelf:
        shelf.keep([Reply("asked", "{}", (), "made-up", 1)])
        assert shelf.find("asked")
        store._db.change("UPDATE replies SET served_by = 'made-ux'")
        assert shelf.find("asked") is None


def test_replies_are_found_while_others_are_kept(tmp_path: Path) -> None:
    RunStore(tmp_path, create=True).close()
    with closing(ReplyShelf(tmp_path)) as shelf, ThreadPoolExecutor(1) as keeper:
        for number in range(300):
            kept = keeper.submit(shelf.keep, [Reply(str(number), "{}", (), None, 1.5)])
            while not kept.done():
                shelf.find(str(number))
            assert shelf.find(str(number))


def test_a_run_at_work_goes_on_when_a_newer_version_has_looked_at_it(tmp_path: Path) -> None:
    with (
        RunStore(tmp_path, create=True) as store,
        closing(ReplyShelf(tmp_path)) as shelf,
        closing(Ledger(tmp_path)) as ledger,
        closing(Database(tmp_path)) as newer,
    ):
        tables = [
            row[0] for row in newer.rows("SELECT name FROM sqlite_master WHERE sql > ''")
        ]
        for table in set(tables) - {"letters_by_content"}:
            newer.change(f"ALTER TABLE {table} ADD COLUMN later TEXT")
        store.note("digest", "d")
        with store.transaction():
            store.add_letter(LetterRow(0, "a", "a", None, "a", "01"))
        store.save("d", [Failure("01", "WorkerLost", "it died")], at=1.0)
        store.save("d", [Success("01", pack("{}"), None, 0)], at=2.0)
        shelf.keep([Reply("asked", "{}", (), None, 1.5)])
        ledger.begin("d", [ProviderRequest("asked")])
        assert [stored.id for stored in store.results("d")] == ["a"]


@pytest.mark.parametrize("kind", [Database, Ledger, ReplyShelf, RunStore])
def test_looking_makes_no_store(tmp_path: Path, kind: type) -> None:
    with pytest.raises(NoRun):
        kind(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_damage_that_is_found_while_reading_is_a_sentence(tmp_path: Path) -> None:
    bodies = [Success(f"{number:064x}", bytes(9_000), None, 0) for number in range(60)]
    with RunStore(tmp_path, create=True) as store:
        store.save("a", bodies, at=1.0)
    path = tmp_path / STORE
    data = bytearray(path.read_bytes())
    data[len(data) // 3 :] = os.urandom(len(data) - len(data) // 3)
    path.write_bytes(data)
    with RunStore(tmp_path) as store, pytest.raises(StoreFailed) as refused:
        list(store._db.rows("SELECT sha256, body FROM results"))
    assert refused.value.message.endswith("damaged: begin a new run with another --out")


def _forbid_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a read-only disk; permissions do not keep a privileged user from writing."""
    monkeypatch.setattr("extract.batch.database.os.access", lambda _path, _mode: False)


def test_where_nothing_may_be_written_a_run_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RunStore(tmp_path, create=True) as store:
        store.note("digest", "a")
    _forbid_writing(monkeypatch)
    with RunStore(tmp_path) as store:
        assert store.fact("digest") == "a"
        assert [path.name for path in tmp_path.iterdir()] == [STORE]
        with pytest.raises(StoreFailed, match="permissions"):
            store.note("digest", "b")


def test_an_older_store_that_may_not_be_written_is_refused(
    old_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _forbid_writing(monkeypatch)
    with pytest.raises(StoreUnknown, match="older imr"):
        RunStore(old_store)
