"""Which failure is an endpoint's error? Told by its HTTP status and its words.

The words may repeat the letter: they are looked through here, and go no further.
"""

import email.utils
import math
import re
import time
from typing import TYPE_CHECKING

from extract.errors import (
    AuthenticationFailed,
    EndpointBusy,
    EndpointFailing,
    EndpointUnknown,
    ExtractError,
    LetterTooLong,
    ModelError,
    ModelUnknown,
    QuotaSpent,
    ReplyFiltered,
    RequestRefused,
)
from extract.model.room import room_refusal
from extract.settings import ModelSettings

if TYPE_CHECKING:
    import openai

_IDENTIFIER = re.compile(r"[\w.\-\[\]]{1,60}")

_FILTER_WORDS = (
    "content_filter",
    "content_policy",
    "content management policy",
    "responsibleaipolicyviolation",
    "data_inspection_failed",
)
"""By one of these in an answer a content filter is known."""

_TOO_LONG = re.compile(
    r"context_length_exceeded|context[ _](?:length|window|size|limit)|context too long"
    r"|prompt is too long|exceeds? the (?:available |model['’]?s? )?context"
)
"""The letter is longer than the model can read: "maximum context length is 8192 tokens"."""

MOVED = (
    "the endpoint's address leads on to another one, where no letter is sent: set "
    "OPENAI_BASE_URL (--base-url) to the address that it leads to, if you trust it"
)


class Passing(Exception):
    """A fault that may pass: worth another attempt."""

    def __init__(
        self, failure: ModelError, *, status: int | None = None, after_s: float | None = None
    ) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.status = status
        self.after_s = after_s


class NotTaken(Exception):
    """The endpoint does not take a request of this form (400, 422); it may take another.

    Args:
        about: the lower-case words of the endpoint's answer, for looking up which part
            it means. They may repeat the request, so they go no further.
        param: the parameter that the endpoint names; empty if it names none.
    """

    def __init__(self, status: int, code: str, about: str, param: str = "") -> None:
        super().__init__(f"status {status}, code {code or 'none'}")
        self.status = status
        self.code = code
        self.about = about
        self.param = param


def failure_of(error: "openai.APIStatusError", settings: ModelSettings) -> Exception:
    """What an answer that is no success is called here."""
    status = error.status_code
    code = _identifier(error.code) or _identifier(error.type)
    about = f"{code} {error.message}".lower()
    if code in {"insufficient_quota", "billing_hard_limit_reached"} or status == 402:
        return QuotaSpent(
            "the endpoint says that the account's quota is spent: check plan and billing"
        )
    if status in (429, 408, 409) or status >= 500:
        after_s = retry_after(error.response.headers.get("retry-after"))
        return Passing(_again(status), status=status, after_s=after_s)
    if refusal := _letter_refused(status, code.lower(), about):
        return refusal
    if status in (401, 403):
        return AuthenticationFailed(
            f"the endpoint refused the key (status {status}): set OPENAI_API_KEY to a "
            f"key that may use {settings.name}"
        )
    if is_redirect(status):
        return EndpointUnknown(f"{MOVED} (status {status})")
    if status in (404, 405):
        return _not_found(status, about, settings)
    return NotTaken(status, code, about, _identifier(error.param))


def _letter_refused(status: int, code: str, about: str) -> ModelError | None:
    """What a refusal of this one letter is called; `None` if all letters would be refused.

    The words of an answer may be the letter's, so they are asked only where a status says
    that the request is at fault; of one forbidden (403) the code alone says that.
    """
    if status == 413:
        return LetterTooLong(
            "the endpoint, or a proxy before it, takes no request of this letter's size "
            "(status 413): raise its limit, or use method cascade"
        )
    told = about if status in (400, 422) else code if status == 403 else ""
    if any(words in told for words in _FILTER_WORDS):
        return ReplyFiltered(
            "the provider's content filter refused the letter: ask the provider for an "
            "exemption for medical texts"
        )
    return room_refusal(told) or (_too_long() if _TOO_LONG.search(told) else None)


def _too_long() -> LetterTooLong:
    return LetterTooLong(
        "the letter is longer than the model can read at once: use a model with a "
        "larger context, or method cascade"
    )


def _not_found(status: int, about: str, settings: ModelSettings) -> ExtractError:
    if "model" in about:
        return ModelUnknown(
            f"the endpoint has no model {settings.name}: set IMR_MODEL (--model) "
            "to one that it has"
        )
    return EndpointUnknown(
        f"nothing at this address completes chats (status {status}): set OPENAI_BASE_URL "
        "(--base-url); it usually ends in /v1"
    )


def _again(status: int) -> ModelError:
    if status == 429:
        return EndpointBusy(
            "the endpoint was busy (429) at every attempt: lower concurrency, or set "
            "requests_per_minute and tokens_per_minute to its limits"
        )
    return EndpointFailing(
        f"the endpoint failed at every attempt (status {status}): try later"
    )


def refused(error: NotTaken) -> RequestRefused:
    """The failure of a request that is taken in no form."""
    return RequestRefused(
        f"the endpoint refused the request ({error}): check model, mode and limits"
    )


def is_redirect(status: int) -> bool:
    """Whether an answer of this status names another address to go to."""
    return 300 <= status < 400


def retry_after(value: str | None) -> float | None:
    """The seconds that a `Retry-After` header asks for: a number, or a date."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        then = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, then.timestamp() - time.time())


def _identifier(value: object) -> str:
    """`value` if it is a plain name, which cannot hold letter text; else nothing."""
    text = str(value or "")
    return text if _IDENTIFIER.fullmatch(text) else ""
