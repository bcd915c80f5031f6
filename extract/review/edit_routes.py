"""What the page's script calls: each edit is stored before it is answered."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from extract.review import settling
from extract.review.desk import Fault, LabelInvalid, Seat
from extract.review.edits import Edit, OnCell
from extract.review.errors import ReviewRefused
from extract.review.form import spoken
from extract.review.highlight import marks_of
from extract.review.render import render_form, render_row, render_text
from extract.review.review import Review
from extract.review.sheet import Sheet, cell_id
from extract.review.shelf import KeptLetter
from extract.review.store import Change, Outdated
from extract.show import shorten, show_value
from extract.web.extraction import Extractor
from extract.web.problems import Problem
from schemas import Frozen

LetterId = Annotated[str, Field(max_length=500)]
DeskName = Annotated[str, Field(max_length=64)]
Version = Annotated[int, Field(ge=0, lt=2**53)]

_TOLD_WIDTH = 80
"""Characters of a value that another window is told of."""


class OnSheet(Frozen):
    """Which sheet, and the version that the page shows."""

    letter: LetterId
    desk: DeskName = ""
    version: Version


class EditRequest(OnSheet):
    """One edit."""

    edit: Edit


class SaveRequest(OnSheet):
    """Make a label.

    `replace` allows to overwrite one that another program wrote, `unseen` to save although
    nobody has looked at some doubtful values.
    """

    replace: bool = False
    unseen: bool = False


class SettleRequest(OnSheet):
    """Decide one point of disagreement."""

    point: Annotated[str, Field(max_length=120)]
    take: Literal["first", "second"]


def edit_routes(review: Review, extractor: Extractor) -> APIRouter:
    """The routes under `/review/api`."""
    router = APIRouter(prefix="/review/api", include_in_schema=False)
    desks = review.desks

    @router.post("/edit")
    async def edit(request: Request, body: EditRequest) -> dict[str, Any]:
        """Apply an edit."""
        seat, kept = await _opened(review, extractor, request, body)
        with _refusals_told(review, seat, body.version):
            version, old, sheet = desks.edit(seat, kept, body.version, body.edit)
        answer = review.state(seat, version, sheet)
        if not isinstance(body.edit, OnCell):
            return answer | _whole(review, kept, sheet)
        answer |= _cell(review, sheet, body.edit.item, body.edit.field)
        if _has_moved(body.edit, old, sheet):
            answer |= {"text": render_text(kept, sheet)}
        return answer

    @router.post("/undo")
    async def undo(request: Request, body: OnSheet) -> dict[str, Any]:
        """Take the newest edit back."""
        seat, kept = await _opened(review, extractor, request, body)
        with _refusals_told(review, seat, body.version):
            version, sheet, undone = desks.undo(seat, kept, body.version)
        answer = review.state(seat, version, sheet)
        where = json.loads(undone.place)
        if not where:
            return answer | _whole(review, kept, sheet)
        answer |= _cell(review, sheet, where["item"], where["field"])
        return answer | {"text": render_text(kept, sheet)}

    @router.post("/save")
    async def save(request: Request, body: SaveRequest) -> dict[str, Any]:
        """Make a label of the sheet."""
        seat, kept = await _opened(review, extractor, request, body)
        _, sheet = desks.open(kept, seat.desk)
        doubtful = len(review.shelf.doubtful_fields(sheet))
        if doubtful and not body.unseen:
            raise Problem(
                409,
                "DoubtsOpen",
                f"{doubtful} doubtful value{'s have' if doubtful > 1 else ' has'} not been "
                "looked at: a label counts as checked by hand",
            )
        with _refusals_told(review, seat, body.version):
            desks.save(seat, kept, body.version, replace=body.replace)
        return review.state(seat, body.version, sheet)

    return router


def state_routes(review: Review, extractor: Extractor) -> APIRouter:
    """The routes under `/review/api` that change no cell by hand."""
    router = APIRouter(prefix="/review/api", include_in_schema=False)
    desks = review.desks

    @router.post("/settle")
    async def settle(request: Request, body: SettleRequest) -> dict[str, Any]:
        """Decide a point of disagreement."""
        seat, kept = await _opened(review, extractor, request, body)
        with _refusals_told(review, seat, body.version):
            version = settling.decide_point(
                desks, seat, kept, body.version, point=body.point, take=body.take
            )
        return {"version": version}

    @router.get("/state")
    async def state(request: Request, letter: LetterId, desk: DeskName = "") -> dict[str, Any]:
        """Return the newest state of a sheet."""
        seat, kept = await _opened(review, extractor, request, _any(letter, desk))
        version, sheet = desks.open(kept, seat.desk)
        return review.state(seat, version, sheet) | _whole(review, kept, sheet)

    @router.get("/boxes")
    async def boxes(
        request: Request,
        letter: LetterId,
        page: Annotated[int, Query(ge=1)],
        desk: DeskName = "",
    ) -> dict[str, Any]:
        """Return the boxes of all evidence on a page of a PDF."""
        seat, kept = await _opened(review, extractor, request, _any(letter, desk))
        _, sheet = desks.open(kept, seat.desk)
        return {"marks": await _boxes(review, extractor, kept, sheet, page=page)}

    return router


def _any(letter: str, desk: str) -> OnSheet:
    return OnSheet(letter=letter, desk=desk, version=0)


async def _opened(
    review: Review, extractor: Extractor, request: Request, on: OnSheet
) -> tuple[Seat, KeptLetter]:
    seat = review.seat(request, on.letter, on.desk)
    return seat, await review.letter(on.letter, extractor)


async def _boxes(
    review: Review, extractor: Extractor, kept: KeptLetter, sheet: Sheet, *, page: int
) -> list[dict[str, Any]]:
    contents = review.contents(kept)
    if isinstance(contents, str) or page > len(kept.page_starts):
        return []
    start = kept.page_starts[page - 1]
    ends = (*kept.page_starts[1:], len(kept.text or "") + 1)
    here = [m for m in marks_of(sheet) if m.end > start and m.start < ends[page - 1]]
    spans = [(mark.start - start, mark.end - start) for mark in here]
    boxes = await extractor.page_boxes(contents, page, spans)
    return [
        {"id": mark.id, "group": mark.group, "boxes": lines}
        for mark, lines in zip(here, boxes, strict=True)
    ]


def _has_moved(edit: OnCell, old: Sheet, new: Sheet) -> bool:
    """Whether the edit changed what is marked in the letter."""
    cells = (old.cell(edit.item, edit.field), new.cell(edit.item, edit.field))
    was, now = ([(each.start, each.end) for each in cell.entries] for cell in cells)
    return was != now


def _cell(review: Review, sheet: Sheet, item: int | None, name: str) -> dict[str, Any]:
    return {
        "id": cell_id(item, name),
        "row": render_row(sheet, item, name, under=review.settings.under),
    }


def _whole(review: Review, kept: KeptLetter, sheet: Sheet) -> dict[str, Any]:
    return {
        "form": render_form(sheet, under=review.settings.under),
        "text": render_text(kept, sheet),
    }


@contextmanager
def _refusals_told(review: Review, seat: Seat, version: int) -> Iterator[None]:
    """Tell the page more of a refusal of an edit of a sheet at `version`, where there is more.

    Raises:
        Problem: the sheet has changed, or is no record yet.
    """
    try:
        yield
    except Outdated as error:
        changes = review.store.edits_since(seat.letter, seat.desk, version)
        stored = review.store.sheet(seat.letter, seat.desk)
        keys = [item.key for item in stored[1].items] if stored else []
        told = [_say(each, keys) for each in changes]
        raise _with(error, version=error.version, changes=told) from None
    except LabelInvalid as error:
        raise _with(error, faults=[_fault(fault) for fault in error.faults]) from None


def _with(error: ReviewRefused, **more: Any) -> Problem:
    """The problem that `error` is, with what the page shows besides."""
    return Problem(error.status, error.reason, error.message, more=more)


def _fault(fault: Fault) -> dict[str, str]:
    return {
        "id": cell_id(fault.item, fault.field),
        "label": spoken(fault.field),
        "message": fault.message,
    }


def _say(change: Change, keys: Sequence[int]) -> str:
    """A change as the other window tells it; `keys` are the items' in their order."""
    where = json.loads(change.place)
    if not where:
        return f"{change.at[11:19]} {change.by}: {change.action.replace('_', ' ')}"
    item = f" of item {keys.index(where['item']) + 1}" if where["item"] in keys else ""
    values = [_values(side) for side in (change.before, change.after)]
    told = f"{values[0]} → {values[1]}" if values[0] != values[1] else change.action
    return f"{change.at[11:19]} {change.by}: {spoken(where['field'])}{item}: {told}"


def _values(cell: str) -> str:
    values = [entry["value"] for entry in json.loads(cell)["entries"]]
    return shorten("; ".join(map(show_value, values)) or "nothing", _TOLD_WIDTH)
