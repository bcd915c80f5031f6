"""The case record: what one IMR final determination letter says."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    computed_field,
    model_validator,
)

from schemas.base import Frozen, RecordPart, Text
from schemas.item import Item
from schemas.vocabulary import Decision, Layout, Outcome, Priority, Sex


def fold_case_number(value: object) -> object:
    """`value` in upper case and without spaces, if it is a text.

    >>> fold_case_number("cm14- 0012345")
    'CM14-0012345'
    """
    return "".join(value.split()).upper() if isinstance(value, str) else value


CaseNumber = Annotated[
    str, Field(pattern=r"^[A-Z]{2}[0-9]{2}-[0-9]{7}$"), BeforeValidator(fold_case_number)
]


class Reviewer(RecordPart):
    """The expert reviewer's qualifications."""

    board_certifications: tuple[Text, ...] = Field(
        default=(),
        description="Each specialty in which the reviewer is board certified, or each "
        "entry of Certification(s)/Specialty; obvious typing errors corrected.",
    )
    subspecialties: tuple[Text, ...] = Field(
        default=(), description="Each subspecialty; obvious typing errors corrected."
    )
    licensed_states: tuple[Text, ...] = Field(
        default=(), description="The states of licensure, by their full names."
    )


class Patient(RecordPart):
    """The injured worker."""

    age: Annotated[int, Field(ge=0, le=120)] | None = Field(
        default=None, description="Age in years, as stated."
    )
    sex: Sex | None = Field(
        default=None,
        description="From a stated word, else from the pronouns when every one agrees.",
    )


def derive_outcome(decisions: Sequence[Decision | None]) -> Outcome | None:
    """What `decisions` come to; `None` without items or with an undecided one."""
    if not decisions or None in decisions:
        return None
    kinds = set(decisions)
    if kinds == {Decision.UPHELD}:
        return Outcome.UPHELD
    if kinds == {Decision.OVERTURNED}:
        return Outcome.OVERTURNED
    return Outcome.MIXED


class CaseRecord(Frozen):
    """What one letter says. `outcome` is derived from the items and never set."""

    layout: Layout = Field(default=Layout.UNKNOWN, description="The form of the letter.")
    case_number: CaseNumber | None = Field(
        default=None,
        description="MAXIMUS/IMR case number, upper case, no spaces: `CM14-0012345`.",
    )
    date_assigned: date | None = Field(
        default=None,
        description="From the case header (a notice's \"Notice of Assignment … was "
        'provided" is not one).',
    )
    date_of_injury: date | None = Field(
        default=None,
        description="The header's; else the one that the case summary states; for a "
        "range (cumulative trauma) its first day.",
    )
    decision_date: date | None = Field(
        default=None,
        description='Date of the determination, from the header ("Dated:").',
    )
    ur_denial_date: date | None = Field(
        default=None,
        description="Date of the utilization review denial, modification or adverse "
        "determination under review: the header's; else the one the body states.",
    )
    application_received: date | None = Field(
        default=None,
        description='Date the IMR application was received (2013 notice: "filed on").',
    )
    priority: Priority | None = Field(
        default=None, description="Standard or expedited review."
    )
    reviewer: Reviewer = Field(
        default=Reviewer(), description="The expert reviewer's qualifications."
    )
    patient: Patient = Field(default=Patient(), description="The injured worker.")
    diagnoses: tuple[Text, ...] = Field(
        default=(),
        description="Each diagnosis that the letter gives as a diagnosis of this patient "
        "in the case summary (or, failing that, in a rationale), without list numbers; "
        "no findings, symptoms or procedures unless listed as a diagnosis.",
    )
    items: tuple[Item, ...] = Field(
        default=(), description="The disputed items or services, in the order decided."
    )

    @computed_field(  # type: ignore[prop-decorator]  # pydantic's documented order
        description="Derived from the items' decisions: upheld (all), overturned (all), "
        "mixed; null without items."
    )
    @property
    def outcome(self) -> Outcome | None:
        """What the items' decisions come to."""
        return derive_outcome([item.decision for item in self.items])

    @model_validator(mode="wrap")
    @classmethod
    def _check_outcome(
        cls, data: Any, handler: ModelWrapValidatorHandler["CaseRecord"]
    ) -> "CaseRecord":
        """Accept an `outcome` key only if it says what the items say."""
        if not isinstance(data, dict) or "outcome" not in data:
            return handler(data)
        stated = data["outcome"]
        record = handler({k: v for k, v in data.items() if k != "outcome"})
        if stated != record.outcome:
            derived = record.outcome and record.outcome.value
            raise ValueError(f"outcome does not follow from the items: it is {derived}")
        return record
