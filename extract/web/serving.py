"""What the commands that serve share: options, a socket to listen on, the loop that serves."""

import ctypes
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extract.errors import path_problem
from extract.web.settings import ServiceSettings, read_tokens

if TYPE_CHECKING:
    from fastapi import FastAPI
    from uvicorn import Config

Host = Annotated[str, typer.Option(help="Address; beyond loopback tokens are required.")]
Port = Annotated[int, typer.Option(help="Port; 0 lets the system choose.", min=0, max=65535)]
TokenFile = Annotated[
    Path | None,
    typer.Option(help="Bearer tokens, one NAME:SECRET a line; or set IMR_TOKENS."),
]
HostNames = Annotated[
    list[str] | None,
    typer.Option("--host-name", help="A name under which the service may be called."),
]

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def service_settings(token_file: Path | None, **chosen: Any) -> ServiceSettings:
    """The settings that were `chosen`, with the tokens of the file and the environment."""
    return ServiceSettings(tokens=read_tokens(token_file, os.environ), **chosen)


def listen(settings: ServiceSettings) -> socket.socket:
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


def server_config(app: "FastAPI") -> "Config":
    """How `app` is served."""
    from uvicorn import Config

    from extract.web.connection import IDLE_S, Connection

    return Config(
        app,
        http=Connection,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=10,
    )


def run(app: "FastAPI", listener: socket.socket, path: str) -> None:
    """Serve until told to stop; says the address once requests are answered."""
    import asyncio
    import logging

    from uvicorn import Server

    _keep_private()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    config = server_config(app)
    server = Server(config)

    async def serve() -> None:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.02)
        if server.started:
            host, port = listener.getsockname()[:2]
            name = f"[{host}]" if ":" in host else host
            typer.echo(f"serving http://{name}:{port}{path}  (Ctrl+C stops)", err=True)
        await serving

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(serve())
    if not server.started:
        sys.exit(1)


def _keep_private() -> None:
    """Let no process of the same account look into this one, and no core be dumped.

    Its memory holds letters, and its environment keys; a worker may be a stranger's by now.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
