"""Hands jobs to worker processes; ends one that takes too long, replaces one that died."""

import asyncio
import json
import logging
import os
import pickle
import struct
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

from extract.web.metrics import Metrics
from extract.web.problems import Problem, problem_of
from extract.web.worker import FAILED, REFUSED, WorkerJob

_WORKER = "from extract.web.worker import main; main()"

_KNOWN = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "LANG", "LC_ALL", "TZ")
"""What a worker is told of the environment, which may hold keys and tokens too."""

log = logging.getLogger("extract.web")


class Workers:
    """A fixed number of worker processes; each does one job at a time.

    Args:
        count: how many processes.
        metrics: where deaths are counted.
    """

    def __init__(self, count: int, metrics: Metrics) -> None:
        self._count = count
        self._metrics = metrics
        self._idle: asyncio.LifoQueue[Process | None] = asyncio.LifoQueue()
        self._all: set[Process] = set()
        self._is_stopping = False

    async def start(self) -> None:
        """Start every process."""
        for _ in range(self._count):
            self._idle.put_nowait(await self._spawn())

    async def stop(self) -> None:
        """End every process; jobs under way end as `Problem`."""
        self._is_stopping = True
        for process in list(self._all):
            await self._end(process)

    async def do(self, job: WorkerJob, *, timeout_s: float) -> bytes:
        """The answer to `job`.

        Raises:
            Problem: the letter cannot be used (its named failure), no worker became free
                in time, it took too long, or its worker died of it.
        """
        try:
            async with asyncio.timeout(timeout_s):
                process = await self._idle.get()
        except TimeoutError:
            raise Problem(
                503, "Busy", "no worker became free in time: try again", retry_after_s=2
            ) from None
        try:
            if self._is_stopping:
                raise Problem(503, "Stopping", "the service is stopping", retry_after_s=5)
            if process and process.returncode is not None:  # it died while nothing was asked
                self._metrics.worker_deaths.labels("died").inc()
                self._all.discard(process)
                process = None
            if process is None:  # or its predecessor died and could not be replaced then
                process = await self._spawn()
            status, answer = await self._ask(process, job, timeout_s)
        except BaseException:
            # Also when the caller is cancelled: the pipe holds half a conversation.
            await self._replace(process)
            raise
        self._idle.put_nowait(process)
        if status == FAILED[0]:
            log.error("fault %s while parsing a letter", answer.decode())
            raise Problem(500, "Fault", "a fault of the service: quote the request id")
        if status == REFUSED[0]:
            failure = json.loads(answer)
            raise problem_of(failure["reason"], failure["message"])
        return answer

    async def _ask(
        self, process: Process, job: WorkerJob, timeout_s: float
    ) -> tuple[int, bytes]:
        assert process.stdin  # both were asked for as pipes
        assert process.stdout
        content = pickle.dumps(job, protocol=5)
        try:
            async with asyncio.timeout(timeout_s):
                process.stdin.write(struct.pack("!I", len(content)) + content)
                await process.stdin.drain()
                head = await process.stdout.readexactly(4)
                answer = await process.stdout.readexactly(struct.unpack("!I", head)[0])
        except TimeoutError:
            self._metrics.worker_deaths.labels("took too long").inc()
            raise Problem(
                503,
                "TookTooLong",
                f"the letter took more than {timeout_s:g} s and was given up",
                retry_after_s=30,
            ) from None
        except (asyncio.IncompleteReadError, ConnectionError, RuntimeError):
            # A RuntimeError is how uvloop says that the pipe is closed.
            self._metrics.worker_deaths.labels("died").inc()
            raise Problem(
                503,
                "WorkerDied",
                "the process that parsed the letter died of it: try once more; if it "
                "happens again the file is broken in a way that no parser survives",
                retry_after_s=1,
            ) from None
        return answer[0], answer[1:]

    async def _spawn(self) -> Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _WORKER),
            stdin=PIPE,
            stdout=PIPE,
            env={name: os.environ[name] for name in _KNOWN if name in os.environ},
        )
        self._all.add(process)
        return process

    async def _replace(self, process: Process | None) -> None:
        fresh = None
        try:
            if process is not None:
                await self._end(process)
            if not self._is_stopping:
                fresh = await self._spawn()
        except OSError as error:
            log.error("no worker could be started: %s", type(error).__name__)
        finally:
            self._idle.put_nowait(fresh)

    async def _end(self, process: Process) -> None:
        self._all.discard(process)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
