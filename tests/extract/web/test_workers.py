"""A letter that hangs or kills its parser costs itself and nothing else."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvloop

from extract.settings import Settings
from extract.web.metrics import Metrics
from extract.web.problems import Problem
from extract.web.worker import Bounds, ExtractLetter
from extract.web.workers import Workers

BOUNDS = Bounds(Settings(), max_pages=5, max_characters=9_999)


class Acts:
    """Does something in the worker when it is unpickled there."""

    def __init__(self, act: Callable[..., Any], *arguments: Any) -> None:
        self._act = (act, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._act


LETTER = "IMR ISSUES, DECISIONS AND RATIONALES\n"


def job(source: Any = LETTER) -> ExtractLetter:
    return ExtractLetter(source, "x", BOUNDS)


def with_workers(count: int, act: Callable[[Workers, Metrics], Awaitable[None]]) -> None:
    async def run() -> None:
        metrics = Metrics()
        workers = Workers(count, metrics)
        await workers.start()
        try:
            await act(workers, metrics)
        finally:
            await workers.stop()

    uvloop.run(run())


def deaths(metrics: Metrics, cause: str) -> float | None:
    return metrics.registry.get_sample_value("imr_worker_deaths_total", {"cause": cause})


def test_a_letter_that_takes_too_long_is_given_up_and_the_next_one_served() -> None:
    async def act(workers: Workers, metrics: Metrics) -> None:
        with pytest.raises(Problem) as caught:
            await workers.do(job(Acts(time.sleep, 600)), timeout_s=0.3)
        assert (caught.value.status_code, caught.value.reason) == (503, "TookTooLong")
        assert caught.value.headers == {"Retry-After": "30"}
        assert b'"id":"x"' in await workers.do(job(), timeout_s=30)
        assert deaths(metrics, "took too long") == 1

    with_workers(1, act)


def test_a_worker_that_dies_is_replaced() -> None:
    async def act(workers: Workers, metrics: Metrics) -> None:
        with pytest.raises(Problem) as caught:
            await workers.do(job(Acts(os._exit, 139)), timeout_s=30)
        assert (caught.value.status_code, caught.value.reason) == (503, "WorkerDied")
        assert b'"id":"x"' in await workers.do(job(), timeout_s=30)
        assert deaths(metrics, "died") == 1

    with_workers(1, act)


def test_a_worker_that_died_while_idle_costs_nobody_anything() -> None:
    async def act(workers: Workers, metrics: Metrics) -> None:
        for process in workers._all:
            process.kill()
            await process.wait()
        answers = await asyncio.gather(*(workers.do(job(), timeout_s=30) for _ in range(4)))
        assert all(b'"id":"x"' in answer for answer in answers)
        assert deaths(metrics, "died") == 2

    with_workers(2, act)


def test_a_worker_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "zebra")
    monkeypatch.setenv("IMR_TOKENS", "alice:zebra")

    async def act(workers: Workers, metrics: Metrics) -> None:
        assert b'"id":"x"' in await workers.do(job(), timeout_s=30)
        (process,) = workers._all
        told = Path(f"/proc/{process.pid}/environ").read_bytes()
        assert b"PATH=" in told
        assert b"zebra" not in told

    with_workers(1, act)


def test_a_fault_of_a_parser_is_a_500_without_letter_text() -> None:
    async def act(workers: Workers, metrics: Metrics) -> None:
        no_settings: Any = "zebra"
        wrong = ExtractLetter("zebra", "x", replace(BOUNDS, settings=no_settings))
        with pytest.raises(Problem) as caught:
            await workers.do(wrong, timeout_s=30)
        assert caught.value.status_code == 500
        assert "zebra" not in str(caught.value)

    with_workers(1, act)


def test_no_free_worker_is_said_in_time() -> None:
    async def act(workers: Workers, metrics: Metrics) -> None:
        slow = asyncio.create_task(workers.do(job(Acts(time.sleep, 600)), timeout_s=2))
        await asyncio.sleep(0)
        with pytest.raises(Problem) as caught:
            await workers.do(job(), timeout_s=0.2)
        assert caught.value.reason == "Busy"
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        assert b'"id":"x"' in await workers.do(job(), timeout_s=30)

    with_workers(1, act)


def test_a_worker_writes_no_file(tmp_path: Any) -> None:
    path = tmp_path / "leak"

    async def act(workers: Workers, metrics: Metrics) -> None:
        source = Acts(exec, f"open({str(path)!r}, 'w').write('letter')")
        with pytest.raises(Problem):
            await workers.do(job(source), timeout_s=30)

    with_workers(1, act)
    assert not path.exists() or path.stat().st_size == 0


def test_jobs_of_many_callers_run_side_by_side() -> None:
    async def act(workers: Workers, metrics: Metrics) -> None:
        jobs = [workers.do(job(f"{LETTER}{n}"), timeout_s=30) for n in range(40)]
        answers = await asyncio.gather(*jobs)
        assert len(set(answers)) == 40

    with_workers(2, act)
