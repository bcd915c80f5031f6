import asyncio
import gc
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract import ExtractError, Extraction, ReadError, extract_many, extract_record
from extract.errors import AuthenticationFailed, ExtractorFailed, LetterEmpty, NoModel
from extract.letter import Letter
from extract.model import letters
from extract.model.letters import LetterResult, extract_all_with_model, stream_results
from extract.model.llm import Answer, InstructorModel, Question, ScriptedModel
from extract.model.usage import CallLog
from extract.settings import Method, ModelSettings, Settings
from tests.extract.model.endpoint import Endpoint, Fault, Plan, always
from tests.extract.model.letters import LETTER, REPLY, asking, letter_about

NAMES = [f"NUMBER{at:02}" for at in range(12)]
LETTERS = [letter_about(name) for name in NAMES]


def named(result: LetterResult) -> str:
    assert isinstance(result, Extraction)
    rationale = result.record.items[1].rationale or ""
    return rationale.split("flare-up at ")[1].split(",")[0]


def test_many_letters_come_back_in_order_each_with_its_own() -> None:
    with Endpoint(Plan(lambda _message: REPLY, latency_s=0.2)) as endpoint:
        results = list(extract_many(LETTERS, settings=asking(endpoint, concurrency=5)))
        assert endpoint.most_under_way == 5
    assert [named(result) for result in results] == NAMES
    assert all(result.model and not result.model.failures for result in results)


MESSAGE = {"role": "assistant", "content": "{}"}


@pytest.mark.parametrize(
    "odd",
    [
        {"choices": "abc"}, {"choices": 7}, {"choices": [7]}, {"choices": [{"message": None}]},
        {"choices": [{"index": 0, "message": {**MESSAGE, "content": [MESSAGE]}}]},
        {"choices": [{"index": 0, "message": {**MESSAGE, "tool_calls": [{}]}}]},
        {"choices": [{"index": 0, "message": {**MESSAGE, "tool_calls": "x"}}]},
        {"choices": [{"index": 0, "message": {**MESSAGE, "refusal": ["x"]}}]},
        {"choices": [{"index": 0, "message": "{}"}]}, {"choices": [{"message": [MESSAGE]}]},
        {"choices": [{"index": 0, "message": {**MESSAGE, "tool_calls": [None]}}]},
        {"choices": [{"index": 0, "message": {**MESSAGE, "tool_calls": [{"function": None}]}}]},
        {"choices": [{"index": 0, "message": {**MESSAGE, "content": "{\ud800}"}}]},
        {"model": "\udfff"}, {"usage": {"prompt_tokens": 2**63, "completion_tokens": 1}},
        {"choices": [{"index": 0, "message": MESSAGE}]}, {"model": 5}, {"model": None},
        {"usage": {}}, {"usage": "x"}, {"usage": {"prompt_tokens": -1, "completion_tokens": 1}},
        {"usage": {"prompt_tokens": None, "completion_tokens": None}},
        {"usage": {"prompt_tokens": 1.5, "completion_tokens": "many"}},
        {"usage": {"prompt_tokens": 1, "completion_tokens": 1, "prompt_tokens_details": []}},
    ],
    ids=str,
)  # fmt: skip
def test_a_completion_of_any_form_leaves_a_record(odd: dict[str, Any]) -> None:
    plan = Plan(lambda _message: REPLY, altered=lambda completion: completion | odd)
    with Endpoint(plan) as endpoint:
        (extraction,) = extract_many([LETTER], settings=asking(endpoint, attempts=1))
    assert extraction.record.items
    assert extraction.model
    assert extraction.model.usage.input_tokens > 0


def test_the_account_of_the_environment_goes_to_no_other_endpoint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        list(extract_many([LETTER], settings=asking(endpoint)))
    assert endpoint.headers
    assert not [sent for sent in endpoint.headers if "secret" in str(sent)]


def test_no_more_letters_are_read_than_are_under_way_or_waiting() -> None:
    taken: list[str] = []

    def arriving_letters() -> Iterator[str]:
        for letter in LETTERS:
            taken.append(letter)
            yield letter

    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        arriving = extract_many(arriving_letters(), settings=asking(endpoint, concurrency=1))
        next(arriving)
        assert len(taken) <= 1 + 4 * 1
        arriving.close()  # type: ignore[attr-defined]


def test_abandoned_run_ends_its_thread() -> None:
    with Endpoint(Plan(lambda _message: REPLY, latency_s=0.01)) as endpoint:
        arriving = extract_many(LETTERS, settings=asking(endpoint, concurrency=2))
        next(arriving)
        arriving.close()  # type: ignore[attr-defined]
    assert "imr-model" not in {thread.name for thread in threading.enumerate()}


def test_cancelled_run_hands_out_what_is_under_way() -> None:
    delivered: dict[int, LetterResult] = {}
    with Endpoint(Plan(lambda _message: REPLY, latency_s=0.1)) as endpoint:
        settings = asking(endpoint, concurrency=4)
        assert settings.model
        model = InstructorModel(settings.model)

        async def main() -> None:
            run = asyncio.create_task(
                extract_all_with_model(
                    LETTERS, settings=settings, model=model, deliver=delivered.__setitem__
                )
            )
            while endpoint.under_way < 4:
                await asyncio.sleep(0.005)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            await model.close()

        asyncio.run(main())
        asked = len(endpoint.requests)
    assert len(delivered) == asked < len(LETTERS)
    assert all(isinstance(result, Extraction) for result in delivered.values())


