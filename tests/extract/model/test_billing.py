"""What is booked of an attempt whose cost the endpoint does not tell."""

from typing import Any

import httpx2
import openai
import pytest
from openai._models import construct_type
from openai.types.chat import ChatCompletion

from extract.account import Usage
from extract.errors import (
    EndpointFailing,
    EndpointSlow,
    EndpointTalksOtherwise,
    EndpointUnreachable,
)
from extract.model.billing import (
    Bounds,
    Unheard,
    bounds_of,
    usage_of,
    usage_of_failure,
    was_sent,
)
from extract.model.refusals import Passing
from extract.model.tokens import count_tokens


@pytest.mark.parametrize("text", ["word ", "12 3.4 ", "漢字", "§¶", "A1b2"])
def test_what_is_set_aside_is_enough_for_any_text(text: str) -> None:
    body = {"messages": [{"content": text * 500}], "max_tokens": 7}
    worst = bounds_of(body, form_size=100).worst
    assert worst.input_tokens >= count_tokens(text * 500) + 50
    assert worst.output_tokens == 7


COSTS = [
    ({"content": "word " * 50}, "stop", 50),
    ({"content": "word " * 50}, "length", 400),
    ({"content": "", "refusal": "word " * 50}, "stop", 50),
    ({"content": "word", "reasoning_content": "word " * 50}, "stop", 50),
    ({"content": "word", "reasoning_content": ["\ud800"]}, "stop", 1),
]


@pytest.mark.parametrize(("message", "finish", "received"), COSTS)
@pytest.mark.parametrize("usage", [None, {"prompt_tokens": 0, "completion_tokens": 0}])
def test_reply_without_counts_is_counted_by_its_text(
    message: dict[str, Any], finish: str, received: int, usage: dict[str, int] | None
) -> None:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    completion: Any = construct_type(
        value={"choices": [choice], "usage": usage}, type_=ChatCompletion
    )
    body = {"messages": [{"content": "word " * 700}], "max_tokens": 400}
    bounds = bounds_of(body, form_size=400)
    booked, is_estimate = usage_of(
        completion, sent=bounds.likely.input_tokens, longest=bounds.worst.output_tokens
    )
    assert is_estimate
    assert booked.input_tokens == pytest.approx(800, abs=5)
    assert booked.output_tokens == pytest.approx(received, rel=0.1)


SENT = [
    (httpx2.ReadError, True),
    (httpx2.WriteError, True),
    (httpx2.ReadTimeout, True),
    (httpx2.RemoteProtocolError, True),
    (httpx2.ConnectError, False),
    (httpx2.ConnectTimeout, False),
    (httpx2.PoolTimeout, False),
]


@pytest.mark.parametrize(("kind", "left"), SENT)
def test_what_was_never_sent_is_told_from_what_was(kind: type[Exception], left: bool) -> None:
    error = openai.APIConnectionError(request=httpx2.Request("POST", "http://localhost"))
    error.__cause__ = kind("broken")
    assert was_sent(error) is left


FAILURES = [
    (Unheard(EndpointSlow("late")), 500),
    (Unheard(EndpointUnreachable("cut")), 500),
    (Passing(EndpointFailing("gateway"), status=504), 500),
    (Passing(EndpointFailing("ill"), status=500), 0),
    (Passing(EndpointUnreachable("no such host")), 0),
    (Passing(EndpointTalksOtherwise("a page")), 100),
]


@pytest.mark.parametrize(("failure", "total"), FAILURES)
def test_what_may_have_been_made_is_booked_at_its_worst(failure: Passing, total: int) -> None:
    bounds = Bounds(Usage(input_tokens=100), Usage(input_tokens=200, output_tokens=300))
    assert usage_of_failure(failure, bounds)[0].total == total
