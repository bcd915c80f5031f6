"""The ground every model of the record stands on. Knows nothing of letters."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Frozen(BaseModel):
    """A value object: never changes, refuses unknown keys, keeps its input out of errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,  # every key is always written
    )


class RecordPart(Frozen):
    """A part of the record whose fields are fields of the record, each on its own."""


def fold_space(value: object) -> object:
    """`value` with runs of white space folded to one space and trimmed, if it is a text.

    >>> fold_space("MRI of the\\n  left knee ")
    'MRI of the left knee'
    """
    if not isinstance(value, str) or _is_even(value):
        return value
    return " ".join(value.split())


_BUT_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f"
"""White space of ASCII that is no blank."""


def _is_even(text: str) -> bool:
    """Whether `text` surely has no white space to fold: cheaper to tell than to fold it."""
    is_plain = text.isascii() and not any(map(text.__contains__, _BUT_BLANKS))
    return (is_plain or text.isprintable()) and "  " not in text and text == text.strip()


Text = Annotated[str, Field(min_length=1), BeforeValidator(fold_space)]
"""A text as printed, its white space folded; never empty: what is not stated is `None`."""

Count = Annotated[int, Field(ge=0)]
"""A number of things, none or more."""
