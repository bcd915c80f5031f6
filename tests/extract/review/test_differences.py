"""Points of disagreement: every one, none twice, and deciding all settles the record."""

import pytest

from extract import extract_record
from extract.review.differences import decide, differences, same_values, start_settling
from extract.review.edits import AddItem, SplitItem, apply_edit
from extract.review.sheet import Cell, Entry, Sheet, record_of, sheet_of
from tests.extract.review.runs import TWO_ITEMS, many_items

FIRST = sheet_of(extract_record(TWO_ITEMS))


def changed(sheet: Sheet, item: int | None, name: str, *values: object) -> Sheet:
    return sheet.with_cell(item, name, Cell(entries=tuple(Entry(value=v) for v in values)))


def reordered(sheet: Sheet) -> Sheet:
    return sheet.model_copy(update={"items": tuple(reversed(sheet.items))})


def begun(first: Sheet, second: Sheet) -> Sheet:
    return start_settling(first, second, (1, 2))


def points(first: Sheet, second: Sheet) -> list[str]:
    return [each.id for each in differences(first, second, begun(first, second))]


def test_a_label_does_not_disagree_with_itself_in_any_order() -> None:
    assert points(FIRST, FIRST) == []
    assert points(FIRST, reordered(FIRST)) == []
    other_order = changed(FIRST, None, "diagnoses", "b", "a")
    assert points(changed(FIRST, None, "diagnoses", "a", "b"), other_order) == []


def test_each_altered_value_is_one_point() -> None:
    second = changed(FIRST, None, "patient.age", 50)
    second = reordered(changed(second, 1, "decision", "upheld"))
    assert points(FIRST, second) == ["r.patient.age", "first.i1.decision"]


@pytest.mark.parametrize("take", ["first", "second"])
def test_deciding_every_point_for_one_side_gives_that_sides_record(take: str) -> None:
    second = changed(changed(FIRST, None, "patient.sex"), 0, "prior_visits", 7)
    second = second.model_copy(update={"items": second.items[:1]})
    settled = begun(FIRST, second)
    for point in points(FIRST, second):
        settled = decide(FIRST, second, settled, point=point, take=take)
    assert all(each.is_decided for each in differences(FIRST, second, settled))
    wanted = FIRST if take == "first" else second
    assert record_of(settled) == record_of(wanted)


def test_an_item_that_only_the_second_has_can_be_taken_and_given_up() -> None:
    first = FIRST.model_copy(update={"items": FIRST.items[:1]})
    (point,) = points(first, FIRST)
    taken = decide(first, FIRST, begun(first, FIRST), point=point, take="second")
    assert len(taken.items) == 2
    given_up = decide(first, FIRST, taken, point=point, take="first")
    assert len(given_up.items) == 1


def test_twenty_one_items_are_paired_by_their_words() -> None:
    first = sheet_of(extract_record(many_items(21)))
    second = changed(reordered(first), 20, "decision", "upheld")
    assert points(first, second) == ["first.i20.decision"]


def test_items_are_paired_whatever_their_punctuation() -> None:
    first, second = (changed(FIRST, 0, "description", text) for text in ("EMG/NCS", "NCS/EMG"))
    assert points(first, second) == ["first.i0.description"]


def test_items_of_one_title_are_paired_by_what_else_agrees() -> None:
    (title,) = FIRST.cell(0, "description").values
    twins = changed(FIRST, 1, "description", title)
    assert points(twins, reordered(twins)) == []


def test_sameness_knows_no_order_but_counts() -> None:
    def cell(*values: object) -> Cell:
        return Cell(entries=tuple(Entry(value=value) for value in values))

    assert same_values(cell({"a": 1, "b": 2}), cell({"b": 2, "a": 1}))
    assert not same_values(cell("a", "a"), cell("a"))


def sides_of_three() -> tuple[Sheet, Sheet]:
    """The second reviewer has two items more than the first."""
    second = sheet_of(extract_record(many_items(3)))
    return second.model_copy(update={"items": second.items[:1]}), second


def with_added(sheet: Sheet, description: str) -> Sheet:
    """`sheet` with an item that a person added."""
    added = apply_edit(sheet, AddItem(action="add_item"), length=0)
    return changed(added, added.items[-1].key, "description", description)


def descriptions(sheet: Sheet) -> list[str]:
    return [item.cells["description"].values[0] for item in sheet.items]


@pytest.mark.parametrize("take", ["first", "second"])
def test_an_item_added_by_hand_outlives_every_decision(take: str) -> None:
    first, second = sides_of_three()
    settled = begun(first, second)
    one, other = points(first, second)
    settled = decide(first, second, settled, point=one, take="second")
    settled = with_added(settled, "a walker")
    settled = decide(first, second, settled, point=other, take=take)
    assert "a walker" in descriptions(settled)
    assert len(settled.items) == (4 if take == "second" else 3)


def test_an_item_added_for_one_that_was_refused_outlives_a_change_of_mind() -> None:
    second, first = sides_of_three()
    settled = begun(first, second)
    for point in points(first, second):
        settled = decide(first, second, settled, point=point, take="second")
    assert len(settled.items) == 1
    settled = with_added(settled, "a walker")
    for point in points(first, second):
        settled = decide(first, second, settled, point=point, take="first")
    assert sorted(descriptions(settled)) == sorted([*descriptions(first), "a walker"])


def test_an_item_that_was_split_is_still_the_one_it_was() -> None:
    second = changed(FIRST, 1, "decision", "upheld")
    split = SplitItem(action="split_item", item=1, at=5)
    settled = apply_edit(begun(FIRST, second), split, length=0)
    (point,) = points(FIRST, second)
    settled = decide(FIRST, second, settled, point=point, take="second")
    decisions = [item.cells["decision"].values for item in settled.items]
    assert decisions == [["upheld"], ["upheld"], ["overturned"]]
