"""What keeps a review from being opened or kept, each with what to do.

ExtractError
└── ServiceError
    └── ReviewError
        ├── ReviewSourceUnusable     neither a run nor letters, or a letter that changed
        ├── StoreUnusable            the review's store is damaged, or of another version
        ├── ReviewBusy               another process is writing to the review
        └── ReviewNotStored          an edit or a label could not be written: a full disk, say
"""

from extract.web.errors import ServiceError


class ReviewError(ServiceError):
    """The review cannot be opened, or cannot keep what it was given."""


class ReviewSourceUnusable(ReviewError):
    """What was to be reviewed cannot be."""


class StoreUnusable(ReviewError):
    """The review's store cannot be used."""


class ReviewBusy(ReviewError):
    """Another process kept the review's store for too long."""

    status = 503


class ReviewNotStored(ReviewError):
    """An edit or a label of a review could not be written."""

    status = 507
