"""Items of a letter in no known layout: its own labels or sentences, plain decisions."""

import re

import pytest

from extract.parse.cut.unknown import NEUTRAL
from schemas import Decision
from tests.extract.parse.cut.cutting import P, U, as_row, cut

UNKNOWN = """REPORT OF THE PHYSICIAN REVIEWER
Case Number: CM14-0000002
Reviewer: Board Certified in Neurology and licensed to practice in Utah.
Background
A 40-year-old man was diagnosed with gout.
Service 1: Foot surgery
Finding: Not medically necessary (the denial is upheld).
Claims Administrator guideline: Decision based on MTUS Knee Complaints 2004.
Reviewer guideline: Decision based on MTUS Knee Complaints 2004.
Rationale: No red flag is present.
Finding: a second one is quoted here.
Requested service no. 2: Soma 350mg #30
Decision: Partially overturned
Guidelines of the claims administrator: None cited.
Reasons: Ten will do.
End of report"""


def test_labels_of_a_letter_in_no_known_layout() -> None:
    parts = cut(UNKNOWN)
    assert parts.layout is None
    line = "Decision based on MTUS Knee Complaints 2004."
    assert [as_row(item) for item in parts.items] == [
        ("Foot surgery", U, line, line,
         "No red flag is present. Finding: a second one is quoted here."),
        ("Soma 350mg #30", P, "None cited.", None, "Ten will do."),
    ]  # fmt: skip
    assert parts.summary is not None
    assert "diagnosed with gout" in parts.summary.text


PROSE = """Independent Medical Review
A 40-year-old man was diagnosed with gout. He walks.
THE DECISIONS
(A) Soma 37.5mg, one at
night. Our medical reviewer finds this request medically necessary.
Sources. The claims administrator went by the MTUS, Muscle relaxants. Our reviewer cited the
same page.
Why. He sleeps. The reviewer found it not medically necessary in May.
(B) Foot surgery. The reviewer deems this not medically necessary.
Why. No red flag is present."""


def test_sentences_of_a_letter_in_no_known_layout() -> None:
    assert [as_row(item) for item in cut(PROSE).items] == [
        ("Soma 37.5mg, one at night", Decision.OVERTURNED,
         "The claims administrator went by the MTUS, Muscle relaxants",
         "Our reviewer cited the same page.",
         "He sleeps. The reviewer found it not medically necessary in May."),
        ("Foot surgery", U, None, None, "No red flag is present."),
    ]  # fmt: skip


def test_letters_before_a_name_begin_no_item() -> None:
    named = "Independent Medical Review\nJ. Smith, MD. Our reviewer finds this upheld.\n"
    assert cut(named).items == []
    lettered = (
        "(A) Gym. Our reviewer finds this upheld.\n(J) Smith. Our reviewer finds more.\n"
    )
    assert [item.title.text for item in cut(lettered).items] == ["Gym"]


def test_decisions_of_one_item_that_differ_are_none() -> None:
    twice = UNKNOWN.replace("Reviewer guideline:", "Outcome: Overturned\nReviewer guideline:")
    assert [item.decision and item.decision.value for item in cut(twice).items] == [None, P]


def test_a_label_behind_a_bar_is_read() -> None:
    glued = UNKNOWN.replace("surgery\nFinding:", "surgery |Finding:")
    assert [item.decision and item.decision.value for item in cut(glued).items] == [U, P]


@pytest.mark.parametrize(
    ("said", "is_read"),
    [
        ("Independent Medical Review. Our reviewer is a surgeon.", True),
        ("MAXIMUS Federal Services. Final determination.", True),
        ("By law (Labor Code section 4610.6(f)) the reviewer has no name.", True),
        ("Independent Medical Review.", False),
        ("A medical reviewer wrote a medical review.", False),
    ],
)
def test_without_items_a_review_is_read_for_its_patient(said: str, is_read: bool) -> None:
    parts = cut(f"{said} A 40-year-old man was diagnosed with gout.")
    assert (parts.summary is not None) == is_read


@pytest.mark.parametrize(
    ("words", "decision"),
    [
        ("The denial is upheld.", U),
        ("Overturned.", Decision.OVERTURNED),
        ("The denial is partly\noverturned.", P),
        ("Upheld in part.", P),
        ("The service is medically\nnecessary.", Decision.OVERTURNED),
        ("Not considered to be medically necessary.", U),
        ("Medically unnecessary.", U),
        ("Item no. 2 is not medically necessary.", U),
        ("Our reviewer finds no part of it medically necessary.", U),
        ("It is not medically unnecessary.", None),
        ("The denial is not overturned.", None),
        ("Not medically necessary. New insoles are medically necessary for work.", U),
        ("Not medically necessary because no part of a trial was made.", U),
        ("There is no doubt that this is medically necessary.", None),
        ("The records fail to establish that this is medically necessary.", None),
        ("We decline to overturn the denial.", None),
        ("Our reviewer disagrees with the plan that it is not medically necessary.", None),
        ("The denial, upheld on reconsideration, is reversed.", None),
        ("Medically necessary for six of the twelve visits.", None),
        ("The brace is medically necessary; the pump is not.", None),
        ("The denial is not partially overturned.", None),
        ("The service may be medically necessary.", None),
        ("Nothing speaks against it: medically necessary.", None),
        ("It is not only useful but medically necessary.", None),
        ("There is no reason to find it not medically necessary.", None),
        ("The first six are medically necessary and the remaining six not.", None),
        ("The brace for the affected body part is overturned.", None),
        ("The request is upheld, not overturned.", None),
        ("The request is not medically necessary and the denial is overturned.", None),
        ("Denied.", None),
    ],
)
def test_what_the_line_of_a_decision_says(words: str, decision: Decision | None) -> None:
    parts = cut(UNKNOWN.replace("Partially overturned", words))
    found = parts.items[1].decision
    assert (found and found.value) is decision


PLAIN = [
    "The denial of the claims administrator's physician is hereby upheld.",
    "Our independent medical expert has found that the prior utilization review decision is "
    "upheld.",
    "He considers all these items medically necessary.",
    "She concluded that the entire request is also medically necessary and appropriate at this "
    "time.",
    "They have judged those treatments medically necessary.",
    "I decided that this item was deemed not medically necessary.",
    "Thus the final finding: the expert finds for an administrator, and it is upheld.",
    "The previous services requested by their reviewer were upheld.",
    "The expert judges an independent service and it has been considered medically necessary.",
    "The physician reviewer concludes: treatment medically necessary.",
    "We were of a finding: he decides that it is upheld.",
    "The reviewer determines that the requests are medically necessary.",
    "It is determined: upheld.",
    "Our reviewer deems the request for treatment not medically necessary.",
]


@pytest.mark.parametrize("words", PLAIN)
def test_a_plain_decision_counts(words: str) -> None:
    assert cut(UNKNOWN.replace("Partially overturned", words)).items[1].decision


def test_every_neutral_word_stands_in_a_plain_decision() -> None:
    said = " ".join(PLAIN).lower()
    assert set(re.findall(r"[a-z']+", said)) >= NEUTRAL
