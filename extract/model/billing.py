"""What is booked of an attempt? What the endpoint tells of it, else what it can have cost.

A budget holds only if nothing is booked too low. A reply without counts is counted by its
own text; a request of which no reply was heard is booked at its worst, since the reply may
have been made. What the endpoint refused, or what never left, costs nothing.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from extract.account import Usage
from extract.errors import EndpointTalksOtherwise, ModelError
from extract.model.refusals import Passing
from extract.model.tokens import count_prompt_tokens, count_tokens

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

_CHARACTERS_PER_TOKEN = 2
"""Fewer than English has, so that what is set aside is enough for any model's tokens; texts
of many digits or of other scripts are counted."""

_GATEWAY_SLOW = frozenset({504, 524})
"""By these a gateway says that it waited in vain for a request that it had passed on."""

_NOT_SENT = frozenset(
    {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"}
)
"""What the client's errors are called in which no request was sent."""


class Unheard(Passing):
    """A fault after the request had left: a reply may have been made, and be billed."""


class Bounds(NamedTuple):
    """The tokens of a call before it is made.

    Args:
        likely: what it sends, by a count; nothing received.
        worst: the most that it can take.
    """

    likely: Usage
    worst: Usage


def bounds_of(body: dict[str, Any], form_size: int) -> Bounds:
    """The tokens of a call with `body`, whose reply's form has `form_size` characters."""
    system, *turns = (message["content"] for message in body["messages"])
    counted = count_prompt_tokens(system) + sum(map(count_tokens, turns))
    characters = len(system) + sum(map(len, turns))
    form = form_size // _CHARACTERS_PER_TOKEN
    sent = max(characters // _CHARACTERS_PER_TOKEN, counted)
    longest = body.get("max_completion_tokens") or body.get("max_tokens") or 0
    return Bounds(
        likely=Usage(input_tokens=counted + form // 2),
        worst=Usage(input_tokens=form + sent, output_tokens=longest),
    )


def heard_or_not(error: Exception, failure: ModelError) -> Passing:
    """`failure`, told by whether the request had left when the client's `error` befell it."""
    return Unheard(failure) if was_sent(error) else Passing(failure)


def was_sent(error: Exception) -> bool:
    """Whether the request had left when the client's `error` befell it."""
    return type(error.__cause__).__name__ not in _NOT_SENT


def usage_of(completion: "ChatCompletion", *, sent: int, longest: int) -> tuple[Usage, bool]:
    """What a completion took, and whether that is estimated because it does not say.

    Args:
        sent: the tokens that were sent for it, by a count.
        longest: the most that it may have, in tokens.
    """
    if told := _usage_told(completion):
        return told, False
    received = _tokens_received(completion, longest)
    return Usage(input_tokens=sent, output_tokens=received), True


def _usage_told(completion: "ChatCompletion") -> Usage | None:
    """What a completion says that it took; `None` if it does not say, or no counts."""
    counted: Any = completion.usage
    details = getattr(counted, "prompt_tokens_details", None)
    try:
        usage = Usage(
            input_tokens=counted.prompt_tokens,
            output_tokens=counted.completion_tokens,
            cached_tokens=getattr(details, "cached_tokens", None) or 0,
        )
    except (AttributeError, ValidationError):
        return None
    return usage if usage.input_tokens else None  # some tell of nothing


def usage_of_failure(outcome: Exception, bounds: Bounds) -> tuple[Usage, bool]:
    """What a failed attempt may have been billed: nothing if the endpoint refused it."""
    if isinstance(outcome, Unheard) or getattr(outcome, "status", None) in _GATEWAY_SLOW:
        return bounds.worst, True
    failure = outcome.failure if isinstance(outcome, Passing) else outcome
    if isinstance(failure, EndpointTalksOtherwise):
        return bounds.likely, True
    return Usage(), False


def _tokens_received(completion: "ChatCompletion", longest: int) -> int:
    """The tokens of a reply by its text; all `longest` that were allowed if it was cut off."""
    choice = completion.choices[0]
    if choice.finish_reason == "length" and longest:
        return longest
    message: Any = choice.message
    names = ("content", "refusal", "reasoning_content", "reasoning")
    texts = [getattr(message, name, None) for name in names]
    texts += [call.function.arguments for call in message.tool_calls or ()]
    whole = "\n".join(text for text in texts if isinstance(text, str))
    return count_tokens(whole.encode("utf-8", "replace").decode())
