"""What of a reply that does not fit its schema can still be used?

A wrong value costs its own field, never the letter: the part that the error names is
emptied, and the rest is read again. Thoughts before the one JSON object, and words around
it, are passed over; a reply without one, with several, or with one that breaks off gives
nothing: a draft must not be taken for the answer.
"""

import json
import re
from typing import Any

from pydantic import ValidationError

from extract.model.problem import Fault, Problem
from extract.model.wire import Wire

_MOST_PASSES = 60
"""Each pass empties at least one part; a reply wrong in more places is not worth reading."""

# Keys of the parts of an answer: if one is wrong, the answer is.
_PARTS = frozenset(
    {"value", "quote", "part", "side", "basis", "guideline", "year", "section", "pages"}
    | {"first_words", "last_words"}
)
# <think>The date may be …</think>{"case_number": …
#   What a reasoning model says to itself before it answers.
_THOUGHT = re.compile(
    r"<(?P<end>/)?(?:think|thinking|thoughts?|reasoning|analysis|reflection|scratchpad)\b[^>]{0,40}>"
    r"|\[(?P<closed>/)?THINK\]|\u25c1(?P<shut>/)?think\u25b7",
    re.IGNORECASE,
)

_DECODER = json.JSONDecoder(strict=False)
_OBJECT = re.compile(r"""\{(?=\s{0,80}(?:["'}]|\Z))""")
"""Where an object begins, also one that breaks off at once or is quoted in Python's way."""


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
    """The JSON that `text` is, or the one object that stands among its words."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    objects = _objects(_said(text))
    # An object with none of a reply's keys is something else that is shown.
    is_reply = len(objects) == 1 and objects[0].keys() & model.model_fields.keys()
    return objects[0] if is_reply else None


def _said(text: str) -> str:
    """`text` without the thoughts before the answer; nothing if they do not end."""
    thoughts = list(_THOUGHT.finditer(text))
    if not thoughts:
        return text
    return text[thoughts[-1].end() :] if thoughts[-1].lastgroup else ""


def _objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects in `text`, those within others left out; none if one breaks off."""
    objects: list[dict[str, Any]] = []
    start = _OBJECT.search(text)
    while start:
        try:
            found, end = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            return []
        if found:  # an empty one has none of a reply's keys
            objects.append(found)
        start = _OBJECT.search(text, end)
    return objects


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
