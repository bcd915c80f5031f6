"""Puts the service and the pages of a review together."""

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

from extract.review.edit_routes import edit_routes, state_routes
from extract.review.exchange_routes import exchange_routes
from extract.review.login import LOGIN_PATH, login_routes
from extract.review.render import render_problem_page
from extract.review.review import Review
from extract.review.views import view_routes
from extract.web.app import create_app
from extract.web.settings import ServiceSettings


def create_review_app(settings: ServiceSettings, review: Review) -> FastAPI:
    """The service for `settings`, with the pages on which letters are reviewed."""
    app = create_app(settings, render_problem_page=render_problem_page, login_path=LOGIN_PATH)
    for routes in (
        view_routes(review, app.extractor),
        edit_routes(review, app.extractor),
        state_routes(review, app.extractor),
        exchange_routes(review, app.extractor, app.concurrency),
        login_routes(app.authenticator),
    ):
        app.include_router(routes)
    static = StaticFiles(packages=[("extract.review", "static")])
    app.mount("/static", static, "static")

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        """Lead to the letters."""
        return RedirectResponse("/review/", 307)

    return app
