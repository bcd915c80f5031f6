"""What of a reply that does not fit its schema can still be used?

A wrong value costs its own field, never the letter: the part that the error names is
emptied, and the rest is read again. Thoughts before the one JSON object, and words around
it, are passed over; a reply without one, or with several, gives nothing.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic import ValidationError

from extract.model.examine import Fault, Problem
from extract.model.wire import Wire

_MOST_PASSES = 60
"""Each pass empties at least one part; a reply wrong in more places is not worth reading."""

# Keys of the parts of an answer: if one is wrong, the answer is.
_PARTS = frozenset(
    {"value", "quote", "part", "side", "basis", "guideline", "year", "section", "pages"}
    | {"first_words", "last_words"}
)
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
"""What a reasoning model says to itself before it answers."""

_DECODER = json.JSONDecoder(strict=False)
_FENCE = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)


def read_reply(model: type[Wire], text: str) -> tuple[Wire | None, list[Problem]]:
    """The reply that `text` holds, and what had to be left out; `None` if it is no JSON."""
    data = _load(text, model)
    if not isinstance(data, dict):
        return None, [Problem("reply", Fault.NOT_IN_SCHEMA)]
    problems: dict[str, Problem] = {}
    for _ in range(_MOST_PASSES):
        try:
            return model.model_validate(data), list(problems.values())
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
        emptied = False
        for fault in faults:
            path = _path(fault["loc"])
            problems.setdefault(path, Problem(path, Fault.NOT_IN_SCHEMA))
            emptied |= _empty(data, fault["loc"], fault["type"])
            if isinstance(_at(data, fault["loc"][:-1]), list):
                break  # an element is gone: the places behind it have moved
        if not emptied:
            break
    return None, list(problems.values())


def _load(text: str, model: type[Wire]) -> Any:
    """The JSON that `text` is; or that stands in a fence in it, or alone among words."""
    said = _THOUGHTS.sub("", text, count=1)
    fenced = _FENCE.search(said)
    for candidate in (text, fenced[1] if fenced else ""):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    objects = list(islice(_objects(said), 2))
    # A part of an object that broke off is no reply: it has none of a reply's keys.
    is_reply = len(objects) == 1 and objects[0].keys() & model.model_fields.keys()
    return objects[0] if is_reply else None


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in `text`, those within others left out."""
    at = text.find("{")
    while at >= 0:
        try:
            found, end = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            end = max(error.pos, at + 1)  # what was read so far is part of what broke off
        except (ValueError, RecursionError):
            return
        else:
            yield found
        at = text.find("{", end)


def _empty(data: Any, place: tuple[int | str, ...], kind: str) -> bool:
    """Empty the part of `data` at `place`; whether there was one to empty."""
    if not place:
        return False
    *above, last = place
    if last in _PARTS and above:
        return _empty(data, tuple(above), "answer")
    holder = _at(data, tuple(above))
    if isinstance(holder, list) and isinstance(last, int) and last < len(holder):
        del holder[last]
        return True
    if not isinstance(holder, dict):
        return bool(above) and _empty(data, tuple(above), kind)
    if kind == "extra_forbidden":
        return holder.pop(last, holder) is not holder
    # An absent answer is null, an absent list empty; absent parts are filled in in turn.
    fallback: Any = [] if kind == "list_type" else {} if kind == "model_type" else None
    if last in holder and holder[last] == fallback:
        return False
    holder[last] = fallback
    return True


def _at(data: Any, place: tuple[int | str, ...]) -> Any:
    for key in place:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _path(place: tuple[int | str, ...]) -> str:
    """The place as problems name it: `items[0].decision.value`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return text.removeprefix(".")
