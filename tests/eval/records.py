"""Hypothesis strategies: records as letters have them, small and with likely clashes."""

from datetime import date
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from schemas import CaseRecord, Category, Decision, Layout, Part, RationaleFactor, Sex, Side

FEW = settings(max_examples=40)
"""Records are large: forty show what a hundred would."""

TITLES = (
    "MRI of the left knee",
    "Norco 10/325 mg #90",
    "Physical therapy 2 times a week for 6 weeks",
    "Lumbar epidural steroid injection",
    "Urine drug screen",
)
"""So unlike that the best pairing of any of them is unique."""

NAMES = ("lumbar strain", "lumbar sprain", "cervical strain", "carpal tunnel syndrome")


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _few(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, max_size=3)


CITATIONS = st.fixed_dictionaries(
    {
        "basis": st.sampled_from(["mtus", "non_mtus"]),
        "guideline": st.sampled_from(["acoem", "odg"]),
        "year": _maybe(st.just(2004)),
        "section": _maybe(st.sampled_from(["Low Back Complaints", "Low Back Complaint"])),
        "pages": st.sampled_from([[], ["98-99"]]),
    }
)

_COUNTS = _maybe(st.integers(0, 3))


def items(titles: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "description": titles,
            "authorized": _maybe(st.sampled_from(NAMES)),
            "decision": _maybe(st.sampled_from(list(Decision)[:2])),
            "category": _maybe(st.sampled_from(list(Category)[:2])),
            "body_parts": _few(
                st.fixed_dictionaries(
                    {"part": st.just(Part.KNEE), "side": _maybe(st.sampled_from(list(Side)))}
                )
            ),
            "requested": st.fixed_dictionaries(
                {"visits": _COUNTS, "drug": _maybe(st.sampled_from(NAMES))}
            ),
            "prior_visits": _COUNTS,
            "reviewer_guidelines": _few(CITATIONS),
            "rationale": _maybe(st.sampled_from([*NAMES, " ".join(NAMES)])),
            "rationale_factors": _few(st.sampled_from(list(RationaleFactor)[:4])),
        }
    )


@st.composite
def records(draw: st.DrawFn) -> CaseRecord:
    titles = draw(st.lists(st.sampled_from(TITLES), unique=True, max_size=3))
    return CaseRecord.model_validate(
        {
            "layout": draw(st.sampled_from(list(Layout))),
            "case_number": draw(_maybe(st.just("CM14-0012345"))),
            "date_of_injury": draw(_maybe(st.dates(date(2012, 1, 1), date(2012, 1, 3)))),
            "reviewer": {
                "board_certifications": draw(_few(st.sampled_from(["A & B", "A and B", "C"])))
            },
            "patient": {"age": draw(_COUNTS), "sex": draw(_maybe(st.sampled_from(Sex)))},
            "diagnoses": draw(_few(st.sampled_from(NAMES))),
            "items": [draw(items(st.just(title))) for title in titles],
        }
    )
