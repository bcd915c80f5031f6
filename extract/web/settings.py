"""What the operator of the service may choose; who may call it.

Frozen and passed down by hand. `read_tokens` is the one function that looks into the
environment, and only the command calls it.
"""

import hashlib
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from extract.settings import MEGABYTE, Settings
from extract.web.errors import ServiceSettingInvalid, TokensMissing, TokenUnusable

TOKENS_VARIABLE = "IMR_TOKENS"
"""Bearer tokens, separated by white space or commas: `alice:3f9c… bob:a71d…`."""

LEAST_TOKEN_LENGTH = 20
"""About 100 bits in base 36: out of reach of guessing over a network."""

# "alice:s3cr3t-…" or the secret alone; the characters of RFC 6750, section 2.1.
_TOKEN = re.compile(r"(?:(?P<name>[\w.@-]{1,64}):)?(?P<secret>[A-Za-z0-9._~+/=-]+)", re.ASCII)


@dataclass(frozen=True)
class Token:
    """A bearer token: who holds it, and the digest by which it is recognised."""

    name: str
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str, name: str = "token") -> "Token":
        """The token for `secret`, which itself is not kept."""
        return cls(name, hashlib.sha256(secret.encode()).digest())


def processes() -> int:
    """As many as the machine has cores."""
    return os.cpu_count() or 1


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """The choices that shape the service.

    Args:
        host: the address to listen on; beyond loopback `tokens` are required.
        port: the port; 0 lets the system choose.
        tokens: who may call; empty means anyone who reaches the address.
        host_names: names other than the address under which the service may be called.
        max_bytes: a larger request body is refused with 413.
        max_characters: a letter with more text is refused with 413.
        max_pages: a PDF with more pages is refused with 422.
        max_concurrent: requests at work or waiting; beyond it 503 at once.
        max_per_caller: the same for one caller; beyond it 429.
        timeout_s: seconds that one request may take, reading its body included.
        workers: processes that read and parse letters.
        extraction: the settings for each letter where the request names none.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    tokens: tuple[Token, ...] = ()
    host_names: tuple[str, ...] = ()
    max_bytes: int = 10 * MEGABYTE
    max_characters: int = 1_000_000
    max_pages: int = 200
    max_concurrent: int = 128
    max_per_caller: int = 96
    timeout_s: float = 30.0
    workers: int = field(default_factory=processes)
    extraction: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        """Refuse values out of range, and an address open to others without tokens."""
        for name in (
            "max_bytes",
            "max_characters",
            "max_pages",
            "max_concurrent",
            "max_per_caller",
            "timeout_s",
            "workers",
        ):
            if not 0 < getattr(self, name) < float("inf"):
                raise ServiceSettingInvalid(f"{name} must be a number above 0")
        if not 0 <= self.port <= 65535:
            raise ServiceSettingInvalid(f"port must lie between 0 and 65535, not {self.port}")
        if not is_loopback(self.host) and not self.tokens:
            raise TokensMissing(
                f"{self.host} can be reached from other machines: set bearer tokens in "
                f"{TOKENS_VARIABLE} or with --token-file, or listen on 127.0.0.1"
            )


def is_loopback(host: str) -> bool:
    """Whether `host` can be reached from this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_tokens(file: Path | None, environment: Mapping[str, str]) -> tuple[Token, ...]:
    """The bearer tokens of `file` (one a line, `#` begins a comment) and `environment`.

    Raises:
        TokenUnusable: the file cannot be read, or a token cannot be used.
    """
    stated = environment.get(TOKENS_VARIABLE, "").replace(",", " ").split()
    if file is not None:
        try:
            lines = file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise TokenUnusable(
                f"the token file {file} cannot be read: check the path and the permissions"
            ) from error
        stated += [line.split("#")[0].strip() for line in lines]
    tokens = tuple(
        _parse_token(text, number) for number, text in enumerate(filter(None, stated), 1)
    )
    names = [token.name for token in tokens]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TokenUnusable(f"two tokens have the name {twice[0]}: name each holder once")
    return tokens


def _parse_token(text: str, number: int) -> Token:
    """The token that `text` states; the message of a refusal never repeats it."""
    match = _TOKEN.fullmatch(text)
    if match is None:
        raise TokenUnusable(
            f"token {number} is malformed: write NAME:SECRET with letters, digits and ._~+/=-"
        )
    if len(match["secret"]) < LEAST_TOKEN_LENGTH:
        raise TokenUnusable(
            f"token {number} is shorter than {LEAST_TOKEN_LENGTH} characters: make one with "
            "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
        )
    return Token.of(match["secret"], match["name"] or f"token-{number}")
