"""Edits: each does what it says, refuses what it must, and never makes an invalid cell."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from extract import extract_record
from extract.review.edits import Edit, EditRefused, apply_edit
from extract.review.form import ValueUnusable, check_values, controls_by_path
from extract.review.sheet import Sheet, Status, record_of, sheet_of
from tests.extract.review.runs import TWO_ITEMS

EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)
SHEET = sheet_of(extract_record(TWO_ITEMS))
LENGTH = len(TWO_ITEMS)


def edited(action: str, sheet: Sheet = SHEET, **more: Any) -> Sheet:
    return apply_edit(sheet, EDIT.validate_python({"action": action, **more}), length=LENGTH)


def values(*given_: Any) -> list[dict[str, Any]]:
    return [{"value": value} for value in given_]


def keys(sheet: Sheet) -> list[int]:
    return [item.key for item in sheet.items]


@pytest.mark.parametrize(
    ("field", "given_", "kept"),
    [
        ("patient.age", [45], [45]),
        ("patient.sex", ["female"], ["female"]),
        ("decision_date", ["2014-02-03"], ["2014-02-03"]),
        ("case_number", [" cm14-0012345 "], ["CM14-0012345"]),
        ("diagnoses", ["one  two", "three"], ["one two", "three"]),
        ("diagnoses", [], []),
        ("patient.age", [], []),
    ],
)
def test_values_are_kept_as_the_record_holds_them(
    field: str, given_: list[Any], kept: list[Any]
) -> None:
    cell = edited("set", field=field, entries=values(*given_)).cell(None, field)
    assert cell.values == kept
    assert cell.status is (Status.CORRECTED if kept else Status.NOT_STATED)


@pytest.mark.parametrize(
    ("item", "field", "given_"),
    [
        (None, "patient.age", [121]),
        (None, "patient.age", [1, 2]),
        (None, "patient.sex", ["maybe"]),
        (None, "decision_date", ["2014-02-30"]),
        (None, "case_number", ["14"]),
        (0, "requested.visits", [-1]),
        (0, "reviewer_guidelines", [{"basis": "mtus"}]),
        (0, "body_parts", ["knee"]),
        (0, "description", ["  "]),
    ],
)
def test_what_the_record_would_refuse_is_refused_at_once(
    item: int | None, field: str, given_: list[Any]
) -> None:
    with pytest.raises(ValueUnusable):
        edited("set", item=item, field=field, entries=values(*given_))


def test_a_value_that_stays_keeps_its_place_and_its_rule() -> None:
    old = SHEET.cell(None, "diagnoses").entries
    given_ = [{"value": old[0].value, "was": 0}, {"value": "another"}]
    new = edited("set", field="diagnoses", entries=given_).cell(None, "diagnoses").entries
    assert new[0] == old[0]
    assert (new[1].start, new[1].confidence) == (None, None)


def test_a_corrected_value_keeps_its_place_but_no_machine_vouches_for_it() -> None:
    old = SHEET.cell(None, "patient.age").entries[0]
    entries = [{"value": 45, "was": 0}]
    new = (
        edited("set", field="patient.age", entries=entries)
        .cell(None, "patient.age")
        .entries[0]
    )
    assert (new.start, new.confidence, new.rule) == (old.start, None, None)


def test_accept_not_stated_and_comment() -> None:
    assert edited("accept", field="layout").cell(None, "layout").status is Status.ACCEPTED
    gone = edited("not_stated", field="patient.age").cell(None, "patient.age")
    assert (gone.values, gone.status) == ([], Status.NOT_STATED)
    said = edited("comment", field="layout", text=" why? ").cell(None, "layout")
    assert (said.comment, said.status) == ("why?", None)


def test_evidence_is_set_within_the_letter_only() -> None:
    entry = edited("evidence", field="patient.age", start=3, end=9).cell(None, "patient.age")
    assert (entry.entries[0].start, entry.entries[0].end) == (3, 9)
    with pytest.raises(EditRefused, match="outside"):
        edited("evidence", field="patient.age", start=3, end=LENGTH + 1)
    with pytest.raises(EditRefused, match="value first"):
        edited("evidence", item=0, field="authorized", start=3, end=9)


def test_items_move_and_come_and_go() -> None:
    assert keys(edited("move_item", item=1, by=-1)) == [1, 0]
    assert keys(edited("add_item", after=0)) == [0, 2, 1]
    assert keys(edited("add_item")) == [0, 1, 2]
    assert keys(edited("remove_item", item=0)) == [1]
    for edit in (
        {"action": "move_item", "by": 1},
        {"action": "remove_item"},
        {"action": "split_item", "at": 1},
    ):
        with pytest.raises(EditRefused, match="not there"):
            apply_edit(SHEET, EDIT.validate_python({**edit, "item": 9}), length=LENGTH)
    with pytest.raises(EditRefused, match="at the end"):
        edited("move_item", item=1, by=1)


def test_both_halves_of_a_split_item_keep_what_they_share() -> None:
    description = SHEET.cell(0, "description").values[0]
    at = description.index(" twice")
    first, second, _ = edited("split_item", item=0, at=at).items
    words = [item.cells["description"].values[0] for item in (first, second)]
    assert words == ["Physical therapy", description[at + 1 :]]
    assert first.cells["decision"] == second.cells["decision"]
    assert len({first.key, second.key}) == 2


def test_an_edit_of_an_unknown_field_or_item_is_refused() -> None:
    with pytest.raises(EditRefused, match="no such field"):
        edited("accept", field="outcome")
    with pytest.raises(EditRefused, match="not there"):
        edited("accept", item=7, field="decision")
    with pytest.raises(ValidationError):
        EDIT.validate_python({"action": "guess", "field": "layout"})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["part", "side", "basis", "pages"]) | st.text(), inner
        )
    ),
    max_leaves=6,
)


@given(path=st.sampled_from(sorted(controls_by_path())), given_=st.lists(ANYTHING, max_size=3))
def test_whatever_is_sent_a_cell_stays_valid_or_the_edit_is_refused(
    path: str, given_: list[Any]
) -> None:
    control = controls_by_path()[path]
    try:
        kept = check_values(control, given_)
    except ValueUnusable:
        return
    item = 0 if control.of_item else None
    sheet = edited("set", item=item, field=control.name, entries=values(*given_))
    assert sheet.cell(item, control.name).values == kept
    if control.name != "description" or kept:
        record_of(sheet)
