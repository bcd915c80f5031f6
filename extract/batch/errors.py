"""What a batch job raises, and the reasons by which its failures are filed.

    ExtractError
    ├── ReadError
    │   ├── ArchiveBroken        an archive that cannot be opened or read to its end
    │   ├── MemberRefused        a member of an archive that may be a bomb or a path trick
    │   ├── LineInvalid          a line of a .jsonl file that is no letter
    │   └── LetterChanged        another content than when the run began
    └── BatchError
        └── InputMissing         a path that leads to no letter

An error of the first kind is a failure of one letter; a `BatchError` stops the run.
"""

from extract.errors import ExtractError, ReadError


class ArchiveBroken(ReadError):
    """The archive cannot be opened, or not be read to its end."""


class MemberRefused(ReadError):
    """The member of the archive looks like a bomb or a path trick."""


class LineInvalid(ReadError):
    """The line is no JSON object with a text."""


class LetterChanged(ReadError):
    """The file holds another content than when the run began."""


class BatchError(ExtractError):
    """The run cannot begin or go on; what is stored stays stored."""


class InputMissing(BatchError):
    """A path that was named leads to no letter."""
