from typing import Any

import pytest

from extract.draft import Draft, Values
from extract.model.merge import LEADS, Lead, by_number, merge
from extract.spans import Found
from schemas import BodyPart, Decision, Layout, Part, Sex, Side, record_fields

KNOWN: Values = {"layout": Found(Layout.ISSUES_DECISIONS_RATIONALES, 0, 5, "layout.heading")}


def ours(value: Any, start: int = 0) -> Found[Any]:
    return Found(value, start, start + 5, "some.rule")


def theirs(value: Any, start: int = 0) -> Found[Any]:
    return Found(value, start, start + 5, "letter.v1", (), "exact")


def item(title: str, make: Any = ours, *, start: int = 0, **fields: Any) -> Values:
    named = {name.replace("__", "."): make(value, start) for name, value in fields.items()}
    return {"description": make(title, start), **named}


def codes(draft: Draft) -> list[tuple[str, str | None]]:
    return [(warning.code, warning.path) for warning in draft.warnings]


def test_table_has_a_line_for_every_field() -> None:
    asked = {f.path.removeprefix("items[].") for f in record_fields()} - {"outcome"}
    assert set(LEADS) == asked


@pytest.mark.parametrize("name", ["case_number", "decision_date", "patient.age"])
def test_model_that_disagrees_on_what_is_printed_loses(name: str) -> None:
    assert LEADS[name] is Lead.RULES
    merged = merge(Draft({name: ours("A")}), Draft({name: theirs("B")}))
    assert merged.fields[name] == ours("A")
    assert codes(merged) == [("model_disagrees", name)]


def test_model_leads_where_prose_must_be_understood() -> None:
    merged = merge(Draft({"diagnoses": [ours("a")]}), Draft({"diagnoses": [theirs("b")]}))
    assert merged.fields["diagnoses"] == [theirs("b")]
    assert codes(merged) == [("model_disagrees", "diagnoses")]


def test_sex_is_left_open_where_both_disagree() -> None:
    merged = merge(
        Draft({"patient.sex": ours(Sex.MALE)}), Draft({"patient.sex": theirs(Sex.FEMALE)})
    )
    assert "patient.sex" not in merged.fields
    assert codes(merged) == [("model_disagrees", "patient.sex")]


def test_agreement_keeps_the_evidence_whose_confidence_is_measured() -> None:
    merged = merge(
        Draft({"diagnoses": [ours("Lumbar  Sprain")]}),
        Draft({"diagnoses": [theirs("lumbar sprain.")]}),
    )
    assert merged.fields["diagnoses"] == [ours("Lumbar  Sprain")]
    assert codes(merged) == []


def test_order_of_a_list_is_no_disagreement() -> None:
    one, other = BodyPart(part=Part.KNEE, side=Side.LEFT), BodyPart(part=Part.HIP)
    rules = [item("x", body_parts=None) | {"body_parts": [ours(one), ours(other)]}]
    model = [item("x", theirs) | {"body_parts": [theirs(other), theirs(one)]}]
    assert codes(merge(Draft(items=rules), Draft(items=model))) == []


@pytest.mark.parametrize("name", sorted(LEADS))
def test_value_of_one_side_alone_is_taken(name: str) -> None:
    only_rules = merge(Draft({name: ours("A")}), Draft())
    only_model = merge(Draft(), Draft({name: theirs("B")}))
    assert only_rules.fields == {name: ours("A")}
    assert only_model.fields == {name: theirs("B")}
    assert codes(only_rules) == codes(only_model) == []


def test_rules_lead_everywhere_for_whoever_asks_for_a_confidence() -> None:
    merged = merge(
        Draft({"diagnoses": [ours("a")]}),
        Draft({"diagnoses": [theirs("b")]}),
        prefers_rules=True,
    )
    assert merged.fields["diagnoses"] == [ours("a")]


def test_items_are_paired_by_place_then_by_title() -> None:
    rules = [item("MRI of the knee", start=0), item("Acupuncture x 6", start=100)]
    model = [
        item("acupuncture x6", theirs, start=400, prior_visits=2),
        item("MRI of the", theirs, start=0, prior_visits=1),
    ]
    merged = merge(Draft(dict(KNOWN), rules), Draft(items=model))
    titles = [values["description"] for values in merged.items]
    assert titles == [rules[0]["description"], rules[1]["description"]]
    assert [values["prior_visits"] for values in merged.items] == [theirs(1), theirs(2, 400)]


def certain(title: str, start: int) -> Values:
    return item(title, start=start, decision=Decision.UPHELD)


def test_item_that_only_the_model_saw_is_left_out_where_the_rules_are_certain() -> None:
    rules = Draft(dict(KNOWN), [certain("MRI of the knee", 0)])
    model = Draft(items=[item("Spinal fusion", theirs, start=50)])
    merged = merge(rules, model)
    assert len(merged.items) == 1
    assert ("item_only_by_model", None) in codes(merged)
    assert ("item_not_by_model", "items[0]") in codes(merged)


def test_item_that_only_the_model_saw_is_kept_where_the_rules_are_not_certain() -> None:
    rules = Draft(items=[item("MRI of the knee", start=100)])
    model = Draft(items=[item("Spinal fusion", theirs, start=50)])
    titles = [values["description"] for values in merge(rules, model).items]
    assert [title.value for title in titles if isinstance(title, Found)] == [
        *("Spinal fusion", "MRI of the knee")
    ]


def test_numbered_items_are_the_same_one_by_one() -> None:
    rules = Draft(items=[certain("a", 0), certain("b", 10)])
    model = Draft(items=[{}, {"prior_visits": theirs(3)}])
    merged = merge(rules, model, pairs=by_number)
    assert "prior_visits" not in merged.items[0]
    assert merged.items[1]["prior_visits"] == theirs(3)
    assert merge(rules, Draft(), pairs=by_number).items == rules.items
