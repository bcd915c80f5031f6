"""Runs a job from its first letter to its last output; starting it again resumes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from extract.batch.engine import Engine, count_cores, extract_locally
from extract.batch.inputs import check_named
from extract.batch.job import Summary, open_job
from extract.batch.kinds import FORMATS, EngineName, OutputFormat
from extract.batch.progress import Reporter, Silent
from extract.batch.work import LETTER_S
from extract.errors import SettingsInvalid
from extract.settings import Method, Settings, as_member, check_kinds

if TYPE_CHECKING:
    from extract.model.llm import LanguageModel

__all__ = ["JobOptions", "Summary", "run_batch"]


@dataclass(frozen=True, kw_only=True)
class JobOptions:
    """How a job is run; nothing of it shapes a result.

    Args:
        workers: processes; `None` takes one for each core.
        timeout_s: a letter that takes longer is given up, after a second try.
        retry_failed: try the letters again that failed in an earlier run.
        formats: what is written when the run ends.
        engine: `local`, or `ray`. A model is asked from this process under either, so
            that rate limit and budget hold for the whole run.
        address: the Ray cluster; `None` starts one on this machine.
    """

    workers: int | None = None
    timeout_s: float = LETTER_S
    retry_failed: bool = False
    formats: tuple[OutputFormat, ...] = FORMATS
    engine: EngineName = EngineName.LOCAL
    address: str | None = None

    def __post_init__(self) -> None:
        """Refuse values of another kind, and those that are out of range."""
        as_member(self, "engine", EngineName)
        check_kinds(self)
        if self.workers is not None and self.workers < 1:
            raise SettingsInvalid(f"workers must be 1 or more, not {self.workers}")
        if not 0 < self.timeout_s < inf:
            raise SettingsInvalid(f"timeout_s must be above 0, not {self.timeout_s}")
        try:
            formats = tuple(map(OutputFormat, self.formats))
        except (ValueError, TypeError):
            wanted = ", ".join(OutputFormat)
            raise SettingsInvalid(
                f"formats must be some of {wanted}, not {self.formats!r}"
            ) from None
        object.__setattr__(self, "formats", formats)


def run_batch(
    named: Sequence[str | Path],
    folder: str | Path,
    *,
    settings: Settings | None = None,
    options: JobOptions | None = None,
    reporter: Reporter | None = None,
    model: "LanguageModel | None" = None,
) -> Summary:
    """Extract every letter that `named` stands for and write the outputs to `folder`.

    The same call again goes on where the last one was broken off, or does nothing.

    Args:
        named: files, folders, globs and containers of letters.
        folder: the run's own; it is made if there is none.
        model: whom to ask, for methods that ask; by default the one that `settings` name.

    Raises:
        TypeError: `named` is one path, not several.
        SettingsInvalid: a model is given that cannot or would not be asked.
        BatchError: the run cannot begin or go on; what is stored stays stored.
        RunStopped: SIGINT or SIGTERM asked it to stop.
        ModelUnusable: a model is to be asked and no call can succeed as things are set.
    """
    if isinstance(named, str | bytes | Path):
        raise TypeError("run_batch takes several paths: put the one into a list")
    settings, options = settings or Settings(), options or JobOptions()
    settings.check_asked(model)
    paths, folder = [str(each) for each in named], Path(folder)
    check_named(paths)  # what cannot work leaves no folder behind
    engine = _engine(settings, options, model)
    with open_job(folder, settings, reporter or Silent(), create=True) as job:
        job.list_letters(paths)
        if options.retry_failed:
            job.assignment.store.retry_failures(job.digest)
        job.extract(engine)
        return job.finish(options.formats)


def _engine(settings: Settings, options: JobOptions, model: "LanguageModel | None") -> Engine:
    """What extracts the letters. Each is imported when it is used: they are heavy."""
    if settings.resolved_method is not Method.RULES:
        from extract.batch.model_engine import extract_by_model
        from extract.model.letters import configured_model

        asked = model or configured_model(settings)
        return partial(
            extract_by_model,
            model=asked,
            timeout_s=options.timeout_s,
            retry_failed=options.retry_failed,
        )
    if options.engine is EngineName.RAY:
        from extract.batch.ray_engine import check_cluster, extract_on_ray

        check_cluster(options.address)
        return partial(extract_on_ray, address=options.address, timeout_s=options.timeout_s)
    workers = options.workers or count_cores()
    return partial(extract_locally, workers=workers, timeout_s=options.timeout_s)
