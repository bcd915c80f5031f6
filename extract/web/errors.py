"""What keeps the service from starting or a review from being kept, each with what to do.

ExtractError
└── ServiceError
    ├── TokensMissing        an address beyond loopback without bearer tokens
    ├── TokenUnusable        a token too short, malformed, or named twice
    ├── ServiceSettingInvalid    a limit that cannot be meant
    ├── AddressUnusable          nobody can listen at the address and port
    ├── ReviewSourceUnusable     neither a run nor letters, or a letter that changed
    ├── StoreUnusable            the review's store is damaged, or of another version
    ├── ReviewBusy               another process is writing to the review
    └── ReviewNotStored          an edit or a label could not be written: the disk is full, say
"""

from extract.errors import ExtractError


class ServiceError(ExtractError):
    """The service cannot start, or cannot keep what it was given."""


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


class ReviewBusy(ServiceError):
    """Another process kept the review's store for too long."""


class ReviewNotStored(ServiceError):
    """An edit or a label of a review could not be written."""
