"""The commands `imr batch …`: arguments, exit codes, messages."""

from collections.abc import Iterator
from contextlib import contextmanager
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
    out: Annotated[Path, typer.Option(help="Folder for the run: its store and outputs.")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; one for each core by default.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try failed letters again.")
    ] = False,
    max_mb: Annotated[float, typer.Option(help="A larger letter is refused.")] = 20.0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the summary.")] = False,
) -> None:
    """Extract every letter, or go on where a run was broken off; exit code 0: none failed."""
    from extract.batch.progress import make_reporter
    from extract.batch.run import JobOptions, run_batch

    with exit_with_sentence():
        summary = run_batch(
            paths,
            out,
            settings=Settings(max_bytes=int(max_mb * MEGABYTE)),
            options=JobOptions(workers=workers, retry_failed=retry_failed),
            reporter=make_reporter(quiet=quiet),
        )
    typer.echo(
        f"{summary.done:,} of {summary.letters:,} letters extracted, "
        f"{summary.items:,} items, {summary.failed:,} failed: {out}"
    )
    if summary.failed:
        typer.echo(f"Reasons: {out / 'failures.jsonl'}", err=True)
        raise typer.Exit(1)


@contextmanager
def exit_with_sentence() -> Iterator[None]:
    """End with the error's sentence: code 2, or 128 and the signal that stopped the run."""
    from extract.batch.stop import RunStopped

    try:
        yield
    except RunStopped as stopped:
        typer.echo(f"imr batch: {stopped.message}", err=True)
        raise typer.Exit(128 + stopped.signal_number) from None
    except ExtractError as error:
        typer.echo(f"imr batch: {error.message}", err=True)
        raise typer.Exit(2) from None
