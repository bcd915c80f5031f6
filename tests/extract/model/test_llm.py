"""The seam to the model: what is sent, what is learnt from refusals, what never leaks."""

import asyncio
import json
import logging
import time
import traceback
from typing import Any

import instructor
import pytest
from pydantic import BaseModel

from extract import extract_many
from extract.errors import EndpointBusy, ExtractError, NoModel, RequestRefused
from extract.model.llm import InstructorModel, Message, Question, ScriptedModel
from extract.model.question import whole_letter
from extract.model.usage import CallLog
from extract.model.wire import Wire
from extract.settings import ModelSettings, ReplyMode
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always, in_turn, times
from tests.extract.model.letters import KEY, LETTER, REPLY, asking, model_settings

QUESTION = whole_letter().about(LETTER, 4_000)
GOOD = Plan(lambda _message: REPLY)


def ask(
    settings: ModelSettings, *, count: int = 1
) -> tuple[list[Any], CallLog, InstructorModel]:
    """`count` answers, all asked for at once."""
    model, log = InstructorModel(settings), CallLog()

    async def main() -> list[Any]:
        try:
            return await asyncio.gather(*(model.ask(QUESTION, log) for _ in range(count)))
        finally:
            await model.close()

    return asyncio.run(main()), log, model


@pytest.mark.parametrize("mode", list(ReplyMode))
def test_reply_arrives_in_every_mode(mode: ReplyMode) -> None:
    with Endpoint(GOOD) as endpoint:
        (answer,), log, _ = ask(model_settings(endpoint, mode=mode))
    assert answer.reply.model_dump(mode="json") == REPLY
    assert answer.problems == ()
    assert [attempt.outcome for attempt in log.attempts] == ["ok"]
    assert log.served_by == "made-up-replies"


@pytest.mark.parametrize("mode", [ReplyMode.JSON_SCHEMA, ReplyMode.TOOLS])
def test_schema_is_sent_as_binding_and_nothing_is_stored(mode: ReplyMode) -> None:
    with Endpoint(GOOD) as endpoint:
        ask(model_settings(endpoint, mode=mode))
        (sent,), (headers,) = endpoint.requests, endpoint.headers
    form = (
        sent["response_format"]["json_schema"]
        if mode is ReplyMode.JSON_SCHEMA
        else sent["tools"][0]["function"]
    )
    assert form["strict"] is True
    assert sent["store"] is False
    assert sent["messages"] == [message._asdict() for message in QUESTION.messages]
    assert headers["authorization"] == f"bearer {KEY}"


@pytest.mark.parametrize("mode", [ReplyMode.JSON_SCHEMA, ReplyMode.TOOLS, ReplyMode.JSON])
def test_request_is_what_instructor_itself_would_send(mode: ReplyMode) -> None:
    """The kept form and instructor's own loop make the same request, strictness apart."""
    sent: dict[str, Any] = {}

    async def capture(**body: Any) -> Any:
        sent.update(body)
        raise KeyboardInterrupt

    modes = {
        ReplyMode.JSON_SCHEMA: instructor.Mode.JSON_SCHEMA,
        ReplyMode.TOOLS: instructor.Mode.TOOLS,
        ReplyMode.JSON: instructor.Mode.JSON,
    }
    create: Any = instructor.patch(create=capture, mode=modes[mode])
    messages = [message._asdict() for message in QUESTION.messages]
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(create(response_model=QUESTION.reply, messages=messages))
    body = InstructorModel(ModelSettings(name="m", mode=mode)).body_of(QUESTION)
    ours = json.loads(json.dumps(body).replace(', "strict": true', ""))
    theirs = json.loads(json.dumps(sent))
    for key in ("messages", "tools", "tool_choice", "response_format"):
        assert ours.get(key) == theirs.get(key)


def test_mode_is_found_out_by_one_call_and_remembered() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.NO_SCHEMA))) as endpoint:
        answers, _, model = ask(model_settings(endpoint, concurrency=8), count=8)
        formats = [request.get("response_format") is not None for request in endpoint.requests]
    assert all(answer.reply for answer in answers)
    assert formats == [True] + [False] * 8
    assert model.parameters["mode"] == "tools"


def test_parameter_that_is_not_taken_is_left_out_from_then_on() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.NO_TEMPERATURE))) as endpoint:
        answers, _, model = ask(model_settings(endpoint), count=3)
        with_it = ["temperature" in request for request in endpoint.requests]
    assert all(answer.reply for answer in answers)
    assert with_it == [True, False, False, False]
    assert "temperature" not in model.parameters


def test_form_that_is_never_taken_costs_one_call() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.NO_SCHEMA))) as endpoint:
        with pytest.raises(RequestRefused, match="refused the request"):
            ask(model_settings(endpoint, mode=ReplyMode.JSON_SCHEMA))
        assert len(endpoint.requests) == 1


def test_wrong_words_cost_their_own_answers_only() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.INVALID_ENUM))) as endpoint:
        (answer,), _, _ = ask(model_settings(endpoint))
    assert answer.reply.items[0].decision is None
    assert answer.reply.items[1].decision.value == "overturned"
    assert [problem.path for problem in answer.problems] == ["items[0].decision.value"]


def test_usage_of_every_attempt_is_counted() -> None:
    faults = in_turn([Fault.BUSY, Fault.HANG, None])
    with Endpoint(Plan(lambda _message: REPLY, faults)) as endpoint:
        _, log, _ = ask(model_settings(endpoint, timeout_s=1.0))
    busy, slow, good = log.attempts
    assert (busy.outcome, busy.status, busy.usage.total) == ("EndpointBusy", 429, 0)
    assert (slow.outcome, slow.is_estimate) == ("EndpointSlow", True)
    assert slow.usage.input_tokens > 0
    assert not good.is_estimate
    assert log.usage.input_tokens == slow.usage.input_tokens + good.usage.input_tokens


