"""What an answer that is no success is called; its words may repeat the letter."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import openai
import pytest

from extract.model.refusals import failure_of, retry_after
from extract.settings import ModelSettings

SETTINGS = ModelSettings(name="m", base_url="http://localhost:9/v1")

CASES = [
    (400, "maximum context length is 8192 tokens", None, "LetterTooLong"),
    (400, "the request exceeds the available context size", None, "LetterTooLong"),
    (422, "prompt is too long: 210000 tokens", None, "LetterTooLong"),
    (400, "too many", "context_length_exceeded", "LetterTooLong"),
    (400, "bad request: in this context zebra no limit", None, "NotTaken"),
    (400, "refused", "content_filter", "ReplyFiltered"),
    (403, "refused", "content_filter", "ReplyFiltered"),
    (401, "no key: zebra maximum context length", None, "AuthenticationFailed"),
    (403, "forbidden: zebra content_filter context size", None, "AuthenticationFailed"),
    (404, "no path; zebra context length", None, "EndpointUnknown"),
    (404, "the model of context size 8 is gone", "model_not_found", "ModelUnknown"),
    (413, "", None, "LetterTooLong"),
]


@pytest.mark.parametrize(("status", "message", "code", "name"), CASES)
def test_what_a_refusal_is_called(
    status: int, message: str, code: str | None, name: str
) -> None:
    request = httpx2.Request("POST", "http://localhost:9/v1/chat/completions")
    body = {"message": message, "code": code}
    error = openai.APIStatusError(
        message, response=httpx2.Response(status, request=request), body=body
    )
    failure = failure_of(error, SETTINGS)
    assert type(failure).__name__ == name
    assert "zebra" not in str(failure)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("", None),
        (None, None),
        ("soon", None),
        ("inf", None),
    ],
)
def test_retry_after_in_seconds(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


def test_retry_after_as_a_date() -> None:
    then = datetime.now(UTC) + timedelta(seconds=30)
    seconds = retry_after(format_datetime(then, usegmt=True))
    assert seconds is not None
    assert 27 < seconds <= 30


def test_retry_after_in_the_past_is_now() -> None:
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
