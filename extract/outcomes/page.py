"""Renders the figures as one HTML page that needs nothing else: styles and plots inside."""

from collections.abc import Iterable, Sequence
from html import escape

from extract.outcomes.figures import COUNTED, Figures, Row, Spread
from extract.outcomes.shares import Share
from extract.show import NOTHING, show_share

_MOST_ROWS = 30
"""More rows make a plot that nobody reads; the CSV holds all of them."""

_ROW_PX, _PLOT_PX, _LABEL_PX, _NUMBER_PX = 22, 420, 310, 170

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1c2733; background: #fff;
       max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.note { color: #51606f; } svg { width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: #1c2733; }
.grid { stroke: #dde3e9; } .range { stroke: #2b6cb0; stroke-width: 2; }
.point { fill: #2b6cb0; } .all { stroke: #c05621; stroke-dasharray: 4 3; }
table { border-collapse: collapse; }
th, td { padding: .25rem .8rem .25rem 0; text-align: right; border-bottom: 1px solid #dde3e9; }
th:first-child, td:first-child { text-align: left; }
@media (prefers-color-scheme: dark) {
  body { color: #e6ebf0; background: #14191f; } svg text { fill: #e6ebf0; }
  .note { color: #a4b1bd; } .grid { stroke: #333e49; } .range { stroke: #7ab3ef; }
  .point { fill: #7ab3ef; } th, td { border-color: #333e49; } }
"""


def render_page(figures: Figures, title: str) -> str:
    """The page: the overall share, a plot for each grouping, therapy in numbers."""
    overall = figures.overall()
    groupings = {
        counted.title: figures.rows(grouping) for grouping, counted in COUNTED.items()
    }
    scale = _scale(row for rows in groupings.values() for row in rows[:_MOST_ROWS])
    sections = "\n".join(
        f"<h2>{escape(heading)}</h2>\n{_plot(rows, overall, scale)}"
        for heading, rows in groupings.items()
    )
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title><style>{_STYLE}</style></head>
<body>
<h1>{escape(title)}</h1>
<p>{figures.letters:,} letters, {figures.items:,} disputed items, {figures.undecided:,} without
a decision. Overturned, in whole or in part: <strong>{share_in_words(overall)}</strong>.</p>
<p class="note">A dot is the share of items overturned, the bar its 95 % interval (Wilson); the
dashed line is the share of all items. All plots have one axis. An item with several body
parts, guidelines or reviewer's specialties counts under each. Items of one letter are not
independent, so the true intervals are somewhat wider.</p>
{sections}
<h2>Therapy in visits</h2>
{_visits_table(figures)}
<p class="note">Median and quartiles of the items that state the number. Within the guideline:
visits had (none, where the letter does not say) and visits asked for together do not exceed
the most that the reviewer says the guideline supports.</p>
</body>
</html>
"""


def share_in_words(share: Share) -> str:
    """A share for people: `10.9 % (8.3–14.2 %), 48 of 439`; a dash where there is none."""
    if share.share is None:
        return NOTHING
    return (
        f"{show_share(share.share)} % ({interval_in_words(share)}), "
        f"{share.part:,} of {share.whole:,}"
    )


def interval_in_words(share: Share) -> str:
    """The interval of a share for people: `8.3–14.2 %`."""
    return f"{show_share(share.low)}–{show_share(share.high)} %"


def spread_in_words(spread: Spread) -> str:
    """A spread for people: `12 (8–18), 42 items`."""
    if spread.median is None:
        return NOTHING
    return f"{spread.median} ({spread.lower}–{spread.upper}), {spread.items:,} items"


def readable(value: str) -> str:
    """A word of a vocabulary for people: `low back`, not `low_back`."""
    return value.replace("_", " ")


def _plot(rows: Sequence[Row], overall: Share, scale: float) -> str:
    """A dot with its interval for each row, the overall share as a dashed line.

    Args:
        scale: the share at the right end.
    """
    if not rows:
        return '<p class="note">No decided items.</p>'
    shown = rows[:_MOST_ROWS]
    height = _ROW_PX * (len(shown) + 1) + 8
    width = _LABEL_PX + _PLOT_PX + _NUMBER_PX
    bottom = height - _ROW_PX
    parts = [*_grid(scale, bottom), _overall_line(overall, scale, bottom)]
    for number, row in enumerate(shown):
        parts.append(_row(row, scale, number * _ROW_PX + _ROW_PX // 2))
    more = len(rows) - len(shown)
    note = f'<p class="note">{more:,} more rows are in the CSV.</p>' if more else ""
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Share overturned, with intervals">{"".join(parts)}</svg>{note}'
    )


def _scale(rows: Iterable[Row]) -> float:
    """The share at the right end: the highest interval, rounded up to a tenth."""
    highest = max(((row.share.high or 0.0) for row in rows), default=0.0)
    return min(1.0, (int(highest * 10) + 1) / 10)


def _x(share: float, scale: float) -> float:
    return round(_LABEL_PX + share / scale * _PLOT_PX, 1)


def _grid(scale: float, bottom: int) -> list[str]:
    ticks = [scale * step / 5 for step in range(6)]
    return [_tick(_x(tick, scale), f"{100 * tick:.0f} %", bottom) for tick in ticks]


def _tick(x: float, label: str, bottom: int) -> str:
    return (
        f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{bottom}"/>'
        f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{label}</text>'
    )


def _overall_line(overall: Share, scale: float, bottom: int) -> str:
    if overall.share is None or overall.share > scale:
        return ""
    at = _x(overall.share, scale)
    return f'<line class="all" x1="{at}" x2="{at}" y1="0" y2="{bottom}"/>'


def _row(row: Row, scale: float, y: int) -> str:
    share = row.share
    low, at, high = (_x(end or 0.0, scale) for end in (share.low, share.share, share.high))
    label = escape(readable(row.value))
    return (
        f'<text x="{_LABEL_PX - 10}" y="{y + 4}" text-anchor="end">{label}</text>'
        f'<line class="range" x1="{low}" x2="{high}" y1="{y}" y2="{y}"/>'
        f'<circle class="point" cx="{at}" cy="{y}" r="4"/>'
        f'<text x="{_LABEL_PX + _PLOT_PX + 12}" y="{y + 4}">'
        f"{show_share(share.share)} %, {share.part:,} of {share.whole:,}</text>"
    )


def _visits_table(figures: Figures) -> str:
    rows = "".join(
        f"<tr><td>{escape(readable(visits.category))}</td>"
        f"<td>{spread_in_words(visits.requested)}</td><td>{spread_in_words(visits.prior)}</td>"
        f"<td>{spread_in_words(visits.supported)}</td>"
        f"<td>{share_in_words(visits.within)}</td><td>{share_in_words(visits.beyond)}</td></tr>"
        for visits in figures.visits()
    )
    return (
        "<table><thead><tr><th>therapy</th><th>requested</th><th>prior</th>"
        "<th>guideline supports</th><th>overturned within it</th>"
        f"<th>overturned beyond it</th></tr></thead><tbody>{rows}</tbody></table>"
    )