@pytest.mark.parametrize("fault", [*Fault])
def test_nothing_that_is_logged_or_raised_holds_letter_reply_or_key(
    fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = (KEY, "chronic low back pain", "lumbar disc displacement", "Norco")
    said, raised = "", None
    with Endpoint(Plan(lambda _message: REPLY, always(fault))) as endpoint:
        settings = model_settings(endpoint, timeout_s=0.2, attempts=2)
        model = InstructorModel(settings)
        try:
            answers, log, _ = ask(settings)
            said = repr(answers) + repr(log)
        except ExtractError as error:
            raised = error
            said = "".join(traceback.format_exception(error)) + repr(error)
    assert raised is None or (raised.__cause__, raised.__context__) == (None, None)
    said += caplog.text + repr(model) + repr(settings) + repr(QUESTION)
    for secret in secrets:
        assert secret not in said


def test_busy_for_ever_is_named_after_the_attempts() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.BUSY))) as endpoint:
        with pytest.raises(EndpointBusy):
            ask(model_settings(endpoint, attempts=4))
        assert len(endpoint.requests) == 4


def test_waiting_stops_when_the_patience_is_spent() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.BUSY))) as endpoint:
        with pytest.raises(EndpointBusy):
            ask(model_settings(endpoint, attempts=50, pause_s=5.0, patience_s=0.5))
        assert len(endpoint.requests) == 1


def test_no_pause_is_shorter_than_ones_own() -> None:
    plan = Plan(lambda _message: REPLY, in_turn([Fault.BUSY_SECONDS] * 3 + [None]))
    with Endpoint(plan) as endpoint:
        started = time.monotonic()
        ask(model_settings(endpoint, attempts=4, pause_s=0.2))
        assert time.monotonic() - started > 0.1 + 0.2 + 0.4


def test_an_endpoint_that_asks_for_hours_is_left_alone() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.BUSY_LONG))) as endpoint:
        settings = asking(endpoint, concurrency=1)
        results = list(extract_many(["a letter", "another", "a third"], settings=settings))
        assert len(endpoint.requests) == 1
    reasons = [failure.reason for r in results if r.model for failure in r.model.failures]
    assert reasons == ["EndpointClosed"] * 3


def test_a_pause_that_one_call_is_asked_for_holds_the_others() -> None:
    plan = Plan(lambda _message: REPLY, in_turn([None, Fault.BUSY_A_SECOND, *[None] * 3]))
    with Endpoint(plan) as endpoint:
        answers, _, _ = ask(model_settings(endpoint, concurrency=1, patience_s=2.0), count=4)
        _, refused, following, *_ = endpoint.came
    assert all(answer.reply for answer in answers)
    assert len(endpoint.came) == 5
    assert following - refused > 0.9


def test_waiting_for_ones_turn_costs_no_patience() -> None:
    plan = Plan(lambda _message: REPLY, in_turn([None] * 4 + [Fault.ERROR]), latency_s=0.2)
    with Endpoint(plan) as endpoint:
        ask(model_settings(endpoint, concurrency=1, patience_s=0.5), count=5)
        assert len(endpoint.requests) == 6


def test_concurrency_is_bounded() -> None:
    plan = Plan(lambda _message: REPLY, latency_s=0.05)
    with Endpoint(plan) as endpoint:
        ask(model_settings(endpoint, concurrency=3), count=12)
        assert endpoint.most_under_way == 3


def test_one_model_serves_one_event_loop_after_the_other() -> None:
    with Endpoint(GOOD) as endpoint:
        model = InstructorModel(model_settings(endpoint))

        async def main() -> None:
            answer = await model.ask(QUESTION, CallLog())
            assert answer.reply
            await model.close()

        asyncio.run(main())
        asyncio.run(main())
        assert len(endpoint.requests) == 2


def test_model_without_a_name_is_refused() -> None:
    with pytest.raises(NoModel, match="IMR_MODEL"):
        InstructorModel(ModelSettings(name=""))


def test_cancelled_call_counts_what_it_may_have_cost() -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.HANG))) as endpoint:
        model, log = InstructorModel(model_settings(endpoint, timeout_s=30)), CallLog()

        async def main() -> None:
            call = asyncio.create_task(model.ask(QUESTION, log))
            while not endpoint.requests:
                await asyncio.sleep(0.01)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            await model.close()

        asyncio.run(main())
    (attempt,) = log.attempts
    assert attempt.outcome == "cancelled"
    assert model.budget.spent.input_tokens > 0


def test_scripted_model_answers_from_its_script() -> None:
    model = ScriptedModel(lambda question: json.dumps(REPLY))
    answer = asyncio.run(model.ask(QUESTION, CallLog()))
    assert isinstance(answer.reply, Wire | BaseModel)
    assert model.questions == [QUESTION]
    assert "no model" in model.name


def test_repr_of_a_question_does_not_show_the_letter() -> None:
    question = Question((Message("user", "SECRET"),), QUESTION.reply, 1)
    assert "SECRET" not in repr(question)


def test_fault_counts_per_letter() -> None:
    faults = times(2, Fault.BUSY)
    assert [faults("a", n) for n in range(3)] == [Fault.BUSY, Fault.BUSY, None]
