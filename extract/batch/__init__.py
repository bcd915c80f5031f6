"""The batch job: folders of letters in, JSON Lines and tidy tables out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.batch.kinds import EngineName, OutputFormat
    from extract.batch.run import JobOptions, Summary, run_batch

__all__ = ["EngineName", "JobOptions", "OutputFormat", "Summary", "run_batch"]


def __getattr__(name: str) -> object:
    """Import a public name at its first use: the command line starts without the engine."""
    if name not in __all__:
        raise AttributeError(f"module 'extract.batch' has no attribute {name!r}")
    from extract.batch import run

    value: object = getattr(run, name)
    globals()[name] = value
    return value
