"""The engine that asks a model: many letters under way, in one event loop.

As many letters are held as calls may be under way, and a few more are read ahead, so memory
stays flat however long the run is.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, closing

from extract.batch.engine import Assignment, Saver
from extract.batch.errors import BatchError, BudgetExhausted, ModelAway
from extract.batch.ledger import Ledger
from extract.batch.progress import Tally
from extract.batch.reading import read_ahead
from extract.batch.recall import Memory, Postponed, RecallingModel
from extract.batch.replies import ReplyShelf
from extract.batch.work import LETTER_S, ReadTask, TaskResult, attempt_async, success
from extract.errors import (
    BudgetSpent,
    EndpointClosed,
    ExtractError,
    ModelUnusable,
    unforeseen,
)
from extract.model.letters import extract_with_model
from extract.model.llm import LanguageModel
from extract.model.under_way import GRACE_S, UnderWay
from extract.model.usage import Price
from extract.result import Extraction

_ENDS_A_RUN: Mapping[str, type[BatchError]] = {
    BudgetSpent.__name__: BudgetExhausted,
    EndpointClosed.__name__: ModelAway,
}
"""Failures of one letter's call that every other letter would meet as well."""

_TICK_S = 0.2
"""How soon a request to stop is heard while nothing comes back."""


def extract_by_model(
    assignment: Assignment,
    model: LanguageModel,
    *,
    timeout_s: float = LETTER_S,
    retry_failed: bool = False,
) -> None:
    """Extract every letter that waits by asking `model`.

    Args:
        timeout_s: a letter that takes longer to be read is given up, after a second try.
        retry_failed: ask anew where nothing can be read from a reply that was kept.

    Raises:
        ModelUnusable: no call can succeed as things are set.
        BudgetExhausted: the budget does not allow another call.
        ModelAway: the endpoint asks to come back later than calls are waited for.
    """
    settings = assignment.settings.model
    folder = assignment.store.folder
    price = Price(settings) if settings else None
    with closing(ReplyShelf(folder, price)) as shelf, closing(Ledger(folder)) as ledger:
        if model.budget and not model.budget.spent.total:
            earlier = assignment.store
            model.budget.count(earlier.spent(), cost_usd=earlier.paid_usd())
        if settings:
            retry_since = time.time() if retry_failed else 0.0
            memory = Memory(settings, shelf, ledger, retry_since=retry_since)
            model = RecallingModel(model, memory)
        asyncio.run(_Round(assignment, model).run(timeout_s))


class _Round:
    """The letters of one start of a run, on their way through a model."""

    def __init__(self, assignment: Assignment, model: LanguageModel) -> None:
        self._assignment, self._model = assignment, model
        self._saver = Saver(assignment.store, assignment.digest)
        model_settings = assignment.settings.model
        self._under_way = UnderWay(model_settings.concurrency if model_settings else 1)
        self._fatal: ExtractError | None = None

    async def run(self, timeout_s: float) -> None:
        """Extract the letters that wait; stop early where it makes no sense to go on."""
        reading = read_ahead(self._assignment, timeout_s=timeout_s, is_stopped=self._is_over)
        try:
            async with aclosing(reading):
                await self._take_in(reading)
        except Exception as error:  # noqa: BLE001  the calls under way are paid for
            self._end_by(error)
        try:
            await self._finish()
        finally:
            self._saver.flush()
            await self._model.close()
        if self._fatal:
            raise self._fatal

    async def _take_in(self, reading: AsyncIterator[ReadTask]) -> None:
        """Begin letter after letter, as many at a time as calls may be under way."""
        async for task in reading:
            self._under_way.begin(self._work(task))
            while self._under_way.is_full and not self._is_over():
                await self._under_way.next_done(_TICK_S)
            if self._is_over():
                return

    def _end_by(self, error: Exception) -> None:
        """Begin no further letter; what nobody foresaw is told without its words."""
        ending = error if isinstance(error, ExtractError) else unforeseen(error)
        self._fatal = self._fatal or ending

    def _is_over(self) -> bool:
        return self._fatal is not None or self._assignment.stop.is_set()

    async def _finish(self) -> None:
        """Wait for what is under way; give up what takes too long once it is over."""
        try:
            while self._under_way and not self._is_over():
                await self._under_way.next_done(_TICK_S)
        except Exception as error:  # noqa: BLE001  a store that cannot be written, or a bug
            self._end_by(error)
        for late in await self._under_way.finish(GRACE_S):
            self._end_by(late)

    async def _work(self, task: ReadTask) -> None:
        settings = self._assignment.settings
        try:
            result = await attempt_async(
                task,
                lambda letter: extract_with_model(
                    letter, settings=settings, model=self._model
                ),
                self._judge,
            )
        except Postponed:
            return  # its question is under way by batch: the letter waits for it
        except (ModelUnusable, BudgetExhausted, ModelAway) as error:
            self._fatal = error
            return
        self._saver.add(result)
        self._report()

    def _judge(self, task: ReadTask, extraction: Extraction) -> TaskResult:
        """The result of an extraction: one that lacked budget or endpoint is none."""
        failures = extraction.model.failures if extraction.model else ()
        for failure in failures:
            if ending := _ENDS_A_RUN.get(failure.reason):
                raise ending(failure.message)
        return success(task.sha256, extraction)

    def _report(self) -> None:
        budget = self._model.budget
        tokens = budget.spent.total if budget else 0
        cost = budget.spent_usd if budget else 0.0
        tally = Tally(self._saver.done, self._saver.failed, tokens, cost)
        self._assignment.reporter.advance(tally)
