"""Runs extractions for the service: rules in worker processes, the model from here.

A letter is always read in a worker, since reading is what a hostile file attacks. The
rules run there too. A model call mostly waits, so it is made from this process's loop.
"""

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from extract.letter import Letter
from extract.result import Extraction, ExtractionWarning, Source
from extract.settings import Method, ModelSettings, Settings
from extract.web.metrics import Metrics
from extract.web.problems import Problem
from extract.web.settings import ServiceSettings
from extract.web.worker import (
    Bounds,
    ExtractLetter,
    PageBoxes,
    PageImage,
    ReadLetter,
    WorkerJob,
)
from extract.web.workers import Workers

if TYPE_CHECKING:
    from extract.model.llm import LanguageModel


class Extractor:
    """Makes extractions, each within the service's limits.

    Args:
        settings: the limits, and the extraction settings where a request names none.
        workers: the processes that read letters.
        metrics: where results are counted.
    """

    def __init__(self, settings: ServiceSettings, workers: Workers, metrics: Metrics) -> None:
        self._settings = settings
        self._workers = workers
        self._metrics = metrics
        self._model: LanguageModel | None = None

    async def start(self) -> None:
        """Load what the model is asked with: at the first letter it would hold up the rest."""
        if self._settings.extraction.model:
            await asyncio.to_thread(_prepare, self._settings.extraction.model)

    async def extract(
        self, source: str | bytes, *, letter_id: str | None, method: Method | None
    ) -> bytes:
        """The extraction of the letter `source`, as JSON.

        Raises:
            Problem: it cannot be extracted, with the named failure.
        """
        chosen = method or self._settings.extraction.method
        try:
            answer = await self.extract_uncounted(source, letter_id, chosen)
        except Problem as problem:
            self._metrics.letters.labels(chosen.value, problem.reason).inc()
            raise
        self._metrics.letters.labels(chosen.value, "extracted").inc()
        return answer

    async def read(self, source: str | bytes, letter_id: str | None = None) -> Letter:
        """The letter `source`, read in a worker."""
        bounds = self._bounds(self._settings.extraction)
        answer = await self._do(ReadLetter(source, letter_id, bounds))
        parts: dict[str, Any] = json.loads(answer)
        return Letter(
            parts["text"],
            Source.model_validate(parts["source"]),
            tuple(parts["page_starts"]),
            tuple(ExtractionWarning.model_validate(w) for w in parts["warnings"]),
        )

    async def page_image(self, contents: bytes, page: int, *, scale: float) -> bytes:
        """A page of a PDF as PNG."""
        return await self._do(PageImage(contents, page, scale))

    async def page_boxes(
        self, contents: bytes, page: int, spans: list[tuple[int, int]]
    ) -> list[list[list[float]]]:
        """The boxes of stretches of a page's text; see `extract.web.pages`."""
        answer = await self._do(PageBoxes(contents, page, tuple(spans)))
        boxes: list[list[list[float]]] = json.loads(answer)
        return boxes

    async def extract_uncounted(
        self, source: str | bytes, letter_id: str | None, method: Method
    ) -> bytes:
        """Like `extract`, but not counted in the metrics (for `/readyz`)."""
        settings = replace(self._settings.extraction, method=method)
        if settings.resolved_method is Method.RULES:
            return await self._do(ExtractLetter(source, letter_id, self._bounds(settings)))
        letter = await self.read(source, letter_id)
        limit = self._settings.timeout_s
        try:
            async with asyncio.timeout(limit):
                extraction = await self._ask_model(letter, settings)
        except TimeoutError:
            raise Problem(
                503, "TookTooLong", f"no answer within {limit:g} s", retry_after_s=30
            ) from None
        return extraction.model_dump_json().encode()

    async def _ask_model(self, letter: Letter, settings: Settings) -> Extraction:
        """The extraction by the one model of this service: its budget and pace are shared."""
        from extract.model.letters import configured_model, extract_with_model

        if self._model is None:
            self._model = configured_model(settings)
        return await extract_with_model(letter, settings=settings, model=self._model)

    async def close(self) -> None:
        """Close the connections to the model."""
        if self._model is not None:
            await self._model.close()

    def _bounds(self, settings: Settings) -> Bounds:
        """The service's bounds for letters that are read with `settings`."""
        keyless = replace(settings, model=None)  # a worker reads what strangers send
        return Bounds(
            keyless,
            max_pages=self._settings.max_pages,
            max_characters=self._settings.max_characters,
        )

    async def _do(self, job: WorkerJob) -> bytes:
        return await self._workers.do(job, timeout_s=self._settings.timeout_s)


def _prepare(model: ModelSettings) -> None:
    from extract.model.letters import prepare_model

    prepare_model(model)
