"""Makes one call to an OpenAI-compatible endpoint, through all that may go wrong with it.

Busy, failing, broken and slow endpoints are asked again: exponentially later with jitter,
or when `Retry-After` says, bounded by attempts and by seconds. Until then no other call is
made either. The client's own retries are off, so nothing multiplies. Foreign exceptions
carry prompts and replies: they end here, and what is raised instead has no cause or context
that could leak them.
"""

import asyncio
import json
import logging
import random
import re
import time
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from extract.account import Attempt
from extract.errors import (
    EndpointBusy,
    EndpointClosed,
    EndpointSlow,
    EndpointTalksOtherwise,
)
from extract.model.billing import (
    Bounds,
    Unheard,
    bounds_of,
    heard_or_not,
    usage_of,
    usage_of_failure,
)
from extract.model.client import built, unreached
from extract.model.refusals import Passing, failure_of
from extract.model.throttle import Throttle
from extract.model.usage import Budget, CallLog
from extract.settings import ModelSettings

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletion
    from tenacity import RetryCallState

_LONGEST_PAUSE_S = 30.0
_CONNECTING = 0.9
"""The share of the time-out that connecting may take: what ends then was never sent."""

_CLIENT_LOGS = ("openai._base_client", "openai._response", "openai._legacy_response")
"""Their debug lines hold whole requests and replies."""

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class Transport:
    """One endpoint, one event loop long."""

    def __init__(self, settings: ModelSettings, budget: Budget) -> None:
        import openai  # costs a second: only when a model is asked

        self._settings = settings
        self._budget = budget
        self._throttle = Throttle(settings)
        self._closed_until = 0.0
        self._client: openai.AsyncOpenAI = built(
            lambda: openai.AsyncOpenAI(
                api_key=settings.api_key or "none",
                base_url=settings.endpoint,
                max_retries=0,
                timeout=openai.Timeout(
                    settings.timeout_s, connect=_CONNECTING * settings.timeout_s
                ),
                # A redirect would have the whole letter posted to whatever address it names.
                http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
            )
        )
        keep_private(self._client, settings)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def send(
        self, body: dict[str, Any], form_size: int, log: CallLog
    ) -> "ChatCompletion":
        """The endpoint's completion for `body`, whose reply's form has `form_size` characters.

        Raises:
            ModelError: this call came to nothing.
            ModelUnusable: no call can succeed.
            NotTaken: the request's form is refused.
        """
        from tenacity import AsyncRetrying, retry_if_exception_type

        patience = _Patience(self._settings.patience_s)
        retrying = AsyncRetrying(
            stop=lambda state: self._is_enough(state, patience),
            wait=partial(_pause, self._settings.pause_s),
            retry=retry_if_exception_type(Passing),
            reraise=True,
        )
        try:
            return await retrying(self._once, body, bounds_of(body, form_size), log, patience)
        except Passing as passing:
            failure = passing.failure
        self._seconds_closed()  # raises, if the pause that was asked for ends the run
        raise failure

    def _is_enough(self, state: "RetryCallState", patience: "_Patience") -> bool:
        """Whether attempts or seconds are spent, the pause that would follow included."""
        spent = state.attempt_number >= self._settings.attempts
        return spent or patience.is_over(state.upcoming_sleep)

    async def _wait_until_open(self) -> None:
        """Let no call be made of which the endpoint has said that it comes too early.

        Raises:
            EndpointClosed: the pause that it asked for is longer than the patience.
        """
        while (left := self._seconds_closed()) > 0:
            await asyncio.sleep(left)

    def _seconds_closed(self) -> float:
        """For how long the endpoint asks every call to wait.

        Raises:
            EndpointClosed: for longer than the patience.
        """
        left = self._closed_until - time.monotonic()
        if left > self._settings.patience_s:
            raise EndpointClosed(
                f"the endpoint asks to come back in {left:.0f} s, which is longer than "
                "patience_s (IMR_PATIENCE_S): start again then"
            )
        return left

    async def _once(
        self, body: dict[str, Any], bounds: Bounds, log: CallLog, patience: "_Patience"
    ) -> "ChatCompletion":
        came = time.monotonic()
        async with self._throttle.slot(bounds.likely.input_tokens) as ticket:
            await self._wait_until_open()
            held = await self._budget.hold(bounds.worst)
            patience.spare(time.monotonic() - came)
            used, is_estimate = bounds.worst, True  # a cancelled call may have been billed
            attempt = Attempt(outcome="cancelled")
            try:
                outcome = await self._ask(body)
                if isinstance(outcome, Exception):
                    used, is_estimate = usage_of_failure(outcome, bounds)
                    attempt = _failed(outcome)
                else:
                    used, is_estimate = usage_of(
                        outcome,
                        sent=bounds.likely.input_tokens,
                        longest=bounds.worst.output_tokens,
                    )
                    attempt = Attempt(outcome="ok", status=200)
                    log.served_by = name_of(outcome)
            finally:
                self._budget.settle(held, used)
                log.attempts.append(
                    attempt.model_copy(update={"usage": used, "is_estimate": is_estimate})
                )
            self._adapt(outcome, ticket)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _adapt(self, outcome: object, ticket: int) -> None:
        """Slow down, or speed up, by what became of a call."""
        if isinstance(outcome, Passing) and outcome.after_s:
            until = time.monotonic() + outcome.after_s
            self._closed_until = max(self._closed_until, until)
        if isinstance(outcome, Passing) and isinstance(outcome.failure, EndpointBusy):
            self._throttle.busy(ticket)
        elif not isinstance(outcome, Exception):
            self._throttle.went_well()

    async def _ask(self, body: dict[str, Any]) -> "ChatCompletion | Exception":
        """The completion, or what its failure is called here, free of its foreign context."""
        import openai
        from openai.types.chat import ChatCompletion

        try:
            # The client's time-out counts from byte to byte; a dripping reply outlives it.
            async with asyncio.timeout(self._settings.timeout_s):
                # As arguments of its own method the client would walk through messages
                # and schema at every call, which takes longer than sending them.
                completion: Any = await self._client.post(
                    "/chat/completions", cast_to=ChatCompletion, body=body
                )
        except TimeoutError:
            return Unheard(self._slow())
        except openai.APITimeoutError as error:
            return heard_or_not(error, self._slow())
        except openai.APIStatusError as error:
            return failure_of(error, self._settings)
        except openai.APIResponseValidationError:
            return Passing(_talks_otherwise())
        except openai.APIConnectionError as error:
            return unreached(error)
        except (json.JSONDecodeError, UnicodeDecodeError):  # the rest may have been a reply
            return Unheard(_talks_otherwise())
        if not holds_message(completion):
            return Passing(_talks_otherwise())
        return cast("ChatCompletion", completion)

    def _slow(self) -> EndpointSlow:
        return EndpointSlow(
            f"no whole reply within {self._settings.timeout_s:g} s: raise timeout_s "
            "(IMR_TIMEOUT_S), or ask a faster model"
        )


