"""Turns a draft into the extraction: confidence, doubt, evidence, the validated record."""

from collections.abc import Callable, Iterator
from typing import Any

from extract.clean import Cleaned
from extract.draft import Draft, Values
from extract.letter import Letter
from extract.result import Doubt, Evidence, Extraction
from extract.settings import Method, Settings
from extract.spans import Found
from schemas import CaseRecord, derive_outcome

RULES_VERSION = "1"
"""Goes up with every change of the rules that may change a result."""

Confidence = Callable[[str], float]
"""Rule name to the share of its values that are right."""


class Conclusion:
    """Collects the evidence and the doubts of one letter while its record is built."""

    def __init__(
        self, letter: Letter, cleaned: Cleaned, confidence: Confidence, least: float
    ) -> None:
        self._letter = letter
        self._cleaned = cleaned
        self._confidence = confidence
        self._least = least
        self.evidence: dict[str, Evidence] = {}
        self.doubts: list[Doubt] = []

    def values(self, fields: Values, prefix: str) -> dict[str, Any]:
        """The accepted values of `fields`, nested as in the record."""
        nested: dict[str, Any] = {}
        for name, found in fields.items():
            inner, _, leaf = name.rpartition(".")
            target = nested.setdefault(inner, {}) if inner else nested
            if isinstance(found, list):
                target[leaf] = list(self._elements(found, prefix + name))
            elif self._accept(found, prefix + name):
                target[leaf] = self._value(found)
        return nested

    def _elements(self, found: list[Found[Any]], path: str) -> Iterator[Any]:
        index = 0
        for element in found:
            if self._accept(element, f"{path}[{index}]"):
                index += 1
                yield self._value(element)

    def _value(self, found: Found[Any]) -> Any:
        """The value; a text that stands there word for word is given as printed."""
        value, start, end = found.value, found.start, found.end
        if value == self._cleaned.flat[start:end]:
            return self._cleaned.as_printed(start, end)
        return value

    def _accept(self, found: Found[Any], path: str) -> bool:
        """Keep the evidence of a value that is trusted enough, else note the doubt."""
        evidence = self._evidence(found)
        if evidence.confidence < self._least:
            self.doubts.append(Doubt(path=path, value=str(found.value), evidence=evidence))
            return False
        self.evidence[path] = evidence
        return True

    def _evidence(self, found: Found[Any]) -> Evidence:
        start, end = self._cleaned.offsets.original_span(found.start, found.end)
        return Evidence(
            start=start,
            end=end,
            quote=self._letter.text[start:end],
            page=self._letter.page_of(start),
            method=Method.RULES,
            rule=found.rule,
            confidence=self._confidence(found.rule),
            derived_from=found.derived_from,
        )


def conclude(
    draft: Draft,
    letter: Letter,
    cleaned: Cleaned,
    *,
    settings: Settings,
    confidence: Confidence,
) -> Extraction:
    """The extraction that `draft` comes to; values under the least confidence are doubts."""
    conclusion = Conclusion(letter, cleaned, confidence, settings.min_confidence)
    values = conclusion.values(draft.fields, "")
    values["items"] = [
        conclusion.values(item, f"items[{index}].") for index, item in enumerate(draft.items)
    ]
    record = CaseRecord.model_validate(values)
    _prove_outcome(record, conclusion.evidence)
    return Extraction(
        id=letter.id,
        source=letter.source,
        method=settings.method,
        record=record,
        evidence=conclusion.evidence,
        doubtful=tuple(conclusion.doubts),
        warnings=(*letter.warnings, *draft.warnings),
        rules_version=RULES_VERSION,
    )


def _prove_outcome(record: CaseRecord, evidence: dict[str, Evidence]) -> None:
    """Name the decisions that the outcome is derived from; it is as sure as the least sure."""
    if derive_outcome([item.decision for item in record.items]) is None:
        return
    paths = tuple(f"items[{index}].decision" for index in range(len(record.items)))
    proofs = [evidence[path] for path in paths]
    evidence["outcome"] = proofs[0].model_copy(
        update={
            "rule": "outcome.derived",
            "confidence": min(proof.confidence for proof in proofs),
            "derived_from": paths,
        }
    )
