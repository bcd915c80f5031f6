"""Are two values the same? Tables of pairs with the answer of the guide."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.compare import (
    CITATION,
    EQUAL,
    FUZZY_85,
    FUZZY_90,
    NAME_90,
    TOKEN_F1_95,
    Comparison,
    token_f1,
)
from schemas import BodyPart, Citation, Part, Side


@pytest.mark.parametrize(
    ("comparison", "label", "predicted", "same"),
    [
        (EQUAL, "upheld", "upheld", True),
        (EQUAL, "upheld", "overturned", False),
        (EQUAL, 12, 12, True),
        (EQUAL, 12, 13, False),
        (EQUAL, "350 mg", "350 MG", False),
        (FUZZY_90, "MRI of the left knee", "mri of the LEFT knee.", True),
        (FUZZY_90, "MRI of the left knee", "left knee MRI of the", True),
        (FUZZY_90, "MRI of the left knee", "MRI of the right knee", False),
        # 2 * 9 equal characters of 20: the limit itself is the same
        (FUZZY_90, "abcdefghij", "abcdefghix", True),
        (FUZZY_90, "abcdefghi", "abcdefghx", False),
        # a part of the words is not the whole, as it would be to a token-set measure
        (FUZZY_90, "Norco 10/325 mg quantity 90", "Norco 10/325 mg", False),
        (FUZZY_85, "lumbar strain", "lumbar sprain", True),
        (FUZZY_85, "lumbar strain", "cervical strain", False),
        (
            NAME_90,
            "Physical Medicine & Rehabilitation",
            "Physical Medicine and Rehabilitation",
            1,
        ),
        (NAME_90, "PM&R", "PM and R", True),
        (FUZZY_90, "Hand & Wrist", "Hand and Wrist", False),
        (NAME_90, "Orthopedic Surgery", "Orthopaedic Surgery", True),
        (NAME_90, "Orthopedic Surgery", "Plastic Surgery", False),
    ],
)
def test_values_are_the_same(
    comparison: Comparison, label: object, predicted: object, same: bool
) -> None:
    assert comparison.is_same(label, predicted) is bool(same)
    assert comparison.is_same(predicted, label) is bool(same)


def test_body_parts_are_the_same_with_their_sides_only() -> None:
    left, right = (BodyPart(part=Part.KNEE, side=side) for side in (Side.LEFT, Side.RIGHT))
    assert EQUAL.is_same(left, left)
    assert not EQUAL.is_same(left, right)
    assert not EQUAL.is_same(left, BodyPart(part=Part.KNEE))


BASE = {
    "basis": "mtus",
    "guideline": "acoem",
    "year": 2004,
    "section": "Low Back Complaints, Summary",
    "pages": ["98-99"],
}


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"section": "low back complaints: SUMMARY"}, True),
        ({"section": "Low Back Complaint, Summaries"}, True),
        ({"section": "Knee Complaints"}, False),
        ({"section": None}, False),
        ({"basis": "non_mtus"}, False),
        ({"guideline": "odg"}, False),
        ({"year": 2005}, False),
        ({"year": None}, False),
        ({"pages": ["98", "99"]}, False),
        ({"pages": []}, False),
    ],
)
def test_citations_are_the_same(change: dict[str, object], same: bool) -> None:
    label, predicted = (Citation.model_validate(BASE | each) for each in ({}, change))
    assert CITATION.is_same(label, predicted) is same
    assert CITATION.is_same(predicted, label) is same


def test_citations_without_a_section_are_the_same() -> None:
    bare = Citation.model_validate(BASE | {"section": None})
    assert CITATION.is_same(bare, bare)


@pytest.mark.parametrize(
    ("label", "predicted", "score"),
    [
        ("The request is denied.", "the REQUEST is denied", 100),
        ("not medically necessary", "medically necessary", 80),
        # 19 words in common of 20 and 20
        (" ".join("abcdefghijklmnopqrst"), " ".join("abcdefghijklmnopqrsx"), 95),
        ("a a b", "a b b", 200 * 2 / 6),
        ("one", "two", 0),
        ("...", "!!!", 100),
        ("...", "word", 0),
    ],
)
def test_token_f1(label: str, predicted: str, score: float) -> None:
    assert token_f1(label, predicted) == pytest.approx(score)
    assert TOKEN_F1_95.is_same(label, predicted) is (score >= 95)


@given(
    st.lists(st.sampled_from("abc"), min_size=1), st.lists(st.sampled_from("abc"), min_size=1)
)
def test_token_f1_is_symmetric_and_bounded(one: list[str], two: list[str]) -> None:
    score = token_f1(" ".join(one), " ".join(two))
    assert score == token_f1(" ".join(two), " ".join(one))
    assert 0 <= score <= 100
    assert (score == 100) is (Counter(one) == Counter(two))
