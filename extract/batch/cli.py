"""The commands `imr batch …`: arguments, exit codes, messages."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extract.batch.default_command import DEFAULT, GroupWithDefault
from extract.batch.kinds import EngineName, OutputFormat
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
    read_settings,
)
from extract.settings import Method, Settings

if TYPE_CHECKING:
    from extract.batch.run import Summary
    from extract.batch.status import Status

app = typer.Typer(cls=GroupWithDefault, no_args_is_help=True)

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="The run's folder.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only the summary.")]


@app.callback()
def batch() -> None:
    """Extract folders of letters: `imr batch PATH... --out DIR`."""


@app.command(DEFAULT)
def run(  # noqa: PLR0913  a command has as many options as it has
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="Files, folders, quoted globs, .zip or .tar of letters, .jsonl with id and "
            "text, .parquet or .csv with a text column.",
        ),
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="Folder for the run: its store and outputs.")],
    manifest: Annotated[
        Path | None, typer.Option(help="A file that lists paths, one a line.")
    ] = None,
    method: AnyMethod = None,
    model: ModelName = None,
    base_url: BaseUrl = None,
    concurrency: Concurrency = None,
    max_cost: MaxCost = None,
    dry_run: DryRun = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; one for each core by default.")
    ] = None,
    engine: Annotated[
        EngineName, typer.Option(help="local; or ray, for more than one machine.")
    ] = EngineName.LOCAL,
    address: Annotated[
        str | None, typer.Option(help="The Ray cluster; default: one on this machine.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try failed letters again.")
    ] = False,
    min_confidence: MinConfidence = LEAST_CONFIDENCE,
    max_mb: MaxMb = MOST_MB,
    quiet: _Quiet = False,
) -> None:
    """Extract every letter, or go on where a run was broken off; exit code 0: none failed."""
    from extract.batch.inputs import read_manifest
    from extract.batch.progress import make_reporter
    from extract.batch.run import JobOptions, run_batch

    with exit_with_sentence():
        named = [*(paths or []), *(read_manifest(manifest) if manifest else [])]
        if not named:
            raise typer.BadParameter("name a PATH or a --manifest")
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
            _show_estimate(named, out, settings, retry_failed=retry_failed)
            return
        summary = run_batch(
            named,
            out,
            settings=settings,
            options=JobOptions(
                workers=workers,
                retry_failed=retry_failed,
                engine=engine,
                address=address,
            ),
            reporter=make_reporter(quiet=quiet),
        )
    _show_summary(summary, out)


@app.command()
def status(
    run: RunFolder,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """How far a run is; works while it is at work, from any terminal."""
    from extract.batch.status import read_status

    with exit_with_sentence():
        found = read_status(run)
    if as_json:
        import json
        from dataclasses import asdict

        typer.echo(json.dumps(asdict(found)))
    else:
        _show_status(found)


@app.command()
def export(
    run: RunFolder,
    formats: Annotated[
        list[OutputFormat] | None,
        typer.Option("--format", help="May be given several times; default: jsonl."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Folder for the files; default: the run's.")
    ] = None,
    shards: Annotated[
        str | None,
        typer.Option(help="Write Parquet shards to this folder or address (s3://…) instead."),
    ] = None,
) -> None:
    """Write the outputs again from the store: all that is done so far."""
    if shards is not None:
        if to or formats:
            raise typer.BadParameter("--shards goes without --to and --format")
        if not shards.strip():
            raise typer.BadParameter("--shards needs a folder or an address")
        _export_shards(run, shards)
        return
    from extract.batch.export import export as write
    from extract.batch.status import current_digest
    from extract.batch.store import RunStore

    chosen = formats or [OutputFormat.JSONL]
    with exit_with_sentence(), ExitStack() as held:
        into_own = to is None or to.resolve() == run.resolve()
        if into_own:
            held.enter_context(_keep_out(run))
        store = held.enter_context(RunStore(run))
        if into_own:
            store.note("stage", "exporting")
        exported = write(store, current_digest(store), to or run, formats=chosen)
        if into_own:
            store.note("exported", "")  # the next start makes sure of all its outputs
    typer.echo(f"{exported.letters:,} letters, {exported.items:,} items: {to or run}")


@contextmanager
def _keep_out(run: Path) -> Iterator[None]:
    """Keep the run's own jobs from its outputs; one that is at work writes them itself."""
    from extract.batch.database import check_run
    from extract.batch.errors import RunLocked
    from extract.batch.lock import hold_lock

    check_run(run)
    try:
        with hold_lock(run):
            yield
    except RunLocked:
        raise RunLocked(
            f"the run in {run} is at work and writes its outputs when it ends: wait, or "
            "name another folder with --to"
        ) from None


def _export_shards(run: Path, address: str) -> None:
    from extract.batch.shards import export_shards
    from extract.batch.status import current_digest
    from extract.batch.store import RunStore

    with exit_with_sentence(), RunStore(run) as store:
        written = export_shards(store, current_digest(store), address)
    typer.echo(f"shards written: {written:,}, the others were there: {address}")


