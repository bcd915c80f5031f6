"""Letters through a model: one, or many at once. Async inside, a sync face for the library.

Calls are made in one event loop; as many letters are under way as the settings allow, and
no more are read than that. A cancelled run takes no new letter, waits for the replies that
are under way (they are paid for) and hands them out before it ends.
"""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from extract.clean import clean
from extract.conclude import conclude
from extract.confidence import rule_confidence
from extract.errors import (
    AuthenticationFailed,
    ExtractError,
    ModelUnusable,
    NoModel,
    unforeseen,
)
from extract.letter import Letter, read_letter
from extract.model.llm import InstructorModel, LanguageModel
from extract.model.question import whole_letter
from extract.model.reading import LetterQuestions, Reading
from extract.model.under_way import GRACE_S, UnderWay
from extract.result import Extraction
from extract.settings import ModelSettings, Settings

T = TypeVar("T")

LetterSource: TypeAlias = Path | bytes | str | Letter | ExtractError
"""Where a letter is, what it holds, the letter itself; or why it cannot be read."""

LetterResult: TypeAlias = Extraction | ExtractError
Deliver: TypeAlias = Callable[[int, LetterResult], None]
"""Called with a letter's position and what became of it, in the order of completion."""


def configured_model(settings: Settings) -> LanguageModel:
    """The model that `settings` name.

    Raises:
        NoModel: they name none.
        AuthenticationFailed: its endpoint is known to need a key, and there is none.
    """
    if settings.model is None:
        raise NoModel(
            f"method {settings.method} needs a model: set IMR_MODEL (--model), and "
            "OPENAI_BASE_URL and OPENAI_API_KEY if its endpoint wants them"
        )
    if settings.model.is_openai and not settings.model.api_key:
        raise AuthenticationFailed(
            f"{settings.model.endpoint} needs a key: set OPENAI_API_KEY, or name the endpoint "
            "of your own model (OPENAI_BASE_URL, --base-url)"
        )
    return InstructorModel(settings.model)


def prepare_model(settings: ModelSettings) -> None:
    """Load what asking a model needs, for callers whose event loop must not stand still."""
    unbudgeted = replace(settings, max_cost_usd=None, max_tokens=None)  # nothing is asked
    InstructorModel(unbudgeted).prepare(whole_letter().about("", settings.max_output_tokens))


def letter_of(source: LetterSource, settings: Settings) -> Letter:
    """The letter that `source` leads to.

    Raises:
        ReadError: it cannot be read.
    """
    if isinstance(source, ExtractError):
        raise source
    return source if isinstance(source, Letter) else read_letter(source, settings=settings)


async def extract_with_model(
    letter: Letter, *, settings: Settings, model: LanguageModel
) -> Extraction:
    """The record of one letter; whatever the model does not prove is the rules'.

    Raises:
        ModelUnusable: no call can succeed as things are set.
    """
    cleaned = clean(letter.text)
    draft, run = await Reading(LetterQuestions(cleaned, settings), model).read()
    extraction = conclude(
        draft, letter, cleaned, settings=settings, confidence=rule_confidence
    )
    return extraction.model_copy(update={"model": run})


