"""Runs by batch against the loopback provider, for the tests of either side."""

import json
from pathlib import Path
from typing import Any

from extract import Method, Settings
from extract.batch.job import Summary
from extract.batch.progress import Silent
from extract.batch.provider_job import FileLimits
from extract.batch.provider_run import collect_run, submit_run
from extract.settings import ModelSettings
from tests.extract.batch.provider import FakeProvider

COUNT = 20
"""How many letters the fixture `letters` has."""


def settings_of(provider: FakeProvider, method: Method = Method.MODEL) -> Settings:
    """The settings under which `provider` is asked."""
    model = ModelSettings(name="made-up", base_url=provider.url, concurrency=4, attempts=1)
    return Settings(method=method, model=model)


def submit(
    provider: FakeProvider, letters: Path, run: Path, limits: FileLimits | None = None
) -> int:
    """Hand in `letters`; how many requests were."""
    handed_in, _ = submit_run(
        [str(letters)], run, settings=settings_of(provider), reporter=Silent(), limits=limits
    )
    return handed_in


def collected(
    provider: FakeProvider, run: Path, *, by_batch: bool = False, give_up_unknown: bool = False
) -> Summary:
    """Collect what is there; what the run came to."""
    return _collect(provider, run, by_batch=by_batch, give_up_unknown=give_up_unknown)[1]


def collect(provider: FakeProvider, run: Path, *, by_batch: bool = False) -> dict[str, int]:
    """Collect what is there; how many requests came to what, and letters to an end."""
    statuses, summary = _collect(provider, run, by_batch=by_batch)
    return {**statuses, "done": summary.done, "pending": summary.pending}


def _collect(
    provider: FakeProvider, run: Path, **options: Any
) -> tuple[dict[str, int], Summary]:
    return collect_run(run, settings=settings_of(provider), reporter=Silent(), **options)


def first_output(provider: FakeProvider) -> str:
    """The name of the first batch's output file."""
    return str(next(iter(provider.batches.values()))["output_file_id"])


def records_of(run: Path) -> list[object]:
    """The records that a run wrote."""
    lines = (run / "records.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["record"] for line in lines]
