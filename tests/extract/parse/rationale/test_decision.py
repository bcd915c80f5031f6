"""What a rationale concludes, and how it bears on the title's decision."""

import pytest

from extract.parse.rationale.decision import confirm_decision, find_conclusion
from extract.spans import Found, Passage
from schemas import Decision

UPHELD, OVERTURNED, PARTLY = Decision

DEVELOPED_ON: list[tuple[str, Decision | None]] = [
    ("As such, the request is not medically necessary.", UPHELD),
    ("Not medically necessary.", UPHELD),
    ("The request for MRI is medically necessary.", OVERTURNED),
    ("It is medically necessary and appropriate.", OVERTURNED),
    ("The consultation isn't medically necessary.", UPHELD),
    ("The MRI is not supported by the records as being medically necessary.", UPHELD),
    ("An MRI is not a medical necessity to the patient at this time.", UPHELD),
    ("As such, the PT x 8 visits is not medically justifiable.", UPHELD),
    ("The recommendation is for denial.", UPHELD),
    ("She could not tolerate tramadol.The request is medically necessary.", OVERTURNED),
    ("It is not necessary at home; the brace is medically necessary.", OVERTURNED),
    ("Six sessions are medically necessary; the other six are not at this time.", PARTLY),
    ("That much is medically necessary, and the remainder is not.", PARTLY),
    ("Ultram is not medically necessary. This medical necessity decision should not be "
     "interpreted as a recommendation to stop.", UPHELD),
    ("Partial hospitalization is medically necessary.", OVERTURNED),
    ("It is not clear why he takes 120 tabs. A taper is medically necessary.", OVERTURNED),
    ("It is not, with 2 tabs. 3 times a day, medically necessary.", UPHELD),
    ("This is not, in the view of Dr. Lee, medically necessary.", UPHELD),
    ("A taper is advised.", None),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("rationale", "decision"), DEVELOPED_ON)
def test_conclusion(rationale: str, decision: Decision | None) -> None:
    found = find_conclusion(Passage(rationale, 3))
    assert (found.value if found else None) == decision


@pytest.mark.parametrize(
    ("rationale", "rule", "decision"),
    [
        ("It is not medically necessary.", "decision.title.confirmed", UPHELD),
        ("It is medically necessary.", "decision.title.disputed", UPHELD),
        ("A taper is advised.", "decision.title", UPHELD),
    ],
)
def test_title_decides_and_the_rule_says_what_the_rationale_says(
    rationale: str, rule: str, decision: Decision
) -> None:
    found = confirm_decision(Found(UPHELD, 0, 6, "decision.title"), Passage(rationale))
    assert found is not None
    assert (found.rule, found.value) == (rule, decision)


@pytest.mark.parametrize(
    "rationale",
    [
        "There is no doubt that the request is medically necessary.",
        "No other treatment would do as well, so therapy is medically necessary.",
        "It cannot be said that therapy is not medically necessary.",
        "The treating doctor claims that more therapy is medically necessary. We saw why.",
        "It is not said that therapy is not medically necessary.",
        "Whether it is medically necessary is not told.",
    ],
)
def test_a_conclusion_that_is_not_plain_decides_nothing(rationale: str) -> None:
    assert confirm_decision(None, Passage(rationale)) is None


def test_rationale_speaks_where_no_title_decides() -> None:
    found = confirm_decision(None, Passage("It is medically necessary."))
    assert found is not None
    assert (found.rule, found.value) == ("decision.rationale", OVERTURNED)
    assert confirm_decision(None, None) is None
