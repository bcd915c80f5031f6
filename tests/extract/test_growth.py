"""Work grows with a letter's length and no faster, whatever the letter holds."""

from datetime import date
from functools import partial

import pytest

from extract.clean import clean
from extract.parse import parse_letter
from tests.growth import WORST, growth

SMALL = 2_500

HEAD = (
    "Case Number: CM16-0000001\nHOW THE IMR FINAL DETERMINATION WAS MADE\n{qualifications}\n"
    "CLINICAL CASE SUMMARY\n{summary}\nIMR ISSUES, DECISIONS AND RATIONALES\n"
    "set forth below:\n{title}: Upheld\nClaims Administrator guideline: {claims}\n"
    "MAXIMUS guideline: {claims}\nDecision rationale: {rationale}\n"
)
PARTS = ("qualifications", "summary", "title", "claims", "rationale")

UNITS = [
    "a", " ", "\n", " \n", "\f", "1", "1. ", "1) ", "-", "-\n", "a-\n", "(", ")", "((", ",", ", ", ".",
    ". ", ";", ":", "/", "#", "%", "\u200b", "\ufb01", "\xa0", "é", "X", "x 2 ", "2x", "10/",
    "10-", "10/10/", "1/1/11 ", "May 1, ", "January ", "and ", "A and ", "one ", "twenty-",
    "not ", "no ", "pages 1-2, ", "page(s) ", "Page 2\n", "CM13-0000001 ", "CM13-0000001\n",
    "MTUS ", "ODG, ", "ACOEM Chapter ", "Section(s): ", "Decision based on MTUS ",
    "Decision based on Non-MTUS Citation ", "which is not part of the MTUS ", "Low Back ",
    "Upheld\n", ": Upheld\n", "Upheld Claims Administrator guideline: ", "Decision rationale: ",
    "was the original request. ", "was authorized by the Claims Administrator. ",
    "The remaining IMR eligible portion of the original request, ", "injury ", "UR denied ",
    "utilization review ", "diagnosis of ", "diagnoses: ", "sprain, ", "strain and ",
    "left ", "bilateral knee ", "L4-L5 ", "L4-5/", "two times a week ", "times ", "visits ",
    "12 visits of physical therapy ", "18 visits (6 in 2014 and ", "6 visits of therapy in 2013 and 4 in 2014 ", "visit in 2013 and another in 2014 ", "A: 1) ", "weeks for ", "Soma 350mg ", "mg ", "5 mg #", "refills ",
    "medically necessary ", "she ", "37 year old ", "Board Certified in ", "CLINICAL CASE SUMMARY\n",
    "1. MRI is not medically necessary\n", "MAXIMUS Federal Services, Inc. has determined ",
    "Regarding the request for x\n", "no documentation of ", "guideline recommends ",
    "Medical Review ", "1\n\n", "2\n\n\n", "diagnosed ", "A strain is the diagnosis", "are the diagnoses ",
    "an application filed ", "dates it to ", "2012, twelve visits; ", "3 visits in all: ",
    "to six in all ", "turned a ", "none of the ", "Re: CM13-0000001. ", "expedited review ",
    "visits attended: 3 ", "of which he attended 3 ", "on 1/1/11 he had an ", "10th visit ",
]  # fmt: skip


# Beginnings of what the other layouts have, in a letter of theirs.
OTHER_LAYOUTS = {
    "IMR DECISION(S) AND RATIONALE(S)\nset forth below:\n": [
        "1. foo is not medically necessary ", "1. ", "1. foo\n", "The Claims Administrator ",
        " is not medically necessary and appropriate.\nThe Claims Administrator ",
        "The Claims Administrator cited x. ", "Expert Reviewer y. Claims Administrator z. ",
        "foo is not medically necessary.\nThe Claims Administrator x.\n", "\nThe Claims Administrator ",
    ],
    "ISSUE AT DISPUTE:\n1. MRI\n": [
        "RATIONALE FOR WHY \n", "MEDICAL TREATMENT GUIDELINE(S) RELIED UPON\n", "1. ", "; ",
        "A. x B. ", "For issue 1: x\n", "2 to 9. x\n", "Issues A, B and C: ", "1, 2, ", "MRI: x\n",
        "RATIONALE FOR WHY IT IS MEDICALLY NECESSARY (MRI):\n", "since the claims administrator ", "The claims administrator used x. ",
    ],
    "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE\n": [
        "1) Regarding the request for x\n", "Rationale for the Decision:\n", "1) MAXIMUS has ",
    ],
    "HOW THE IMR FINAL DETERMINATION WAS MADE\n": [
        "State(s) of Licensure: ", "Board Certified in ", "licensed to practice in ",
    ],
    "HOW THE IMR FINAL DETERMINATION WAS MADE\nState(s) of Licensure: Ohio "
    "Certification(s)/Specialty: ": [
        "pain and back care, ", "a and ", "Neurology, ", "Neurolgy and ", "& ", "x",
    ],
    "": ["Requested service no. 1: x\n", "Finding: ", "Reasons: x\nFinding: Upheld\n"],
}  # fmt: skip


def _parse(text: str) -> None:
    parse_letter(clean(text), today=date(2026, 1, 1))


def filled(unit: str, size: int, part: str) -> str:
    """A letter in which one part is `unit` over and over."""
    fillings = dict.fromkeys(PARTS, "MRI of the left knee") | {
        part: unit * (size // len(unit))
    }
    return HEAD.format(**fillings)


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_work_grows_no_faster_than_the_letter(unit: str) -> None:
    for part in PARTS:
        grown = growth(_parse, partial(filled, unit, part=part), SMALL)
        assert grown < WORST, f"{unit!r} in {part}: {grown:.0f} times the work"


@pytest.mark.parametrize(
    ("layout", "unit"),
    [(layout, unit) for layout, units in OTHER_LAYOUTS.items() for unit in units],
    ids=repr,
)
def test_the_other_layouts_grow_no_faster(layout: str, unit: str) -> None:
    grown = growth(_parse, lambda size: layout + unit * (size // len(unit)), 10 * SMALL)
    assert grown < WORST, f"{grown:.0f} times the work"


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_a_text_without_any_form_grows_no_faster(unit: str) -> None:
    assert growth(_parse, lambda size: unit * (size // len(unit)), SMALL) < WORST
