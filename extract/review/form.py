"""How each field is asked for: its control, choices, colour group and the guide's sentence.

All of it is read off the schemas; only the colour groups and the long texts are said here.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from extract.review.errors import ReviewRefused
from extract.review.sheet import item_fields, letter_fields, nest
from schemas import CaseRecord, Field, parts_of
from schemas.fields import ITEMS

GROUPS: Mapping[str, str] = {
    "header": "Case header",
    "people": "Reviewer and patient",
    "clinical": "Diagnoses",
    "item": "Item",
    "quantity": "Quantities",
    "guideline": "Guidelines",
    "reason": "Rationale",
}
"""Colour group to its name, in the order of the form."""

_GROUP_OF = {
    "reviewer": "people",
    "patient": "people",
    "diagnoses": "clinical",
    "requested": "quantity",
    "prior_visits": "quantity",
    "guideline_max_visits": "quantity",
    "claims_administrator_guidelines": "guideline",
    "reviewer_guidelines": "guideline",
    "rationale": "reason",
    "rationale_factors": "reason",
}

_LONG = {"description", "original_request", "authorized", "in_dispute", "rationale", "section"}
"""Texts that may run over several lines."""

_SHORT_LABELS = {"ur": "UR"}


class Choice(NamedTuple):
    """A word of a vocabulary and what it covers."""

    value: str
    meaning: str


class Control(NamedTuple):
    """How one field, or one part of a citation or body part, is asked for.

    `kind`: `choice`, `choices`, `date`, `number`, `text`, `long`, `texts`, `parts`.
    """

    name: str
    label: str
    kind: str
    group: str
    sentence: str
    choices: tuple[Choice, ...]
    parts: tuple["Control", ...]
    is_list: bool
    of_item: bool

    @property
    def path(self) -> str:
        """The field's path in the record: `items[].decision`."""
        return ITEMS + self.name if self.of_item else self.name


class ValueUnusable(ReviewRefused):
    """A value does not fit its field; the message says why, without the value."""


@cache
def letter_controls() -> tuple[Control, ...]:
    """The controls of the fields that stand in no item, in the guide's order."""
    return tuple(_control(field, of_item=False) for field in letter_fields())


@cache
def item_controls() -> tuple[Control, ...]:
    """The controls of an item's fields, in the guide's order."""
    return tuple(_control(field, of_item=True) for field in item_fields())


@cache
def controls_by_path() -> Mapping[str, Control]:
    """Every control by the path of its field."""
    return {control.path: control for control in (*letter_controls(), *item_controls())}


def check_values(control: Control, values: Sequence[Any]) -> list[Any]:
    """`values` of the field as the record holds them: folded, typed, in JSON's terms.

    Raises:
        ValueUnusable: one does not fit; the record's own rules decide.
    """
    if not control.is_list and len(values) > 1:
        raise ValueUnusable("the field holds one value")
    if not values:
        return []
    inner: dict[str, Any] = {}
    nest(control.name, list(values) if control.is_list else values[0], inner)
    if control.of_item and control.name != "description":
        inner["description"] = "an item"
    try:
        record = CaseRecord.model_validate({"items": [inner]} if control.of_item else inner)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        raise ValueUnusable(fault["msg"]) from None
    found: Any = record.model_dump(mode="json")
    found = found["items"][0] if control.of_item else found
    for name in control.name.split("."):
        found = found[name]
    return found if isinstance(found, list) else [found]


def spoken(name: str) -> str:
    """A field's name as a person says it.

    >>> spoken("requested.per_week"), spoken("ur_denial_date")
    ('Requested per week', 'UR denial date')
    """
    words = name.replace(".", " ").replace("_", " ").split()
    text = " ".join(_SHORT_LABELS.get(word, word) for word in words)
    return text[:1].upper() + text[1:]


def _control(field: Field, *, of_item: bool) -> Control:
    top = field.path.split(".")[0]
    is_model = issubclass(field.kind, BaseModel)
    return Control(
        name=field.path,
        label=spoken(field.path),
        kind=_kind(field),
        group=_GROUP_OF.get(top, "item" if of_item else "header"),
        sentence=field.description,
        choices=_choices(field),
        parts=tuple(_control(part, of_item=False) for part in parts_of(field.kind))
        if is_model
        else (),
        is_list=field.is_list,
        of_item=of_item,
    )


def _kind(field: Field) -> str:
    if issubclass(field.kind, BaseModel):
        return "parts"
    if field.vocabulary:
        return "choices" if field.is_list else "choice"
    if field.is_list:
        return "texts"
    if field.kind is date:
        return "date"
    if field.kind is int:
        return "number"
    return "long" if field.path in _LONG else "text"


def _choices(field: Field) -> tuple[Choice, ...]:
    if field.vocabulary is None:
        return ()
    return tuple(Choice(word.value, word.meaning) for word in field.vocabulary)
