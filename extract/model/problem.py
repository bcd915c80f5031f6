"""What is wrong with an answer of a model, and how the model is told."""

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """Why an answer was not accepted."""

    NOT_IN_LETTER = "quotation_not_in_letter"
    DOES_NOT_FOLLOW = "value_does_not_follow"
    OUT_OF_RANGE = "value_out_of_range"
    NO_SUCH_ITEM = "no_such_item"
    NOT_IN_SCHEMA = "not_in_schema"


_SAID_OF = {
    Fault.NOT_IN_LETTER: "these words do not stand in the letter",
    Fault.DOES_NOT_FOLLOW: "the quoted words do not state this value",
    Fault.OUT_OF_RANGE: "this value cannot be meant",
    Fault.NO_SUCH_ITEM: "no item has this number",
    Fault.NOT_IN_SCHEMA: "this does not fit the schema",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that was not accepted.

    Args:
        path: the field, as in the reply: `items[1].decision`.
        fault: what is wrong with it.
        words: those concerned, for the model's eyes; never in a `repr`.
    """

    path: str
    fault: Fault
    words: str = field(default="", repr=False)

    def sentence(self) -> str:
        """What the model is told."""
        words = f": {self.words!r}" if self.words else ""
        return f"- {self.path}: {_SAID_OF[self.fault]}{words}"
