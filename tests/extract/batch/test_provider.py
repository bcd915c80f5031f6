"""Whatever the batch endpoint answers, nothing is lost, paid twice or told to a log."""

import json
from pathlib import Path
from typing import Any

import pytest

from extract import Usage, extract_record
from extract.batch.errors import ProviderFailed
from extract.batch.ledger import Ledger, ProviderRequest
from extract.batch.provider import read_line
from extract.batch.provider_job import FileLimits, fetch, request_path
from extract.batch.store import RunStore
from extract.errors import EndpointUnknown
from extract.model.tokens import count_tokens
from tests.extract.batch.by_batch import (
    COUNT,
    collect,
    collected,
    first_output,
    settings_of,
    submit,
)
from tests.extract.batch.provider import FakeProvider
from tests.extract.model.endpoint import Fault


def test_a_batch_that_was_made_but_not_noted_is_found_again(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    ledger = Ledger(tmp_path)
    ledger._db.change("UPDATE provider_batches SET batch = NULL, status = 'uploaded'")
    ledger.close()
    submit(provider, letters, tmp_path)
    assert len(provider.batches) == 1
    assert not request_path(tmp_path, 1).exists()


def test_a_providers_words_are_not_repeated(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    provider.fate = lambda _position: "error"
    submit(provider, letters, tmp_path)
    provider.work()
    assert fetch(tmp_path, settings_of(provider)).statuses == {"server_error": COUNT}


def test_a_batch_whose_making_was_not_heard_of_is_not_made_twice(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    provider.deaf = True
    with pytest.raises(ProviderFailed):
        submit(provider, letters, tmp_path)
    provider.deaf = False
    assert submit(provider, letters, tmp_path) == COUNT
    assert len(provider.batches) == 1


def test_an_output_that_is_lost_holds_up_no_other(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path, FileLimits(requests=8))
    provider.work()
    del provider.files[first_output(provider)]
    assert collected(provider, tmp_path).pending == 8
    assert collected(provider, tmp_path, give_up_unknown=True).done == COUNT


def test_a_character_that_parts_lines_elsewhere_parts_no_reply(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    provider.work()
    name = first_output(provider)
    text = provider.files[name].decode()
    provider.files[name] = text.replace("made-up", "made\u2028up\x85", 1).encode()
    assert fetch(tmp_path, settings_of(provider)).statuses == {"ok": COUNT}


@pytest.mark.parametrize(
    "line",
    [
        '{"custom_id": "a", "response": {"status_code": 502, "body": "Bad Gateway"}}',
        '{"custom_id": "a", "response": "none"}',
        '{"custom_id": "a", "error": "none"}',
        '{"custom_id": "a", "response": {"status_code": 200, "body": {"choices": [1]}}}',
    ],
)
def test_a_line_of_any_form_is_read(line: str) -> None:
    reply = read_line(line)
    assert reply
    assert reply.text is None


@pytest.mark.parametrize("answer", [b"{}", b"<html>a page</html>", b"[1]"])
def test_an_endpoint_that_talks_otherwise_is_a_sentence(
    provider: FakeProvider, letters: Path, tmp_path: Path, answer: bytes
) -> None:
    provider.answer = answer
    with pytest.raises(ProviderFailed, match="OPENAI_BASE_URL"):
        submit(provider, letters, tmp_path)


def test_no_letter_is_sent_on_to_another_address(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    with FakeProvider(provider.reply) as elsewhere:
        provider.leads_to = elsewhere.url.removesuffix("/v1")
        with pytest.raises(ProviderFailed, match=r"leads on .* set OPENAI_BASE_URL"):
            submit(provider, letters, tmp_path)
        with pytest.raises(EndpointUnknown, match=r"leads on .* set OPENAI_BASE_URL"):
            extract_record(next(letters.rglob("*.txt")), settings=settings_of(provider))
        assert (elsewhere.files, elsewhere.direct) == ({}, [])


def test_a_batch_that_cannot_be_fetched_holds_up_no_other(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path, FileLimits(requests=8))
    provider.work()
    ill = first_output(provider)
    provider.refuse = lambda _method, path: 400 if f"/{ill}/" in path else None
    with pytest.raises(ProviderFailed):
        collect(provider, tmp_path)
    with RunStore(tmp_path) as store:
        assert store.counts(store.fact("digest") or "").pending == 8


def test_a_batch_that_does_not_say_when_it_was_made_is_collected(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    submit(provider, letters, tmp_path)
    provider.work()
    for batch in provider.batches.values():
        del batch["created_at"]
    assert collect(provider, tmp_path)["done"] == COUNT


def test_what_a_filter_declined_is_not_handed_in_again() -> None:
    error = {"error": {"code": "content_filter", "message": "no"}}
    line = {"custom_id": "a", "response": {"status_code": 400, "body": error}}
    reply = read_line(json.dumps(line))
    assert reply
    assert reply.status == "refused"


def line_of(choice: dict[str, Any], usage: dict[str, Any] | None) -> str:
    """A line of an output file: a completion with one choice."""
    body = {"id": "c", "object": "chat.completion", "created": 1, "model": "made-up"}
    choice = {"index": 0, "finish_reason": "stop"} | choice
    whole = {**body, "choices": [choice], "usage": usage}
    return json.dumps({"custom_id": "a", "response": {"status_code": 200, "body": whole}})


def message(text: str, **more: Any) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": text, **more}}


def test_tokens_from_a_cache_are_kept() -> None:
    counts = {"prompt_tokens": 1000, "completion_tokens": 5, "total_tokens": 1005}
    cached = counts | {"prompt_tokens_details": {"cached_tokens": 900}}
    reply = read_line(line_of(message("{}"), cached))
    assert reply
    assert reply.usage == Usage(input_tokens=1000, output_tokens=5, cached_tokens=900)
    assert not reply.attempt.is_estimate


def request_of(name: str) -> ProviderRequest:
    return ProviderRequest(name, sent=1_000, longest=4_000)


@pytest.mark.parametrize("usage", [None, {"total_tokens": 0}])
@pytest.mark.parametrize(
    ("choice", "took"),
    [
        (message("word " * 50), (1_000, 50)),
        ({**message("word"), "finish_reason": "length"}, (1_000, 4_000)),
        ({"message": None}, (1_000, 0)),
    ],
)
def test_a_reply_without_counts_is_counted_by_request_and_text(
    choice: dict[str, Any], took: tuple[int, int], usage: dict[str, Any] | None
) -> None:
    reply = read_line(line_of(choice, usage), request_of)
    assert reply
    assert reply.attempt.is_estimate
    told = (reply.usage.input_tokens, reply.usage.output_tokens)
    assert told == pytest.approx(took, rel=0.1)


def test_a_batch_without_counts_is_booked_as_what_was_sent(
    provider: FakeProvider, letters: Path, tmp_path: Path
) -> None:
    provider.fate = lambda _position: Fault.NO_COUNTS
    submit(provider, letters, tmp_path)
    sent = [json.loads(line) for line in next(iter(provider.files.values())).splitlines()]
    texts = [turn["content"] for line in sent for turn in line["body"]["messages"]]
    provider.work()
    fetch(tmp_path, settings_of(provider))
    with RunStore(tmp_path) as store:
        spent = store.spent()
    counted = sum(map(count_tokens, texts))
    assert counted < spent.input_tokens < 1.5 * counted
    assert spent.output_tokens > COUNT * 100


@pytest.mark.parametrize(
    ("choice", "status", "text"),
    [
        (message("{}"), "ok", "{}"),
        ({"message": None}, "unreadable", None),
        (message("{}", tool_calls=7), "unreadable", None),
        ({**message("{"), "finish_reason": "length"}, "ok", None),
        ({**message("{"), "finish_reason": "content_filter"}, "refused", None),
        (message("", refusal="no"), "refused", None),
    ],
)
def test_a_reply_is_told_from_what_is_none(
    choice: dict[str, Any], status: str, text: str | None
) -> None:
    reply = read_line(line_of(choice, None))
    assert reply
    assert (reply.status, reply.text) == (status, text)
