"""Which prediction answers to which label? One to one, the best way there is."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.align import align_elements, align_items
from eval.compare import EQUAL, FUZZY_85, FUZZY_90, Comparison
from extract.pairing import text_similarity
from schemas import Item
from tests.eval.makers import item


def items(*descriptions: str, **values: Any) -> list[Item]:
    return [Item.model_validate(item(text, **values)) for text in descriptions]


def test_reversed_items_are_paired_all_the_same() -> None:
    found = align_items(
        items("MRI of the knee", "Norco 10/325"), items("Norco 10/325", "MRI of the knee")
    )
    assert sorted(found.pairs) == [(0, 1), (1, 0)]
    assert found.missing == found.spurious == []


def test_items_under_fifty_are_no_pair() -> None:
    label, predicted = "abcdefgh", "abcdwxyz"
    assert text_similarity(label, predicted) == 50
    assert align_items(items(label), items(predicted)).pairs == [(0, 0)]
    found = align_items(items(label), items("abcvwxyz"))
    assert (found.pairs, found.missing, found.spurious) == ([], [0], [0])


def test_items_are_paired_by_the_largest_sum_not_greedily() -> None:
    """The likeliest single pair would leave the other two without a partner."""
    labels = ["physical therapy for the knee", "physical therapy for the left knee and hip"]
    predicted = [
        "physical therapy for the left knee",
        "physical therapy for the left knee and hip x",
    ]
    found = align_items(items(*labels), items(*predicted))
    assert sorted(found.pairs) == [(0, 0), (1, 1)]


def test_pairs_under_fifty_do_not_count_towards_the_sum() -> None:
    """Two pairs of 45 sum to more than one of 80, but are no pairs."""
    labels, predicted = items("aaaaaaaaaa", "aaaabbbbbb"), items("aaaaaaaabb", "cccccccccc")
    found = align_items(labels, predicted)
    assert found.pairs == [(0, 0)]
    assert (found.missing, found.spurious) == ([1], [1])


def test_items_of_one_title_are_paired_by_what_else_agrees() -> None:
    labels = [
        *items("Office visit", decision="upheld"),
        *items("Office visit", decision="overturned"),
    ]
    assert sorted(align_items(labels, labels[::-1]).pairs) == [(0, 1), (1, 0)]
    assert sorted(align_items(labels, labels).pairs) == [(0, 0), (1, 1)]


@pytest.mark.parametrize(("labels", "predicted"), [(0, 2), (2, 0), (0, 0)])
def test_nothing_to_pair(labels: int, predicted: int) -> None:
    found = align_items(items("MRI", "CT")[:labels], items("MRI", "CT")[:predicted])
    assert found == ([], list(range(labels)), list(range(predicted)))


@pytest.mark.parametrize(
    ("labels", "predicted", "pairs"),
    [
        (["a", "b"], ["b", "a"], 2),
        (["a", "a"], ["a"], 1),
        (["a"], ["a", "a"], 1),
        (["a"], ["b"], 0),
        ([], ["a"], 0),
        ([], [], 0),
    ],
)
def test_equal_elements_are_paired_one_to_one(
    labels: list[str], predicted: list[str], pairs: int
) -> None:
    found = align_elements(labels, predicted, EQUAL)
    assert len(found.pairs) == pairs
    assert len(found.missing) == len(labels) - pairs
    assert len(found.spurious) == len(predicted) - pairs


def test_as_many_elements_as_can_be_are_paired() -> None:
    """A greedy choice takes the exact match and leaves the others alone."""
    labels = ["abcdefghij", "abcdefghik"]
    predicted = ["abcdefghij", "abcdefghiX"]
    assert len(align_elements(labels, predicted, FUZZY_90).pairs) == 2


def test_more_pairs_outweigh_any_likeness() -> None:
    """Two exact pairs leave the third label alone; three of fair likeness leave none."""
    alike = {(0, 0): 100.0, (1, 1): 100.0, (0, 1): 60.0, (1, 2): 60.0, (2, 0): 60.0}
    table = Comparison("table", lambda one, other: alike.get((one, other), 0.0), 50)
    assert len(align_elements([0, 1, 2], [0, 1, 2], table).pairs) == 3


WORDS = st.lists(
    st.sampled_from(["aaaa", "aaab", "aabb", "abbb", "bbbb", "aaaabb"]), max_size=4
)


@given(
    WORDS,
    WORDS,
    st.sampled_from([EQUAL, FUZZY_85, FUZZY_90, Comparison("50", text_similarity, 50)]),
)
def test_the_number_of_pairs_is_the_best_of_all_assignments(
    labels: list[str], predicted: list[str], comparison: Comparison
) -> None:
    short, long = sorted([labels, predicted], key=len)
    best = max(
        sum(comparison.is_same(a, b) for a, b in zip(short, order, strict=False))
        for order in permutations(long)
    )
    assert len(align_elements(labels, predicted, comparison).pairs) == best


@given(WORDS, WORDS)
def test_the_sum_over_items_is_the_best_of_all_assignments(
    labels: list[str], predicted: list[str]
) -> None:
    def worth(a: str, b: str) -> float:
        likeness = text_similarity(a, b)
        return likeness if likeness >= 50 else 0

    short, long = sorted([labels, predicted], key=len)
    best = max(
        sum(worth(a, b) for a, b in zip(short, order, strict=False))
        for order in permutations(long)
    )
    found = align_items(items(*labels), items(*predicted))
    got = sum(worth(labels[row], predicted[column]) for row, column in found.pairs)
    assert got == pytest.approx(best)
