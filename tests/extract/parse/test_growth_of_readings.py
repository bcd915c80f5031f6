"""Diagnoses, visits and reasons: work grows with the passage and no faster."""

import pytest

from extract.parse.case.diagnoses import find_diagnoses
from extract.parse.rationale.factors import find_rationale_factors
from extract.parse.visits.counts import find_counts
from extract.parse.visits.item import find_visits
from extract.spans import Passage
from schemas import Decision
from tests.growth import WORST, growth

SIZE = 5_000

UNITS = [
    "12 visits of physical therapy ", "diagnosed with ", "diagnoses: 1. ", "diagnoses (", "a, ",
    "the diagnosis is strain, ", "no documentation of ", "had 3 visits and up to 8 ",
    "never had therapy ", "There is no evidence. ", "He had 3 visits. ", "not ", "five ", " ",
    "mtus up to 9 visits over 8 weeks and ", "is not necessary as the surgery ", ".", "no new ",
]  # fmt: skip


def _read(text: str) -> None:
    passage = Passage(text)
    find_counts.cache_clear()
    find_diagnoses(passage, [passage])
    find_visits(Passage("Physical therapy"), rationale=passage, summary=passage)
    for decision in Decision:
        find_rationale_factors(passage, decision)


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_ten_times_the_passage_is_less_than_fifteen_times_the_work(unit: str) -> None:
    assert growth(_read, lambda size: unit * (size // len(unit)), SIZE) < WORST
