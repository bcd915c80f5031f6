"""Signs of life: is the process up, is it ready for letters, what has it counted."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from extract.settings import Method, ModelSettings
from extract.web.extraction import Extractor
from extract.web.metrics import CONTENT_TYPE, Metrics
from extract.web.openapi import SAMPLE_LETTER, problems
from extract.web.problems import Problem

Check = Callable[[], Awaitable[bool]]


class Health(BaseModel):
    """A sign of life."""

    status: Literal["alive"] = Field(description="The process answers.")


class Readiness(BaseModel):
    """What the service needs, and whether each of it answers."""

    ready: bool = Field(description="Whether letters can be sent.")
    checks: dict[str, bool] = Field(description="Each part: `rules`, `model` if configured.")


def health_routes(metrics: Metrics, checks: Mapping[str, Check]) -> APIRouter:
    """`/healthz`, `/readyz`, `/metrics`."""
    router = APIRouter(tags=["operation"])

    @router.get("/healthz", responses=problems(413, 421, 500))
    async def healthz() -> Health:
        """Return a sign of life; nothing is looked at."""
        return Health(status="alive")

    @router.get(
        "/readyz",
        response_model=Readiness,
        responses={503: {"model": Readiness}, **problems(413, 421, 500)},
    )
    async def readyz() -> Response:
        """Say whether the rules extract a letter and the model's endpoint answers."""
        results = {name: await check() for name, check in checks.items()}
        readiness = Readiness(ready=all(results.values()), checks=results)
        headers = {} if readiness.ready else {"Retry-After": "5"}
        return JSONResponse(
            readiness.model_dump(), 200 if readiness.ready else 503, headers=headers
        )

    @router.get(
        "/metrics",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
            **problems(401, 413, 421, 500),
        },
    )
    async def figures() -> Response:
        """Return the counters in Prometheus's text format."""
        return Response(metrics.render(), media_type=CONTENT_TYPE)

    return router


def rules_check(extractor: Extractor) -> Check:
    """Whether a worker extracts the invented letter."""

    async def check() -> bool:
        try:
            await extractor.extract_uncounted(SAMPLE_LETTER, "readyz", Method.RULES)
        except Problem:
            return False
        return True

    return check


def model_check(model: ModelSettings, timeout_s: float = 2.0) -> Check:
    """Whether the model's endpoint lists its models."""
    base_url, key = model.endpoint, model.api_key

    async def check() -> bool:
        import httpx2

        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            async with httpx2.AsyncClient(timeout=timeout_s) as client:
                answer = await client.get(f"{base_url.rstrip('/')}/models", headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return False
        return answer.is_success  # a redirect is not followed with a letter either

    return check
