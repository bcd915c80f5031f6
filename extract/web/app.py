"""Puts the service together: settings in, application out."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from extract.web import problems
from extract.web.api import extraction_routes
from extract.web.auth import Doorkeeper
from extract.web.extraction import Extractor
from extract.web.gate import Gate
from extract.web.guard import Guard
from extract.web.health import Check, health_routes, rules_check
from extract.web.metrics import Metrics
from extract.web.openapi import extraction_example
from extract.web.settings import ServiceSettings
from extract.web.workers import Workers


def create_app(
    settings: ServiceSettings | None = None, *, checks: Mapping[str, Check] | None = None
) -> FastAPI:
    """The application for `settings`.

    Args:
        settings: by default on loopback, with the rules.
        checks: what `/readyz` asks besides the rules, by name.
    """
    settings = settings or ServiceSettings()
    metrics = Metrics()
    workers = Workers(settings.workers, metrics)
    extractor = Extractor(settings, workers, metrics)
    doorkeeper = Doorkeeper(settings.tokens)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await workers.start()
        try:
            yield
        finally:
            await workers.stop()

    app = _Described(
        title="IMR extraction",
        summary="Independent Medical Review letters into evidence-backed case records.",
        version="1",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=lifespan,
    )
    problems.install(app)
    app.add_middleware(Guard, settings=settings, doorkeeper=doorkeeper, metrics=metrics)
    gate = Gate(settings.max_concurrent, settings.max_per_caller, metrics)
    app.include_router(extraction_routes(settings, extractor, gate))
    app.include_router(
        health_routes(metrics, {"rules": rules_check(extractor), **(checks or {})})
    )
    app.state.extractor = extractor
    app.state.doorkeeper = doorkeeper
    return app


class _Described(FastAPI):
    """Adds a real example to the generated description."""

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            answer = super().openapi()["paths"]["/v1/extractions"]["post"]["responses"]
            answer["200"]["content"]["application/json"]["example"] = extraction_example()
        return super().openapi()
