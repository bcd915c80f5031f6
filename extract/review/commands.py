"""The command `imr review`: arguments and messages; the app does the rest."""

import getpass
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extract.options import exit_with_sentence
from extract.web.serving import (
    Host,
    HostNames,
    Port,
    TokenFile,
    listen,
    run,
    service_settings,
)
from extract.web.settings import ServiceSettings

if TYPE_CHECKING:
    from fastapi import FastAPI


def review(  # noqa: PLR0913  # a command's options
    source: Annotated[
        Path, typer.Argument(metavar="RUN|FOLDER", help="A run of imr batch, or letters.")
    ],
    reviewer: Annotated[str, typer.Option(help="Your name; by default the account's.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="Where edits and labels are kept; default SOURCE/review."),
    ] = None,
    gold: Annotated[
        Path | None, typer.Option(help="Write labels that count here; default OUT/gold.")
    ] = None,
    reviewers: Annotated[
        int, typer.Option(help="Reviewers a label needs before it counts.", min=1, max=2)
    ] = 1,
    under: Annotated[
        float, typer.Option(help="Values under this confidence are doubtful, 0 to 1.")
    ] = 0.95,
    host: Host = ServiceSettings.host,
    port: Port = ServiceSettings.port,
    token_file: TokenFile = None,
    host_name: HostNames = None,
) -> None:
    """Review letters beside their records in a browser, and make gold labels."""
    with exit_with_sentence("serve"):
        settings = service_settings(
            host=host, port=port, token_file=token_file, host_names=tuple(host_name or ())
        )
        listener = listen(settings)
    with listener:
        with exit_with_sentence("serve"):
            app = _review_app(
                source,
                settings,
                folder=out or (source if source.is_dir() else source.parent) / "review",
                reviewer=reviewer or getpass.getuser(),
                gold=gold,
                reviewers=reviewers,
                under=under,
            )
        run(app, listener, "/review/")


def _review_app(source: Path, settings: ServiceSettings, **chosen: Any) -> "FastAPI":
    from extract.review.app import create_review_app
    from extract.review.errors import ReviewSourceUnusable
    from extract.review.loading import listed_under, load
    from extract.review.review import Review, ReviewSettings

    if not source.exists():
        raise ReviewSourceUnusable(
            f"nothing is at {source}: name a run or a folder of letters"
        )
    extraction = listed_under(source, settings.extraction)
    settings = replace(settings, extraction=extraction)
    review = Review(ReviewSettings(max_bytes=extraction.max_bytes, **chosen))
    load(source, review.shelf, extraction, _tell, outputs=review.outputs)
    typer.echo(err=True)  # behind the count
    review.desks.mend()
    if not review.shelf.known():
        raise ReviewSourceUnusable(f"no letter that can be read is in {source}")
    return create_review_app(settings, review)


def _tell(count: int) -> None:
    typer.echo(f"\r{count:,} letters", err=True, nl=False)