def holds_message(completion: Any) -> bool:
    """Whether the first choice can be read: the client builds replies without a check."""
    choices = getattr(completion, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message: Any = getattr(choice, "message", None)
    calls = getattr(message, "tool_calls", None) or ()
    if not hasattr(message, "content") or not isinstance(calls, list | tuple):
        return False
    texts = [getattr(getattr(call, "function", None), "arguments", 0) for call in calls]
    texts += [message.content or "", getattr(message, "refusal", None) or ""]
    return all(map(_is_text, texts))


def _is_text(value: Any) -> bool:
    """Whether `value` is a text that can be kept: no half of a character."""
    return isinstance(value, str) and not _HALF_CHARACTER.search(value)


def _silence(_record: logging.LogRecord) -> bool:
    return False


def silence(*names: str) -> None:
    """Let nothing through that these loggers say: it repeats prompts and replies."""
    for name in names:
        logging.getLogger(name).addFilter(_silence)


def keep_private(
    client: "openai.OpenAI | openai.AsyncOpenAI", settings: ModelSettings
) -> None:
    """Let the client log nothing, and tell nobody but OpenAI the environment's account."""
    silence(*_CLIENT_LOGS)
    if not settings.is_openai:
        client.organization = client.project = None


def _talks_otherwise() -> EndpointTalksOtherwise:
    return EndpointTalksOtherwise(
        "what came back is no chat completion: check that OPENAI_BASE_URL is the API's "
        "address and not a web page's or a proxy's"
    )


class _Patience:
    """The seconds that one call may be retried for.

    What it waits for its turn, for the limits that the settings name, for a pause that the
    endpoint asked another call for, or for the budget, does not count.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def spare(self, seconds: float) -> None:
        """Do not count the last `seconds`."""
        self._until += seconds

    def is_over(self, pause: float) -> bool:
        """Whether it does not last for a `pause`, in seconds."""
        return time.monotonic() + pause > self._until


def _pause(first_s: float, state: "RetryCallState") -> float:
    """Seconds until the next attempt: twice as long each time, or as the endpoint asked.

    The longer of both: an endpoint that asks for none (a clock may be wrong) is not hurried.
    """
    error = state.outcome.exception() if state.outcome else None
    asked = (error.after_s if isinstance(error, Passing) else None) or 0.0
    longest = min(_LONGEST_PAUSE_S, first_s * 2.0 ** (state.attempt_number - 1))
    return max(random.uniform(longest / 2, longest), asked * random.uniform(1.0, 1.1))


def _failed(outcome: Exception) -> Attempt:
    failure = outcome.failure if isinstance(outcome, Passing) else outcome
    status = getattr(outcome, "status", None)
    return Attempt(outcome=type(failure).__name__, status=status)


def name_of(completion: "ChatCompletion") -> str | None:
    """The model that says that it answered."""
    name: Any = getattr(completion, "model", None)
    return name if _is_text(name) else None
