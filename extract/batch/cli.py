"""The commands `imr batch …`: arguments, exit codes, messages."""

from pathlib import Path
from typing import Annotated

import typer

from extract.batch.default_command import DEFAULT, GroupWithDefault
from extract.errors import ExtractError
from extract.settings import MEGABYTE, Settings

app = typer.Typer(
    cls=GroupWithDefault,
    no_args_is_help=True,
    help="Extract folders of letters: `imr batch PATH... --out DIR`.",
)


@app.callback()
def batch() -> None:
    """Extract folders of letters: `imr batch PATH... --out DIR`."""


@app.command(DEFAULT)
def run(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Files, folders, quoted globs, .zip of letters, .jsonl with id and text.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the outputs.")],
    max_mb: Annotated[float, typer.Option(help="A larger letter is refused.")] = 20.0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the summary.")] = False,
) -> None:
    """Extract every letter; exit code 0 only if none failed."""
    from extract.batch.progress import make_reporter
    from extract.batch.run import run_batch

    try:
        settings = Settings(max_bytes=int(max_mb * MEGABYTE))
        summary = run_batch(paths, out, settings=settings, reporter=make_reporter(quiet=quiet))
    except ExtractError as error:
        typer.echo(f"imr batch: {error.message}", err=True)
        raise typer.Exit(2) from None
    typer.echo(
        f"{summary.letters - summary.failed:,} of {summary.letters:,} letters extracted, "
        f"{summary.items:,} items, {summary.failed:,} failed: {out}"
    )
    if summary.failed:
        typer.echo(f"Reasons: {out / 'failures.jsonl'}", err=True)
        raise typer.Exit(1)
