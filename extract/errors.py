"""Everything that extraction raises.

    ExtractError
    ├── ReadError                the letter cannot be read
    │   ├── LetterNotFound           no file at this path
    │   ├── LetterIsFolder           a folder where a file was expected
    │   ├── LetterIsPath             a str that names a file, where a text was expected
    │   ├── LetterUnreadable         the system refused to hand the file over
    │   ├── LetterEmpty              nothing but white space
    │   ├── LetterTooLarge           over the size limit
    │   ├── NotText                  neither PDF nor text: binary junk
    │   ├── PdfBroken                a PDF that cannot be parsed
    │   ├── PdfEncrypted             a PDF that needs a password
    │   └── TextLayerMissing         a scanned PDF: run OCR first
    ├── WorkFailed               the letter was read, and its extraction broke
    │   ├── ExtractorFailed          a bug of ours: carries its class and place alone
    │   └── LetterOutOfMemory        needed more memory than there is
    ├── SettingsInvalid          a setting that cannot be used
    ├── ExtraMissing             an optional part that is not installed
    ├── ModelError               one letter's call came to nothing: its rules' record stands
    │   ├── EndpointBusy             429 until the patience was spent
    │   │   └── EndpointClosed       it asks for a longer pause than that
    │   ├── EndpointFailing          5xx until the patience was spent
    │   ├── EndpointUnreachable      no connection, or one that broke
    │   ├── EndpointSlow             no whole reply within the time-out
    │   ├── EndpointTalksOtherwise   a reply that is no chat completion
    │   ├── RequestRefused           400: this request is not taken
    │   ├── LetterTooLong            more than the model can read at once
    │   ├── ReplyRoomRefused         more room for the reply than the endpoint gives
    │   ├── ReplyTruncated           the reply is longer than it may be
    │   ├── ReplyRefused             the model declined to answer
    │   ├── ReplyFiltered            the provider's content filter cut the reply
    │   ├── ReplyEmpty               a reply without content
    │   ├── ReplyNotJson             a reply that is no JSON
    │   └── BudgetSpent              a call that could exceed the budget was not made
    └── ModelUnusable            no letter's call can succeed: the run stops
        ├── NoModel                  no model was named
        ├── AuthenticationFailed     the key is missing, wrong or not allowed this
        ├── ModelUnknown             the endpoint has no such model
        ├── EndpointUnknown          nothing that speaks the protocol at this address
        ├── QuotaSpent               the account has no money left
        └── PriceUnknown             a budget in money, and no price to count with

An error carries the letter's id and says what to do. It never carries letter text.
"""

import traceback
from pathlib import Path


