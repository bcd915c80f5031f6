"""Makes runs to review: invented letters, extracted, with confidences said by the test."""

from collections.abc import Mapping
from pathlib import Path

from extract import extract_record
from extract.result import Extraction
from extract.web.openapi import SAMPLE_LETTER

__all__ = ["SAMPLE_LETTER", "SURE", "TWO_ITEMS", "UNSURE", "make_run", "many_items"]

SURE, UNSURE = 0.99, 0.41

SECOND_ITEM = """
Norco 10/325 mg #90: Overturned

Claims Administrator guideline: Decision based on MTUS Chronic Pain Medical Treatment
Guidelines Page(s): 80.

MAXIMUS guideline: Decision based on MTUS Chronic Pain Medical Treatment Guidelines Section
Opioids Page(s): 80-81.

Decision rationale: The patient has improved function with the medication. The request is
medically necessary.
"""

TWO_ITEMS = SAMPLE_LETTER + SECOND_ITEM


def with_confidence(extraction: Extraction, unsure: Mapping[str, float]) -> Extraction:
    """`extraction` with every value sure, but those at the paths of `unsure`."""
    evidence = {
        path: proof.model_copy(update={"confidence": unsure.get(path, SURE)})
        for path, proof in extraction.evidence.items()
    }
    return extraction.model_copy(update={"evidence": evidence})


def make_run(
    folder: Path, letters: Mapping[str, str], unsure: Mapping[str, float] | None = None
) -> Path:
    """The output folder of a run over `letters`."""
    run = folder / "run"
    run.mkdir()
    lines = []
    for name, text in letters.items():
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8", newline="")
        lines.append(with_confidence(extract_record(path), unsure or {}).model_dump_json())
    (run / "records.jsonl").write_text("".join(line + "\n" for line in lines), "utf-8")
    return run


def many_items(count: int) -> str:
    """A letter of `count` items."""
    parts = ["Acupuncture", "MRI", "Physical therapy", "Office visit", "X-ray", "Surgery"]
    items = [
        SECOND_ITEM.replace("Norco 10/325 mg #90", f"{parts[n % 6]} request number {n}")
        for n in range(1, count)
    ]
    return SAMPLE_LETTER + "".join(items)
