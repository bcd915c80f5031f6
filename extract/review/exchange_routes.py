"""Letters in, labels out and in: uploads and Label Studio's JSON."""

import json

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from extract.result import Extraction
from extract.review.desk import Seat
from extract.review.label_studio import (
    TasksUnusable,
    export_task,
    labelling_interface,
    read_tasks,
)
from extract.review.render import render_problem_page
from extract.review.review import Review
from extract.review.store import SETTLED
from extract.settings import Method
from extract.web.concurrency import ConcurrencyLimit
from extract.web.extraction import Extractor
from extract.web.intake import read_upload
from extract.web.problems import Problem


def exchange_routes(
    review: Review, extractor: Extractor, concurrency: ConcurrencyLimit
) -> APIRouter:
    """The routes by which letters and labels come and go."""
    router = APIRouter(prefix="/review", include_in_schema=False)

    @router.post("/upload")
    async def upload(request: Request) -> Response:
        """Add a letter; a broken one is refused on a page that says what to do."""
        try:
            with concurrency.place_for(request.scope["caller"]):
                contents, name = await read_upload(request)
                letter_id = review.free_id(name, contents)
                answer = await extractor.extract(
                    contents, letter_id=letter_id, method=Method.RULES
                )
                letter = await extractor.read(contents, letter_id)
        except Problem as problem:
            page = render_problem_page("The letter was not added", problem.detail)
            return HTMLResponse(page, problem.status_code)
        review.add_upload(Extraction.model_validate_json(answer), letter, contents)
        return RedirectResponse(review.address(letter_id), 303)

    @router.get("/label-studio.xml")
    async def interface() -> Response:
        """Return the labelling interface that the tasks need."""
        return Response(labelling_interface(), media_type="application/xml")

    @router.get("/label-studio.json")
    async def tasks() -> Response:
        """Return every letter as a task, with the labels and the predictions."""
        exported = []
        for letter_id in sorted(review.shelf.known()):
            kept = await review.letter(letter_id, extractor)
            sheets = {
                desk: review.desks.open(kept, desk)[1]
                for desk in review.store.desks(letter_id)
                if desk != SETTLED
            }
            exported.append(export_task(kept, sheets))
        return Response(json.dumps(exported, indent=1), media_type="application/json")

    @router.post("/label-studio")
    async def take_in(request: Request) -> Response:
        """Lay labels that were made in Label Studio on the desks of those who made them."""
        contents, _ = await read_upload(request)
        try:
            count = await _take_in(review, extractor, contents, request.scope.get("holder"))
        except TasksUnusable as error:
            return HTMLResponse(render_problem_page("Nothing was taken in", str(error)), 422)
        return RedirectResponse(f"/review/?taken={count}", 303)

    return router


async def _take_in(
    review: Review, extractor: Extractor, contents: bytes, holder: str | None
) -> int:
    """Lay every annotation on its desk, or on the `holder`'s of the token that let them in.

    All of them are checked before the first is laid.
    """
    annotations = read_tasks(contents)
    known = review.shelf.known()
    for annotation in annotations:
        if annotation.letter not in known:
            raise TasksUnusable(f"task {annotation.number}: no letter of this name is here")
    count = 0
    for annotation in annotations:
        kept = await review.letter(annotation.letter, extractor)
        by = holder or annotation.by
        seat = Seat(kept.id, by, by)
        version, _ = review.desks.open(kept, seat.desk)
        review.desks.replace(
            seat, kept, version, sheet=annotation.sheet, action="label_studio"
        )
        count += 1
    return count
