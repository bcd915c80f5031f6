"""Through a model: nothing is lost, and nothing is paid for twice."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from extract import Method, Settings
from extract.account import Attempt, Usage
from extract.batch import JobOptions, run_batch
from extract.batch.engine import Assignment
from extract.batch.errors import BudgetExhausted, ModelAway, WorkersCannotStart
from extract.batch.ledger import Ledger
from extract.batch.model_engine import extract_by_model
from extract.batch.progress import Silent
from extract.batch.recall import Memory, RecallingModel, request_digest
from extract.batch.replies import Reply, ReplyShelf
from extract.batch.scan import list_letters
from extract.batch.stop import Stop
from extract.batch.store import RunStore
from extract.batch.work import Task
from extract.clean import clean
from extract.errors import AuthenticationFailed, BudgetSpent
from extract.model.llm import Answer, InstructorModel, Question, ScriptedModel
from extract.model.question import whole_letter
from extract.model.usage import CallLog, Price
from extract.settings import ModelSettings
from tests.extract.batch import faults, jobs
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always, times

CONCURRENCY = 8


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return jobs.make_folder(tmp_path_factory.mktemp("letters"), 60)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint(Plan(reply=jobs.reply_by_the_rules)) as running:
        yield running


@pytest.fixture(scope="module")
def calls(letters: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many calls a run over the letters takes that nothing disturbs."""
    with Endpoint(Plan(reply=jobs.reply_by_the_rules)) as quiet:
        run_batch([str(letters)], tmp_path_factory.mktemp("quiet"), settings=_settings(quiet))
        return len(quiet.requests)


def _settings(endpoint: Endpoint, **more: object) -> Settings:
    model = ModelSettings(
        name="made-up",
        base_url=endpoint.url,
        concurrency=CONCURRENCY,
        input_usd_per_million=1.0,
        output_usd_per_million=1.0,
        **more,  # type: ignore[arg-type]  # a table of options
    )
    return Settings(method=Method.MODEL, model=model)


def test_each_letter_is_asked_about_once_and_never_again(
    endpoint: Endpoint, letters: Path, tmp_path: Path
) -> None:
    settings = _settings(endpoint)
    summary = run_batch([str(letters)], tmp_path, settings=settings)
    asked = len(endpoint.requests)
    assert (summary.done, summary.failed, summary.without_model) == (60, 0, {})
    assert summary.tokens > 0
    assert summary.cost_usd is not None
    assert run_batch([str(letters)], tmp_path, settings=settings).extracted == 0
    assert len(endpoint.requests) == asked
    line = json.loads((tmp_path / "records.jsonl").read_text("utf-8").splitlines()[0])
    assert line["model"]["model"] == "made-up"


def test_a_changed_threshold_merges_anew_and_asks_nothing(
    endpoint: Endpoint, letters: Path, tmp_path: Path
) -> None:
    settings = _settings(endpoint)
    first = run_batch([str(letters)], tmp_path, settings=settings)
    asked = len(endpoint.requests)
    changed = replace(settings, cascade_below=0.5)
    assert run_batch([str(letters)], tmp_path, settings=changed).extracted == 60
    assert len(endpoint.requests) == asked
    assert first.digest != run_batch([str(letters)], tmp_path, settings=changed).digest


def test_a_failing_endpoint_costs_the_model_not_the_letter(
    endpoint: Endpoint, letters: Path, tmp_path: Path
) -> None:
    endpoint.plan.faults = always(Fault.REFUSAL, about="CM14-0000007")
    settings = _settings(endpoint, attempts=1, rounds=0)
    summary = run_batch([str(letters)], tmp_path, settings=settings)
    assert summary.done == 60
    assert sum(summary.without_model.values()) == 1
    endpoint.plan.faults = lambda _message, _count: None
    again = JobOptions(retry_failed=True)
    asked = len(endpoint.requests)
    summary = run_batch([str(letters)], tmp_path, settings=settings, options=again)
    assert summary.without_model == {}
    assert len(endpoint.requests) > asked


