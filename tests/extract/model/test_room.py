"""A reply that may not be as long as was asked for: what is said of it, what is asked next."""

from collections.abc import Callable
from typing import Any

import pytest

from extract import Extraction, extract_record
from extract.errors import ModelUnusable
from extract.model.room import room_refusal
from tests.extract.model.endpoint import Endpoint, Fault, Plan
from tests.extract.model.letters import LETTER, REPLY, asking

Refusal = Callable[[dict[str, Any]], dict[str, Any] | None]


def at_most(most: int) -> Refusal:
    """A model whose replies have so many tokens at most."""

    def refusal(body: dict[str, Any]) -> dict[str, Any] | None:
        asked = body["max_tokens"]
        message = (
            f"max_tokens is too large: {asked}. This model supports at most {most} completion "
            f"tokens, whereas you provided {asked}."
        )
        return {"message": message, "param": "max_tokens"} if asked > most else None

    return refusal


def context_of(most: int, *, sent: int = 3_000) -> Refusal:
    """A model that reads and writes so many tokens together."""

    def refusal(body: dict[str, Any]) -> dict[str, Any] | None:
        asked = body["max_tokens"]
        message = (
            f"This model's maximum context length is {most} tokens. However, you requested "
            f"{asked + sent} tokens ({sent} in the messages, {asked} in the completion). "
            "Please reduce the length of the messages or completion."
        )
        return {"message": message, "code": 400} if asked + sent > most else None

    return refusal


def extracted(
    refusal: Refusal,
    faults: Callable[[str, int], Fault | None] = lambda _message, _count: None,
) -> tuple[Extraction, list[int]]:
    """The extraction, and the room of each request."""
    with Endpoint(Plan(lambda _message: REPLY, faults, refusal=refusal)) as endpoint:
        extraction = extract_record(LETTER, settings=asking(endpoint))
        return extraction, [request["max_tokens"] for request in endpoint.requests]


def failures(extraction: Extraction) -> list[str]:
    assert extraction.model
    return [failure.reason for failure in extraction.model.failures]


def cut_whole(message: str, _count: int) -> Fault | None:
    return None if "\n[" in message else Fault.TRUNCATED


@pytest.mark.parametrize("refusal", [at_most(8_192), context_of(11_500)])
def test_cut_reply_that_may_not_be_longer_is_asked_for_in_parts(refusal: Refusal) -> None:
    whole, _ = extracted(lambda _body: None)
    parts, rooms = extracted(refusal, cut_whole)
    assert parts.record == whole.record
    assert failures(parts) == []
    assert rooms == [8_000, 16_000, 8_000, 8_000]


def test_model_that_never_gives_that_room_is_unusable_and_the_variable_named() -> None:
    with pytest.raises(ModelUnusable, match=r"more than 4096 tokens.*IMR_MAX_OUTPUT_TOKENS"):
        extracted(at_most(4_096))


def test_reply_is_given_the_room_that_the_context_leaves() -> None:
    extraction, rooms = extracted(context_of(8_192))
    assert failures(extraction) == []
    assert rooms == [8_000, 5_192]


def test_letter_that_leaves_no_reply_room_is_too_long() -> None:
    extraction, rooms = extracted(context_of(8_192, sent=8_000))
    assert failures(extraction) == ["LetterTooLong"]
    assert rooms == [8_000]


def test_room_that_is_refused_again_is_not_asked_for_for_ever() -> None:
    def refusal(body: dict[str, Any]) -> dict[str, Any] | None:
        return context_of(9_000, sent=max(3_000, 11_000 - body["max_tokens"]))(body)

    extraction, rooms = extracted(refusal)
    assert failures(extraction) == ["ReplyRoomRefused"]
    assert len(rooms) == 2


CONTEXT = "this model's maximum context length is 8192 tokens"
WORDS = [
    ("max_completion_tokens is too large: 8000. it supports at most 4096 completion tokens",
     (None, True)),
    ("invalid max_tokens value, the valid range of max_tokens is [1, 8192]", (None, True)),
    ("max_tokens: 16000 > 8192, the maximum allowed number of output tokens", (None, True)),
    ("invalid 'max_tokens': integer above maximum value", (None, True)),
    (f"'max_tokens' is too large: 8000. {CONTEXT} and your request has 3000 input tokens",
     (5_192, False)),
    (f"{CONTEXT}. however, you requested 8000 output tokens and your prompt contains at "
     "least 193 input tokens", (None, False)),
    (f"{CONTEXT}. however, your messages resulted in 9000 tokens", None),
    ("unsupported parameter: 'max_tokens' is not supported with this model. use "
     "'max_completion_tokens' instead.", None),
    ("response_format of type json_schema is not supported", None),
]  # fmt: skip


@pytest.mark.parametrize(("told", "wanted"), WORDS)
def test_words_of_a_limit(told: str, wanted: tuple[int | None, bool] | None) -> None:
    refusal = room_refusal(told)
    assert (refusal and (refusal.room, refusal.is_for_all)) == wanted
    assert refusal is None or "IMR_MAX_OUTPUT_TOKENS" in refusal.message
