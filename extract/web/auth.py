"""Who is calling? Bearer tokens for programs, a session cookie for a browser.

Tokens are compared by digest, each of them every time, so that the time taken says
nothing about them. A cookie holds a random number that means nothing outside this process.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Sequence

from extract.web.settings import Token

COOKIE = "imr_session"
_MOST_SESSIONS = 1_000


class Authenticator:
    """Knows the tokens and the sessions that were opened with them."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tuple(tokens)
        self._sessions: OrderedDict[str, str] = OrderedDict()

    @property
    def is_open(self) -> bool:
        """Whether anyone may come in: no tokens were set."""
        return not self._tokens

    def holder(self, secret: str) -> str | None:
        """The name of the one who holds `secret`; `None` for a stranger."""
        digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
        name = None
        for token in self._tokens:
            if hmac.compare_digest(token.digest, digest):
                name = token.name
        return name

    def bearer(self, authorization: str) -> str | None:
        """The holder named by an `Authorization` header; `None` for a stranger."""
        scheme, _, secret = authorization.partition(" ")
        return self.holder(secret.strip()) if scheme.lower() == "bearer" else None

    def open_session(self, name: str) -> str:
        """A cookie's value for `name`; the oldest of too many sessions ends."""
        session = secrets.token_urlsafe(32)
        self._sessions[session] = name
        while len(self._sessions) > _MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def session_holder(self, session: str) -> str | None:
        """The name for whom `session` was opened; `None` for an unknown one."""
        return self._sessions.get(session)

    def close_session(self, session: str) -> None:
        """Forget `session`."""
        self._sessions.pop(session, None)
