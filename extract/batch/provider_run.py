"""The steps of a run by batch: submit, poll, collect. Each may be given again at any time."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from extract.batch.errors import NoRun, ProviderFailed
from extract.batch.inputs import check_named
from extract.batch.job import Job, Summary, open_job
from extract.batch.model_engine import extract_by_model
from extract.batch.progress import Reporter
from extract.batch.provider_job import (
    FileLimits,
    check_handed_in,
    fetch,
    is_partly_submitted,
    needs_model,
    submit,
)
from extract.errors import SettingsInvalid
from extract.model.llm import InstructorModel
from extract.settings import Method, Settings


def submit_run(
    named: Sequence[str],
    folder: Path,
    *,
    settings: Settings,
    reporter: Reporter,
    limits: FileLimits | None = None,
) -> tuple[int, Summary]:
    """Hand in every letter that `named` stands for; how many questions were handed in.

    Raises:
        ProviderFailed: the provider did not take a file; the same call again goes on.
        NoModel: no model is named.
    """
    model = needs_model(settings)
    if settings.resolved_method is Method.RULES:
        raise SettingsInvalid("the rules ask nobody: choose --method model or cascade")
    if model.max_cost_usd is not None or model.max_tokens is not None:
        raise SettingsInvalid(
            "no budget can be kept by batch, what is handed in is paid for: see with "
            "`imr extract --dry-run` what letters cost, and unset the budget to hand them in"
        )
    check_named(named)
    with open_job(folder, settings, reporter, create=True) as job:
        job.list_letters(named)
        job.begin("Handing in")
        handed_in = submit(job.assignment, folder, limits)
        return handed_in, job.finish()


def collect_run(
    folder: Path,
    *,
    settings: Settings,
    reporter: Reporter,
    by_batch: bool,
    give_up_unknown: bool = False,
) -> tuple[dict[str, int], Summary]:
    """Fetch what is finished, extract its letters, ask again what has to be.

    Args:
        by_batch: what has to be asked again goes into another batch; else it is asked now.
        give_up_unknown: what is in a batch that the endpoint does not know is asked again.

    Raises:
        ProviderFailed: a batch cannot be fetched, and what the others brought is extracted; or
            requests were never handed in, which are not asked directly at full price.
        NoRun: nothing was handed in under these settings.
    """
    model = needs_model(settings)
    with open_job(folder, settings, reporter, create=False) as job:
        job.recall_limit()
        _check_settings(job)
        job.begin("Fetching")
        statuses, failed = fetch(folder, settings, give_up_unknown=give_up_unknown)
        if by_batch:
            submit(job.assignment, folder)
        elif is_partly_submitted(job.assignment.store):
            raise ProviderFailed(
                "some requests may never have been handed in, as the last try broke off: give "
                "`imr batch submit` again; what was fetched is kept"
            )
        else:
            job.extract(partial(extract_by_model, model=InstructorModel(model)))
        summary = job.finish()
    if failed:
        raise failed
    return statuses, summary


def _check_settings(job: Job) -> None:
    if job.assignment.store.fact("digest") != job.digest:
        check_handed_in(job.assignment.store.folder)
        raise NoRun(
            "the run was handed in under other settings (model, method, prompt or rules): "
            "set them as they were, or submit it again"
        )
