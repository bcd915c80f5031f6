"""A run with something of everything: hostile text, a failure, a gate, a baseline."""

from dataclasses import dataclass

from eval.changes import compare_reports
from eval.gate import Gate, apply_gate
from eval.make_report import make_report
from eval.predictions import Prediction
from eval.report import Report
from eval.scored import ScoredLetter, score_letters
from extract import Evidence, Method
from schemas import CaseRecord
from tests.eval.makers import gold_letter, item, record

HOSTILE = "</script><script>alert('x')</script> & \"<b>\" 😀 ]]> `|`"

TEXT = f"""{HOSTILE}

The patient is a 40-year-old male with lumbar strain & gout.

1. MRI of the left knee: Upheld

Decision rationale: {HOSTILE} There is no red flag.
"""


def place(quote: str, confidence: float, rule: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence(
        start=start,
        end=start + len(quote),
        quote=quote,
        page=None,
        method=Method.RULES,
        rule=rule,
        confidence=confidence,
    )


LABEL = record(
    item("MRI of the left knee", category="imaging", rationale_factors=["no_indication"]),
    patient={"age": 40, "sex": "male"},
    diagnoses=["lumbar strain", "gout"],
)

GIVEN = record(
    item(
        "MRI of the left knee",
        decision="overturned",
        category="imaging",
        rationale=HOSTILE,
        rationale_factors=["safety_risk"],
    ),
    patient={"age": 40, "sex": "female"},
    diagnoses=["lumbar strain"],
)

GATE = Gate.model_validate(
    {
        "schema_version": 1,
        "micro": {"f1": {"value": 0.99}},
        "fields": {
            "items[].decision": {"precision": {"value": 1.0}},
            "patient.age": {"f1": {"value": 0.5}},
            "priority": {"f1": {"value": 0.5}},
        },
    }
)


@dataclass(frozen=True)
class Sample:
    report: Report
    scored: list[ScoredLetter]
    texts: dict[str, str]


def prediction(name: str, given: CaseRecord) -> Prediction:
    return Prediction(
        name,
        record=given,
        seconds=0.002,
        usage={"input_tokens": 900.0},
        evidence={
            "patient.age": place("40", 0.99, "age.stated"),
            "patient.sex": place("male", 0.6, "sex.word"),
            "items[0].decision": place("Upheld", 0.95, "decision.title"),
        },
    )


def make_sample() -> Sample:
    names = ["a-right", "b-wrong", HOSTILE, "d-failed"]
    letters = [
        gold_letter(name, LABEL, "real" if name == "a-right" else "authored") for name in names
    ]
    predictions = {
        "a-right": prediction("a-right", LABEL),
        "b-wrong": prediction("b-wrong", GIVEN),
        HOSTILE: prediction(HOSTILE, GIVEN),
        "d-failed": Prediction("d-failed", failure=f"PdfBroken: {HOSTILE}"),
    }
    better = {name: Prediction(name, record=LABEL) for name in names}
    baseline = make_report({"before": score_letters(letters, better)})
    scored = score_letters(letters, predictions)
    report = make_report(
        {"rules": scored, "before": score_letters(letters, better)}, [HOSTILE]
    )
    report = report.model_copy(update={"changes": compare_reports(baseline, report)})
    report = report.model_copy(update={"gate": apply_gate(GATE, report)})
    return Sample(report, scored, dict.fromkeys(names, TEXT))
