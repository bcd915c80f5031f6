"""A caller's connection: heads are small, few and come soon, answers are read; or it ends.

Else one caller, before any token is looked at, could hold all connections open with nothing
on them, or have the service collect headers, requests or answers without end.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from extract.web.problems import Problem, render_problem

IDLE_S = 15
"""How long a connection may be without a request whose head has come."""

MOST_HEAD_BYTES = 65_536
"""How much may come before a head is complete, or behind it that is no body: 64 KB, and what
of a complete one comes at once."""

MOST_WAITING = 16
"""How many requests may wait behind the one that is answered."""

UNREAD_S = 30
"""How long an answer may wait to be read."""

_LINGER_S = 2
"""How long the rest of a refused head is taken and forgotten, so that the answer is read."""


class Connection(HttpToolsProtocol):
    """One connection, as uvicorn makes it for each caller."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._outside_bodies = 0  # bytes since the last head, or piece of a body
        self._idle: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request from now on."""
        super().connection_made(transport)
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)  # which resumes writing

    def data_received(self, data: bytes) -> None:
        """Take what came; refuse a head that is too large."""
        if self._is_refused:
            return
        self._outside_bodies += len(data)
        super().data_received(data)
        if self._outside_bodies > MOST_HEAD_BYTES and not self.transport.is_closing():
            self._refuse_head()

    def on_headers_complete(self) -> None:
        """Begin with the request: its head has come.

        Raises:
            OverflowError: too many wait; whoever parses then gives up, and the base class
                with the connection.
        """
        self._outside_bodies = 0
        self._stop_waiting()
        if len(self.pipeline) == MOST_WAITING:
            self.transport.abort()
            raise OverflowError("too many requests wait")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._outside_bodies = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it is here already."""
        super().on_response_complete()
        if self.cycle.response_complete:
            self._expect_request()

    def pause_writing(self) -> None:
        """Wait for the caller to read what was sent."""
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it was read."""
        super().resume_writing()
        if self._unread:
            self._unread.cancel()

    def _expect_request(self) -> None:
        self._stop_waiting()
        self._idle = self.loop.call_later(IDLE_S, self._end)

    def _stop_waiting(self) -> None:
        if self._idle:
            self._idle.cancel()

    def _end(self) -> None:
        """Close the connection when what was sent is read, or is not."""
        self.transport.close()
        self.loop.call_later(UNREAD_S, self.transport.abort)

    def _refuse_head(self) -> None:
        self._is_refused = True
        if self.cycle and not self.cycle.response_complete:  # an answer is under way
            self._end()
            return
        problem = Problem(
            431,
            "HeadTooLarge",
            f"a request's head may have {MOST_HEAD_BYTES:,} bytes: send a letter as body",
        )
        answer = render_problem(problem, None)
        head = [b"%s: %s\r\n" % header for header in answer.raw_headers]
        parts = [STATUS_LINE[431], *head, b"Connection: close\r\n\r\n", answer.body]
        self.transport.write(b"".join(parts))
        self.loop.call_later(_LINGER_S, self._end)
