"""May this be released? Holds a report against the least figures that a file states."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from eval.errors import GateInvalid
from eval.fields import Group, scored_fields
from eval.findings import Changes, Finding, GateOutcome, Status, Trend
from eval.reading import name_errors
from eval.report import Averages, IntervalRow, Report
from extract.show import show_share
from schemas import Frozen

Least = Annotated[float, Field(ge=0, le=1)]


class Limit(Frozen):
    """The least acceptable value of a figure, or of the lower end of its interval."""

    value: Least | None = Field(default=None, description="Of the figure itself.")
    lower: Least | None = Field(default=None, description="Of its interval's lower end.")

    @model_validator(mode="after")
    def _states_something(self) -> "Limit":
        if self.value is None and self.lower is None:
            raise ValueError("state `value`, `lower` or both")
        return self


class Limits(Frozen):
    """The limits of the figures of one row."""

    accuracy: Limit | None = None
    precision: Limit | None = None
    recall: Limit | None = None
    f1: Limit | None = None


class RecordLimits(Frozen):
    """The limits of the share of records wholly right."""

    exact: Limit | None = None


class Gate(Frozen):
    """What a run must reach."""

    schema_version: Literal[1]
    fail_on_significant_loss: bool = Field(
        default=True, description="A field or average that is worse than the baseline fails."
    )
    fail_if_not_measured: bool = Field(
        default=False, description="A requirement without support fails."
    )
    micro: Limits = Limits()
    macro: Limits = Limits()
    records: RecordLimits = RecordLimits()
    groups: dict[Group, Limits] = Field(default_factory=dict)
    every_field: Limits = Field(default=Limits(), description="Of each field not named.")
    fields: dict[str, Limits] = Field(default_factory=dict)


def load_gate(path: Path) -> Gate:
    """The gate in the file `path`.

    Raises:
        GateInvalid: the file cannot be read, or names what does not exist.
    """
    try:
        gate = Gate.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise GateInvalid(f"{path} is no gate", name_errors(error)) from error
    except OSError as error:
        raise GateInvalid(f"{path} cannot be read ({error.strerror}): check --gate") from error
    except ValueError as error:
        raise GateInvalid(f"{path} cannot be read as TOML: {error}") from error
    known = {field.path for field in scored_fields()}
    unknown = [f"{name}: there is no such field" for name in gate.fields if name not in known]
    if unknown:
        raise GateInvalid(f"{path} is no gate", unknown)
    return gate


def apply_gate(gate: Gate, report: Report) -> GateOutcome:
    """Every requirement of `gate` with what `report` says to it."""
    findings = [*_figure_findings(gate, report), *_loss_findings(gate, report.changes)]
    stopping = {Status.FAILED}
    if gate.fail_if_not_measured:
        stopping.add(Status.NOT_MEASURED)
    return GateOutcome(
        passed=not any(finding.status in stopping for finding in findings),
        findings=tuple(findings),
    )


def _figure_findings(gate: Gate, report: Report) -> Iterator[Finding]:
    yield from _row_findings("micro", gate.micro, report.micro)
    yield from _row_findings("macro", gate.macro, report.macro)
    exact = report.records_exact
    if gate.records.exact:
        ends = _ends(exact.share, exact.interval)
        yield from _limit_findings("records", "exact", gate.records.exact, ends)
    for group in report.groups:
        if group.name in gate.groups:
            yield from _row_findings(group.name, gate.groups[Group(group.name)], group)
    for row in report.fields:
        yield from _row_findings(row.name, gate.fields.get(row.name, gate.every_field), row)


def _row_findings(name: str, limits: Limits, row: Averages) -> Iterator[Finding]:
    for figure in type(limits).model_fields:
        limit: Limit | None = getattr(limits, figure)
        if limit is None:
            continue
        ends = _ends(getattr(row, figure), getattr(row.intervals, figure))
        yield from _limit_findings(name, figure, limit, ends)


def _ends(value: float | None, interval: IntervalRow | None) -> dict[str, float | None]:
    """What a limit may be put on."""
    return {"value": value, "lower": None if interval is None else interval.low}


def _limit_findings(
    name: str, figure: str, limit: Limit, ends: Mapping[str, float | None]
) -> Iterator[Finding]:
    for end, found in ends.items():
        least: float | None = getattr(limit, end)
        if least is not None:
            yield _finding(name, figure, end, least=least, found=found)


def _finding(
    name: str, figure: str, end: str, *, least: float, found: float | None
) -> Finding:
    called = f"{name}: {figure}" if end == "value" else f"{name}: lower end of {figure}"
    if found is None:
        status, told = Status.NOT_MEASURED, "not measured (no letter has a value)"
    else:
        status = Status.PASSED if found >= least else Status.FAILED
        compared = "reaches" if status is Status.PASSED else "falls short of"
        told = f"{show_share(found)} % {compared} {show_share(least)} %"
    return Finding(
        name=name,
        figure=figure,
        end=end,
        least=least,
        found=found,
        status=status,
        sentence=f"{called} {told}",
    )


def _loss_findings(gate: Gate, changes: Changes | None) -> Iterator[Finding]:
    if changes is None or not gate.fail_on_significant_loss:
        return
    if changes.letters == 0:
        yield Finding(
            name="baseline",
            figure="loss",
            end="value",
            least=None,
            found=None,
            status=Status.NOT_MEASURED,
            sentence="baseline: not measured (no letter is in both with one label: take a "
            "new baseline)",
        )
    for row in (*changes.averages, *changes.fields):
        if row.trend is Trend.WORSE:
            yield Finding(
                name=row.name,
                figure="loss",
                end="value",
                least=row.before,
                found=row.after,
                status=Status.FAILED,
                sentence=f"loss against the baseline: {row.sentence}",
            )
