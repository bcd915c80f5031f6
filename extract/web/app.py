"""Puts the service together: settings in, application out."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from extract.web import problems
from extract.web.api import extraction_routes
from extract.web.auth import Authenticator
from extract.web.concurrency import ConcurrencyLimit
from extract.web.extraction import Extractor
from extract.web.health import Check, health_routes, model_check, rules_check
from extract.web.metrics import Metrics
from extract.web.openapi import extraction_example
from extract.web.request_guard import RequestGuard
from extract.web.settings import ServiceSettings
from extract.web.workers import Workers


class Service(FastAPI):
    """The application, and those of its parts that added routes are made of."""

    extractor: Extractor
    concurrency: ConcurrencyLimit
    authenticator: Authenticator

    def openapi(self) -> dict[str, Any]:
        """The description, with a real example."""
        if not self.openapi_schema:
            answer = super().openapi()["paths"]["/v1/extractions"]["post"]["responses"]
            answer["200"]["content"]["application/json"]["example"] = extraction_example()
        return super().openapi()


def create_app(
    settings: ServiceSettings | None = None,
    *,
    render_problem_page: Callable[[str, str], str] | None = None,
    login_path: str | None = None,
) -> Service:
    """The application for `settings`.

    Args:
        settings: by default on loopback, with the rules.
        render_problem_page: makes a page of a title and a sentence, for refusals that a
            person sees.
        login_path: where a browser without a session is led, if there is a page to sign in.
    """
    settings = settings or ServiceSettings()
    metrics = Metrics()
    workers = Workers(settings.workers, metrics)
    extractor = Extractor(settings, workers, metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await extractor.start()
        await workers.start()
        try:
            yield
        finally:
            await extractor.close()
            await workers.stop()

    app = Service(
        title="IMR extraction",
        summary="Independent Medical Review letters into evidence-backed case records.",
        version="1",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=lifespan,
    )
    app.extractor = extractor
    app.concurrency = ConcurrencyLimit(
        settings.max_concurrent, settings.max_per_caller, metrics
    )
    app.authenticator = Authenticator(settings.tokens)
    problems.install(app, render_problem_page)
    app.add_middleware(
        RequestGuard,
        settings=settings,
        authenticator=app.authenticator,
        metrics=metrics,
        login_path=login_path,
    )
    app.include_router(extraction_routes(settings, extractor, app.concurrency))
    app.include_router(health_routes(metrics, _checks(settings, extractor)))
    return app


def _checks(settings: ServiceSettings, extractor: Extractor) -> dict[str, Check]:
    checks = {"rules": rules_check(extractor)}
    if settings.extraction.model:
        checks["model"] = model_check(settings.extraction.model)
    return checks
