"""Everything that extraction raises.

    ExtractError
    ├── ReadError                the letter cannot be read
    │   ├── LetterNotFound           no file at this path
    │   ├── LetterIsFolder           a folder where a file was expected
    │   ├── LetterUnreadable         the system refused to hand the file over
    │   ├── LetterEmpty              nothing but white space
    │   ├── LetterTooLarge           over the size limit
    │   ├── NotText                  neither PDF nor text: binary junk
    │   ├── PdfBroken                a PDF that cannot be parsed
    │   ├── PdfEncrypted             a PDF that needs a password
    │   └── TextLayerMissing         a scanned PDF: run OCR first
    └── SettingsInvalid          a setting that cannot be used

An error carries the letter's id and says what to do. It never carries letter text.
"""


class ExtractError(Exception):
    """The root: catch it to catch all that extraction raises.

    Args:
        message: one sentence on what is wrong and what to do about it.
        letter_id: the letter concerned, `None` before a letter is known.
    """

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


class ReadError(ExtractError):
    """The letter cannot be read."""


class LetterNotFound(ReadError):
    """No file stands at the path."""


class LetterIsFolder(ReadError):
    """The path names a folder where a file was expected."""


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


class SettingsInvalid(ExtractError):
    """A setting cannot be used."""
