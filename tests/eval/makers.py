"""Short makers of records, letters and runs, so that a test says only what matters."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.gold import GoldLetter
from eval.predictions import Prediction
from eval.scored import ScoredLetter, score_letters
from extract import Evidence, Method
from schemas import CaseRecord


def item(description: str = "MRI of the left knee", **values: Any) -> dict[str, Any]:
    return {"description": description, "decision": "upheld", **values}


def citation(section: str | None = None, **values: Any) -> dict[str, Any]:
    return {"basis": "mtus", "guideline": "chronic_pain", "section": section, **values}


def record(*items: dict[str, Any], **values: Any) -> CaseRecord:
    return CaseRecord.model_validate({"items": items, **values})


def gold_letter(
    name: str, label: CaseRecord, subset: str = "gold", path: Path | None = None
) -> GoldLetter:
    return GoldLetter(name, path or Path(f"{name}.txt"), subset, label)


def evidence(confidence: float = 0.9, rule: str = "a.rule", start: int = 0) -> Evidence:
    return Evidence(
        start=start,
        end=start + 1,
        quote="x",
        method=Method.RULES,
        rule=rule,
        confidence=confidence,
        page=None,
    )


Pairs = Mapping[str, tuple[CaseRecord, CaseRecord | None]]
"""Letter id to label and prediction."""


def score(pairs: Pairs, subsets: Mapping[str, str] | None = None) -> list[ScoredLetter]:
    letters = [
        gold_letter(name, label, (subsets or {}).get(name, "gold"))
        for name, (label, _) in pairs.items()
    ]
    predictions = {
        name: Prediction(name, record=given, failure=None if given else "LetterEmpty: x")
        for name, (_, given) in pairs.items()
    }
    return score_letters(letters, predictions)