async def extract_all_with_model(
    sources: Iterable[LetterSource],
    *,
    settings: Settings,
    model: LanguageModel,
    deliver: Deliver,
    admit: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Extract every letter, a bounded number at a time, handing each out when it is done.

    Args:
        admit: awaited before each letter is taken in, for callers who must hold back.

    Cancelling takes no new letter; those under way are finished and handed out first.

    Raises:
        ModelUnusable: no call can succeed; the letters under way are handed out first.
    """
    under_way = UnderWay(settings.model.concurrency if settings.model else 1)

    async def work(index: int, source: LetterSource) -> None:
        deliver(index, await _extract(source, settings, model))

    try:
        for index, source in enumerate(sources):
            if admit:
                await admit()
            while under_way.is_full:
                await under_way.next_done()
            under_way.begin(work(index, source))
        while under_way:
            await under_way.next_done()
    except BaseException:  # whatever it is: the calls under way are paid for
        await under_way.finish(GRACE_S)
        raise


async def _extract(
    source: LetterSource, settings: Settings, model: LanguageModel
) -> LetterResult:
    """What became of one letter; what stops the run is raised."""
    try:
        letter = letter_of(source, settings)
    except ExtractError as error:
        return error
    try:
        return await extract_with_model(letter, settings=settings, model=model)
    except ModelUnusable:
        raise
    except ExtractError as error:
        return error
    except Exception as error:  # noqa: BLE001  one letter's bug must not stop the others
        return unforeseen(error, letter_id=letter.id)


def extract_one(
    source: Letter, *, settings: Settings, model: LanguageModel | None
) -> Extraction:
    """The record of one letter, for callers without an event loop."""

    async def main() -> Extraction:
        asked = model or configured_model(settings)
        try:
            return await extract_with_model(source, settings=settings, model=asked)
        finally:
            await asked.close()

    return _run(main)


def stream_results(
    sources: Iterable[LetterSource], *, settings: Settings, model: LanguageModel | None = None
) -> Generator[LetterResult, None, None]:
    """What becomes of each letter in turn; the next ones are under way meanwhile.

    Raises:
        ModelUnusable: no call can succeed as things are set.
        KeyboardInterrupt: after the letters that were under way when it came.
    """
    pump = _Pump(sources, settings, model or configured_model(settings))
    try:
        yield from pump
    finally:
        pump.stop()


class _Pump:
    """Runs the letters in a thread with an event loop, and hands them out in order."""

    def __init__(
        self, sources: Iterable[LetterSource], settings: Settings, model: LanguageModel
    ) -> None:
        self._sources = sources
        self._settings = settings
        self._model = model
        self._done: queue.SimpleQueue[tuple[int, LetterResult] | BaseException | None]
        self._done = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        # A letter is taken in only when one that was taken in before has been handed out.
        window = 4 * (settings.model.concurrency if settings.model else 1)
        self._places = asyncio.Semaphore(window)
        self._thread = threading.Thread(target=self._work, name="imr-model", daemon=True)
        self._interrupt: KeyboardInterrupt | None = None
        self._is_abandoned = False

    def __iter__(self) -> Iterator[LetterResult]:
        self._thread.start()
        early: dict[int, LetterResult] = {}
        index = 0
        while (arrived := self._next()) is not None:
            if isinstance(arrived, BaseException):
                yield from (early[each] for each in sorted(early))
                raise self._interrupt or arrived
            early[arrived[0]] = arrived[1]
            while index in early:
                yield early.pop(index)
                index += 1
                self._call(self._places.release)

    def _next(self) -> "tuple[int, LetterResult] | BaseException | None":
        """What arrives next; at an interrupt what was under way, at a second one nothing."""
        try:
            return self._done.get()
        except KeyboardInterrupt as interrupt:
            if self._interrupt:
                self._is_abandoned = True
                raise
            self._interrupt = interrupt
        self._cancel()
        return self._next()

    def _cancel(self) -> None:
        """Take no more letters."""
        if self._main is not None:
            self._call(self._main.cancel)

    def stop(self) -> None:
        """Take no more letters and wait until the thread has ended, if it is waited for."""
        self._cancel()
        if self._thread.ident and not self._is_abandoned:
            self._thread.join()

    def _call(self, function: Callable[[], object]) -> None:
        """Call `function` in the loop's thread, if the loop still runs."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it has just been closed
                self._loop.call_soon_threadsafe(function)

    async def _run(self) -> None:
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        if self._interrupt:  # it came before there was anything to cancel
            raise asyncio.CancelledError
        try:
            await extract_all_with_model(
                self._sources,
                settings=self._settings,
                model=self._model,
                deliver=lambda index, result: self._done.put((index, result)),
                admit=self._places.acquire,
            )
        finally:
            await self._model.close()

    def _work(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as error:  # noqa: BLE001  # raised again by the consumer
            self._done.put(error)
        else:
            self._done.put(None)


def _run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The result of `main`, also for a caller whose thread already runs an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(main())
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(lambda: asyncio.run(main())).result()