@pytest.mark.parametrize("fault", [Fault.NOT_JSON, Fault.TRUNCATED])
def test_a_retry_asks_anew_where_a_kept_reply_is_worth_nothing(
    letters: Path, tmp_path: Path, fault: Fault
) -> None:
    with Endpoint(Plan(jobs.reply_by_the_rules, always(fault))) as ill:
        settings = _settings(ill)
        ailing = run_batch([str(letters)], tmp_path, settings=settings)
        assert sum(ailing.without_model.values()) == 60
        asked = len(ill.requests)
        run_batch([str(letters)], tmp_path, settings=settings)
        assert len(ill.requests) == asked
        ill.plan.faults = lambda _message, _count: None
        again = JobOptions(retry_failed=True)
        healed = run_batch([str(letters)], tmp_path, settings=settings, options=again)
        assert healed.without_model == {}
        assert asked < len(ill.requests) <= asked + 60


def test_a_spent_budget_stops_the_run_and_more_money_goes_on(
    endpoint: Endpoint, letters: Path, calls: int, tmp_path: Path
) -> None:
    with pytest.raises(BudgetExhausted, match="budget"):
        run_batch([str(letters)], tmp_path, settings=_settings(endpoint, max_tokens=400_000))
    assert 0 < len(endpoint.requests) < 60
    run_batch([str(letters)], tmp_path, settings=_settings(endpoint))
    assert len(endpoint.requests) == calls


def test_an_endpoint_that_asks_for_hours_ends_the_run(
    endpoint: Endpoint, letters: Path, calls: int, tmp_path: Path
) -> None:
    endpoint.plan.faults = _after(20, Fault.BUSY_LONG, endpoint)
    with pytest.raises(ModelAway, match=r"come back in 3\d\d\d s"):
        run_batch([str(letters)], tmp_path, settings=_settings(endpoint))
    assert 20 < len(endpoint.requests) < calls
    endpoint.plan.faults = lambda _message, _count: None
    assert (
        run_batch([str(letters)], tmp_path, settings=_settings(endpoint)).without_model == {}
    )


def _after(count: int, fault: Fault, endpoint: Endpoint) -> Callable[[str, int], Fault | None]:
    """`fault` for every request behind the first `count`."""
    return lambda _message, _count: fault if len(endpoint.requests) > count else None


