"""What a batch job raises, and the reasons by which its failures are filed.

    ExtractError
    ├── ReadError
    │   ├── ArchiveBroken        a container that cannot be opened or read to its end
    │   ├── MemberRefused        a member of an archive that may be a bomb or a path trick
    │   ├── LineInvalid          a line or row that is no letter
    │   └── LetterChanged        another content than when the run began
    ├── WorkFailed               besides those of `extract.errors`
    │   ├── WorkerLost           its worker process died, twice
    │   └── LetterTimedOut       took longer than a letter may, twice
    └── BatchError
        ├── InputMissing         a path that leads to no letter
        ├── RunLocked            another run is at work in the folder
        ├── NoRun                a folder without a run
        ├── StoreUnknown         a store of a newer version, or no store at all
        ├── StoreFailed          the store cannot be written: disk full, say
        ├── BudgetExhausted      the budget does not allow another call
        ├── ModelAway            the endpoint asks to come back much later
        ├── ProviderFailed       the batch endpoint did not do what it was asked
        │   └── ProviderBatchUnknown it knows no batch or file of this name
        ├── WorkersCannotStart   worker processes die before they begin
        ├── ClusterUnusable      the Ray cluster cannot be joined, or cannot do the work
        ├── RunStopped           by SIGINT or SIGTERM; exits with 128 and its number (`stop`)
        └── Postponed            a question that waits for a batch (`recall`)

A `ReadError` or `WorkFailed` is a failure of one letter; a `BatchError` stops the run, but for
`Postponed`, at which the way of one letter ends for the time. A name in brackets is the module
in which the class stands, if not in this one.
"""

from extract.errors import ExtractError, ReadError, WorkFailed


class ArchiveBroken(ReadError):
    """The container cannot be opened, or not be read to its end."""


class MemberRefused(ReadError):
    """The member of the archive looks like a bomb or a path trick."""


class LineInvalid(ReadError):
    """The line or row holds no text."""


class LetterChanged(ReadError):
    """The file holds another content than when the run began."""


class WorkerLost(WorkFailed):
    """The worker process died over the letter, twice."""


class LetterTimedOut(WorkFailed):
    """The letter took longer than a letter may, twice."""


class BatchError(ExtractError):
    """The run cannot begin or go on; what is stored stays stored."""


class InputMissing(BatchError):
    """A path that was named leads to no letter."""


class RunLocked(BatchError):
    """Another run is at work in the folder."""


class NoRun(BatchError):
    """The folder holds no run."""


class StoreUnknown(BatchError):
    """The store is of a newer version, or no store at all."""


class StoreFailed(BatchError):
    """The store or an output cannot be written."""


class BudgetExhausted(BatchError):
    """The budget does not allow another call."""


class ModelAway(BatchError):
    """The endpoint asks for a longer pause than a call is waited for: start again then."""


class ProviderFailed(BatchError):
    """The provider's batch endpoint did not do what it was asked."""


class ProviderBatchUnknown(ProviderFailed):
    """The provider's batch endpoint knows no batch or file of this name."""


class WorkersCannotStart(BatchError):
    """Worker processes die before they begin."""


class ClusterUnusable(BatchError):
    """The Ray cluster cannot be joined, or its nodes cannot do the work."""