@app.command()
def submit(  # noqa: PLR0913  a command has as many options as it has
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="As for a run.")],
    out: Annotated[Path, typer.Option(help="Folder for the run.")],
    method: Annotated[Method, typer.Option(help="model or cascade.")] = Method.MODEL,
    model: ModelName = None,
    base_url: BaseUrl = None,
    max_mb: MaxMb = MOST_MB,
    quiet: _Quiet = False,
) -> None:
    """Hand letters to the provider's batch endpoint: half the price, within a day."""
    from extract.batch.progress import make_reporter
    from extract.batch.provider_run import submit_run

    with exit_with_sentence():
        handed_in, summary = submit_run(
            paths,
            out,
            settings=read_settings(method, max_mb=max_mb, model=model, base_url=base_url),
            reporter=make_reporter(quiet=quiet),
        )
    typer.echo(
        f"{handed_in:,} requests handed in for {summary.pending:,} letters; go on with "
        f"`imr batch poll {out}` and `imr batch collect {out}`"
    )


@app.command()
def poll(run: RunFolder, model: ModelName = None, base_url: BaseUrl = None) -> None:
    """Ask how far the batches are that were handed in."""
    from extract.batch.ledger import NOT_HANDED_IN
    from extract.batch.provider_job import UNKNOWN
    from extract.batch.provider_job import poll as ask

    with exit_with_sentence():
        states = ask(run, read_settings(Method.MODEL, model=model, base_url=base_url))
    shown = ", ".join(f"{count} {state}" for state, count in states.items())
    typer.echo(f"{run}: {shown or 'every batch is collected'}")
    if not NOT_HANDED_IN.isdisjoint(states):
        typer.echo("Some were not handed in: give `imr batch submit` again", err=True)
    if UNKNOWN in states:
        typer.echo(
            "The endpoint knows nothing of some: is it the right key and address? If so, "
            f"`imr batch collect {run} --give-up-unknown` asks again what they held",
            err=True,
        )


@app.command()
def collect(  # noqa: PLR0913  a command has as many options as it has
    run: RunFolder,
    method: Annotated[Method, typer.Option(help="As submitted.")] = Method.MODEL,
    model: ModelName = None,
    base_url: BaseUrl = None,
    by_batch: Annotated[
        bool, typer.Option("--by-batch", help="Ask again by another batch, not directly.")
    ] = False,
    give_up_unknown: Annotated[
        bool,
        typer.Option("--give-up-unknown", help="Ask again what unknown batches held."),
    ] = False,
    quiet: _Quiet = False,
) -> None:
    """Fetch finished batches, extract their letters, ask again what has to be."""
    from extract.batch.progress import make_reporter
    from extract.batch.provider_run import collect_run

    with exit_with_sentence():
        outcomes, summary = collect_run(
            run,
            settings=read_settings(method, model=model, base_url=base_url),
            reporter=make_reporter(quiet=quiet),
            by_batch=by_batch,
            give_up_unknown=give_up_unknown,
        )
    typer.echo("requests: " + ", ".join(f"{n:,} {name}" for name, n in outcomes.items()))
    _show_summary(summary, run)


def _show_estimate(
    named: list[str], out: Path, settings: Settings, *, retry_failed: bool
) -> None:
    """Say what a start would send, receive and cost; nothing is stored.

    Raises:
        typer.Exit: 1, there are letters that cannot be read; each is named.
    """
    from extract.batch.unanswered import unanswered
    from extract.model.estimate import estimate_run

    with unanswered(out, settings, retry_failed=retry_failed) as run:
        estimate = estimate_run(run.letters(named), settings=settings, has_reply=run.has_reply)
    for error in estimate.unreadable:
        complain(error)
    typer.echo(estimate.sentence())
    typer.echo(
        f"Identical letters count once, those with a result in {out} not at all; a reply that "
        "it keeps or waits for is no call."
    )
    if estimate.unreadable:
        raise typer.Exit(1)


def _show_summary(summary: "Summary", out: Path) -> None:
    typer.echo(
        f"{summary.done:,} of {summary.letters:,} letters extracted, "
        f"{summary.items:,} items, {summary.failed:,} failed: {out}"
    )
    if summary.left_out:
        typer.echo(
            f"{summary.left_out:,} letters of an earlier start are no longer inputs: their "
            "results stay in the store, but not in the outputs"
        )
    if summary.warnings:
        given = ", ".join(f"{code} {n:,}" for code, n in summary.warnings.items())
        typer.echo(f"Warnings, in the column of `cases`: {given}")
    if summary.pending:
        typer.echo(f"{summary.pending:,} letters wait for batches: `imr batch poll {out}`")
    if summary.tokens:
        cost = "" if summary.cost_usd is None else f", ${summary.cost_usd:,.2f}"
        typer.echo(f"{summary.tokens:,} tokens{cost}")
    if summary.failed:
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in summary.failures.items())
        typer.echo(f"Failed: {reasons}; see {out / 'failures.jsonl'}", err=True)
        raise typer.Exit(1)
    if summary.without_model:
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in summary.without_model.items())
        typer.echo(
            f"For some letters the rules' record stands, as the model failed: {reasons}. "
            "Ask it again with --retry-failed",
            err=True,
        )
        raise typer.Exit(1)


def _show_status(status: "Status") -> None:
    state = f"at work, {status.stage}" if status.at_work else "stopped"
    if not (status.at_work or status.pending):
        state = "finished"
    typer.echo(
        f"{status.folder}: {state}; {status.done:,} of {status.letters:,} letters done, "
        f"{status.failed:,} failed, {status.pending:,} to go"
    )
    if status.letters_per_s:
        left = status.seconds_left or 0
        typer.echo(f"{status.letters_per_s:,.0f} letters/s, {left:,.0f} s left")
    for reason, count in status.failures.items():
        typer.echo(f"  {reason}: {count:,}")
