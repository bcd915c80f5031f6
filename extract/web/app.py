"""Puts the service together: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

from extract.web import problems
from extract.web.api import extraction_routes
from extract.web.auth import Doorkeeper
from extract.web.extraction import Extractor
from extract.web.gate import Gate
from extract.web.guard import Guard
from extract.web.health import Check, health_routes, model_check, rules_check
from extract.web.login import login_routes
from extract.web.metrics import Metrics
from extract.web.openapi import extraction_example
from extract.web.review.edit_routes import edit_routes, state_routes
from extract.web.review.exchange_routes import exchange_routes
from extract.web.review.render import render_problem_page
from extract.web.review.review import Review
from extract.web.review.views import view_routes
from extract.web.settings import ServiceSettings
from extract.web.workers import Workers


def create_app(
    settings: ServiceSettings | None = None, *, review: Review | None = None
) -> FastAPI:
    """The application for `settings`.

    Args:
        settings: by default on loopback, with the rules.
        review: letters to be reviewed; without them there is no review page.
    """
    settings = settings or ServiceSettings()
    metrics = Metrics()
    workers = Workers(settings.workers, metrics)
    extractor = Extractor(settings, workers, metrics)
    doorkeeper = Doorkeeper(settings.tokens)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await extractor.start()
        await workers.start()
        try:
            yield
        finally:
            await extractor.close()
            await workers.stop()

    app = _Described(
        title="IMR extraction",
        summary="Independent Medical Review letters into evidence-backed case records.",
        version="1",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=lifespan,
    )
    problems.install(app, render_problem_page if review else None)
    app.add_middleware(Guard, settings=settings, doorkeeper=doorkeeper, metrics=metrics)
    gate = Gate(settings.max_concurrent, settings.max_per_caller, metrics)
    app.include_router(extraction_routes(settings, extractor, gate))
    app.include_router(health_routes(metrics, _checks(settings, extractor)))
    if review is not None:
        _add_review(app, review, extractor, gate=gate, doorkeeper=doorkeeper)
    return app


def _checks(settings: ServiceSettings, extractor: Extractor) -> dict[str, Check]:
    checks = {"rules": rules_check(extractor)}
    if settings.extraction.model:
        checks["model"] = model_check(settings.extraction.model)
    return checks


def _add_review(
    app: FastAPI, review: Review, extractor: Extractor, *, gate: Gate, doorkeeper: Doorkeeper
) -> None:
    for routes in (
        view_routes(review, extractor),
        edit_routes(review, extractor),
        state_routes(review, extractor),
        exchange_routes(review, extractor, gate),
        login_routes(doorkeeper),
    ):
        app.include_router(routes)
    static = StaticFiles(packages=[("extract.web.review", "static")])
    app.mount("/static", static, "static")

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        """Lead to the letters."""
        return RedirectResponse("/review/", 307)


class _Described(FastAPI):
    """Adds a real example to the generated description."""

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            answer = super().openapi()["paths"]["/v1/extractions"]["post"]["responses"]
            answer["200"]["content"]["application/json"]["example"] = extraction_example()
        return super().openapi()
