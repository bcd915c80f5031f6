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
    from eval.cli import app as evaluate
    from extract.batch.cli import app as batch
    from extract.cli import app
    from extract.outcomes.cli import outcomes
    from extract.review.commands import review
    from extract.streams import usable_streams
    from extract.web.commands import serve

    for command in (serve, review, outcomes):
        app.command()(command)
    app.add_typer(batch, name="batch")
    app.add_typer(evaluate, name="eval")
    with usable_streams():
        app()
