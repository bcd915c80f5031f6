"""The front door: `import imr` for the library, `imr` for the command line.

    >>> import imr
    >>> result = imr.extract_record("IMR ISSUES, DECISIONS AND RATIONALES ...")
    >>> result.record.items
    ()

Heavy parts are imported when they are used.
"""

from typing import TYPE_CHECKING

import extract

if TYPE_CHECKING:
    from extract import *  # noqa: F403  its `__all__` says what that is
    from extract.batch import JobOptions, run_batch
    from schemas import CaseRecord, Decision

__all__ = ["CaseRecord", "Decision", "JobOptions", "main", "run_batch"]
__all__ += extract.__all__

_HOMES = {
    **dict.fromkeys(("CaseRecord", "Decision"), "schemas"),
    **dict.fromkeys(("JobOptions", "run_batch"), "extract.batch"),
}
"""Where the names live that are not those of `extract`."""


def __getattr__(name: str) -> object:
    """Import a public name at its first use."""
    if name not in __all__:
        raise AttributeError(f"module 'imr' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES.get(name, "extract")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


def main() -> None:
    """Run the `imr` command: each part of the project mounts its own."""
    import errno
    import io
    import os
    import sys

    from eval.cli import app as evaluate
    from extract.batch.cli import app as batch
    from extract.cli import app
    from extract.options import tell
    from extract.outcomes.cli import outcomes
    from extract.review.commands import review
    from extract.web.commands import serve

    for stream in (sys.stdout, sys.stderr):  # a path's name may not be UTF-8
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for command in (serve, review, outcomes):
        app.command()(command)
    app.add_typer(batch, name="batch")
    app.add_typer(evaluate, name="eval")
    try:
        app()
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}:
            raise
        # What could not be written is still in the buffer: it would fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        problem = f"the output cannot be written ({error.strerror}): send it elsewhere"
        tell(problem, "OutputFull")
        sys.exit(2)
