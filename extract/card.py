"""Renders an extraction for a reader at a terminal: each value beside what proves it."""

import os
from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from extract.result import Evidence, Extraction
from extract.show import printable, shorten, show_confidence, show_value
from schemas import Decision, Item, Value, record_values

_DECISION_STYLES: dict[Decision | None, str] = {
    Decision.UPHELD: "bold red",
    Decision.OVERTURNED: "bold green",
    Decision.PARTIALLY_OVERTURNED: "bold yellow",
}
_QUOTE_WIDTH = 48
_VALUE_WIDTH = 160
_SHOWN_IN_HEADING = ("description", "decision")


def render_card(extraction: Extraction) -> RenderableType:
    """The whole extraction, readable on 100 columns and more."""
    values = list(record_values(extraction.record))
    of_case = [value for value in values if not value.path.startswith("items[")]
    parts: list[RenderableType] = [_title(extraction), _table(of_case, extraction, "")]
    for index, item in enumerate(extraction.record.items):
        prefix = f"items[{index}]."
        of_item = [
            value
            for value in values
            if value.path.startswith(prefix)
            and value.path.removeprefix(prefix) not in _SHOWN_IN_HEADING
        ]
        parts += (_item_title(index, item, extraction), _table(of_item, extraction, prefix))
    return Group(*parts, *_remarks(extraction))


def wide_console(piped: int = 120) -> Console:
    """The terminal; a file or a pipe gets lines wide enough for tables.

    Args:
        piped: how wide, in characters.
    """
    terminal = Console()
    if terminal.is_terminal or "COLUMNS" in os.environ:
        return terminal
    return Console(width=piped)


def render_overview(extractions: Iterable[Extraction]) -> RenderableType:
    """One row for each item of each letter, and what is odd about the letters."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for name in ("letter", "item", "decision", "category", "asked", "reviewer's guidelines"):
        table.add_column(name, overflow="fold", no_wrap=name in ("decision", "category"))
    remarks: list[Text] = []
    for extraction in extractions:
        remarks += (_text(f"{extraction.id} ").append(each) for each in _remarks(extraction))
        if not extraction.record.items:
            table.add_row(_text(extraction.id), "– (no items)", end_section=True)
        for index, item in enumerate(extraction.record.items):
            asked = item.requested.model_dump(exclude_none=True)
            table.add_row(
                _text(extraction.id if index == 0 else ""),
                _text(item.description),
                _text(item.decision or "–", style=_DECISION_STYLES.get(item.decision, "")),
                item.category or "–",
                _text(", ".join(f"{name} {value}" for name, value in asked.items())),
                _text("; ".join(show_value(cited) for cited in item.reviewer_guidelines)),
                end_section=index + 1 == len(extraction.record.items),
            )
    return Group(table, *remarks)


def _title(extraction: Extraction) -> Text:
    record = extraction.record
    title = _text(record.case_number or extraction.id, style="bold")
    title.append(f"   {len(record.items)} items", style="not bold")
    if record.outcome:
        title.append(f"   {record.outcome}", style="bold cyan")
    return title


def _item_title(index: int, item: Item, extraction: Extraction) -> Text:
    title = _text(f"\n{index + 1}. {item.description}   ", style="bold")
    if item.decision:
        title.append(item.decision.upper(), style=_DECISION_STYLES[item.decision])
    proof = extraction.evidence.get(f"items[{index}].decision")
    if proof:
        title.append(_text(f"   {_place(proof)}", "not bold dim"))
    return title


def _table(values: list[Value], extraction: Extraction, prefix: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", expand=True)
    table.add_column("field", style="cyan", no_wrap=True)
    table.add_column("value", ratio=3)
    table.add_column("in the letter", style="dim", ratio=3)
    table.add_column("sure", justify="right", style="dim", no_wrap=True)
    for value in values:
        proof = extraction.evidence.get(value.path)
        table.add_row(
            _text(value.path.removeprefix(prefix)),
            _text(shorten(show_value(value.value), _VALUE_WIDTH)),
            _text(_place(proof) if proof else ""),
            show_confidence(proof.confidence) if proof else "",
        )
    return table


def _place(proof: Evidence) -> str:
    """Where the proof stands and what is printed there: `p. 2, 131: “Upheld”`."""
    page = f"p. {proof.page}, " if proof.page else ""
    return f"{page}{proof.start}: “{shorten(proof.quote, _QUOTE_WIDTH)}”"


def _text(said: str, style: str = "") -> Text:
    return Text(printable(said), style)


def _remarks(extraction: Extraction) -> Iterator[Text]:
    for doubt in extraction.doubtful:
        sure = show_confidence(doubt.evidence.confidence)
        yield _text(f"? {doubt.path}: {doubt.value} ({sure} sure, left open)", style="yellow")
    for warning in extraction.warnings:
        yield _text(f"! {warning.message}", style="yellow")
