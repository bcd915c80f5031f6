"""Every field of the record has a comparison and a group, as the guide and the bars say."""

import pytest

from eval.fields import Group, scored_fields
from schemas import record_fields
from tests.eval.makers import item, record

BY_PATH = {field.path: field for field in scored_fields()}


def test_every_field_is_scored_once_in_the_order_of_the_guide() -> None:
    assert [field.path for field in scored_fields()] == [f.path for f in record_fields()]
    assert len(BY_PATH) == len(record_fields()) == 35


@pytest.mark.parametrize(
    ("group", "paths"),
    [
        (
            Group.INTERPRETIVE,
            {
                *("diagnoses", "items[].prior_visits", "items[].guideline_max_visits"),
                "items[].rationale_factors",
            },
        ),
        (
            Group.CLINICAL,
            {
                *("date_of_injury", "ur_denial_date", "patient.age", "patient.sex"),
                *("items[].category", "items[].body_parts", "items[].requested.visits"),
                *("items[].requested.per_week", "items[].requested.weeks"),
                *("items[].requested.drug", "items[].requested.strength"),
                *("items[].requested.units", "items[].requested.refills"),
            },
        ),
    ],
)
def test_groups(group: Group, paths: set[str]) -> None:
    assert {field.path for field in scored_fields() if field.group is group} == paths


@pytest.mark.parametrize(
    ("path", "compared_by"),
    [
        ("case_number", "equal"),
        ("reviewer.board_certifications", "set, fuzzy 90, & as and"),
        ("reviewer.subspecialties", "set, fuzzy 90"),
        ("reviewer.licensed_states", "set, equal"),
        ("diagnoses", "set, fuzzy 85"),
        ("items[].description", "fuzzy 90"),
        ("items[].body_parts", "set, equal"),
        ("items[].requested.drug", "fuzzy 90"),
        ("items[].requested.strength", "equal"),
        ("items[].reviewer_guidelines", "set, citation"),
        ("items[].rationale", "token F1 0.95"),
        ("items[].rationale_factors", "set, equal"),
    ],
)
def test_comparisons_are_those_of_the_guide(path: str, compared_by: str) -> None:
    assert BY_PATH[path].compared_by == compared_by


def test_a_field_is_read_from_a_record_or_an_item() -> None:
    whole = record(item(requested={"visits": 12}), patient={"age": 40})
    assert BY_PATH["patient.age"].read(whole) == 40
    assert BY_PATH["items[].requested.visits"].read(whole.items[0]) == 12
    assert not BY_PATH["patient.age"].is_of_item
    assert BY_PATH["items[].requested.visits"].is_of_item
