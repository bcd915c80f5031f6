"""What every request passes before it is looked at, and every answer before it leaves.

Plain ASGI: the request gets an id; a strange host name, another site's form, a stranger
and an oversized body are refused; security headers are set; a fault of ours becomes a 500
that says nothing of the letter; the request is counted.
"""

import logging
import secrets
from collections.abc import Mapping
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extract.web.auth import COOKIE, Authenticator
from extract.web.metrics import Metrics
from extract.web.problems import Problem, render_problem
from extract.web.settings import ServiceSettings, is_loopback

log = logging.getLogger("extract.web")

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""Letters are medical: nothing of them is kept by a cache, framed, or sent elsewhere."""

OPEN_PATHS = ("/healthz", "/readyz", "/login", "/static/")
"""Paths served without a token: health checks, the login page, its static files."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInFirst(Exception):
    """A browser without a session: it is redirected to the login page at `path`."""

    def __init__(self, path: str) -> None:
        super().__init__("sign in first")
        self.path = path


class RequestGuard:
    """The outermost layer of the service."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: ServiceSettings,
        authenticator: Authenticator,
        metrics: Metrics,
        login_path: str | None,
    ) -> None:
        self.app = app
        self._settings = settings
        self._authenticator = authenticator
        self._metrics = metrics
        self._login_path = login_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        scope["request_id"] = secrets.token_hex(8)
        answer = _Answer(send, scope["request_id"])
        try:
            self._check(scope)
            await self.app(scope, self._bounded(scope, receive), answer)
        except SignInFirst as led:
            await RedirectResponse(led.path, 303)(scope, receive, answer)
        except Problem as problem:
            await answer.refuse(problem, scope, receive)
        except Exception as error:  # noqa: BLE001  # the last line: nothing may leak past it
            # The message and the traceback's values may hold letter text; the names do not.
            log.error("fault %s in request %s", type(error).__name__, scope["request_id"])
            fault = Problem(500, "Fault", "a fault of the service: quote the request id")
            await answer.refuse(fault, scope, receive)
        self._count(scope, answer.status, perf_counter() - started)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if not self._is_own_name(headers.get("host", "")):
            raise Problem(
                421, "HostUnknown", "call the service by its own name (see --host-name)"
            )
        if scope["method"] not in SAFE_METHODS and _is_from_elsewhere(headers):
            raise Problem(403, "OtherSite", "another site's page may not change anything")
        caller = self._caller(headers)
        if caller is None and not scope["path"].startswith(OPEN_PATHS):
            is_browser = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
            if is_browser and self._login_path:
                raise SignInFirst(self._login_path)
            raise Problem(
                401,
                "TokenMissing",
                "send `Authorization: Bearer` with a token of this service",
            )
        scope["caller"] = caller or (scope.get("client") or ("unknown",))[0]
        scope["holder"] = caller if not self._authenticator.is_open else None

    def _caller(self, headers: Headers) -> str | None:
        if self._authenticator.is_open:
            return "anyone"
        if authorization := headers.get("authorization"):
            return self._authenticator.bearer(authorization)
        session = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        return self._authenticator.session_holder(session)

    def _is_own_name(self, host: str) -> bool:
        """Whether `host` is this service: another site's name that leads here is not."""
        name = (host if host.endswith("]") else host.rsplit(":", 1)[0]).lower()
        own = {self._settings.host.lower(), *map(str.lower, self._settings.host_names)}
        if own & _ANY_ADDRESS and not self._settings.host_names:
            return True  # tokens are required there, and no other host's cookie is sent
        return name in own or (is_loopback(name) and any(map(is_loopback, own)))

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """`receive`, which refuses a body over the limit as soon as that shows."""
        limit = self._settings.max_bytes
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isdecimal() or int(stated) > limit:
            raise _too_large(limit)
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _too_large(limit)
            return message

        return bounded

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        log.info(
            "%s %s %d %.1f ms %s",
            method,
            route,
            status,
            seconds * 1000,
            scope["request_id"],
        )


_METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
_ANY_ADDRESS = frozenset({"0.0.0.0", "::"})


def _too_large(limit: int) -> Problem:
    return Problem(
        413, "BodyTooLarge", f"a request may have {limit:,} bytes: send one letter at a time"
    )


def _is_from_elsewhere(headers: Headers) -> bool:
    """Whether a browser sent this on behalf of another site's page."""
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host"):
        return True
    return headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}


class _Answer:
    """Sends an answer with the headers that every one carries, and remembers its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 500
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self._request_id
        await self._send(message)

    async def refuse(self, problem: Problem, scope: Scope, receive: Receive) -> None:
        """Send `problem`, unless an answer has begun already."""
        if not self.started:
            await render_problem(problem, self._request_id)(scope, receive, self)
