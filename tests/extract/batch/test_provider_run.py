"""By batch: every reply paid once, through the same gates, whatever becomes of the batch."""

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from extract import Method
from extract.batch import run_batch
from extract.batch.errors import NoRun, ProviderFailed
from extract.batch.ledger import Ledger
from extract.batch.progress import Silent
from extract.batch.provider_job import FileLimits, fetch, poll, request_path
from extract.batch.provider_run import collect_run, submit_run
from extract.batch.store import RunStore
from extract.errors import SettingsInvalid
from extract.settings import ModelSettings
from tests.extract.batch import faults
from tests.extract.batch.by_batch import (
    COUNT,
    collect,
    collected,
    records_of,
    settings_of,
    submit,
)
from tests.extract.batch.provider import FakeProvider
from tests.extract.model.endpoint import Fault


def test_a_batch_gives_what_direct_calls_give(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    direct, run = tmp_path / "direct", tmp_path / "run"
    run_batch([str(letters)], direct, settings=settings_of(provider))
    asked = len(provider.direct)
    assert submit(provider, letters, run) == COUNT
    assert poll(run, settings_of(provider)) == {"in_progress": 1}
    provider.work()
    assert poll(run, settings_of(provider)) == {"completed": 1}
    assert collect(provider, run) == {"ok": COUNT, "done": COUNT, "pending": 0}
    assert len(provider.direct) - asked == asked - COUNT, "only what had to be asked again"
    records = [records_of(each) for each in (direct, run)]
    assert records[0] == records[1]


def test_what_each_request_may_take_is_known(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    assert submit(provider, letters, tmp_path) == COUNT
    with closing(Ledger(tmp_path)) as ledger:
        names = [row[0] for row in ledger._db.rows("SELECT request FROM provider_requests")]
        assert len(names) == COUNT
        for known in map(ledger.find_request, names):
            assert known.sent > 1_000
            assert known.longest == ModelSettings.max_output_tokens


def test_a_letter_that_hangs_its_reader_is_not_handed_in(
    provider: FakeProvider, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.batch.reading.read_task", faults.read_badly)
    monkeypatch.setattr("extract.batch.reading.LETTER_S", 2.0)
    more = tmp_path / "letters"
    shutil.copytree(letters, more)
    (more / "000-hangs.txt").write_text("a")
    (more / "000-dies.txt").write_text("b")
    assert submit(provider, more, tmp_path / "run") == COUNT
    with RunStore(tmp_path / "run") as store:
        digest = store.fact("digest") or ""
        assert dict(store.reasons(digest)) == {"LetterTimedOut": 1, "WorkerLost": 1}


def test_nothing_is_handed_in_twice(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    assert submit(provider, letters, tmp_path) == COUNT
    assert submit(provider, letters, tmp_path) == 0
    provider.work()
    collect(provider, tmp_path)
    assert submit(provider, letters, tmp_path) == 0
    assert len(provider.batches) == 1
    assert len(set(provider.paid)) == len(provider.paid) == COUNT


def test_requests_are_split_at_the_providers_limits(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    assert submit(provider, letters, tmp_path, FileLimits(requests=8)) == COUNT
    sizes = [len(data.splitlines()) for data in provider.files.values()]
    assert sizes == [8, 8, 4]
    line = json.loads(next(iter(provider.files.values())).splitlines()[0])
    assert set(line) == {"custom_id", "method", "url", "body"}
    assert not list((tmp_path / "provider").iterdir()), "a request file was left behind"


def test_files_stay_under_the_limit_in_bytes(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path, FileLimits(bytes=200_000))
    assert len(provider.files) > 1
    assert all(len(data) <= 200_000 for data in provider.files.values())


@pytest.mark.parametrize("by_batch", [False, True])
def test_an_expired_batch_loses_nothing_that_was_paid(
    provider: FakeProvider, letters: Path, tmp_path: Path, by_batch: bool
) -> None:
    provider.fate = {1: "missing", 3: "error", 5: Fault.TRUNCATED}.get
    submit(provider, letters, tmp_path)
    provider.work("expired")
    statuses = collect(provider, tmp_path, by_batch=by_batch)
    if not by_batch:
        assert statuses["done"] == COUNT
        assert (statuses["missing"], statuses["server_error"]) == (1, 1)
        return
    provider.fate = lambda _position: None
    for _ in range(4):  # a correction needs what it corrects: one round after the other
        provider.work()
        statuses = collect(provider, tmp_path, by_batch=True)
    assert (statuses["done"], statuses["pending"]) == (COUNT, 0)
    assert provider.direct == []
    assert len(set(provider.paid)) == len(provider.paid)


def test_a_batch_that_failed_is_handed_in_again(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    provider.fate = lambda _position: "missing"
    submit(provider, letters, tmp_path)
    provider.work("failed")
    fetch(tmp_path, settings_of(provider))
    assert submit(provider, letters, tmp_path) == COUNT


def test_letters_wait_while_their_batch_is_under_way(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    assert collect(provider, tmp_path) == {"under_way": COUNT, "done": 0, "pending": COUNT}
    assert provider.direct == []


def break_off(
    provider: FakeProvider,
    letters: Path,
    folder: Path,
    refused: tuple[str, str] = ("POST", "/v1/files"),
    taken: int = 0,
) -> None:
    """Submit to a provider that refuses one kind of call, and takes all again afterwards.

    Args:
        taken: how many files it takes before.
    """

    def refuse(*call: str) -> int | None:
        return 400 if call == refused and len(provider.files) >= taken else None

    provider.refuse = refuse
    with pytest.raises(ProviderFailed, match="same command again"):
        submit(provider, letters, folder, FileLimits(requests=8) if taken else None)
    provider.refuse = lambda *_call: None


@pytest.mark.parametrize("refused", [("POST", "/v1/files"), ("POST", "/v1/batches")])
def test_a_submit_that_broke_off_goes_on_where_it_was(
    provider: FakeProvider, letters: Path, tmp_path: Path, refused: tuple[str, str]
) -> None:
    break_off(provider, letters, tmp_path, refused)
    submit(provider, letters, tmp_path)
    assert len(provider.batches) == 1
    provider.work()
    assert collect(provider, tmp_path)["done"] == COUNT


@pytest.mark.parametrize("taken", [0, 1])
def test_what_was_never_handed_in_is_not_asked_at_full_price(
    provider: FakeProvider, letters: Path, tmp_path: Path, taken: int
) -> None:
    break_off(provider, letters, tmp_path, taken=taken)
    provider.work()
    with pytest.raises(ProviderFailed, match="submit` again"):
        collect(provider, tmp_path)
    assert not provider.direct
    submit(provider, letters, tmp_path)
    provider.work()
    assert collect(provider, tmp_path)["done"] == COUNT


@pytest.mark.parametrize("refused", [("POST", "/v1/files"), ("POST", "/v1/batches")])
def test_what_broke_off_under_other_settings_is_not_paid_for(
    provider: FakeProvider, letters: Path, tmp_path: Path, refused: tuple[str, str]
) -> None:
    break_off(provider, letters, tmp_path, refused)
    cheaper = replace(
        settings_of(provider), model=ModelSettings(name="x", base_url=provider.url)
    )
    submit_run([str(letters)], tmp_path, settings=cheaper, reporter=Silent())
    assert len(provider.batches) == 1
    assert not request_path(tmp_path, 1).exists()


def test_other_settings_are_not_collected_into_the_run(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    with pytest.raises(NoRun, match="other settings"):
        collect_run(
            tmp_path,
            settings=settings_of(provider, Method.CASCADE),
            reporter=Silent(),
            by_batch=False,
        )


def test_a_refused_reply_costs_what_it_cost_once(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    provider.fate = {1: Fault.REFUSAL}.get
    submit(provider, letters, tmp_path)
    provider.work()
    fetch(tmp_path, settings_of(provider))
    with RunStore(tmp_path) as store:
        spent, paid = store.spent(), store._db.value("SELECT count(*) FROM spent")
    assert paid == COUNT
    ledger = Ledger(tmp_path)
    ledger._db.change("UPDATE provider_batches SET collected_at = NULL")
    ledger.close()
    fetch(tmp_path, settings_of(provider))  # as after a kill between keeping and noting
    with RunStore(tmp_path) as store:
        assert store.spent() == spent


def test_the_plain_command_leaves_to_the_batch_what_is_under_way(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    summary = run_batch([str(letters)], tmp_path, settings=settings_of(provider))
    assert provider.direct == []
    assert (summary.status, summary.pending) == ("waiting", COUNT)
    provider.work()
    assert collect(provider, tmp_path)["done"] == COUNT


@pytest.mark.parametrize(
    ("fault", "reason"), [(Fault.REFUSAL, "ReplyRefused"), (Fault.NOT_JSON, "ReplyNotJson")]
)
def test_what_the_model_cannot_do_is_left_to_the_rules_and_said_so(
    provider: FakeProvider, letters: Path, tmp_path: Path, fault: Fault, reason: str
) -> None:
    provider.fate = lambda _position: fault
    submit(provider, letters, tmp_path)
    for _ in range(4):
        provider.work()
        summary = collected(provider, tmp_path, by_batch=True)
    assert (summary.done, summary.pending) == (COUNT, 0)
    assert summary.without_model == {reason: COUNT}
    paid = len(provider.paid)
    provider.work()
    assert len(provider.paid) == paid <= 3 * COUNT


def test_letters_are_collected_under_the_limit_of_their_list(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    settings = replace(settings_of(provider), max_bytes=30_000_000)
    (tmp_path / "large.txt").write_text(
        sorted(letters.rglob("*.txt"))[0].read_text("utf-8") + " " * 21_000_000, "utf-8"
    )
    run = tmp_path / "run"
    submit_run([str(tmp_path / "large.txt")], run, settings=settings, reporter=Silent())
    provider.work()
    assert collect(provider, run)["done"] == 1


def test_tokens_by_batch_cost_half(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    provider.work()
    settings = settings_of(provider)
    assert settings.model
    priced = replace(settings.model, input_usd_per_million=1.0, output_usd_per_million=1.0)
    fetch(tmp_path, replace(settings, model=priced))
    _, summary = collect_run(tmp_path, settings=settings, reporter=Silent(), by_batch=True)
    assert summary.cost_usd == pytest.approx(summary.tokens / 2_000_000)


def test_a_budget_that_cannot_be_kept_is_refused(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    settings = settings_of(provider)
    assert settings.model
    held = replace(settings, model=replace(settings.model, max_tokens=5))
    with pytest.raises(SettingsInvalid, match="budget"):
        submit_run([str(letters)], tmp_path / "run", settings=held, reporter=Silent())
    assert provider.batches == {}


def test_a_request_file_that_a_kill_left_is_removed(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    request_path(tmp_path, 1).write_text("a letter's text")
    submit(provider, letters, tmp_path)
    assert not request_path(tmp_path, 1).exists()


def test_a_run_of_which_nothing_was_handed_in_is_not_polled(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    run_batch([str(letters)], tmp_path)
    with pytest.raises(NoRun, match="submit"):
        poll(tmp_path, settings_of(provider))


def test_what_was_never_handed_in_is_asked_directly(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    break_off(provider, letters, tmp_path)
    summary = run_batch([str(letters)], tmp_path, settings=settings_of(provider))
    assert summary.done == COUNT
    assert submit(provider, letters, tmp_path) == 0
    assert provider.paid == []


def test_a_refused_collect_leaves_the_summary_as_it_was(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    provider.work()
    collect(provider, tmp_path)
    before = (tmp_path / "run.json").read_bytes()
    with pytest.raises(NoRun):
        collect_run(
            tmp_path,
            settings=settings_of(provider, Method.CASCADE),
            reporter=Silent(),
            by_batch=False,
        )
    assert (tmp_path / "run.json").read_bytes() == before


def test_fewer_letters_handed_in_than_before_are_no_negative_count(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    run_batch([str(letters)], tmp_path, settings=settings_of(provider))
    one = str(sorted(letters.rglob("*.txt"))[0])
    _, summary = submit_run([one], tmp_path, settings=settings_of(provider), reporter=Silent())
    assert summary.extracted == 0
