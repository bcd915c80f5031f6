"""The command `imr serve`: arguments and messages; the app does the rest."""

from typing import Annotated

import typer

from extract.options import exit_with_sentence, read_settings
from extract.settings import MEGABYTE, Method
from extract.web.serving import (
    Host,
    HostNames,
    Port,
    TokenFile,
    listen,
    run,
    service_settings,
)
from extract.web.settings import ServiceSettings, processes


def serve(  # noqa: PLR0913  # a command's options
    host: Host = ServiceSettings.host,
    port: Port = ServiceSettings.port,
    token_file: TokenFile = None,
    host_name: HostNames = None,
    method: Annotated[
        Method | None,
        typer.Option(help="If a request names none; default IMR_METHOD, or rules."),
    ] = None,
    max_mb: Annotated[float, typer.Option(help="Largest request body.")] = (
        ServiceSettings.max_bytes / MEGABYTE
    ),
    max_pages: Annotated[
        int, typer.Option(help="Most pages of a PDF.")
    ] = ServiceSettings.max_pages,
    max_concurrent: Annotated[
        int, typer.Option(help="Letters at work or waiting; beyond it 503.")
    ] = ServiceSettings.max_concurrent,
    max_per_caller: Annotated[
        int, typer.Option(help="The same for one caller; beyond it 429.")
    ] = ServiceSettings.max_per_caller,
    max_characters: Annotated[
        int, typer.Option(help="Most characters of a letter's text.")
    ] = ServiceSettings.max_characters,
    timeout: Annotated[
        float, typer.Option(help="Seconds for one request.")
    ] = ServiceSettings.timeout_s,
    workers: Annotated[
        int, typer.Option(help="Processes that parse; 0: one for each core.")
    ] = 0,
) -> None:
    """Serve extraction over HTTP: POST /v1/extractions."""
    with exit_with_sentence("serve"):
        from extract.web.app import create_app

        extraction = read_settings(method, max_mb=max_mb)
        settings = service_settings(
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
            workers=workers or processes(),
            extraction=extraction,
        )
        app = create_app(settings)
        listener = listen(settings)
    with listener:
        run(app, listener, "/v1/extractions")
