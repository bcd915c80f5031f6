"""What a caller may do with a connection before anything is known of it."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from unittest.mock import Mock

import httpx2
import pytest
from fastapi import FastAPI
from uvicorn.server import ServerState

from extract.web.connection import Connection
from extract.web.serving import server_config
from tests.extract.web.serving import serving

HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /v1/extractions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"


@contextmanager
def _connected(service: httpx2.Client) -> Iterator[socket.socket]:
    url = service.base_url
    with socket.create_connection((url.host, url.port or 80), timeout=20) as caller:
        yield caller


def _read_to_the_end(caller: socket.socket) -> bytes:
    return b"".join(iter(lambda: caller.recv(65_536), b""))


@pytest.mark.parametrize("sent", [b"", b"GET /hea", HEAD, b"\r\n", HEAD + b"\r\n"])
def test_a_connection_without_a_request_is_closed(
    monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr("extract.web.connection.IDLE_S", 0.3)
    with serving() as service, _connected(service) as caller:
        caller.sendall(sent)
        answers = _read_to_the_end(caller).count(b"HTTP/1.1 200")
    assert answers == sent.endswith(b"\r\n\r\n")


def test_a_head_is_not_waited_for_drop_by_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.web.connection.IDLE_S", 0.3)
    with serving() as service, _connected(service) as caller, suppress(ConnectionError):
        for byte in HEAD * 20:
            caller.sendall(bytes([byte]))
            time.sleep(0.02)
        pytest.fail("all of it was taken")


@pytest.mark.parametrize("before", [b"", HEAD + b"\r\n"])
def test_a_letter_may_take_longer_than_a_head(
    monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    monkeypatch.setattr("extract.web.connection.IDLE_S", 0.3)
    with serving() as service, _connected(service) as caller:
        post = POST + b"Connection: close\r\nContent-Length: 20\r\n\r\nMRI:"
        caller.sendall(before + post)
        time.sleep(0.6)
        caller.sendall(b" is not needed..")
        answers = _read_to_the_end(caller).count(b"HTTP/1.1 200")
    assert answers == 1 + bool(before)


@pytest.mark.parametrize("begun", [b"", HEAD + b"\r\n"])
@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"])
def test_a_head_without_end_is_refused(
    service: httpx2.Client, begun: bytes, end: bytes
) -> None:
    with _connected(service) as caller:
        caller.sendall(begun)
        if begun:
            assert caller.recv(65_536).startswith(b"HTTP/1.1 200")
        caller.sendall(HEAD + b"X: " + b"x" * 5_000_000 + end)
        answer = _read_to_the_end(caller)
    _, refused, answer = answer.partition(b"HTTP/1.1 431 ")
    assert refused
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"] == "urn:imr:HeadTooLarge"


def test_what_follows_a_body_has_an_end_too(service: httpx2.Client) -> None:
    with _connected(service) as caller, suppress(ConnectionError):
        caller.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: ")
        for _ in range(100):
            caller.sendall(b"x" * 100_000)
        pytest.fail("all of it was taken")


def test_requests_in_a_row_and_large_bodies_are_answered(service: httpx2.Client) -> None:
    letter = b"MRI: Upheld\n".ljust(900_000)
    post = POST + b"Content-Length: %d\r\n\r\n" % len(letter) + letter
    last = HEAD + b"X: " + b"x" * 50_000 + b"\r\nConnection: close\r\n\r\n"
    with _connected(service) as caller:
        caller.sendall(post + HEAD + b"\r\n" + post + last)
        assert _read_to_the_end(caller).count(b"HTTP/1.1 200") == 4


def test_no_more_requests_are_kept_waiting_than_a_few(service: httpx2.Client) -> None:
    answers = b""
    with _connected(service) as caller, suppress(ConnectionError):
        caller.sendall((HEAD + b"\r\n") * 1_000)
        answers = _read_to_the_end(caller)
    assert answers.count(b"HTTP/1.1 200") < 20


@pytest.mark.parametrize("is_read", [True, False])
def test_an_answer_that_is_not_read_is_given_up(
    monkeypatch: pytest.MonkeyPatch, is_read: bool
) -> None:
    monkeypatch.setattr("extract.web.connection.UNREAD_S", 0.01)

    async def wait() -> None:
        transport = Mock(get_extra_info=Mock(return_value=None))
        connection = Connection(server_config(FastAPI()), ServerState(), {})
        connection.connection_made(transport)
        connection.pause_writing()
        if is_read:
            connection.resume_writing()
        await asyncio.sleep(0.1)
        assert transport.abort.called is not is_read
        connection.connection_lost(None)

    asyncio.run(wait())
