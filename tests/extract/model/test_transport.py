from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from extract.model.refusals import retry_after
from extract.model.tokens import count_tokens
from extract.model.transport import _worst_usage


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("", None), (None, None), ("soon", None)],
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


@pytest.mark.parametrize("text", ["word ", "12 3.4 ", "漢字", "§¶", "A1b2"])
def test_what_is_set_aside_is_enough_for_any_text(text: str) -> None:
    body = {"messages": [{"content": text * 500}], "max_tokens": 7}
    worst = _worst_usage(body, form_size=100)
    assert worst.input_tokens >= count_tokens(text * 500) + 50
    assert worst.output_tokens == 7
