"""Starts the service for tests: the real application on a port of 127.0.0.1."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI

from extract.web.app import create_app
from extract.web.serving import server_config
from extract.web.settings import ServiceSettings


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of `app` while it is served."""
    config = server_config(app)
    config.port = 0
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def serving(**settings: Any) -> Iterator[httpx2.Client]:
    """A client of a service with `settings`."""
    chosen = ServiceSettings(**{"workers": 1, **settings})
    with (
        running(create_app(chosen)) as base,
        httpx2.Client(base_url=base, timeout=30) as client,
    ):
        yield client
