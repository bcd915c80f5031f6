"""What shape has a model's reply? Derived from the record's fields, none declared twice.

A value that is not printed as such comes with a short quotation; a text that is copied
from the letter is its own evidence; a rationale is named by its first and last words.
Every key is required and none may be added, as strict structured output asks.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from schemas import BodyPart, Citation, Field, record_fields

VERBATIM = frozenset(
    {
        "case_number",
        "diagnoses",
        "items[].description",
        "items[].original_request",
        "items[].authorized",
        "items[].in_dispute",
    }
)
"""Fields whose values are words of the letter: they prove themselves."""

POINTED = frozenset({"items[].rationale"})
"""Fields too long to be copied: named by their first and last words."""

DERIVED = frozenset({"outcome"})
"""Fields that follow from others and are never asked for."""

_PRUNED = frozenset({"title", "description", "default"})


class Wire(BaseModel):
    """The base of every part of a reply: all keys required, none added, nothing leaked."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @classmethod
    def model_json_schema(cls, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        """The reply's JSON Schema, made once: making it is a third of a call's work."""
        return _schema_of(cls)


class _Bare(GenerateJsonSchema):
    """JSON Schema without titles and descriptions: the prompt explains the fields."""

    def generate(self, schema: Any, mode: JsonSchemaMode = "validation") -> dict[str, Any]:
        made = super().generate(schema, mode)
        return {"title": made["title"], **_prune(made)}


@cache
def _schema_of(model: type[Wire]) -> dict[str, Any]:
    return super(Wire, model).model_json_schema(schema_generator=_Bare)


def _prune(node: Any) -> Any:
    """`node` without what only people read; names of properties are no such thing."""
    if isinstance(node, list):
        return [_prune(element) for element in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _prune(inner) for name, inner in value.items()}
        if key in {"properties", "$defs"}
        else _prune(value)
        for key, value in node.items()
        if key not in _PRUNED
    }


class Ends(Wire):
    """A long passage, named by its ends."""

    first_words: str
    last_words: str


def asked_fields() -> tuple[Field, ...]:
    """Every field of the record that a model can be asked for, in the guide's order."""
    return tuple(field for field in record_fields() if field.path not in DERIVED)


def asked_of(reply: type[Wire]) -> frozenset[str]:
    """The paths of the fields that `reply` asks for."""
    return frozenset(field.path for field in asked_fields() if _holds(reply, field.path))


def _holds(model: Any, path: str) -> bool:
    name, _, rest = path.partition(".")
    field = model.model_fields.get(name.removesuffix("[]"))
    if field is None or not rest:
        return field is not None
    inner = field.annotation
    return _holds(get_args(inner)[0] if get_args(inner) else inner, rest)


def reply_model(paths: Iterable[str] | None = None, *, numbered: bool = False) -> type[Wire]:
    """The reply in which the fields `paths` are asked for; all of them by default.

    Args:
        numbered: each item carries the `number` under which it was shown; for replies
            that may leave items out.
    """
    chosen = frozenset(paths) if paths is not None else None
    return _reply_model(chosen, numbered)


@lru_cache(maxsize=512)  # a cascade asks for what is open: few sets, but not one
def _reply_model(chosen: frozenset[str] | None, numbered: bool) -> type[Wire]:
    tree: dict[str, Any] = {}
    for field in asked_fields():
        if chosen is None or field.path in chosen:
            *above, leaf = field.path.split(".")
            branch = tree
            for name in above:
                branch = branch.setdefault(name, {})
            branch[leaf] = _answer_type(field)
    if numbered and "items[]" in tree:
        tree["items[]"] = {"number": int, **tree["items[]"]}
    return _build("LetterReply", tree)


def _build(name: str, tree: dict[str, Any]) -> type[Wire]:
    fields: dict[str, Any] = {}
    for key, kind in tree.items():
        plain = key.removesuffix("[]")
        if isinstance(kind, dict):
            inner = _build(f"{plain.capitalize()}Reply", kind)
            fields[plain] = (list[inner] if key.endswith("[]") else inner, ...)  # type: ignore[valid-type]
        else:
            fields[plain] = (kind, ...)
    model: type[Wire] = create_model(name, __base__=Wire, **fields)
    return model


def _answer_type(field: Field) -> Any:
    """The type of the answer to one field."""
    if field.path in POINTED:
        return Ends | None
    answer = str if field.path in VERBATIM else claim_type(field.kind)
    return list[answer] if field.is_list else answer | None  # type: ignore[valid-type]


@cache
def claim_type(kind: type) -> type[Wire]:
    """A value of `kind` together with the quotation that proves it."""
    parts: dict[str, Any]
    if kind in (Citation, BodyPart):
        parts = {
            name: (_wire_annotation(name, info.annotation), ...)
            for name, info in kind.model_fields.items()
        }
    else:
        parts = {"value": (kind, ...)}
    name = {str: "Text", int: "Number", date: "Date"}.get(kind, kind.__name__)
    model: type[Wire] = create_model(f"{name}Claim", __base__=Wire, **parts, quote=(str, ...))
    return model


def _wire_annotation(name: str, annotation: Any) -> Any:
    """A part's type without bounds and defaults, which strict structured output lacks."""
    loose = {"year": int | None, "section": str | None, "pages": list[str]}
    return loose.get(name, annotation)
