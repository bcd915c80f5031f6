"""The plots of the report, as SVG that takes its colours from the page.

Colours are the page's variables, so that one plot serves light, dark and print; the two
hues are of the Okabe-Ito palette, and no meaning hangs on hue alone.
"""

import re
from collections.abc import Sequence
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.report import ConfidenceReport, Report, Row

# Stand-ins for the page's colours: matplotlib knows no variables.
_INK, _FAINT, _BLUE, _ORANGE = "#010101", "#020202", "#030303", "#040404"
_VARIABLES = {_INK: "--ink", _FAINT: "--line", _BLUE: "--blue", _ORANGE: "--orange"}

# mpl.rc_context types its keys as literals, which a dictionary of its own cannot state.
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _FAINT,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": _FAINT,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
}


def _svg(figure: Figure, name: str, title: str) -> str:
    """The figure as an `<svg>` element named `title`, without a word from elsewhere."""
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        buffer = StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r"(<svg[^>]*?) width=\"[^\"]+\" height=\"[^\"]+\"", r"\1", svg, count=1)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font: ([^;\"]*?)'[^;\"]*sans-serif", r"font: \1sans-serif", svg)
    for stand_in, variable in _VARIABLES.items():
        svg = svg.replace(stand_in, f"var({variable})")
    return svg.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)


def _new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.add_subplot()


def plot_slices(report: Report) -> str:
    """F1 with its interval: each group, in all letters and in each subset and layout."""
    slices = [*report.subsets, *report.layouts]
    lines: list[tuple[str, Sequence[Row]]] = [("all letters", report.groups)]
    if len(report.subsets) > 1 or len(report.layouts) > 1:
        lines += [(f"{each.name} ({each.letters})", each.groups) for each in slices]
    with mpl.rc_context(_STYLE):
        figure, axes = _new_figure(7.2, 0.9 + 0.52 * len(lines))
        for position, (_, groups) in enumerate(lines):
            for offset, row in zip((-0.22, 0.0, 0.22), groups, strict=True):
                _draw_row(axes, position + offset, row)
        axes.set_yticks(range(len(lines)), [name for name, _ in lines])
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel("F1 with 95 % interval")
        axes.grid(axis="x")
        for (colour, marker), name in zip(_MARKS.values(), _MARKS, strict=True):
            axes.plot([], [], marker, color=colour, label=name, markersize=5)
        figure.legend(loc="outside upper right", ncols=3)
    return _svg(figure, "slices", "F1 by group, subset and layout, with 95 % intervals")


_MARKS = {
    "structural": (_BLUE, "o"),
    "clinical": (_ORANGE, "s"),
    "interpretive": (_INK, "D"),
}


def _draw_row(axes: Axes, height: float, row: Row) -> None:
    colour, marker = _MARKS[row.name]
    interval = row.intervals.f1
    if row.f1 is None or interval is None:
        return
    axes.plot([interval.low, interval.high], [height, height], color=colour, linewidth=1.4)
    axes.plot([row.f1], [height], marker, color=colour, markersize=5)


def plot_reliability(confidence: ConfidenceReport) -> str:
    """Share of right values by stated confidence; the size of a dot shows how many."""
    with mpl.rc_context(_STYLE):
        figure, axes = _new_figure(3.5, 3.2)
        axes.plot([0, 1], [0, 1], "--", color=_INK, linewidth=0.8)
        stated = [each.mean_confidence for each in confidence.bins]
        right = [each.share_right for each in confidence.bins]
        most = max((each.values for each in confidence.bins), default=1)
        sizes = [20 + 160 * each.values / most for each in confidence.bins]
        axes.plot(stated, right, color=_BLUE, linewidth=1)
        axes.scatter(stated, right, s=sizes, color=_BLUE, alpha=0.8, linewidths=0)
        axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.06))
        axes.set(xlabel="stated confidence", ylabel="share that is right")
        axes.grid()
    return _svg(figure, "reliability", "Reliability diagram of stated confidences")


def plot_risk_coverage(confidence: ConfidenceReport) -> str:
    """Precision of the values kept, by the share of values kept."""
    with mpl.rc_context(_STYLE):
        figure, axes = _new_figure(3.5, 3.2)
        curve = confidence.curve
        axes.axhline(0.99, color=_INK, linestyle="--", linewidth=0.8)
        axes.plot(
            [point.coverage for point in curve],
            [point.precision for point in curve],
            marker="o",
            markersize=3,
            color=_ORANGE,
            linewidth=1.2,
        )
        least = min((point.precision for point in curve), default=0.9)
        axes.set(xlim=(-0.02, 1.02), ylim=(min(0.9, least) - 0.01, 1.003))
        axes.set(xlabel="share of values kept", ylabel="precision of those kept")
        axes.grid()
    return _svg(figure, "risk-coverage", "Precision by coverage")
