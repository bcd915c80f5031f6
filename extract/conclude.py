"""Turns a draft into the extraction: confidence, doubt, evidence, validated record."""

from collections.abc import Callable
from typing import Any

from extract.clean import Cleaned
from extract.draft import Draft, Values, one
from extract.letter import Letter
from extract.result import Extraction
from extract.settings import Method, Settings
from extract.show import show_value
from extract.spans import Found

RULES_VERSION = "13"
"""Goes up with each set of changes of the rules that may change a result.

A batch run does not rely on it: its digest changes with every file of the rules.
"""

_RULES, _MODEL = Method.RULES, Method.MODEL
# Bound once: looking a member up on its class costs a call in Python 3.11.

Confidence = Callable[[str], float]
"""Rule name to the share of its values that are right."""

_NEVER_OPEN = "].description"
"""An item has to have a name: a doubtful description is listed and kept."""

_NAMES = "reviewer."
"""Names of specialties and states are given whole, however they are broken over lines."""

Json = dict[str, Any]
"""What a model of `extract.result` is made of, not yet validated."""


def conclude(
    draft: Draft,
    letter: Letter,
    cleaned: Cleaned,
    *,
    settings: Settings,
    confidence: Confidence,
) -> Extraction:
    """The extraction that `draft` comes to; values under the least confidence are doubts.

    Everything is validated at once at the end: model by model it would take twice as long.
    """
    conclusion = _Conclusion(letter, cleaned, confidence, settings.min_confidence)
    values = conclusion.values(draft.fields, "")
    values["items"] = [
        conclusion.values(item, f"items[{index}].") for index, item in enumerate(draft.items)
    ]
    conclusion.prove_outcome(values["items"])
    _warn_of_disputes(draft)
    return Extraction.model_validate(
        {
            "id": letter.id,
            "source": letter.source,
            "method": settings.method,
            "record": values,
            "evidence": conclusion.evidence,
            "doubtful": conclusion.doubts,
            "warnings": (*letter.warnings, *draft.warnings),
            "rules_version": RULES_VERSION,
        }
    )


def _warn_of_disputes(draft: Draft) -> None:
    """Warn of each item whose title and rationale decide differently."""
    for index, item in enumerate(draft.items):
        decision = one(item, "decision")
        if decision and decision.rule.endswith(".disputed"):
            path = f"items[{index}].decision"
            message = f"{path}: title and rationale differ; title taken"
            draft.warn("decision_disputed", message, path)


_JOINTS = str.maketrans("", "", " -")
"""What is put in or taken out where a word is broken; no character else may differ."""


class _Conclusion:
    """Collects the evidence and the doubts of one letter while its values are accepted."""

    def __init__(
        self, letter: Letter, cleaned: Cleaned, confidence: Confidence, least: float
    ) -> None:
        self._text = letter.text
        self._flat, self._printed = cleaned.flat, cleaned.printed
        self._has_joints = cleaned.has_joints
        self._original_span = cleaned.offsets.original_span
        self._page_of = letter.page_of if letter.source.pages else None
        self._confidence = confidence
        self._least = least
        self.evidence: dict[str, Json] = {}
        self.doubts: list[Json] = []

    def values(self, fields: Values, prefix: str) -> Json:
        """The accepted values of `fields`, nested as in the record."""
        nested: Json = {}
        for name, found in fields.items():
            inner, _, leaf = name.rpartition(".")
            target = nested.setdefault(inner, {}) if inner else nested
            if isinstance(found, list):
                target[leaf] = self._elements(found, prefix + name, prefix)
            elif evidence := self._prove(found, prefix + name, prefix):
                target[leaf] = (
                    self._as_printed(found, evidence) if self._has_joints else found.value
                )
        return nested

    def prove_outcome(self, items: list[Json]) -> None:
        """Name the decisions that the outcome is derived from; it is as sure as the least."""
        paths = [f"items[{index}].decision" for index in range(len(items))]
        if not paths or any(path not in self.evidence for path in paths):
            return
        proofs = [self.evidence[path] for path in paths]
        self.evidence["outcome"] = proofs[0] | {
            "rule": "outcome.derived",
            "confidence": min(proof["confidence"] for proof in proofs),
            "derived_from": paths,
        }

    def _elements(self, found: list[Found[Any]], path: str, prefix: str) -> list[Any]:
        values: list[Any] = []
        may_be_broken = self._has_joints and not path.startswith(_NAMES)
        for element in found:
            if evidence := self._prove(element, f"{path}[{len(values)}]", prefix):
                values.append(
                    self._as_printed(element, evidence) if may_be_broken else element.value
                )
        return values

    def _as_printed(self, found: Found[Any], evidence: Json) -> Any:
        """The value; a verbatim text keeps its line-end hyphens as printed.

        A word broken over a line end keeps its break: `medi- cally`.
        """
        value = found.value
        if type(value) is not str or value != self._flat[found.start : found.end]:
            return value
        printed = " ".join(self._printed[evidence["start"] : evidence["end"]].split())
        is_same = printed == value or printed.translate(_JOINTS) == value.translate(_JOINTS)
        return printed if is_same else value

    def _prove(self, found: Found[Any], path: str, prefix: str) -> Json | None:
        """The evidence, kept, of a value that is trusted enough; else the doubt is noted."""
        value, start, end, rule, derived_from, grounding = found
        start, end = self._original_span(start, end)
        confidence = self._confidence(rule)
        evidence = {
            "start": start,
            "end": end,
            "quote": self._text[start:end],
            "page": self._page_of(start) if self._page_of else None,
            "method": _MODEL if grounding else _RULES,
            "rule": rule,
            "confidence": confidence,
        }
        if derived_from:
            evidence["derived_from"] = tuple(prefix + name for name in derived_from)
        if grounding:
            evidence["grounding"] = grounding
        if confidence < self._least:
            doubt = {"path": path, "value": show_value(value), "evidence": evidence}
            self.doubts.append(doubt)
            if not path.endswith(_NEVER_OPEN):
                return None
        self.evidence[path] = evidence
        return evidence
