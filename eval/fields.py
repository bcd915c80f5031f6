"""How is each field compared, and to which group does it belong? The guide, in code."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from eval.compare import CITATION, EQUAL, FUZZY_85, FUZZY_90, NAME_90, TOKEN_F1_95, Comparison
from schemas import Term, record_fields
from schemas.fields import ITEMS


class Group(StrEnum):
    """Fields of one kind of difficulty."""

    STRUCTURAL = "structural"
    CLINICAL = "clinical"
    INTERPRETIVE = "interpretive"


_RULES = MappingProxyType(
    {
        "layout": (EQUAL, Group.STRUCTURAL),
        "case_number": (EQUAL, Group.STRUCTURAL),
        "date_assigned": (EQUAL, Group.STRUCTURAL),
        "date_of_injury": (EQUAL, Group.CLINICAL),
        "decision_date": (EQUAL, Group.STRUCTURAL),
        "ur_denial_date": (EQUAL, Group.CLINICAL),
        "application_received": (EQUAL, Group.STRUCTURAL),
        "priority": (EQUAL, Group.STRUCTURAL),
        "reviewer.board_certifications": (NAME_90, Group.STRUCTURAL),
        "reviewer.subspecialties": (FUZZY_90, Group.STRUCTURAL),
        "reviewer.licensed_states": (EQUAL, Group.STRUCTURAL),
        "patient.age": (EQUAL, Group.CLINICAL),
        "patient.sex": (EQUAL, Group.CLINICAL),
        "diagnoses": (FUZZY_85, Group.INTERPRETIVE),
        "items[].description": (FUZZY_90, Group.STRUCTURAL),
        "items[].original_request": (FUZZY_90, Group.STRUCTURAL),
        "items[].authorized": (FUZZY_90, Group.STRUCTURAL),
        "items[].in_dispute": (FUZZY_90, Group.STRUCTURAL),
        "items[].decision": (EQUAL, Group.STRUCTURAL),
        "items[].category": (EQUAL, Group.CLINICAL),
        "items[].body_parts": (EQUAL, Group.CLINICAL),
        "items[].requested.visits": (EQUAL, Group.CLINICAL),
        "items[].requested.per_week": (EQUAL, Group.CLINICAL),
        "items[].requested.weeks": (EQUAL, Group.CLINICAL),
        "items[].requested.drug": (FUZZY_90, Group.CLINICAL),
        "items[].requested.strength": (EQUAL, Group.CLINICAL),
        "items[].requested.units": (EQUAL, Group.CLINICAL),
        "items[].requested.refills": (EQUAL, Group.CLINICAL),
        "items[].prior_visits": (EQUAL, Group.INTERPRETIVE),
        "items[].guideline_max_visits": (EQUAL, Group.INTERPRETIVE),
        "items[].claims_administrator_guidelines": (CITATION, Group.STRUCTURAL),
        "items[].reviewer_guidelines": (CITATION, Group.STRUCTURAL),
        "items[].rationale": (TOKEN_F1_95, Group.STRUCTURAL),
        "items[].rationale_factors": (EQUAL, Group.INTERPRETIVE),
        "outcome": (EQUAL, Group.STRUCTURAL),
    }
)


class ScoredField(NamedTuple):
    """A field of the record with its comparison.

    `read` takes the value from a record, or from an item for an item's field; `name` is
    the path within it, by which a position in a record is written.
    """

    path: str
    name: str
    is_list: bool
    is_of_item: bool
    vocabulary: type[Term] | None
    comparison: Comparison
    group: Group
    read: Callable[[Any], Any]

    @property
    def compared_by(self) -> str:
        """The comparison in the guide's words."""
        return f"set, {self.comparison.name}" if self.is_list else self.comparison.name


@cache
def scored_fields() -> tuple[ScoredField, ...]:
    """Every field of the record, in the guide's order, with its comparison."""
    scored = []
    for field in record_fields():
        comparison, group = _RULES[field.path]
        name = field.path.removeprefix(ITEMS)
        scored.append(
            ScoredField(
                path=field.path,
                name=name,
                is_list=field.is_list,
                is_of_item=name != field.path,
                vocabulary=field.vocabulary,
                comparison=comparison,
                group=group,
                read=attrgetter(name),
            )
        )
    return tuple(scored)