def test_a_letter_that_cannot_be_read_costs_no_call_and_no_other_letter(
    endpoint: Endpoint, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.batch.reading.read_task", faults.read_badly)
    (tmp_path / "letters").mkdir()
    for path in sorted(letters.rglob("*.txt"))[:12]:
        (tmp_path / "letters" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "letters" / "000-hangs.txt").write_text("a")
    (tmp_path / "letters" / "000-dies.txt").write_text("b")
    (tmp_path / "letters" / "000-is-empty.txt").write_text(" ")
    options = JobOptions(timeout_s=2.0)
    summary = run_batch(
        [str(tmp_path / "letters")], tmp_path, settings=_settings(endpoint), options=options
    )
    assert (summary.done, summary.status) == (12, "finished")
    assert summary.failures == {"LetterTimedOut": 1, "WorkerLost": 1, "LetterEmpty": 1}
    assert len(endpoint.requests) == 12


def test_readers_that_fail_cost_no_paid_call(
    letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = Assignment.tasks

    def failing(assignment: Assignment) -> Iterator[Task]:
        yield from islice(tasks(assignment), 20)
        raise WorkersCannotStart("no memory")

    monkeypatch.setattr(Assignment, "tasks", failing)
    with Endpoint(Plan(reply=jobs.reply_by_the_rules, latency_s=0.2)) as endpoint:
        with pytest.raises(WorkersCannotStart):
            run_batch([str(letters)], tmp_path, settings=_settings(endpoint))
        asked = len(endpoint.requests)
    assert asked > 0
    with RunStore(tmp_path) as store:
        (kept,) = store._db.row("SELECT count(*) FROM replies")
    assert kept == asked


def test_a_wrong_key_ends_the_run_at_once(
    endpoint: Endpoint, letters: Path, tmp_path: Path
) -> None:
    endpoint.plan.faults = always(Fault.UNAUTHORIZED)
    with pytest.raises(AuthenticationFailed):
        run_batch([str(letters)], tmp_path, settings=_settings(endpoint))
    assert len(endpoint.requests) <= CONCURRENCY
    with RunStore(tmp_path) as store:
        assert store.counts(store.fact("digest") or "").pending == 60


def test_busy_endpoints_are_asked_until_they_answer(
    endpoint: Endpoint, letters: Path, tmp_path: Path
) -> None:
    endpoint.plan.faults = times(1, Fault.BUSY_SECONDS, about="CM14-000000")
    summary = run_batch([str(letters)], tmp_path, settings=_settings(endpoint))
    assert (summary.done, summary.without_model) == (60, {})


def _has_asked(endpoint: Endpoint, count: int) -> bool:
    return len(endpoint.requests) >= count


def _environment(endpoint: Endpoint) -> dict[str, str]:
    return {
        "IMR_METHOD": "model",
        "IMR_MODEL": "made-up",
        "IMR_CONCURRENCY": str(CONCURRENCY),
        "OPENAI_BASE_URL": endpoint.url,
    }


def test_kills_cost_at_most_the_calls_under_way(
    endpoint: Endpoint, letters: Path, tmp_path: Path
) -> None:
    endpoint.plan.latency_s = 0.05
    environment = _environment(endpoint)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert jobs.finish(jobs.start(letters, "--out", whole, environment=environment))[0] == 0
    asked = len(endpoint.requests)
    for goal in (asked + 1, asked + 25, asked + 55):
        process = jobs.start(letters, "--out", killed, environment=environment)
        jobs.wait_until(process, partial(_has_asked, endpoint, goal))
        process.send_signal(signal.SIGKILL)
        jobs.finish(process)
    assert jobs.finish(jobs.start(letters, "--out", killed, environment=environment))[0] == 0
    assert len(endpoint.requests) - asked <= asked + 3 * CONCURRENCY
    assert jobs.same_outputs(whole, killed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_for_what_is_paid(
    endpoint: Endpoint, letters: Path, calls: int, tmp_path: Path, number: signal.Signals
) -> None:
    endpoint.plan.latency_s = 0.4
    environment = _environment(endpoint)
    process = jobs.start(letters, "--out", tmp_path, environment=environment)
    jobs.wait_until(process, lambda: len(endpoint.requests) >= CONCURRENCY)
    os.killpg(process.pid, number)
    code, said = jobs.finish(process)
    assert code == 128 + number, said
    assert jobs.finish(jobs.start(letters, "--out", tmp_path, environment=environment))[0] == 0
    assert len(endpoint.requests) == calls


def test_the_made_up_replies_are_about_the_letter(letters: Path) -> None:
    text = sorted(letters.rglob("*.txt"))[0].read_text("utf-8")
    reply = jobs.reply_by_the_rules(f"<<<LETTER x>>>\n{clean(text).lines}\n<<<END x>>>")
    assert reply["items"][0]["description"]


def test_a_refusal_is_paid_for_too(endpoint: Endpoint, letters: Path, tmp_path: Path) -> None:
    endpoint.plan.faults = always(Fault.REFUSAL)
    settings = _settings(endpoint, attempts=1, rounds=0)
    summary = run_batch([str(letters)], tmp_path, settings=settings)
    assert sum(summary.without_model.values()) == 60
    with RunStore(tmp_path) as store:
        assert store._db.value("SELECT count(*) FROM spent") == 60
    assert summary.tokens > 0


class _RefusedOnce(ScriptedModel):
    """The first question is refused; what is asked beside it takes too long."""

    was_waited_for = False

    async def ask(self, question: Question, log: CallLog) -> Answer:
        self.questions.append(question)
        if len(self.questions) == 1:
            await asyncio.sleep(0.2)
            raise AuthenticationFailed("the key is refused")
        await asyncio.sleep(20)
        self.was_waited_for = True
        return Answer(None)


def test_a_run_that_is_over_waits_for_calls_but_not_for_ever(
    letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.batch.model_engine.GRACE_S", 0.5)
    settings = Settings(
        method=Method.MODEL, model=ModelSettings(name="x", base_url="http://localhost:9/v1")
    )
    model = _RefusedOnce(lambda _question: "")
    with RunStore(tmp_path, create=True) as store:
        run = Assignment(store, "a", settings, Silent(), Stop())
        names = [str(path) for path in sorted(letters.rglob("*.txt"))[:3]]
        list_letters(store, names, max_bytes=10**6, on_progress=lambda _count: None)
        with pytest.raises(AuthenticationFailed):
            extract_by_model(run, model)
    assert len(model.questions) == 3
    assert not model.was_waited_for


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("name", "y"), ("base_url", "http://localhost:1/v1"), ("temperature", 1.0)),
        ("seed", 7),
    ],
)
def test_how_it_is_asked_tells_answers_apart(name: str, value: object) -> None:
    question = whole_letter().about("A letter.", 4_000)
    settings = ModelSettings(name="x")
    other = replace(settings, **{name: value})  # type: ignore[arg-type]  # a table of settings
    assert request_digest(settings, question) == request_digest(settings, question)
    assert request_digest(other, question) != request_digest(settings, question)
    longer = replace(question, max_output_tokens=8_000)
    assert request_digest(settings, longer) != request_digest(settings, question)


@pytest.mark.parametrize("usd_per_million", [1.0, 0.5])
def test_what_was_spent_before_is_counted_once_and_at_what_it_cost(
    usd_per_million: float, tmp_path: Path
) -> None:
    paid = ModelSettings(name="y", input_usd_per_million=1.0, output_usd_per_million=1.0)
    settings = ModelSettings(
        name="x",
        max_cost_usd=1.0,
        input_usd_per_million=usd_per_million,
        output_usd_per_million=usd_per_million,
    )
    attempts = (Attempt(outcome="ok", usage=Usage(input_tokens=600_000)),)
    with RunStore(tmp_path, create=True) as store:
        with closing(ReplyShelf(tmp_path, Price(paid))) as shelf:
            shelf.keep([Reply("a", None, attempts, None, 1.0)])
            shelf.keep([Reply("b", None, attempts, None, 1.0, by_provider_batch=True)])
        model = InstructorModel(settings)
        run = Assignment(store, "a", Settings(model=settings), Silent(), Stop())
        for _ in range(2):
            extract_by_model(run, model)
        assert store.paid_usd() == pytest.approx(0.9)
    assert model.budget.spent.total == 1_200_000
    left = int(100_000 / usd_per_million)  # 0.6 + 0.3 USD were spent
    asyncio.run(model.budget.hold(Usage(input_tokens=left - 10_000)))
    with pytest.raises(BudgetSpent):
        asyncio.run(model.budget.hold(Usage(input_tokens=left + 10_000)))


def test_a_call_that_is_cancelled_is_counted(tmp_path: Path) -> None:
    question = whole_letter().about("A letter of one sentence.", 4_000)

    async def ask_and_cancel(hanging: Endpoint) -> None:
        settings = ModelSettings(name="made-up-replies", base_url=hanging.url)
        with closing(ReplyShelf(tmp_path)) as shelf, closing(Ledger(tmp_path)) as ledger:
            memory = Memory(settings, shelf, ledger)
            model = RecallingModel(InstructorModel(settings), memory)
            asking = asyncio.create_task(model.ask(question, CallLog()))
            while not hanging.requests:
                await asyncio.sleep(0.01)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await model.close()

    with RunStore(tmp_path, create=True) as store:
        with Endpoint(Plan(jobs.reply_by_the_rules, always(Fault.HANG))) as hanging:
            asyncio.run(ask_and_cancel(hanging))
        assert store.spent().input_tokens > 0
