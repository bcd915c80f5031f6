from datetime import date
from typing import Any

import pytest

from extract.model.cues import CATEGORY, PROOF, compiled
from extract.model.follow import Proof, follows
from schemas import (
    BodyPart,
    Category,
    Citation,
    Decision,
    Guideline,
    Part,
    Priority,
    RationaleFactor,
    Sex,
    Side,
)

NEWEST = date(2017, 6, 1)

# field, value, the letter's words, whether it follows
ROWS: list[tuple[str, Any, str, bool]] = [
    ("date_of_injury", date(2013, 8, 9), "injury date on 8/9/13", True),
    ("date_of_injury", date(1987, 3, 2), "injured 3/2/87", True),
    ("date_of_injury", date(2014, 1, 9), "on January 9th, 2014", True),
    ("date_of_injury", date(2013, 9, 8), "injury date on 8/9/13", False),
    ("date_of_injury", date(2013, 8, 9), "injury date on 8/9/14", False),
    ("patient.age", 37, "a 37-year-old female", True),
    ("patient.age", 46, "a forty-six year old", True),
    ("patient.age", 37, "a 73-year-old female", False),
    ("patient.age", 37, "a female worker", False),
    ("patient.sex", Sex.FEMALE, "37-year-old female", True),
    ("patient.sex", Sex.MALE, "37-year-old female", False),
    ("patient.sex", Sex.MALE, "he states that", True),
    ("priority", Priority.STANDARD, "Priority: Standard", True),
    ("priority", Priority.EXPEDITED, "Priority: Standard", False),
    ("items[].decision", Decision.UPHELD, "LUMBAR SPINE: Upheld", True),
    ("items[].decision", Decision.OVERTURNED, "LUMBAR SPINE: Upheld", False),
    ("items[].decision", Decision.UPHELD, "is not medically necessary", True),
    ("items[].decision", Decision.OVERTURNED, "is not medically necessary", False),
    ("items[].decision", Decision.OVERTURNED, "is medically necessary", True),
    ("items[].decision", Decision.UPHELD, "is medically necessary", False),
    ("items[].decision", Decision.OVERTURNED, "Upheld or Overturned", False),
    ("items[].decision", Decision.UPHELD, "was not upheld", False),
    ("items[].decision", Decision.OVERTURNED, "cannot be overturned", False),
    ("items[].decision", Decision.OVERTURNED, "None of these are medically necessary", False),
    ("items[].decision", Decision.UPHELD, "None of these are medically necessary", True),
    (
        "items[].decision",
        Decision.OVERTURNED,
        "no doubt that it is medically necessary",
        False,
    ),
    ("items[].decision", Decision.OVERTURNED, "Norco 5/325 no. 60: Overturned", True),
    ("items[].decision", Decision.PARTIALLY_OVERTURNED, "certified in part", True),
    ("items[].decision", Decision.PARTIALLY_OVERTURNED, "Overturned", False),
    ("items[].requested.visits", 12, "3x4 therapy", True),
    ("items[].requested.visits", 12, "three times a week for four weeks", True),
    ("items[].requested.visits", 13, "3x4 therapy", False),
    ("items[].requested.weeks", 4, "3x4 therapy", True),
    ("items[].requested.per_week", 2, "twice a week", True),
    ("items[].requested.strength", "10-325 mg", "Norco 10/325mg #90", True),
    ("items[].requested.strength", "5-325 mg", "Norco 10/325mg #90", False),
    ("items[].requested.strength", "10-325 mcg", "Norco 10/325mg #90", False),
    ("items[].requested.strength", "5 %", "Lidoderm 5% patch", True),
    ("items[].requested.units", 90, "Norco 10/325mg #90", True),
    ("items[].requested.units", 60, "Norco 10/325mg #90", False),
    ("items[].requested.drug", "Norco", "Norco 10/325mg #90", True),
    ("items[].requested.drug", "Ultram", "Norco 10/325mg #90", False),
    ("items[].prior_visits", 14, "8 visits in April and another 6 visits in May", True),
    ("items[].prior_visits", 8, "8 visits in April and another 6 visits in May", True),
    ("items[].prior_visits", 15, "8 visits in April and another 6 visits in May", False),
    ("items[].prior_visits", 0, "has had no prior therapy", True),
    ("items[].prior_visits", 0, "has had prior therapy", False),
    ("items[].category", Category.IMAGING, "MRI of the left knee", True),
    ("items[].category", Category.PHARMACEUTICALS, "MRI of the left knee", False),
    ("items[].category", Category.PHARMACEUTICALS, "Lyrica", True),
    ("items[].body_parts", BodyPart(part=Part.KNEE, side=Side.LEFT), "left knee", True),
    ("items[].body_parts", BodyPart(part=Part.KNEE, side=Side.RIGHT), "left knee", False),
    ("items[].body_parts", BodyPart(part=Part.SHOULDER, side=Side.LEFT), "left knee", False),
    ("items[].body_parts", BodyPart(part=Part.LUMBAR_SPINE), "at L4-S1", True),
    ("reviewer.subspecialties", "Interventional Spine", "in Interventional Spinem and", True),
    ("reviewer.subspecialties", "Sports Medicine", "in Interventional Spinem and", False),
    ("reviewer.licensed_states", "California", "licensed in California", True),
    ("reviewer.licensed_states", "Texas", "licensed in California", False),
]


