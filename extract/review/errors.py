"""What keeps a review from being opened or kept, and what it refuses to do.

    ServiceError
    ├── ReviewError
    │   ├── ReviewSourceUnusable     neither a run nor letters, or a letter that changed
    │   ├── StoreUnusable            the review's store is damaged, or of another version
    │   ├── ReviewBusy               another process is writing to the review
    │   └── ReviewNotStored          an edit or a label could not be written: a full disk, say
    └── ReviewRefused
        ├── EditRefused              an edit that cannot be made (`edits`)
        ├── ValueUnusable            a value that does not fit its field (`form`)
        ├── Outdated                 an edit of a state that is not the newest (`store`)
        ├── NothingToUndo            no edit is left to take back (`desk`)
        ├── LabelInvalid             a sheet that is no record yet (`desk`)
        ├── LabelTaken               a label that another program wrote (`labels`)
        ├── CannotSettle             nothing to settle, or not this (`settling`)
        └── TasksUnusable            no file of Label Studio to take in (`label_studio`)

A name in brackets is the module in which the class stands, if not in this one.
"""

from extract.web.errors import ServiceError


class ReviewError(ServiceError):
    """The review cannot be opened, or cannot keep what it was given."""


class ReviewRefused(ServiceError):
    """What a reviewer asked for cannot be done as things are."""


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
