"""Does an endpoint refuse a letter, or the room that was asked for its reply?

A model gives a reply so many tokens at most, or so many as its context has left beside the
letter. Endpoints say either with the words of a limit, mostly with its number.
"""

import re

from extract.errors import ReplyRoomRefused

_LEAST_ROOM = 500
"""A reply about one field fits in it; where less is left, the letter is what is too long."""

_NAME = r"max_(?:completion_|output_|new_)?tokens"
_REPLY = r"(?:completion|output|new) tokens"
_ROOM = re.compile(
    rf"{_NAME}.{{0,60}}?(?:too (?:large|high)|at most|maximum|less than|range|<=|>)"
    rf"|(?:at most|maximum|requested) [^.]{{0,40}}?{_REPLY}|in the completion"
)
"""A limit of the reply: "max_tokens is too large: 16000"."""

_LIMIT = re.compile(r"(?:at most|less than or equal to|<=|>|\[1,)\W{0,3}(\d{1,9})\b")
_CONTEXT = re.compile(r"context[ _]length (?:is|of) (\d{1,9})\b")
_IN_ALL = re.compile(r"requested (\d{1,9}) tokens .{0,80}?(\d{1,9}) in the completion")
_SENT = re.compile(r"request has (\d{1,9}) input tokens")


def room_refusal(told: str) -> ReplyRoomRefused | None:
    """What an endpoint's lower-case words are called if they refuse the room of a reply.

    `None` if they do not, or if the letter leaves no reply any room.
    """
    if not _ROOM.search(told):
        return None
    if "context" not in told:
        return _of_model(_LIMIT.search(told))
    room = _left(told)
    if room is not None and room < _LEAST_ROOM:
        return None
    return ReplyRoomRefused(
        "letter and reply together are longer than the model's context: lower "
        "max_output_tokens (IMR_MAX_OUTPUT_TOKENS), or use method cascade",
        room=room,
    )


def _of_model(limit: re.Match[str] | None) -> ReplyRoomRefused:
    most = f" more than {limit[1]}" if limit else " so many"
    return ReplyRoomRefused(
        f"the model gives a reply not{most} tokens: lower max_output_tokens "
        "(IMR_MAX_OUTPUT_TOKENS)",
        is_for_all=True,
    )


def _left(told: str) -> int | None:
    """The tokens that a context has left beside the letter, if the words say it."""
    context, in_all, sent = (p.search(told) for p in (_CONTEXT, _IN_ALL, _SENT))
    if not context or not (in_all or sent):
        return None
    used = int(in_all[1]) - int(in_all[2]) if in_all else int(sent[1]) if sent else 0
    return int(context[1]) - used