class _RefusedLate(ScriptedModel):
    """Answers all letters but the first, which is refused when another was answered."""

    async def ask(self, question: Question, log: CallLog) -> Answer:
        if NAMES[0] not in str(question.messages):
            return await super().ask(question, log)
        while not self.questions:
            await asyncio.sleep(0.01)
        raise AuthenticationFailed("the key is refused")


def test_what_came_before_its_turn_is_handed_out_when_the_run_ends() -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        settings = asking(endpoint, concurrency=2)
    model = _RefusedLate(lambda _question: json.dumps(REPLY))
    arriving = stream_results(LETTERS[:2], settings=settings, model=model)
    assert named(next(arriving)) == NAMES[1]
    with pytest.raises(AuthenticationFailed):
        next(arriving)


def test_an_interrupt_before_the_first_question_asks_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_begin = threading.Event()
    work = letters._Pump._work

    def begin_late(pump: letters._Pump) -> None:
        may_begin.wait(10)
        work(pump)

    monkeypatch.setattr(letters._Pump, "_work", begin_late)
    model = ScriptedModel(lambda _question: json.dumps(REPLY))
    interrupt = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    begin = threading.Timer(0.4, may_begin.set)
    arriving = stream_results(LETTERS, settings=Settings(method=Method.MODEL), model=model)
    interrupt.start()
    begin.start()
    with pytest.raises(KeyboardInterrupt):
        next(arriving)
    assert may_begin.is_set()  # else the second interrupt ended it
    assert not model.questions


def test_sources_that_break_cost_no_letter_under_way() -> None:
    def sources() -> Iterator[str]:
        yield from LETTERS[:3]
        raise OSError("the share is gone")

    handed_out: list[LetterResult] = []
    with Endpoint(Plan(lambda _message: REPLY, latency_s=0.2)) as endpoint:
        arriving = stream_results(sources(), settings=asking(endpoint))
        with pytest.raises(OSError, match="share"):
            handed_out.extend(arriving)
        assert len(endpoint.requests) == 3
    assert [named(result) for result in handed_out] == NAMES[:3]


def test_letter_that_cannot_be_read_is_one_failure_among_the_others() -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        settings = asking(endpoint)
        results = list(stream_results([LETTERS[0], "  ", LETTERS[1]], settings=settings))
        with pytest.raises(ReadError):
            list(extract_many([LETTERS[0], "  "], settings=settings))
    assert isinstance(results[1], LetterEmpty)
    assert [named(results[0]), named(results[2])] == NAMES[:2]


def test_a_bug_over_one_letter_is_one_failure_among_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = letters.extract_with_model

    async def broken(letter: Letter, **chosen: Any) -> Extraction:
        if "NUMBER01" in letter.text:
            raise KeyError("words of the letter")
        return await read(letter, **chosen)

    monkeypatch.setattr(letters, "extract_with_model", broken)
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        results = list(stream_results(LETTERS[:3], settings=asking(endpoint)))
        with pytest.raises(TypeError, match="not int"):
            list(extract_many([42], settings=asking(endpoint)))  # type: ignore[list-item]
    assert [named(results[0]), named(results[2])] == [NAMES[0], NAMES[2]]
    assert isinstance(results[1], ExtractorFailed)
    assert "broke with KeyError at test_letters.py" in results[1].message
    assert "words" not in results[1].message


def test_refused_key_stops_the_run_at_once(caplog: pytest.LogCaptureFixture) -> None:
    with Endpoint(Plan(lambda _message: REPLY, always(Fault.UNAUTHORIZED))) as endpoint:
        with pytest.raises(AuthenticationFailed, match="OPENAI_API_KEY"):
            list(extract_many(LETTERS, settings=asking(endpoint, concurrency=3)))
        assert len(endpoint.requests) <= 3
    gc.collect()  # a task whose error nobody asked for is logged when it goes
    assert caplog.text == ""


def test_budget_that_is_spent_leaves_the_rest_to_the_rules() -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        settings = asking(endpoint, concurrency=1, max_tokens=60_000)
        results = list(extract_many(LETTERS, settings=settings))
        assert 0 < len(endpoint.requests) < len(LETTERS)
    reasons = [
        [failure.reason for failure in result.model.failures] if result.model else []
        for result in results
    ]
    assert reasons[0] == []
    assert reasons[-1] == ["BudgetSpent"]
    spent = sum(result.model.usage.total for result in results if result.model)
    assert spent <= 60_000


def test_caller_inside_an_event_loop_is_served() -> None:
    async def main() -> Extraction:
        return extract_record(
            LETTER, settings=Settings(method=Method.MODEL), model=ScriptedModel(_script)
        )

    assert asyncio.run(main()).model is not None


def _script(_question: object) -> str:
    return json.dumps(REPLY)


