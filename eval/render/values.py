"""How figures and values of records are written in every report."""

from typing import Any

from pydantic import BaseModel

from eval.report import IntervalRow

NOT_MEASURED = "–"


def show_share(value: float | None) -> str:
    """A share in per cent, not rounded up to 100; a dash for what was not measured.

    >>> show_share(0.98765), show_share(0.99999), show_share(None)
    ('98.8', '99.9', '–')
    """
    if value is None:
        return NOT_MEASURED
    shown = f"{100 * value:.1f}"
    return "99.9" if shown == "100.0" and value < 1 else shown


def show_number(value: float | None) -> str:
    """A number to four digits; a dash for what was not measured.

    >>> show_number(0.0021), show_number(1234.5), show_number(None)
    ('0.0021', '1234', '–')
    """
    if value is None:
        return NOT_MEASURED
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def show_interval(interval: IntervalRow | None) -> str:
    """The two ends in per cent."""
    if interval is None:
        return NOT_MEASURED
    return f"{show_share(interval.low)}–{show_share(interval.high)}"


def show_value(value: Any) -> str:
    """A value of a record in a few words.

    >>> show_value({"part": "knee", "side": "left"})
    'knee, left'
    """
    if value is None:
        return NOT_MEASURED
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        if "guideline" in value:
            return _show_citation(value)
        return ", ".join(str(part) for part in value.values() if part is not None)
    return str(value)


def _show_citation(citation: dict[str, Any]) -> str:
    parts = [citation["basis"], citation["guideline"], citation["year"], citation["section"]]
    if citation["pages"]:
        parts.append("p. " + ", ".join(citation["pages"]))
    return " · ".join(str(part) for part in parts if part is not None)
