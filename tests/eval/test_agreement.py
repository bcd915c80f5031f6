"""Do two annotators agree? Worked by hand; no figure depends on who is first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.agreement import Agreement, FieldAgreement, Ratings, cohen_kappa, measure_agreement
from schemas import CaseRecord
from tests.eval.makers import item, record
from tests.eval.records import FEW, records


@pytest.mark.parametrize(
    ("ratings", "kappa"),
    [
        # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: (0.7 - 0.5) / 0.5
        ([("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15, 0.4),
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "b"), ("a", "c")], 0.0),
        ([("a", "a"), ("a", "a")], None),
        ([], None),
    ],
)
def test_kappa(ratings: Ratings, kappa: float | None) -> None:
    assert cohen_kappa(ratings) == (None if kappa is None else pytest.approx(kappa))


def row(found: Agreement, name: str) -> FieldAgreement:
    (agreement,) = [each for each in found.fields if each.field == name]
    return agreement


def test_agreement_by_field() -> None:
    one = {
        "a": record(item("MRI of the knee"), item("Norco #90"), patient={"sex": "male"}),
        "b": record(item("CT of the head"), patient={"sex": "female"}),
        "only": record(),
    }
    two = {
        "a": record(item("Norco #90"), item("MRI of the knee", decision="overturned")),
        "b": record(item("CT of the head"), patient={"sex": "female"}),
    }
    found = measure_agreement(one, two)
    assert (found.letters, found.only_one) == (2, ("only",))
    decision = row(found, "items[].decision")
    assert decision.values == 3
    assert decision.agreed == pytest.approx(2 / 3)
    # upheld x 3 against upheld x 2, overturned x 1: (2/3 - 2/3) / (1 - 2/3)
    assert decision.kappa == pytest.approx(0)
    sex = row(found, "patient.sex")
    assert (sex.values, sex.agreed) == (2, 0.5)
    assert sex.f1 == pytest.approx(2 / 3)
    # male-null, female-female: (1/2 - 1/4) / (3/4)
    assert sex.kappa == pytest.approx(1 / 3)
    assert row(found, "patient.age").kappa is None
    assert row(found, "patient.age").agreed == 1
    assert [(d.letter, d.judgement.path) for d in found.disagreements] == [
        ("a", "patient.sex"),
        ("a", "outcome"),
        ("a", "items[0].decision"),
    ]
    assert found.overall.agreed is not None
    assert found.overall.agreed < 1


def test_a_list_of_words_is_rated_word_by_word() -> None:
    one = record(item(rationale_factors=["no_indication", "safety_risk"]))
    two = record(item(rationale_factors=["no_indication"]))
    found = row(measure_agreement({"a": one}, {"a": two}), "items[].rationale_factors")
    # of 18 words one is yes-yes, one yes-no, 16 no-no
    chance = (2 / 18) * (1 / 18) + (16 / 18) * (17 / 18)
    assert found.kappa == pytest.approx((17 / 18 - chance) / (1 - chance))
    assert found.agreed == 0.5


def test_nothing_in_common() -> None:
    found = measure_agreement({"a": record()}, {"b": record()})
    assert (found.letters, found.overall.agreed) == (0, None)
    assert found.only_one == ("a", "b")


@FEW
@given(st.lists(st.tuples(records(), records()), max_size=3))
def test_it_does_not_matter_who_is_first(pairs: list[tuple[CaseRecord, CaseRecord]]) -> None:
    one = {str(n): pair[0] for n, pair in enumerate(pairs)}
    two = {str(n): pair[1] for n, pair in enumerate(pairs)}
    there, back = measure_agreement(one, two), measure_agreement(two, one)
    for first, second in zip(there.fields, back.fields, strict=True):
        assert first[:4] == second[:4]
        assert first.kappa == pytest.approx(second.kappa)
