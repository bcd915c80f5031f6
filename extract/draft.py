"""What was found in a letter, field by field, before it becomes a record.

Rules and model both hand in a `Draft`, so that they can be merged field by field.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from extract.result import ExtractionWarning
from extract.spans import Found

AnyFound: TypeAlias = Found[Any] | list[Found[Any]]
"""What was found for one field: a value, or the elements of a list."""

Values: TypeAlias = dict[str, AnyFound]
"""Field to what was found for it: one value, or the elements of a list field.

The field is named as in the record, without the item: `patient.age`, `requested.visits`.
A field that is not there is not stated.
"""


def one(values: Values, name: str) -> Found[Any] | None:
    """What was found for the field `name`, which holds one value; `None` if nothing was."""
    found = values.get(name)
    return found if isinstance(found, Found) else None


def moved(values: Values, by: int) -> Values:
    """`values` with every place `by` characters further on."""
    return {
        name: [each.moved(by) for each in found]
        if isinstance(found, list)
        else found.moved(by)
        for name, found in values.items()
    }


@dataclass(slots=True)
class Draft:
    """All that was found in one letter.

    Args:
        fields: the fields of the record that stand in no item.
        items: the fields of each item, in the order decided.
        warnings: what a reader of the record should know.
    """

    fields: Values = field(default_factory=dict)
    items: list[Values] = field(default_factory=list)
    warnings: list[ExtractionWarning] = field(default_factory=list)

    def warn(self, code: str, message: str, path: str | None = None) -> None:
        """Add a warning; `message` must not hold letter text."""
        self.warnings.append(ExtractionWarning(code=code, message=message, path=path))
