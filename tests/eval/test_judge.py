"""The verdict on every value of a record: by hand, by property, and by a second scorer."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eval.fields import scored_fields
from eval.judge import judge_record
from eval.verdict import Judgement, Verdict
from schemas import CaseRecord, record_values
from tests.eval import plain_scorer
from tests.eval.makers import citation, item, record
from tests.eval.records import FEW, records

LIST_FIELDS = {field.path for field in scored_fields() if field.is_list}


def verdicts(label: CaseRecord, predicted: CaseRecord | None, field: str) -> list[str]:
    judged = judge_record(label, predicted)
    return sorted(each.verdict.value for each in judged if each.field == field)


@pytest.mark.parametrize(
    ("label", "predicted", "expected"),
    [
        ({"case_number": "CM14-0012345"}, {"case_number": "CM14-0012345"}, "correct"),
        ({"case_number": "CM14-0012345"}, {"case_number": None}, "missed"),
        ({"case_number": None}, {"case_number": "CM14-0012345"}, "spurious"),
        ({"case_number": "CM14-0012345"}, {"case_number": "CM14-0012346"}, "wrong"),
        ({"case_number": None}, {"case_number": None}, "true_null"),
    ],
)
def test_scalar(label: dict[str, Any], predicted: dict[str, Any], expected: str) -> None:
    assert verdicts(record(**label), record(**predicted), "case_number") == [expected]


@pytest.mark.parametrize(
    ("label", "predicted", "expected"),
    [
        ([], [], ["true_null"]),
        (["knee strain"], [], ["missed"]),
        ([], ["knee strain"], ["spurious"]),
        (["knee strain"], ["knee strain"], ["correct"]),
        (["knee strain"], ["hip fracture"], ["missed", "spurious"]),
        (["knee strain", "gout"], ["gout", "knee strains"], ["correct", "correct"]),
        (["gout"], ["gout", "gout"], ["correct", "spurious"]),
        (["gout", "gout"], ["gout"], ["correct", "missed"]),
        (["a b", "c d", "e f"], ["c d", "x y"], ["correct", "missed", "missed", "spurious"]),
    ],
)
def test_list(label: list[str], predicted: list[str], expected: list[str]) -> None:
    one, two = record(diagnoses=label), record(diagnoses=predicted)
    assert verdicts(one, two, "diagnoses") == expected


def test_a_list_element_knows_both_its_places() -> None:
    label, predicted = record(diagnoses=["a b", "c d"]), record(diagnoses=["x y", "c d"])
    judged = {j.verdict: j for j in judge_record(label, predicted) if j.field == "diagnoses"}
    correct = judged[Verdict.CORRECT]
    assert (correct.label_path, correct.predicted_path) == ("diagnoses[1]", "diagnoses[1]")
    assert judged[Verdict.MISSED].label_path == "diagnoses[0]"
    assert judged[Verdict.MISSED].predicted_path is None
    assert judged[Verdict.SPURIOUS].predicted_path == "diagnoses[0]"
    assert judged[Verdict.SPURIOUS].label_path is None


def test_items_are_judged_by_their_partner_not_their_position() -> None:
    label = record(item("MRI of the knee"), item("Norco 10/325", decision="overturned"))
    predicted = record(item("Norco 10/325", decision="overturned"), item("MRI of the knee"))
    judged = [j for j in judge_record(label, predicted) if j.field == "items[].decision"]
    assert [j.verdict for j in judged] == [Verdict.CORRECT] * 2
    assert {(j.label_path, j.predicted_path) for j in judged} == {
        ("items[0].decision", "items[1].decision"),
        ("items[1].decision", "items[0].decision"),
    }


FULL = item(
    category="imaging",
    body_parts=[{"part": "knee", "side": "left"}],
    reviewer_guidelines=[citation(), citation("Opioids")],
    rationale="Not needed.",
)


def _of_items(judgements: list[Judgement]) -> Counter[tuple[str, str]]:
    return Counter(
        (j.field.removeprefix("items[]."), j.verdict.value)
        for j in judgements
        if j.field.startswith("items")
    )


def test_a_missing_item_misses_each_labelled_value_and_no_null() -> None:
    assert _of_items(judge_record(record(FULL), record())) == {
        ("description", "missed"): 1,
        ("decision", "missed"): 1,
        ("category", "missed"): 1,
        ("body_parts", "missed"): 1,
        ("reviewer_guidelines", "missed"): 2,
        ("rationale", "missed"): 1,
    }


def test_a_spurious_item_is_false_in_each_given_value() -> None:
    judged = judge_record(record(), record(FULL))
    assert _of_items(judged) == {
        ("description", "spurious"): 1,
        ("decision", "spurious"): 1,
        ("category", "spurious"): 1,
        ("body_parts", "spurious"): 1,
        ("reviewer_guidelines", "spurious"): 2,
        ("rationale", "spurious"): 1,
    }
    assert [j.verdict for j in judged if j.field == "outcome"] == [Verdict.SPURIOUS]


def test_titles_too_unlike_are_one_missing_and_one_spurious_item() -> None:
    label, predicted = record(item("MRI of the knee")), record(item("Gabapentin #90"))
    assert verdicts(label, predicted, "items[].description") == ["missed", "spurious"]
    assert verdicts(label, predicted, "items[].decision") == ["missed", "spurious"]


def test_a_title_that_pairs_may_still_be_wrong() -> None:
    label, predicted = (
        record(item("MRI of the left knee")),
        record(item("MRI of the right hip")),
    )
    assert verdicts(label, predicted, "items[].description") == ["wrong"]
    assert verdicts(label, predicted, "items[].decision") == ["correct"]


def test_a_failed_letter_misses_all_that_is_labelled() -> None:
    label = record(FULL, diagnoses=["gout", "strain"], patient={"age": 40})
    judged = judge_record(label, None)
    assert {j.verdict for j in judged} == {Verdict.MISSED}
    assert len(judged) == len(list(record_values(label)))
    assert verdicts(label, None, "outcome") == ["missed"]
    assert verdicts(label, None, "patient.sex") == []


@FEW
@given(records())
def test_a_label_against_itself_is_perfect(label: CaseRecord) -> None:
    judged = judge_record(label, label)
    assert {j.verdict for j in judged} <= {Verdict.CORRECT, Verdict.TRUE_NULL}
    assert {j.field for j in judged} >= {f.path for f in scored_fields() if not f.is_of_item}
    correct = [j for j in judged if j.verdict is Verdict.CORRECT]
    assert len(correct) == len(list(record_values(label)))


@FEW
@given(records(), records())
def test_a_second_scorer_counts_the_same_verdicts(
    label: CaseRecord, predicted: CaseRecord
) -> None:
    expected = plain_scorer.score(
        label.model_dump(mode="json"), predicted.model_dump(mode="json")
    )
    judged = judge_record(label, predicted)
    assert Counter((j.field, j.verdict.value) for j in judged) == expected


def _shuffled(of: CaseRecord, seed: int) -> CaseRecord:
    """The record with every list in another order (pages are no set)."""
    chance = random.Random(seed)

    def shuffle(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: v if k == "pages" else shuffle(v) for k, v in value.items()}
        if isinstance(value, list):
            return chance.sample([shuffle(each) for each in value], len(value))
        return value

    return CaseRecord.model_validate(shuffle(of.model_dump(mode="json")))


@FEW
@given(records(), records(), st.integers(0, 9))
def test_no_order_matters(label: CaseRecord, predicted: CaseRecord, seed: int) -> None:
    def tally(one: CaseRecord, two: CaseRecord) -> Counter[tuple[str, str]]:
        return Counter((j.field, j.verdict.value) for j in judge_record(one, two))

    expected = tally(label, predicted)
    assert tally(label, _shuffled(predicted, seed)) == expected
    assert tally(_shuffled(label, seed), predicted) == expected


@FEW
@given(records(), records())
def test_swapping_sides_swaps_missed_and_spurious(one: CaseRecord, two: CaseRecord) -> None:
    swap = {"missed": "spurious", "spurious": "missed"}
    there = Counter((j.field, j.verdict.value) for j in judge_record(one, two))
    back = Counter(
        (j.field, swap.get(j.verdict.value, j.verdict.value)) for j in judge_record(two, one)
    )
    assert there == back


# Every value of this letter can be taken away or altered without unpairing its items.
LETTER = record(
    item(
        "Physical therapy 2 times a week for 6 weeks",
        category="physical_therapy",
        original_request="18 visits",
        body_parts=[{"part": "knee", "side": "left"}, {"part": "hip"}],
        requested={"visits": 12, "per_week": 2, "weeks": 6},
        prior_visits=6,
        reviewer_guidelines=[citation("Physical Medicine", pages=["98-99"]), citation()],
        rationale="The request exceeds what the guideline recommends.",
        rationale_factors=["exceeds_guideline_quantity", "no_indication"],
    ),
    item("Norco 10/325 mg #90", requested={"drug": "Norco", "strength": "10-325 mg"}),
    case_number="CM14-0012345",
    date_of_injury="2012-01-02",
    patient={"age": 40, "sex": "male"},
    diagnoses=["lumbar strain", "carpal tunnel syndrome"],
)
OTHER = {str: "zzzz", int: 77}


def _without(path: str, value: Any = None) -> CaseRecord:
    """`LETTER` with `value` in the place of what stands at `path`, or without it."""
    data = LETTER.model_dump(mode="json", exclude={"outcome"})
    part: Any = data
    keys: list[Any] = []
    for name in path.replace("]", "").replace("[", ".").split("."):
        keys.append(int(name) if name.isdigit() else name)
    for key in keys[:-1]:
        part = part[key]
    if isinstance(part, list) and value is None:
        del part[keys[-1]]
    else:
        part[keys[-1]] = value
    return CaseRecord.model_validate(data)


REMOVABLE = [
    path
    for path, field, _ in record_values(LETTER)
    if path not in ("layout", "outcome") and not path.endswith((".description", ".decision"))
]


@pytest.mark.parametrize("path", REMOVABLE)
def test_removing_a_value_misses_that_value_alone(path: str) -> None:
    misses = [j for j in judge_record(LETTER, _without(path)) if j.verdict.is_miss]
    assert [(j.verdict, j.label_path) for j in misses] == [(Verdict.MISSED, path)]


@pytest.mark.parametrize("path", REMOVABLE)
def test_adding_a_value_is_spurious_in_that_value_alone(path: str) -> None:
    misses = [j for j in judge_record(_without(path), LETTER) if j.verdict.is_miss]
    assert [(j.verdict, j.predicted_path) for j in misses] == [(Verdict.SPURIOUS, path)]


ALTERABLE = [
    (path, field.path, value)
    for path, field, value in record_values(LETTER)
    if type(value) in OTHER and not path.endswith((".description", "case_number"))
]


@pytest.mark.parametrize(("path", "field", "value"), ALTERABLE)
def test_altering_a_value_is_wrong_in_that_value_alone(
    path: str, field: str, value: object
) -> None:
    altered = _without(path, OTHER[type(value)])
    misses = [j for j in judge_record(LETTER, altered) if j.verdict.is_miss]
    assert {j.field for j in misses} == {field}
    in_list = [Verdict.MISSED, Verdict.SPURIOUS]
    expected = in_list if field in LIST_FIELDS else [Verdict.WRONG]
    assert [j.verdict for j in misses] == expected


@FEW
@given(records())
def test_leaving_out_an_item_misses_what_it_states(label: CaseRecord) -> None:
    assume(label.items)
    rest = label.model_copy(update={"items": label.items[1:]})
    judged = judge_record(label, rest)
    missed = [j.label_path for j in judged if j.verdict is Verdict.MISSED]
    stated = [path for path, _, _ in record_values(label) if path.startswith("items[0].")]
    outcome = ["outcome"] if label.outcome and not rest.outcome else []
    assert sorted(path or "" for path in missed) == sorted(stated + outcome)
