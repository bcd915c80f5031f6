"""What keeps the service from starting, each with what to do, and what it refuses of its own.

    ExtractError
    ├── ReadError
    │   └── LetterTooLarge
    │       └── TooManyPages         a PDF of more pages than the service takes (`worker`)
    └── ServiceError
        ├── TokensMissing            an address beyond loopback without bearer tokens
        ├── TokenUnusable            a token too short, malformed, or named twice
        ├── ServiceSettingInvalid    a limit that cannot be meant
        └── AddressUnusable          nobody can listen at the address and port

The review's own errors stand in `extract.review.errors`.
"""

from typing import ClassVar

from extract.errors import ExtractError


class ServiceError(ExtractError):
    """The service cannot start, or cannot do what it was asked."""

    status: ClassVar[int] = 422
    """The HTTP status, where a request meets it."""


class TokensMissing(ServiceError):
    """The service would be open to others without bearer tokens."""


class TokenUnusable(ServiceError):
    """A bearer token cannot be used."""


class ServiceSettingInvalid(ServiceError):
    """A setting of the service cannot be used."""


class AddressUnusable(ServiceError):
    """Nobody can listen there: the port is taken, or the address is another machine's."""
