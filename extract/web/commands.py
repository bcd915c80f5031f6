"""The commands `imr serve` and `imr review`: arguments and messages; the app does the rest."""

import getpass
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from extract.errors import ExtractError, path_problem
from extract.options import read_settings
from extract.settings import Method

if TYPE_CHECKING:
    from fastapi import FastAPI

    from extract.web.settings import ServiceSettings

_Host = Annotated[str, typer.Option(help="Address; beyond loopback tokens are required.")]
_Port = Annotated[int, typer.Option(help="Port; 0 lets the system choose.", min=0, max=65535)]
_TokenFile = Annotated[
    Path | None,
    typer.Option(help="Bearer tokens, one NAME:SECRET a line; or set IMR_TOKENS."),
]
_HostNames = Annotated[
    list[str] | None,
    typer.Option("--host-name", help="A name under which the service may be called."),
]


def serve(  # noqa: PLR0913  # a command's options
    host: _Host = "127.0.0.1",
    port: _Port = 8000,
    token_file: _TokenFile = None,
    host_name: _HostNames = None,
    method: Annotated[
        Method | None,
        typer.Option(help="If a request names none; default IMR_METHOD, or rules."),
    ] = None,
    max_mb: Annotated[float, typer.Option(help="Largest request body.")] = 10.0,
    max_pages: Annotated[int, typer.Option(help="Most pages of a PDF.")] = 200,
    max_concurrent: Annotated[
        int, typer.Option(help="Letters at work or waiting; beyond it 503.")
    ] = 128,
    max_per_caller: Annotated[
        int, typer.Option(help="The same for one caller; beyond it 429.")
    ] = 96,
    max_characters: Annotated[
        int, typer.Option(help="Most characters of a letter's text.")
    ] = 1_000_000,
    timeout: Annotated[float, typer.Option(help="Seconds for one request.")] = 30.0,
    workers: Annotated[
        int, typer.Option(help="Processes that parse; 0: one for each core.")
    ] = 0,
) -> None:
    """Serve extraction over HTTP: POST /v1/extractions."""
    with _refusing():
        from extract.web.app import create_app

        extraction = read_settings(method, max_mb=max_mb)
        settings = _service_settings(
            host=host,
            port=port,
            token_file=token_file,
            host_names=tuple(host_name or ()),
            max_bytes=extraction.max_bytes,
            max_pages=max_pages,
            max_concurrent=max_concurrent,
            max_per_caller=max_per_caller,
            max_characters=max_characters,
            timeout_s=timeout,
            workers=workers or os.cpu_count() or 1,
            extraction=extraction,
        )
        app = create_app(settings)
        listener = _listen(settings)
    with listener:
        _run(app, listener, "/v1/extractions")


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
    host: _Host = "127.0.0.1",
    port: _Port = 8000,
    token_file: _TokenFile = None,
    host_name: _HostNames = None,
) -> None:
    """Review letters beside their records in a browser, and make gold labels."""
    with _refusing():
        settings = _service_settings(
            host=host, port=port, token_file=token_file, host_names=tuple(host_name or ())
        )
        listener = _listen(settings)
    with listener:
        with _refusing():
            app = _review_app(
                source,
                settings,
                folder=out or (source if source.is_dir() else source.parent) / "review",
                reviewer=reviewer or getpass.getuser(),
                gold=gold,
                reviewers=reviewers,
                under=under,
            )
        _run(app, listener, "/review/")


def _review_app(source: Path, settings: "ServiceSettings", **chosen: Any) -> "FastAPI":
    from extract.web.review.app import create_review_app
    from extract.web.review.errors import ReviewSourceUnusable
    from extract.web.review.loading import load
    from extract.web.review.review import Review, ReviewSettings

    if not source.exists():
        raise ReviewSourceUnusable(
            f"nothing is at {source}: name a run or a folder of letters"
        )
    review = Review(ReviewSettings(**chosen))
    load(source, review.shelf, settings.extraction, _tell, outputs=review.outputs)
    typer.echo(err=True)  # behind the count
    review.desks.mend()
    if not review.shelf.known():
        raise ReviewSourceUnusable(f"no letter that can be read is in {source}")
    return create_review_app(settings, review)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say in a sentence what keeps the service from starting, and end."""
    try:
        yield
    except ExtractError as error:
        _refuse(error.message)
    except ModuleNotFoundError as error:
        _refuse(f"{error.name} is not installed: pip install 'imr-extract[serve]'")


def _service_settings(token_file: Path | None, **chosen: Any) -> "ServiceSettings":
    from extract.web.settings import ServiceSettings, read_tokens

    return ServiceSettings(tokens=read_tokens(token_file, os.environ), **chosen)


def _listen(settings: "ServiceSettings") -> socket.socket:
    """The socket to serve on, before letters are read in vain.

    Raises:
        AddressUnusable: it cannot be had.
    """
    from extract.web.errors import AddressUnusable

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server(
            (settings.host, settings.port), family=family, backlog=2048
        )
    except OSError as error:
        reason = path_problem(error).partition(" (")[0]  # what follows repeats the address
        raise AddressUnusable(
            f"cannot listen at {settings.host} port {settings.port} ({reason}): "
            "choose another with --host or --port"
        ) from error


def _tell(count: int) -> None:
    typer.echo(f"\r{count:,} letters", err=True, nl=False)


def _refuse(message: str) -> NoReturn:
    typer.echo(f"imr: {message}", err=True)
    raise typer.Exit(2)


def _run(app: "FastAPI", listener: socket.socket, path: str) -> None:
    """Serve until told to stop; says the address once requests are answered."""
    import asyncio
    import logging

    import uvicorn

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)

    async def run() -> None:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.02)
        if server.started:
            host, port = listener.getsockname()[:2]
            name = f"[{host}]" if ":" in host else host
            typer.echo(f"serving http://{name}:{port}{path}  (Ctrl+C stops)", err=True)
        await serving

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(run())
    if not server.started:
        sys.exit(1)


def mount(app: typer.Typer) -> None:
    """Add the commands to the root command."""
    app.command()(serve)
    app.command()(review)
