"""What can be said of one value: the verdicts of the guide, and counts of them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Verdict(StrEnum):
    """How a predicted value stands to its label."""

    CORRECT = "correct"
    MISSED = "missed"
    SPURIOUS = "spurious"
    WRONG = "wrong"
    TRUE_NULL = "true_null"

    @property
    def is_miss(self) -> bool:
        """Whether the value is not as labelled."""
        return self in (Verdict.MISSED, Verdict.SPURIOUS, Verdict.WRONG)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one value, or on one element of a list.

    Args:
        field: the field's path without positions: `items[].requested.visits`.
        label: the labelled value, `None` if there is none.
        predicted: the predicted value, `None` if there is none.
        label_path: where the label stands in the labelled record: `items[1].decision`;
            `None` for a value that no label answers to.
        predicted_path: where the value stands in the predicted record, by which its
            evidence is found; `None` for a value that is not there.
    """

    field: str
    verdict: Verdict
    label: Any = None
    predicted: Any = None
    label_path: str | None = None
    predicted_path: str | None = None

    @property
    def path(self) -> str:
        """Where the value stands: in the labelled record, else in the predicted one."""
        return self.label_path or self.predicted_path or self.field


class Counts(NamedTuple):
    """How many verdicts of each kind."""

    correct: int = 0
    missed: int = 0
    spurious: int = 0
    wrong: int = 0
    true_null: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """The sum of both."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def support(self) -> int:
        """How many values are labelled."""
        return self.correct + self.missed + self.wrong

    @property
    def given(self) -> int:
        """How many values are predicted."""
        return self.correct + self.spurious + self.wrong


def count(verdicts: Iterable[Verdict]) -> Counts:
    """How many of `verdicts` are of each kind.

    >>> count([Verdict.CORRECT, Verdict.WRONG, Verdict.CORRECT])
    Counts(correct=2, missed=0, spurious=0, wrong=1, true_null=0)
    """
    return Counts(**Counter(verdict.value for verdict in verdicts))
