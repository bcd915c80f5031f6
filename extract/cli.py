"""The `imr` command's root: extract and schema. Arguments, exit codes, messages."""

import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extract.errors import ExtractError
from extract.model.commands import (
    BaseUrl,
    Concurrency,
    DryRun,
    MaxCost,
    ModelName,
    print_estimate,
    prompt,
    with_model_options,
)
from extract.settings import Method, Settings, megabytes

if TYPE_CHECKING:
    from extract.result import Extraction

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

STDIN = "-"


class Format(StrEnum):
    """How `imr extract` prints."""

    CARD = "card"
    TABLE = "table"
    JSON = "json"


@app.callback()
def imr() -> None:
    """Independent Medical Review letters into validated, evidence-backed case records."""


@app.command()
def extract(  # noqa: PLR0913  # a command has the options that it has
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Letters, .pdf or .txt; - for stdin."),
    ],
    method: Annotated[Method, typer.Option(help="How fields are found.")] = Method.RULES,
    layout: Annotated[
        Format | None,
        typer.Option("--format", help="Default: card on a terminal, json when piped."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The same as --format json: JSON Lines.")
    ] = False,
    min_confidence: Annotated[
        float, typer.Option(help="Leave values under it open, as doubtful; 0 to 1.")
    ] = 0.0,
    max_mb: Annotated[float, typer.Option(help="Refuse a larger letter.")] = 20.0,
    model: ModelName = None,
    base_url: BaseUrl = None,
    concurrency: Concurrency = None,
    max_cost: MaxCost = None,
    dry_run: DryRun = False,
) -> None:
    """Extract the case record of each letter, with its evidence."""
    default = Format.CARD if sys.stdout.isatty() else Format.JSON
    try:
        settings = with_model_options(
            Settings(
                method=method, min_confidence=min_confidence, max_bytes=megabytes(max_mb)
            ),
            model=model,
            base_url=base_url,
            concurrency=concurrency,
            max_cost=max_cost,
        )
        if dry_run:
            print_estimate([Path(file) for file in files], settings)
            return
        failures = _show(
            _extractions(files, settings), Format.JSON if as_json else layout or default
        )
    except ExtractError as error:
        _complain(error)
        raise typer.Exit(2) from None
    if failures:
        raise typer.Exit(1)


def _show(outcomes: Iterable["Extraction | ExtractError"], layout: Format) -> int:
    """Print each extraction as it comes, each failure on stderr; how many failed."""
    failures = 0
    rows: list[Extraction] = []
    for outcome in outcomes:
        if isinstance(outcome, ExtractError):
            _complain(outcome)
            failures += 1
        elif layout is Format.JSON:
            typer.echo(outcome.model_dump_json())
        elif layout is Format.CARD:
            _print_card(outcome)
        else:
            rows.append(outcome)
    if layout is Format.TABLE:
        _print_table(rows)
    return failures


def _extractions(
    files: list[str], settings: Settings
) -> Iterator["Extraction | ExtractError"]:
    """The extraction of each file, or why there is none; one bad letter stops nothing."""
    from extract.letter import read_letter
    from extract.pipeline import extract_record

    if settings.resolved_method is not Method.RULES:
        from extract.model.letters import outcomes

        yield from outcomes(map(_source, files), settings=settings)
        return
    for file in files:
        try:
            if file == STDIN:
                data = sys.stdin.buffer.read(settings.max_bytes + 1)
                letter = read_letter(data, settings=settings, letter_id="stdin")
            else:
                letter = read_letter(Path(file), settings=settings)
            yield extract_record(letter, settings=settings)
        except ExtractError as error:
            yield error


def _source(file: str) -> Path | bytes:
    return sys.stdin.buffer.read() if file == STDIN else Path(file)


def _complain(error: ExtractError) -> None:
    name = f"{error.letter_id}: " if error.letter_id else ""
    typer.echo(f"imr: {name}{error.message} [{error.reason}]", err=True)


def _print_card(extraction: "Extraction") -> None:
    from rich.console import Console

    from extract.card import render_card

    Console().print(render_card(extraction))


def _print_table(extractions: list["Extraction"]) -> None:
    from rich.console import Console

    from extract.card import render_overview

    Console().print(render_overview(extractions))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the case record."""
    from schemas import CaseRecord

    typer.echo(json.dumps(CaseRecord.model_json_schema(mode="serialization"), indent=2))


app.command()(prompt)
