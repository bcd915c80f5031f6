"""What keeps the service from starting, each with a sentence that says what to do.

ExtractError
└── ServiceError
    ├── TokensMissing        an address beyond loopback without bearer tokens
    ├── TokenUnusable        a token too short, malformed, or named twice
    ├── ServiceSettingInvalid    a limit that cannot be meant
    ├── AddressUnusable          nobody can listen at the address and port
    ├── ReviewSourceUnusable     neither a run nor letters, or a letter that changed
    └── StoreUnusable            the review's store is damaged, or of another version
"""

from extract.errors import ExtractError


class ServiceError(ExtractError):
    """The service cannot start."""


class TokensMissing(ServiceError):
    """The service would be open to others without bearer tokens."""


class TokenUnusable(ServiceError):
    """A bearer token cannot be used."""


class ServiceSettingInvalid(ServiceError):
    """A setting of the service cannot be used."""


class AddressUnusable(ServiceError):
    """Nobody can listen there: the port is taken, or the address is another machine's."""


class ReviewSourceUnusable(ServiceError):
    """What was to be reviewed cannot be."""


class StoreUnusable(ServiceError):
    """The review's store cannot be used."""
