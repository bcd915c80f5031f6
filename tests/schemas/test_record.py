"""What a record accepts, refuses and derives."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from schemas import CaseRecord, Category, Decision, DwcCategory, Item, Outcome, derive_outcome

UPHELD, OVERTURNED, PARTLY = Decision


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ([], None),
        ([UPHELD], Outcome.UPHELD),
        ([UPHELD, UPHELD], Outcome.UPHELD),
        ([OVERTURNED, OVERTURNED], Outcome.OVERTURNED),
        ([UPHELD, OVERTURNED], Outcome.MIXED),
        ([PARTLY], Outcome.MIXED),
        ([PARTLY, OVERTURNED], Outcome.MIXED),
        ([UPHELD, None], None),
    ],
)
def test_outcome_is_what_the_decisions_come_to(
    decisions: list[Decision | None], outcome: Outcome | None
) -> None:
    assert derive_outcome(decisions) is outcome
    items = tuple(Item(description="MRI", decision=decision) for decision in decisions)
    assert CaseRecord(items=items).outcome is outcome


def test_record_is_written_with_the_outcome_and_read_back() -> None:
    record = CaseRecord(items=(Item(description="MRI", decision=UPHELD),))
    written = record.model_dump_json()
    assert json.loads(written)["outcome"] == "upheld"
    assert CaseRecord.model_validate_json(written) == record


def test_outcome_that_does_not_follow_is_refused() -> None:
    with pytest.raises(ValidationError, match="it is upheld"):
        CaseRecord.model_validate(
            {"items": [{"description": "MRI", "decision": "upheld"}], "outcome": "mixed"}
        )


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"patient": {"age": -1}},
        {"patient": {"age": 121}},
        {"case_number": "14-0012345"},
        {"date_of_injury": "2014-02-30"},
        {"layout": "postcard"},
        {"items": [{"decision": "upheld"}]},
        {"items": [{"description": " "}]},
        {"items": [{"description": "MRI", "prior_visits": -1}]},
        {"diagnoses": [""]},
    ],
)
def test_record_refuses(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CaseRecord.model_validate(change)


def test_refusal_does_not_repeat_the_input() -> None:
    with pytest.raises(ValidationError) as caught:
        CaseRecord.model_validate({"case_number": "the patient's secret"})
    assert "secret" not in str(caught.value)


def test_texts_are_folded_and_case_numbers_closed_up() -> None:
    record = CaseRecord(case_number="cm14- 0012345", diagnoses=("lumbar\n  strain ",))
    assert record.case_number == "CM14-0012345"
    assert record.diagnoses == ("lumbar strain",)


def test_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        CaseRecord().date_of_injury = date(2014, 1, 1)  # type: ignore[misc]


@pytest.mark.parametrize("category", Category)
def test_every_category_has_a_class_of_the_division(category: Category) -> None:
    assert isinstance(category.dwc, DwcCategory)
    assert Item(description="x", category=category).dwc_category is category.dwc


def test_item_without_category_has_no_class() -> None:
    assert Item(description="x").dwc_category is None
