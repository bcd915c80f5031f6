"""Every refusal in one form: `application/problem+json` (RFC 9457), never letter text."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from extract import errors
from extract.web.errors import ServiceError

log = logging.getLogger("extract.web")

MEDIA_TYPE = "application/problem+json"

TITLES: Mapping[int, str] = {
    400: "The request cannot be understood",
    401: "A bearer token is needed",
    403: "Not allowed from another site",
    404: "Nothing is here",
    405: "Not with this method",
    408: "The request arrived too slowly",
    409: "Changed in the meantime",
    413: "Too large",
    415: "Not a kind of letter that can be read",
    421: "Not a name of this service",
    422: "The letter or a parameter cannot be used",
    429: "Too many requests of one caller at once",
    431: "The head of the request is too large",
    500: "A fault of the service",
    503: "The service is busy or the letter takes too long",
    507: "The review cannot be written",
}

_STATUS_BY_REASON: Mapping[str, int] = {
    errors.LetterTooLarge.__name__: 413,
    errors.NotText.__name__: 415,
    **{kind.__name__: 503 for kind in errors.ModelUnusable.__subclasses__()},
    errors.NoModel.__name__: 422,
}
"""Where a named failure of extraction is not simply a 422."""


class ProblemBody(BaseModel):
    """What a refusal says."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="The reason's name as an address: `urn:imr:LetterEmpty`.")
    title: str = Field(description="What kind of refusal it is.")
    status: Annotated[int, Field(ge=400, le=599)] = Field(description="The HTTP status.")
    detail: str = Field(description="One sentence: what is wrong and what to do about it.")
    request_id: str | None = Field(default=None, description="To find it in the logs.")
    errors: list[dict[str, Any]] | None = Field(
        default=None, description="For a malformed request: place and fault of each value."
    )


class Problem(HTTPException):
    """A refusal on its way to the caller.

    Args:
        status: the HTTP status.
        reason: its name, `LetterEmpty`.
        detail: one sentence, without letter text.
        retry_after_s: when to try again, where trying again may help.
        more: further keys of the body.
    """

    def __init__(
        self,
        status: int,
        reason: str,
        detail: str,
        *,
        retry_after_s: int | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        headers = {"Retry-After": str(retry_after_s)} if retry_after_s is not None else {}
        if status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="imr"'
        super().__init__(status, detail, headers)
        self.reason = reason
        self.more = dict(more or {})


def problem_of(reason: str, message: str) -> Problem:
    """The problem for the named failure `reason` of an extraction."""
    return _failed(_STATUS_BY_REASON.get(reason, 422), reason, message)


def _failed(status: int, reason: str, message: str) -> Problem:
    return Problem(status, reason, message, retry_after_s=60 if status == 503 else None)


def render_problem(problem: Problem, request_id: str | None) -> Response:
    """`problem` as a response."""
    body = {
        "type": f"urn:imr:{problem.reason}",
        "title": TITLES.get(problem.status_code, "Refused"),
        "status": problem.status_code,
        "detail": problem.detail,
        "request_id": request_id,
        **problem.more,
    }
    return Response(json.dumps(body), problem.status_code, problem.headers, MEDIA_TYPE)


def install(app: FastAPI, render_page: Callable[[str, str], str] | None = None) -> None:
    """Have every refusal of `app` leave in this form; to a browser as a page.

    Args:
        render_page: makes a page of a title and a sentence.
    """

    async def refuse(request: Request, error: Exception) -> Response:
        problem = as_problem(error)
        if render_page and _wants_page(request):
            title = TITLES.get(problem.status_code, "Refused")
            page = render_page(title, problem.detail)
            return Response(page, problem.status_code, media_type="text/html")
        return render_problem(problem, request.scope.get("request_id"))

    app.add_exception_handler(HTTPException, refuse)
    app.add_exception_handler(RequestValidationError, refuse)
    app.add_exception_handler(errors.ExtractError, refuse)


def _wants_page(request: Request) -> bool:
    """Whether a person looks at the answer: a browser asked for a page of the review."""
    is_page = "text/html" in request.headers.get("accept", "")
    return is_page and not request.url.path.startswith(("/v1/", "/review/api/"))


def as_problem(error: Exception) -> Problem:
    """The problem that `error` is for the one who made the request."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ServiceError):
        return _failed(error.status, error.reason, error.message)
    if isinstance(error, errors.ExtractError):
        return problem_of(error.reason, error.message)
    if isinstance(error, RequestValidationError):
        return Problem(
            422,
            "RequestInvalid",
            "a part of the request cannot be used: see `errors`",
            more={"errors": [_place(fault) for fault in error.errors()]},
        )
    status = error.status_code if isinstance(error, HTTPException) else 500
    problem = Problem(status, f"Http{status}", TITLES.get(status, "Refused").lower())
    if isinstance(error, HTTPException) and error.headers:
        problem.headers = {**error.headers, **(problem.headers or {})}
    return problem


def _place(fault: Mapping[str, Any]) -> dict[str, Any]:
    """Place and fault; an unknown key stays unnamed, since a caller may put anything there."""
    place = list(fault["loc"])
    if fault["type"] in {"extra_forbidden", "json_invalid"}:
        place = place[:-1]
    return {"place": place, "fault": fault["msg"], "kind": fault["type"]}
