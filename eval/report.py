"""What a report holds: the versioned schema of `report.json`.

Reports are written, compared and printed from these objects alone. A figure that was not
measured is `null`. Every number is rounded, so that two runs can be compared as texts.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from eval.errors import ReportInvalid
from eval.findings import Changes, GateOutcome
from eval.verdict import Verdict
from schemas import Frozen

SCHEMA_VERSION: Literal[1] = 1
"""Goes up when a key is renamed, removed or changes its meaning."""

Rounded = Annotated[float, AfterValidator(lambda value: round(value, 6))]
Share = Annotated[Rounded, Field(ge=0, le=1)]
Number = Annotated[int, Field(ge=0)]


class IntervalRow(Frozen):
    """A 95 % interval."""

    low: Share = Field(description="Lower end.")
    high: Share = Field(description="Upper end.")
    method: str = Field(description="`wilson` or `bootstrap` (over letters).")


class Intervals(Frozen):
    """The intervals of the four figures; null where the figure is."""

    accuracy: IntervalRow | None = Field(default=None, description="Of the accuracy.")
    precision: IntervalRow | None = Field(default=None, description="Of the precision.")
    recall: IntervalRow | None = Field(default=None, description="Of the recall.")
    f1: IntervalRow | None = Field(default=None, description="Of F1.")


class Averages(Frozen):
    """The four figures with their intervals."""

    accuracy: Share | None = Field(description="Right values, rightful nulls included.")
    precision: Share | None = Field(description="Right values of those given.")
    recall: Share | None = Field(description="Right values of those labelled.")
    f1: Share | None = Field(description="Harmonic mean of precision and recall.")
    intervals: Intervals = Field(description="95 % intervals over letters.")


class Row(Averages):
    """The figures of a field, or of several together."""

    name: str = Field(description="The field's path, or the name of the fields together.")
    group: str | None = Field(default=None, description="The field's group.")
    compared_by: str | None = Field(default=None, description="How values are compared.")
    support: Number = Field(description="Labelled values.")
    given: Number = Field(description="Predicted values.")
    correct: Number = Field(description="Labelled, given, the same.")
    missed: Number = Field(description="Labelled, not given.")
    spurious: Number = Field(description="Given, not labelled.")
    wrong: Number = Field(description="Labelled, given, not the same.")
    true_null: Number = Field(description="Neither labelled nor given.")


class ShareRow(Frozen):
    """A plain proportion."""

    right: Number = Field(description="How many are so.")
    of: Number = Field(description="Of how many.")
    share: Share | None = Field(description="Their share; null of none.")
    interval: IntervalRow | None = Field(description="Wilson interval of the share.")


class Measured(Frozen):
    """The figures of some letters."""

    letters: Number = Field(description="How many letters.")
    failed: Number = Field(description="How many of them have no record.")
    records_exact: ShareRow = Field(description="Records with every scored field right.")
    micro: Row = Field(description="Over all values of all scored fields.")
    macro: Averages = Field(description="Mean over the fields that were measured.")
    groups: tuple[Row, ...] = Field(description="Structural, clinical, interpretive.")
    fields: tuple[Row, ...] = Field(description="Each field, in the guide's order.")


class Named(Frozen):
    """Which letters a slice holds."""

    name: str = Field(description="The layout or the subset.")


class Slice(Measured, Named):  # the last base's keys come first
    """The figures of the letters of a layout or of a subset."""


class ItemsRow(Frozen):
    """How the items of labels and predictions were paired."""

    labelled: Number = Field(description="Items in the labels.")
    predicted: Number = Field(description="Items in the predictions.")
    paired: Number = Field(description="Pairs, by the likeness of their descriptions.")


class Confusion(Frozen):
    """How often each label was given as each word."""

    field: str = Field(description="The field.")
    labels: tuple[str, ...] = Field(description="The rows: labels, `null` last.")
    predicted: tuple[str, ...] = Field(description="The columns: predictions.")
    counts: tuple[tuple[Number, ...], ...] = Field(description="Row by row.")


class TermRow(Frozen):
    """One word of a field that is a list of words."""

    field: str = Field(description="The field.")
    word: str = Field(description="The word.")
    correct: Number = Field(description="Labelled and given.")
    missed: Number = Field(description="Labelled, not given.")
    spurious: Number = Field(description="Given, not labelled.")


class BinRow(Frozen):
    """The values of one range of confidence."""

    low: Share = Field(description="From this confidence.")
    high: Share = Field(description="To this one.")
    values: Number = Field(description="How many values.")
    mean_confidence: Share = Field(description="Their mean confidence.")
    share_right: Share = Field(description="The share of them that is right.")


class CurveRow(Frozen):
    """What remains if values under a confidence are sent to a person."""

    least_confidence: Share = Field(description="Values from here on are kept.")
    coverage: Share = Field(description="The share of values kept.")
    precision: Share = Field(description="The share of them that is right.")


class RuleRow(Frozen):
    """How one rule fared."""

    rule: str = Field(description="The rule's name.")
    given: Number = Field(description="Values it gave.")
    right: Number = Field(description="Of those, right ones.")
    interval: IntervalRow | None = Field(description="Wilson interval of the share.")
    stated: Share = Field(description="The mean confidence that the values carried.")


class ConfidenceReport(Frozen):
    """Whether confidence means something."""

    values: Number = Field(description="Given values that carry a confidence.")
    unproved: Number = Field(description="Given values without evidence.")
    calibration_error: Share | None = Field(description="Expected, ten equal bins.")
    bins: tuple[BinRow, ...] = Field(description="The reliability diagram.")
    curve: tuple[CurveRow, ...] = Field(description="Risk and coverage.")
    at_99_precision: CurveRow | None = Field(
        description="The most values kept at 99 % precision; null if none can be."
    )
    at_95_confidence: ShareRow = Field(description="Right ones of the values from 0.95 on.")
    rules: tuple[RuleRow, ...] = Field(description="Every rule that gave a value.")


class CostRow(Frozen):
    """What one method costs, and what it is worth."""

    method: str = Field(description="The method, or the file of predictions.")
    letters: Number = Field(description="How many letters.")
    failed: Number = Field(description="How many of them have no record.")
    precision: Share | None = Field(description="Micro average.")
    recall: Share | None = Field(description="Micro average.")
    f1: Share | None = Field(description="Micro average.")
    records_exact: Share | None = Field(description="Share of records wholly right.")
    seconds: Rounded | None = Field(description="Mean per letter; null if not measured.")
    seconds_95: Rounded | None = Field(
        description="95 % of letters took no longer; null if not timed one by one."
    )
    usage: dict[str, Rounded] = Field(
        description="Means per letter of what the method counts: tokens, money."
    )


class Miss(Frozen):
    """A value that is not as labelled."""

    field: str = Field(description="The field.")
    path: str = Field(description="Where it stands, in the label or else the prediction.")
    verdict: Verdict = Field(description="missed, spurious or wrong.")
    label: Any = Field(default=None, description="The labelled value.")
    predicted: Any = Field(default=None, description="The given value.")
    predicted_path: str | None = Field(default=None, description="Key of its evidence.")
    rule: str | None = Field(default=None, description="The rule that gave it.")
    confidence: Share | None = Field(default=None, description="How surely.")


class LetterRow(Frozen):
    """One letter."""

    id: str = Field(description="The letter's name.")
    subset: str = Field(description="The gold folder it came from.")
    layout: str = Field(description="Its labelled layout.")
    label_sha256: str = Field(description="Digest of the label that it was judged by.")
    failure: str | None = Field(default=None, description="Why there is no record.")
    counts: dict[str, tuple[Number, Number, Number, Number, Number]] = Field(
        description="Field to correct, missed, spurious, wrong, true_null."
    )
    misses: tuple[Miss, ...] = Field(description="What is not as labelled.")


class Made(Frozen):
    """How a report was made."""

    schema_version: Literal[1] = Field(description="The version of this schema.")
    method: str = Field(description="The method, or the file of predictions.")
    resamples: Number = Field(description="Bootstrap resamples.")
    seed: Number = Field(description="Seed of the bootstrap.")


class Report(Measured, Made):  # the last base's keys come first
    """One evaluation."""

    items: ItemsRow = Field(description="How items were paired.")
    subsets: tuple[Slice, ...] = Field(description="Each gold folder by itself.")
    layouts: tuple[Slice, ...] = Field(description="Each labelled layout by itself.")
    confusions: tuple[Confusion, ...] = Field(description="Each enum field that has values.")
    terms: tuple[TermRow, ...] = Field(description="Each word of lists of words.")
    confidence: ConfidenceReport = Field(description="Whether confidence means something.")
    methods: tuple[CostRow, ...] = Field(description="Methods side by side.")
    strangers: tuple[str, ...] = Field(description="Predictions that match no letter.")
    changes: Changes | None = Field(default=None, description="Against a baseline.")
    gate: GateOutcome | None = Field(default=None, description="Whether it may be released.")
    letter_results: tuple[LetterRow, ...] = Field(description="Letter by letter.")


def load_report(path: Path) -> Report:
    """The report in the file `path`.

    Raises:
        ReportInvalid: the file cannot be read, or it is no report of this version.
    """
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ReportInvalid(f"{path} cannot be read: check the path") from error
    except ValidationError as error:
        raise ReportInvalid(
            f"{path} is no report of schema version {SCHEMA_VERSION}: make it again with "
            "`imr eval --out`"
        ) from error


def render_json(report: Report) -> str:
    """The contents of `report.json`."""
    return report.model_dump_json(indent=1) + "\n"
