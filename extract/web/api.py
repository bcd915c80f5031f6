"""The interface for programs: extract a letter, see the schema."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from extract.result import Extraction
from extract.settings import Method
from extract.web.concurrency import ConcurrencyLimit
from extract.web.extraction import Extractor
from extract.web.intake import within
from extract.web.openapi import LETTER_BODY, problems, schema_example
from extract.web.settings import ServiceSettings
from schemas import CaseRecord


def extraction_routes(
    settings: ServiceSettings, extractor: Extractor, concurrency: ConcurrencyLimit
) -> APIRouter:
    """The routes under `/v1`."""
    router = APIRouter(prefix="/v1", tags=["extraction"])

    @router.post(
        "/extractions",
        summary="Extract the case record of one letter",
        response_model=Extraction,
        responses=problems(400, 401, 403, 408, 413, 415, 421, 422, 429, 500, 503),
        openapi_extra=LETTER_BODY,
    )
    async def extract_letter(
        request: Request,
        method: Annotated[
            Method | None,
            Query(description="How the fields are found; by default as the service was set."),
        ] = None,
    ) -> Response:
        """Return the record with the evidence of every value, as `imr extract --json` does."""
        with concurrency.place_for(request.scope["caller"]):
            source, letter_id = await within(settings.timeout_s, request)
            answer = await extractor.extract(source, letter_id=letter_id, method=method)
        return Response(answer, media_type="application/json")

    @router.get(
        "/schema",
        summary="The JSON Schema of the case record",
        responses={
            200: {"content": {"application/json": {"example": schema_example()}}},
            **problems(401, 413, 421, 500),
        },
    )
    async def record_schema() -> dict[str, Any]:
        """Return what `imr schema` prints."""
        return CaseRecord.model_json_schema(mode="serialization")

    return router
