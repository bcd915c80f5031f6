from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from extract.model.transport import retry_after


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