@pytest.mark.parametrize(("path", "value", "said", "expected"), ROWS)
def test_value_follows_only_from_words_that_state_it(
    path: str, value: Any, said: str, expected: bool
) -> None:
    assert follows(path, value, Proof(said, "", NEWEST)) is expected


def test_denial_in_front_of_the_quoted_words_counts() -> None:
    proof = Proof("medically necessary", "the treatment is not ", NEWEST)
    assert follows("items[].decision", Decision.UPHELD, proof)
    assert not follows("items[].decision", Decision.OVERTURNED, proof)
    proof = Proof("overturned", "He rests. The denial cannot be ", NEWEST)
    assert not follows("items[].decision", Decision.OVERTURNED, proof)
    proof = Proof("Overturned", "It is not needed. MRI of the knee: ", NEWEST)
    assert follows("items[].decision", Decision.OVERTURNED, proof)


LINE = "Decision based on MTUS Chronic Pain Treatment Guidelines Section Physical Medicine Page(s): 98-99"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"pages": ("98-99", "114")}, False),
        ({"year": 2009}, False),
        ({"section": "Acupuncture"}, False),
        ({"guideline": Guideline.ODG}, False),
        ({"basis": "non_mtus"}, False),
    ],
)
def test_citation_follows_only_as_printed(changes: dict[str, Any], expected: bool) -> None:
    cited: dict[str, Any] = {
        "basis": "mtus",
        "guideline": "chronic_pain",
        "section": "Physical Medicine",
        "pages": ("98-99",),
    }
    citation = Citation.model_validate(cited | changes)
    path = "items[].reviewer_guidelines"
    assert follows(path, citation, Proof(LINE, "", NEWEST)) is expected


def test_basis_carries_over_from_the_words_before() -> None:
    citation = Citation.model_validate({"basis": "non_mtus", "guideline": "odg"})
    said = Proof("Official Disability Guidelines", "based on Non-MTUS Citation ", NEWEST)
    assert follows("items[].reviewer_guidelines", citation, said)


def test_reasons_speak_for_one_kind_of_decision() -> None:
    assert RationaleFactor.NO_INDICATION.may_support(Decision.UPHELD)
    assert not RationaleFactor.NO_INDICATION.may_support(Decision.OVERTURNED)
    assert RationaleFactor.WITHIN_GUIDELINE_QUANTITY.may_support(Decision.OVERTURNED)
    assert not RationaleFactor.WITHIN_GUIDELINE_QUANTITY.may_support(Decision.UPHELD)
    assert RationaleFactor.NO_INDICATION.may_support(None)


@pytest.mark.parametrize("part", [part for part in Part if part is not Part.OTHER])
def test_every_body_part_has_a_cue_that_matches_its_own_name(part: Part) -> None:
    assert compiled(PROOF[part]).search(part.value.replace("_", " "))


@pytest.mark.parametrize("category", [c for c in Category if c is not Category.OTHER])
def test_every_category_has_a_cue_that_matches_its_meaning(category: Category) -> None:
    named = f"{category.value.replace('_', ' ')} {category.meaning}"
    assert compiled(CATEGORY[category]).search(named.replace("pharmaceuticals", "tablet"))
