"""What a run through a model has cost, whatever the endpoint says of it and however it ends."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract import Method, Settings
from extract.batch import run_batch
from extract.batch.progress import Silent, Tally
from extract.errors import ExtractorFailed
from extract.settings import ModelSettings
from tests.extract.batch import jobs
from tests.extract.model.endpoint import Endpoint, Plan

COUNT = 8


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return jobs.make_folder(tmp_path_factory.mktemp("letters"), COUNT)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint(Plan(reply=jobs.reply_by_the_rules)) as running:
        yield running


def _settings(endpoint: Endpoint, **more: Any) -> Settings:
    asked = {"name": "gpt-4.1-mini", "base_url": endpoint.url, "concurrency": 4, **more}
    return Settings(method=Method.MODEL, model=ModelSettings(**asked))


def _status(run: Path) -> str:
    return str(json.loads((run / "run.json").read_text("utf-8"))["status"])


def test_more_kept_tokens_than_were_sent_cost_no_run(
    endpoint: Endpoint, letters: Path, tmp_path: Path
) -> None:
    details = {"prompt_tokens_details": {"cached_tokens": 2_000}}
    told = {"prompt_tokens": 1_000, "completion_tokens": 20, **details}
    endpoint.plan.altered = lambda completion: completion | {"usage": told}
    summary = run_batch([str(letters)], tmp_path, settings=_settings(endpoint))
    assert (summary.status, summary.done, summary.without_model) == ("finished", COUNT, {})


class _Broken(Silent):
    """Breaks over the third letter with words that must not be repeated."""

    def advance(self, tally: Tally) -> None:
        if tally.tokens and tally.done == 3:
            raise ValueError("zebra")


def test_what_nobody_foresaw_ends_the_run_with_a_sentence_and_loses_nothing(
    endpoint: Endpoint, letters: Path, tmp_path: Path
) -> None:
    with pytest.raises(ExtractorFailed, match="ValueError at test_spending") as broken:
        run_batch([str(letters)], tmp_path, settings=_settings(endpoint), reporter=_Broken())
    assert "zebra" not in broken.value.message
    assert _status(tmp_path) == "failed"
    run_batch([str(letters)], tmp_path, settings=_settings(endpoint))
    assert len(endpoint.requests) == COUNT


def test_a_bug_in_an_engine_leaves_no_run_that_seems_at_work(
    letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("extract.batch.run.extract_locally", broken)
    with pytest.raises(RuntimeError):
        run_batch([str(letters)], tmp_path)
    assert _status(tmp_path) == "failed"