def test_model_values_say_that_they_are_a_models_and_not_measured() -> None:
    result = extract_record(
        LETTER, settings=Settings(method=Method.MODEL), model=ScriptedModel(_script)
    )
    by_model = [e for e in result.evidence.values() if e.method is Method.MODEL]
    assert by_model
    for evidence in by_model:
        assert evidence.rule == "letter.v1"
        assert evidence.grounding == "exact"
        assert evidence.confidence == 0.0
        assert LETTER[evidence.start : evidence.end] == evidence.quote


def test_rules_path_names_no_model() -> None:
    assert extract_record(LETTER).model is None


def test_auto_asks_the_configured_model_and_else_nobody() -> None:
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        asked = extract_record(LETTER, settings=asking(endpoint, Method.AUTO))
    assert asked.model is not None
    assert extract_record(LETTER, settings=Settings(method=Method.AUTO)).model is None


@pytest.mark.parametrize("method", [Method.MODEL, Method.CASCADE])
def test_method_that_asks_a_model_says_how_to_name_one(method: Method) -> None:
    with pytest.raises(NoModel, match="IMR_MODEL"):
        extract_record(LETTER, settings=Settings(method=method))


def test_whole_that_is_too_long_is_put_together_from_its_parts() -> None:
    def faults(message: str, _count: int) -> Fault | None:
        return None if "\n[" in message else Fault.TRUNCATED

    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        whole = extract_record(LETTER, settings=asking(endpoint))
    with Endpoint(Plan(lambda _message: REPLY, faults)) as endpoint:
        parts = extract_record(LETTER, settings=asking(endpoint))
        limits = [request["max_tokens"] for request in endpoint.requests]
    assert parts.record == whole.record
    assert parts.model
    assert parts.model.failures == ()
    assert limits[1] == 2 * limits[0]
    assert len(limits) == 4


def test_a_decision_is_not_proved_by_the_line_of_another_item() -> None:
    lines = ["MRI of the knee: Upheld", "Norco 10/325mg #60: Overturned"]
    letter = "IMR ISSUES, DECISIONS AND RATIONALES\n" + "".join(
        f"{line}\nClaims Administrator guideline: Decision based on MTUS.\n"
        "MAXIMUS guideline: Decision based on MTUS.\nDecision rationale: It is so.\n"
        for line in lines
    )
    claims = {"value": "overturned", "quote": lines[1]}
    reply = {
        "items": [
            {"description": line.partition(":")[0], "decision": claims} for line in lines
        ]
    }
    model = ScriptedModel(lambda _question: json.dumps(reply))
    result = extract_record(letter, settings=Settings(method=Method.MODEL), model=model)
    assert [item.decision for item in result.record.items] == ["upheld", "overturned"]
    assert result.model
    rejected = {rejection.path for rejection in result.model.rejections}
    assert "items[0].decision" in rejected
    assert "items[1].decision" not in rejected


def test_rules_lead_where_a_confidence_is_asked_for() -> None:
    rules = extract_record(LETTER)
    reply = {**REPLY, "diagnoses": REPLY["diagnoses"][:1]}

    def diagnoses(least: float) -> tuple[str, ...]:
        settings = Settings(method=Method.MODEL, min_confidence=least)
        model = ScriptedModel(lambda _question: json.dumps(reply))
        return extract_record(LETTER, settings=settings, model=model).record.diagnoses

    assert diagnoses(0.0) == rules.record.diagnoses[:1]
    assert diagnoses(0.01) == rules.record.diagnoses


def test_a_correction_that_is_cut_off_costs_nothing_that_was_proved() -> None:
    wrong = {**REPLY, "case_number": {"value": "CM00-0000000", "quote": "nowhere"}}

    class CutOffFromThen(ScriptedModel):
        async def ask(self, question: Question, log: CallLog) -> Answer:
            answer = await super().ask(question, log)
            return answer if len(self.questions) == 1 else Answer(None, is_truncated=True)

    settings = Settings(method=Method.MODEL)
    whole, cut = (
        extract_record(LETTER, settings=settings, model=model(lambda _: json.dumps(wrong)))
        for model in (ScriptedModel, CutOffFromThen)
    )
    assert cut.record == whole.record
    assert cut.model
    assert [failure.reason for failure in cut.model.failures] == ["ReplyTruncated"]
    assert [rejection.path for rejection in cut.model.rejections] == ["case_number"]


def test_same_reply_gives_the_same_result_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, "utf-8")
    with Endpoint(Plan(lambda _message: REPLY)) as endpoint:
        settings = asking(endpoint)
        first, second = (extract_record(path, settings=settings) for _ in range(2))
    assert first.model_dump_json() == second.model_dump_json()


def test_error_of_a_run_is_an_extract_error() -> None:
    assert issubclass(AuthenticationFailed, ExtractError)


def test_openais_endpoint_is_not_asked_without_a_key() -> None:
    settings = Settings(method=Method.MODEL, model=ModelSettings(name="gpt-4.1-mini"))
    with pytest.raises(AuthenticationFailed, match="OPENAI_API_KEY"):
        list(extract_many([LETTER], settings=settings))
