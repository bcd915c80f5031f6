"""The sheet is the record in another form: nothing is lost on the way there and back."""

from pathlib import Path

import pytest

from extract import extract_record
from extract.result import Doubt
from extract.review.form import controls_by_path
from extract.review.sheet import (
    Cell,
    Entry,
    Status,
    record_of,
    sheet_of,
    sheet_of_record,
)
from schemas import CaseRecord, record_fields
from schemas.fields import ITEMS
from tests.extract.review.runs import TWO_ITEMS, UNSURE, with_confidence


def test_every_label_survives_the_way_to_a_sheet_and_back(gold: Path) -> None:
    for path in sorted((gold / "labels").glob("*.json")):
        label = CaseRecord.model_validate_json(path.read_text("utf-8"))
        assert record_of(sheet_of_record(label)) == label


def test_every_extraction_survives_with_its_evidence(letter_paths: list[Path]) -> None:
    for path in letter_paths:
        extraction = extract_record(path)
        sheet = sheet_of(extraction)
        assert record_of(sheet) == extraction.record
        placed = sum(
            entry.start is not None for *_, cell in sheet.walk() for entry in cell.entries
        )
        assert placed == len(extraction.evidence) - ("outcome" in extraction.evidence)


def test_every_field_but_the_outcome_has_a_cell() -> None:
    sheet = sheet_of(extract_record(TWO_ITEMS))
    paths = {name if item is None else ITEMS + name for item, name, _ in sheet.walk()}
    assert paths == {field.path for field in record_fields()} - {"outcome"}
    assert paths == set(controls_by_path())


def test_a_candidate_waits_in_the_cell_it_was_not_good_enough_for() -> None:
    extraction = extract_record(TWO_ITEMS)
    proof = extraction.evidence["items[1].decision"]
    doubts = (
        Doubt(path="items[1].prior_visits", value="12", evidence=proof),
        Doubt(path="diagnoses[0]", value="a sprain", evidence=proof),
    )
    sheet = sheet_of(extraction.model_copy(update={"doubtful": doubts}))
    assert [each.value for each in sheet.cell(1, "prior_visits").candidates] == ["12"]
    assert [each.value for each in sheet.cell(None, "diagnoses").candidates] == ["a sprain"]


@pytest.mark.parametrize(
    ("cell", "doubtful"),
    [
        (Cell(), False),
        (Cell(entries=(Entry(value=1),)), False),
        (Cell(entries=(Entry(value=1, confidence=0.5),)), True),
        (Cell(entries=(Entry(value=1, confidence=0.99),)), False),
        (Cell(candidates=(Entry(value=1, confidence=0.99),)), True),
        (Cell(entries=(Entry(value=1, confidence=0.5),), status=Status.ACCEPTED), False),
    ],
)
def test_doubt_is_a_machines_and_ends_with_a_persons_word(cell: Cell, doubtful: bool) -> None:
    assert cell.is_doubtful(0.95) is doubtful


def test_confidence_is_the_least_of_the_values() -> None:
    extraction = with_confidence(extract_record(TWO_ITEMS), {"items[0].decision": UNSURE})
    sheet = sheet_of(extraction)
    assert sheet.cell(0, "decision").confidence == UNSURE
    assert sheet.cell(None, "priority").confidence == 0.99
