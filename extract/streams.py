"""The standard streams of a command, as whoever starts it may have left them."""

import errno
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from extract.options import tell

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


@contextmanager
def usable_streams() -> Iterator[None]:
    """Streams that a command can write to; it ends with an exit code that says how it went.

    One that was closed leads nowhere, a character that cannot be encoded is spelt out, as in
    a file's name that is not UTF-8. If an output is full, the end is a sentence and 2. If
    nobody reads it any more, it is as for other programs, which SIGPIPE ends.
    """
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _drop_unwritten(sys.stdout)
        problem = f"the output cannot be written ({error.strerror}): send it elsewhere"
        with suppress(OSError):
            tell(problem, "OutputFull")
        _drop_unwritten(sys.stderr)
        sys.exit(2)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # for which click exits with 1
            sys.exit(128 + signal.SIGPIPE)
        raise


def _drop_unwritten(stream: TextIO) -> None:
    """Let a full stream lead nowhere: what is in its buffer would fail again at the end."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _open_closed() -> None:
    """Let closed streams lead nowhere; in order, so that each has its own number again.

    Else the next file that is opened has it, and is written to by whatever speaks there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