class ExtractError(Exception):
    """The root: catch it to catch all that extraction raises.

    Args:
        message: one sentence on what is wrong and what to do about it.
        letter_id: the letter concerned, `None` before a letter is known.
    """

    exit_code = 2
    """What a command that it ends exits with: 1 if a letter failed, else 2."""

    def __init__(self, message: str, *, letter_id: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.letter_id = letter_id

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the id, so that an error survives the way between processes."""
        return _rebuild, (type(self), self.message, self.letter_id)

    @property
    def reason(self) -> str:
        """The class's name, by which a failure is filed: `LetterEmpty`."""
        return type(self).__name__


def _rebuild(kind: type[ExtractError], message: str, letter_id: str | None) -> ExtractError:
    return kind(message, letter_id=letter_id)


def path_problem(error: Exception) -> str:
    """Why the system does not take a path, in its own words if it has any."""
    return getattr(error, "strerror", None) or "the path cannot be used"


class ReadError(ExtractError):
    """The letter cannot be read."""

    exit_code = 1


class LetterNotFound(ReadError):
    """No file stands at the path."""


class LetterIsFolder(ReadError):
    """The path names a folder where a file was expected."""


class LetterIsPath(ReadError):
    """The text is a file's path where the letter's words were expected."""


class LetterUnreadable(ReadError):
    """The system refused to hand the file over."""


class LetterEmpty(ReadError):
    """The letter holds nothing but white space."""


class LetterTooLarge(ReadError):
    """The letter is over the size limit."""


class NotText(ReadError):
    """The contents are neither a PDF nor a text."""


class PdfBroken(ReadError):
    """The PDF cannot be parsed."""


class PdfEncrypted(ReadError):
    """The PDF needs a password."""


class TextLayerMissing(ReadError):
    """The PDF holds pictures of pages and no text."""


class WorkFailed(ExtractError):
    """The letter was read, and its extraction broke."""

    exit_code = 1


class ExtractorFailed(WorkFailed):
    """The extractor broke over the letter: a bug."""


class LetterOutOfMemory(WorkFailed):
    """The letter needs more memory than there is."""


def unforeseen(error: Exception, *, letter_id: str | None = None) -> WorkFailed:
    """Wrap an unexpected `error` that was raised over a letter.

    The message gives its class and source line, never its own words, which may quote the
    letter.
    """
    if isinstance(error, MemoryError):
        return LetterOutOfMemory(
            "there is not enough memory for this letter", letter_id=letter_id
        )
    return ExtractorFailed(
        f"the extractor broke with {type(error).__name__} at {place_of(error)}: please "
        "report it",
        letter_id=letter_id,
    )


def place_of(error: BaseException) -> str:
    """The file and line in which `error` was raised: `dates.py:81`."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"


class SettingsInvalid(ExtractError):
    """A setting cannot be used."""


class ExtraMissing(ExtractError):
    """An optional part is not installed."""


class ModelError(ExtractError):
    """A model's call for one letter came to nothing; the rules' record stands."""

    exit_code = 1


class EndpointBusy(ModelError):
    """The endpoint said 429 until the patience was spent."""


class EndpointClosed(EndpointBusy):
    """The endpoint asks for a longer pause than the patience allows."""


class EndpointFailing(ModelError):
    """The endpoint failed (5xx) until the patience was spent."""


class EndpointUnreachable(ModelError):
    """There was no connection, or it broke, until the patience was spent."""


class EndpointSlow(ModelError):
    """No whole reply came within the time-out, however often it was asked."""


class EndpointTalksOtherwise(ModelError):
    """What came back is no chat completion: a proxy's page, or broken JSON."""


class RequestRefused(ModelError):
    """The endpoint does not take this request."""


class LetterTooLong(ModelError):
    """The letter is longer than the model can read at once."""


class ReplyRoomRefused(ModelError):
    """The endpoint does not give a reply the room that was asked for.

    Args:
        room: the tokens that it would give beside this letter; `None` if it does not say.
        is_for_all: whether it gives no letter's reply that room.
    """

    def __init__(
        self,
        message: str,
        *,
        letter_id: str | None = None,
        room: int | None = None,
        is_for_all: bool = False,
    ) -> None:
        super().__init__(message, letter_id=letter_id)
        self.room = room
        self.is_for_all = is_for_all


class ReplyTruncated(ModelError):
    """The reply was cut off at its greatest length."""


class ReplyRefused(ModelError):
    """The model declined to answer."""


class ReplyFiltered(ModelError):
    """The provider's content filter cut the reply."""


class ReplyEmpty(ModelError):
    """The reply has no content."""


class ReplyNotJson(ModelError):
    """The reply is no JSON."""


class BudgetSpent(ModelError):
    """The call could have exceeded the budget and was not made."""


class ModelUnusable(ExtractError):
    """No letter's call can succeed as things are set: the run stops."""


class NoModel(ModelUnusable):
    """No model was named."""


class AuthenticationFailed(ModelUnusable):
    """The key is missing, wrong or not allowed this."""


class ModelUnknown(ModelUnusable):
    """The endpoint has no such model."""


class EndpointUnknown(ModelUnusable):
    """Nothing at this address speaks the protocol."""


class QuotaSpent(ModelUnusable):
    """The account has no money left."""


class PriceUnknown(ModelUnusable):
    """A budget in money was set for a model without a known price."""
