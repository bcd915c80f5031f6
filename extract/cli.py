"""The `imr` command's root: extract and schema. Arguments, exit codes, messages."""

import json
import signal
import sys
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from extract.errors import ExtractError
from extract.model.commands import prompt
from extract.options import (
    LEAST_CONFIDENCE,
    MOST_MB,
    AnyMethod,
    BaseUrl,
    Concurrency,
    DryRun,
    MaxCost,
    MaxMb,
    MinConfidence,
    ModelName,
    complain,
    exit_with_sentence,
    read_file,
    read_settings,
    tell,
)
from extract.settings import Method, Settings

if TYPE_CHECKING:
    from extract.letter import Letter
    from extract.result import Extraction

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


class Format(StrEnum):
    """How `imr extract` prints."""

    CARD = "card"
    TABLE = "table"
    JSON = "json"


def _say_version(asked: bool) -> None:
    if not asked:
        return
    from importlib.metadata import version

    from extract.conclude import RULES_VERSION

    typer.echo(f"imr {version('imr-extract')}, rules {RULES_VERSION}")
    raise typer.Exit


@app.callback()
def imr(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """Independent Medical Review letters into validated, evidence-backed case records."""


@app.command()
def extract(  # noqa: PLR0913  # a command has the options that it has
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Letters, .pdf or .txt; - for stdin."),
    ],
    method: AnyMethod = None,
    print_format: Annotated[
        Format | None,
        typer.Option("--format", help="Default: card on a terminal, json when piped."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The same as --format json: JSON Lines.")
    ] = False,
    min_confidence: MinConfidence = LEAST_CONFIDENCE,
    max_mb: MaxMb = MOST_MB,
    model: ModelName = None,
    base_url: BaseUrl = None,
    concurrency: Concurrency = None,
    max_cost: MaxCost = None,
    dry_run: DryRun = False,
) -> None:
    """Extract the case record of each letter, with its evidence."""
    default = Format.CARD if sys.stdout.isatty() else Format.JSON
    with exit_with_sentence():
        settings = read_settings(
            method,
            min_confidence=min_confidence,
            max_mb=max_mb,
            model=model,
            base_url=base_url,
            concurrency=concurrency,
            max_cost=max_cost,
        )
        if dry_run:
            failures = _show_estimate(files, settings)
        else:
            chosen = Format.JSON if as_json else print_format or default
            with _wait_is_told(settings), closing(_extractions(files, settings)) as arriving:
                failures = _show(arriving, chosen)
    if failures:
        raise typer.Exit(1)


@contextmanager
def _wait_is_told(settings: Settings) -> Iterator[None]:
    """Say at the first Ctrl-C what the command still waits for; the second one ends it."""
    before = signal.getsignal(signal.SIGINT)
    is_heard = before is signal.default_int_handler  # in the background it may be ignored
    is_main = threading.current_thread() is threading.main_thread()
    if settings.resolved_method is Method.RULES or not (is_heard and is_main):
        yield
        return
    from extract.model.under_way import GRACE_S

    def say_once(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        typer.echo(
            f"imr: waiting up to {GRACE_S:g} s for the model's calls that are under way to "
            "end; Ctrl-C again ends at once",
            err=True,
        )
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, say_once)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _show(outcomes: Iterable["Extraction | ExtractError"], print_format: Format) -> int:
    """Print each extraction as it comes, each failure on stderr; how many failures."""
    if print_format is Format.TABLE:
        return _show_table(outcomes)
    failures = 0
    for outcome in outcomes:
        failures += _tell_failures(outcome)
        if isinstance(outcome, ExtractError):
            continue
        if print_format is Format.JSON:
            typer.echo(outcome.model_dump_json())
        else:
            _print_card(outcome)
    return failures


def _show_table(outcomes: Iterable["Extraction | ExtractError"]) -> int:
    """Print the extractions as a table at the end, also if the end is an interrupt."""
    failures = 0
    rows: list[Extraction] = []
    try:
        for outcome in outcomes:
            failures += _tell_failures(outcome)
            if not isinstance(outcome, ExtractError):
                rows.append(outcome)
    finally:
        if rows or sys.exc_info()[0] is None:
            _print_table(rows)
    return failures


def _tell_failures(outcome: "Extraction | ExtractError") -> int:
    """Tell on stderr what failed of a letter; how many failures."""
    if isinstance(outcome, ExtractError):
        complain(outcome)
        return 1
    failures = outcome.model.failures if outcome.model else ()
    for failure in failures:
        message = f"{failure.message}: the rules' record stands"
        tell(message, failure.reason, letter_id=outcome.id)
    return len(failures)


def _extractions(
    files: list[str], settings: Settings
) -> Generator["Extraction | ExtractError", None, None]:
    """The extraction of each file, or why there is none; one bad letter stops nothing."""
    letters = (_read(file, settings) for file in files)
    if settings.resolved_method is not Method.RULES:
        from extract.model.letters import stream_results

        yield from stream_results(letters, settings=settings)
        return
    from extract.pipeline import extract_record

    for letter in letters:
        if isinstance(letter, ExtractError):
            yield letter
            continue
        try:
            yield extract_record(letter, settings=settings)
        except ExtractError as error:
            yield error


def _read(file: str, settings: Settings) -> "Letter | ExtractError":
    try:
        return read_file(file, settings)
    except ExtractError as error:
        return error


def _show_estimate(files: list[str], settings: Settings) -> int:
    """Say what a run would send, receive and cost; how many letters cannot be read."""
    from extract.model.estimate import estimate_run

    estimate = estimate_run((_read(file, settings) for file in files), settings=settings)
    for error in estimate.unreadable:
        complain(error)
    typer.echo(estimate.sentence())
    return len(estimate.unreadable)


def _print_card(extraction: "Extraction") -> None:
    from extract.card import render_card, wide_console

    wide_console().print(render_card(extraction))


def _print_table(extractions: list["Extraction"]) -> None:
    from extract.card import render_overview, wide_console

    wide_console().print(render_overview(extractions))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the case record."""
    from schemas import CaseRecord

    typer.echo(json.dumps(CaseRecord.model_json_schema(mode="serialization"), indent=2))


app.command()(prompt)
