"""What the commands share: options, settings, FILE arguments, how they end over an error."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from extract.errors import ExtractError, ExtraMissing, SettingsInvalid
from extract.settings import MEGABYTE, Method, Settings, from_env, megabytes

if TYPE_CHECKING:
    from extract.letter import Letter

ModelName = Annotated[
    str | None, typer.Option("--model", help="The model to ask; default: IMR_MODEL.")
]
BaseUrl = Annotated[
    str | None, typer.Option(help="Its endpoint, ending in /v1; default: OPENAI_BASE_URL.")
]
Concurrency = Annotated[int | None, typer.Option(help="The most calls under way.")]
MaxCost = Annotated[
    float | None, typer.Option(help="Make no call that could bring the run over it, in USD.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what a run would send and cost.")
]
AnyMethod = Annotated[
    Method | None, typer.Option(help="How fields are found; default: IMR_METHOD or rules.")
]
MinConfidence = Annotated[
    float, typer.Option(help="Leave values under it open, as doubtful; 0 to 1.")
]
MaxMb = Annotated[float, typer.Option(help="Refuse a larger letter.")]

LEAST_CONFIDENCE = Settings.min_confidence
MOST_MB = Settings.max_bytes / MEGABYTE
"""What these options are where they are not given."""

STDIN = "-"


def read_settings(  # noqa: PLR0913  # as many as a command has options
    method: Method | None = None,
    *,
    min_confidence: float = LEAST_CONFIDENCE,
    max_mb: float = MOST_MB,
    model: str | None = None,
    base_url: str | None = None,
    concurrency: int | None = None,
    max_cost: float | None = None,
) -> Settings:
    """The settings of the environment, with those of the command line over them.

    Raises:
        SettingsInvalid: a variable or an option cannot be used, or is for models only.
    """
    settings = from_env({**os.environ, **({"IMR_MODEL": model} if model else {})})
    settings = replace(
        settings,
        method=method or settings.method,
        min_confidence=min_confidence,
        max_bytes=megabytes(max_mb),
    )
    given: dict[str, Any] = {
        "base_url": base_url,
        "concurrency": concurrency,
        "max_cost_usd": max_cost,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    if (model or chosen) and settings.resolved_method is Method.RULES:
        raise SettingsInvalid(
            "--model and the options of a model need a method that asks one, and a model: "
            "add --method model or --method cascade, and name it (--model, IMR_MODEL)"
        )
    if settings.model and chosen:
        return replace(settings, model=replace(settings.model, **chosen))
    return settings


def read_file(file: str, settings: Settings) -> "Letter":
    """The letter of a FILE argument; `-` is standard input.

    Raises:
        ReadError: it cannot be read.
    """
    from extract.letter import read_letter

    if file == STDIN:
        data = sys.stdin.buffer.read(settings.max_bytes + 1)
        return read_letter(data, settings=settings, letter_id="stdin")
    return read_letter(Path(file), settings=settings)


@contextmanager
def exit_with_sentence(extra: str = "") -> Iterator[None]:
    """End a command over an error: with its sentence on stderr, and its exit code.

    Args:
        extra: the optional part that a missing library belongs to.
    """
    try:
        yield
    except ExtractError as error:
        _end(error)
    except ModuleNotFoundError as error:
        if not extra:
            raise
        advice = f"pip install 'imr-extract[{extra}]'"
        _end(ExtraMissing(f"{error.name} is not installed: {advice}"))


def _end(error: ExtractError) -> NoReturn:
    complain(error)
    raise typer.Exit(error.exit_code) from None


def complain(error: ExtractError) -> None:
    """Say on stderr what went wrong, behind the first line whatever more there is."""
    tell(str(error), error.reason, letter_id=error.letter_id)


def tell(message: str, reason: str, *, letter_id: str | None = None) -> None:
    """Say on stderr what went wrong: `imr: LETTER: message [Reason]`."""
    from extract.show import printable

    name = f"{letter_id}: ".replace("\n", "\\n") if letter_id else ""
    sentence, line_feed, details = message.partition("\n")
    said = f"imr: {name}{sentence} [{reason}]{line_feed}{details}"
    typer.echo(printable(said), err=True)
