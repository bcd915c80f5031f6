"""The command `imr outcomes RUN`: what people run a batch for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extract.batch.cli import RunFolder
from extract.options import exit_with_sentence
from extract.outcomes.grouping import Grouping

if TYPE_CHECKING:
    from rich.console import Console

    from extract.outcomes.figures import Figures

_PIPED_WIDTH = 160
"""Columns for a file or a pipe: enough that no number is cut."""


def outcomes(
    run: RunFolder,
    by: Annotated[
        list[Grouping] | None, typer.Option(help="Show these tables only; all by default.")
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(help="Folder for outcomes.csv and visits.csv, with all rows."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="File for a page with plots that needs nothing else.")
    ] = None,
) -> None:
    """Show how many items were overturned, by what, and therapy in visits."""
    from extract.card import wide_console

    if html and (html.is_dir() or not html.name):
        raise typer.BadParameter(f"--html {html} is a folder: name a file")
    if csv and csv.exists() and not csv.is_dir():
        raise typer.BadParameter(f"--csv {csv} is a file: name a folder")
    with exit_with_sentence():
        figures, pending = _read(run)
        if pending:
            said = f"{pending:,} letters are not done yet; the others are no random sample"
            typer.echo(f"imr: {said}", err=True)
        if csv:
            _write_csv(figures, csv)
        if html:
            _write_page(figures, html, run)
    _show(figures, by or list(Grouping), wide_console(_PIPED_WIDTH))


def _read(run: Path) -> tuple["Figures", int]:
    """The figures of the letters that are done, and how many are not."""
    import json

    from extract.batch.export import record_in
    from extract.batch.packing import unpack
    from extract.batch.status import current_digest
    from extract.batch.store import RunStore
    from extract.outcomes.figures import Figures

    figures = Figures()
    with RunStore(run) as store:
        digest = current_digest(store)
        for stored in store.results(digest):
            figures.add(json.loads(record_in(unpack(stored.body))))
        return figures, store.counts(digest).pending


def _write_csv(figures: "Figures", folder: Path) -> None:
    from extract.batch.export import output_errors
    from extract.files import moved_into_place
    from extract.outcomes.csv_file import write_csv, write_visits_csv

    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with moved_into_place(folder / "outcomes.csv", "w") as file:
            write_csv(figures, file)
        with moved_into_place(folder / "visits.csv", "w") as file:
            write_visits_csv(figures, file)


def _write_page(figures: "Figures", path: Path, run: Path) -> None:
    from extract.batch.export import output_errors
    from extract.files import moved_into_place
    from extract.outcomes.page import render_page

    with output_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with moved_into_place(path, "w") as file:
            file.write(render_page(figures, f"IMR outcomes: {run.name}"))


def _show(figures: "Figures", groupings: list[Grouping], console: "Console") -> None:
    from extract.outcomes.page import share_in_words

    console.print(
        f"{figures.letters:,} letters, {figures.items:,} items, "
        f"{figures.undecided:,} without a decision; overturned, in whole or in part: "
        f"{share_in_words(figures.overall())}",
        soft_wrap=True,
    )
    for grouping in groupings:
        console.print(_share_table(figures, grouping))
    console.print(_visits_table(figures))


def _share_table(figures: "Figures", grouping: Grouping) -> object:
    from rich.table import Table
    from rich.text import Text

    from extract.outcomes.figures import COUNTED
    from extract.outcomes.page import interval_in_words, readable
    from extract.show import show_share

    table = Table(grouping, title=COUNTED[grouping].title, title_justify="left")
    for heading in ("items", "overturned", "share", "95 % interval"):
        table.add_column(heading, justify="right")
    for value, share in figures.rows(grouping):
        table.add_row(
            Text(readable(value)),  # a specialty is as the letter prints it
            f"{share.whole:,}",
            f"{share.part:,}",
            f"{show_share(share.share)} %",
            interval_in_words(share),
        )
    return table


def _visits_table(figures: "Figures") -> object:
    from rich.table import Table

    from extract.outcomes.page import readable, share_in_words, spread_in_words

    table = Table(
        "therapy", title="Therapy in visits: median (quartiles)", title_justify="left"
    )
    for heading in ("requested", "prior", "guideline supports", "within it", "beyond it"):
        table.add_column(heading, justify="right")
    for visits in figures.visits():
        table.add_row(
            readable(visits.category),
            spread_in_words(visits.requested),
            spread_in_words(visits.prior),
            spread_in_words(visits.supported),
            share_in_words(visits.within),
            share_in_words(visits.beyond),
        )
    return table
