"""What a comparison of two runs and a gate found: parts of the report."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from schemas import Frozen


class Trend(StrEnum):
    """What two runs say about a field."""

    BETTER = "better"
    WORSE = "worse"
    NO_EVIDENCE = "no evidence of change"
    UNCHANGED = "unchanged"


class ValueChange(Frozen):
    """A value that is right in one run and not in the other, or wrong in two ways."""

    letter: str = Field(description="The letter's name.")
    field: str = Field(description="The field.")
    path: str = Field(description="Where the value stands.")
    label: Any = Field(default=None, description="The labelled value.")
    before: str = Field(description="Verdict in the baseline; `right` if none was needed.")
    after: str = Field(description="Verdict now; `right` if none is needed.")
    was: Any = Field(default=None, description="What the baseline gave, if not right.")
    now: Any = Field(default=None, description="What is given now, if not right.")


class TrendRow(Frozen):
    """One field, or all together, in two runs."""

    name: str = Field(description="The field; `micro` and `macro` for the averages.")
    gained: int = Field(ge=0, description="Values that are right only now.")
    lost: int = Field(ge=0, description="Values that were right only in the baseline.")
    before: float | None = Field(description="F1 in the baseline, on the shared letters.")
    after: float | None = Field(description="F1 now, on the shared letters.")
    low: float | None = Field(description="Change of F1: lower end of the 95 % interval.")
    high: float | None = Field(description="Its upper end.")
    p_value: float | None = Field(description="McNemar, exact; null for lists and averages.")
    trend: Trend = Field(description="What this comes to.")
    sentence: str = Field(description="The same, said plainly.")


class Changes(Frozen):
    """This run against a baseline."""

    baseline: str = Field(description="The baseline's method.")
    letters: int = Field(ge=0, description="Letters that both runs judged by one label.")
    not_compared: tuple[str, ...] = Field(
        description="Letters that are in one run only, or whose label has changed."
    )
    averages: tuple[TrendRow, ...] = Field(description="Micro and macro average.")
    fields: tuple[TrendRow, ...] = Field(description="Each field, in the guide's order.")
    gains: tuple[ValueChange, ...] = Field(description="Right only now.")
    losses: tuple[ValueChange, ...] = Field(description="Right only in the baseline.")
    shifts: tuple[ValueChange, ...] = Field(description="Not right in either, in another way.")


class Status(StrEnum):
    """How a requirement fared."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_MEASURED = "not measured"


class Finding(Frozen):
    """One requirement of the gate, and what was found."""

    name: str = Field(description="The field, the group, `micro`, `macro` or `records`.")
    figure: str = Field(description="Which figure; `loss` for a loss against the baseline.")
    end: str = Field(description="`value`, or `lower` end of its interval.")
    least: float | None = Field(description="What the gate asks for.")
    found: float | None = Field(description="What was measured; null if nothing was.")
    status: Status = Field(description="How it fared.")
    sentence: str = Field(description="The same, said plainly.")


class GateOutcome(Frozen):
    """Whether the run may be released."""

    passed: bool = Field(description="Whether no requirement failed.")
    findings: tuple[Finding, ...] = Field(description="Every requirement.")

    def having(self, status: Status) -> list[Finding]:
        """The findings of one status."""
        return [finding for finding in self.findings if finding.status is status]
