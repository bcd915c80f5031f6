"""A disputed item or service, and what was decided about it."""

from pydantic import Field

from schemas.base import Count, Frozen, RecordPart, Text
from schemas.citation import Citation
from schemas.vocabulary import (
    Category,
    Decision,
    DwcCategory,
    Part,
    RationaleFactor,
    Side,
)


class BodyPart(Frozen):
    """A body part named in an item's description."""

    part: Part = Field(description="The part; spine levels count: L4-S1 is lumbar_spine.")
    side: Side | None = Field(default=None, description="Its side; null if not stated.")


class Requested(RecordPart):
    """How much was asked for, of this item alone."""

    visits: Count | None = Field(
        default=None,
        description="Visits, sessions, treatments or injections asked for in all; where "
        "only a rate and a length are given, their product.",
    )
    per_week: Count | None = Field(
        default=None, description='Visits a week ("2x6" or "2 times 6": 2).'
    )
    weeks: Count | None = Field(
        default=None,
        description='Weeks ("2x6": 6); months are weeks only if the letter says so.',
    )
    drug: Text | None = Field(
        default=None,
        description="The drug as the description names it, without strength, form or "
        "count; a compound's ingredients joined by commas.",
    )
    strength: Text | None = Field(
        default=None,
        description="Number, a space, unit in lower case: `350 mg`, `10-325 mg`, `5 %`.",
    )
    units: Count | None = Field(
        default=None,
        description="Count of tablets, capsules, patches, tubes or pieces (`#90`: 90).",
    )
    refills: Count | None = Field(default=None, description="Refills asked for.")


class Item(RecordPart):
    """One disputed item or service."""

    description: Text = Field(
        description='The item\'s title line or the words after "the request for", '
        "without its number and without its decision."
    )
    original_request: Text | None = Field(
        default=None,
        description='For a request authorised in part ("X was the original request. Y '
        'was authorized … The remaining IMR eligible portion …, Z"): X as printed.',
    )
    authorized: Text | None = Field(
        default=None,
        description="For a request authorised in part: what was authorised, as printed.",
    )
    in_dispute: Text | None = Field(
        default=None,
        description="For a request authorised in part: what is left in dispute, as printed.",
    )
    decision: Decision | None = Field(
        default=None, description="What the expert reviewer decided about the item."
    )
    category: Category | None = Field(
        default=None, description="The kind of treatment or service."
    )
    body_parts: tuple[BodyPart, ...] = Field(
        default=(),
        description="The body parts named in the description itself, with their sides.",
    )
    requested: Requested = Field(default=Requested(), description="How much was asked for.")
    prior_visits: Count | None = Field(
        default=None,
        description="Visits of this same treatment that the letter says the patient has "
        "had already; the total, if several counts.",
    )
    guideline_max_visits: Count | None = Field(
        default=None,
        description="The most visits that the reviewer says the guideline supports for "
        'this treatment ("9 to 10 visits over 8 weeks": 10).',
    )
    claims_administrator_guidelines: tuple[Citation, ...] = Field(
        default=(),
        description="What the claims administrator's decision was based on.",
    )
    reviewer_guidelines: tuple[Citation, ...] = Field(
        default=(), description="What the expert reviewer's decision was based on."
    )
    rationale: Text | None = Field(
        default=None,
        description="The reviewer's rationale, from its first word after the label to "
        "its last before the next item, page furniture taken out.",
    )
    rationale_factors: tuple[RationaleFactor, ...] = Field(
        default=(),
        description="The reasons that the rationale itself gives for the decision.",
    )

    @property
    def dwc_category(self) -> DwcCategory | None:
        """The Division's own top class for this item's category."""
        return self.category.dwc if self.category else None
