"""The pages a person sees: the list, a letter, settling. Plain HTML, rendered here."""

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from extract.review.differences import Difference, group_of
from extract.review.form import controls_by_path
from extract.review.loading import page_count
from extract.review.render import form_values, render, text_values
from extract.review.review import REVIEWER_COOKIE, Review, is_reviewer_name
from extract.review.settling import Case, item_position, open_case
from extract.review.sheet import Cell, cell_id
from extract.review.shelf import Filter, KeptLetter
from extract.review.store import SETTLED
from extract.show import shorten, show_value
from extract.web.extraction import Extractor
from extract.web.problems import Problem

PER_PAGE = 50
_IMAGE_SCALE = 1.5
"""Page images at 108 dots per inch: sharp at half a wide screen's width."""

_QUOTE_WIDTH = 160

_Text = Annotated[str, Query(max_length=500)]


class _Chosen(BaseModel):
    """What the list's address says."""

    field: str = ""
    layout: str = ""
    warning: str = ""
    state: str = ""
    search: str = ""
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    def filter(self) -> Filter:
        """Which letters to list."""
        return Filter(self.field, self.layout, self.warning, self.state, self.search)

    def address(self, **more: object) -> str:
        """The part of an address that carries the filter on, after `more`."""
        return urlencode({**more, **{k: v for k, v in self.filter()._asdict().items() if v}})


class _Opened(_Chosen):
    """What a letter's address says: which letter, whose sheet, from which list."""

    id: Annotated[str, Field(max_length=500)]
    desk: Annotated[str, Field(max_length=500)] = ""


def view_routes(review: Review, extractor: Extractor) -> APIRouter:
    """The pages under `/review`."""
    router = APIRouter(prefix="/review", include_in_schema=False)

    @router.get("/")
    async def letters(request: Request, chosen: Annotated[_Chosen, Query()]) -> Response:
        """Show the letters, the least sure first."""
        values = _list_values(review, request, chosen)
        return HTMLResponse(render("list.html", values))

    @router.get("/letter")
    async def letter(request: Request, opened: Annotated[_Opened, Query()]) -> Response:
        """Show one letter beside its record."""
        kept = await review.letter(opened.id, extractor)
        return HTMLResponse(
            render("letter.html", _letter_values(review, request, kept, opened))
        )

    @router.get("/page-image")
    async def page_image(id: _Text, page: Annotated[int, Query(ge=1)]) -> Response:  # noqa: A002
        """Show a page of a PDF."""
        kept = await review.letter(id, extractor)
        contents = review.contents(kept)
        if isinstance(contents, str) or not 1 <= page <= page_count(kept, contents):
            raise Problem(404, "PageUnknown", "the letter has no such page image")
        image = await extractor.page_image(contents, page, scale=_IMAGE_SCALE)
        return Response(image, media_type="image/png")

    @router.get("/settle")
    async def settle(id: _Text = "") -> Response:  # noqa: A002
        """Show what two reviewers disagree on, in one letter or in all."""
        if not id:
            return HTMLResponse(render("settle_list.html", {"rows": _settle_rows(review)}))
        kept = await review.letter(id, extractor)
        case = open_case(review.desks, kept)
        return HTMLResponse(render("settle.html", _settle_values(review, kept, case)))

    @router.post("/name")
    async def name(request: Request) -> Response:
        """Remember who reviews in this browser."""
        form = await request.form(max_files=0, max_fields=5)
        chosen = str(form.get("name", "")).strip()
        if not is_reviewer_name(chosen):
            raise Problem(422, "NameUnusable", "a name has letters, digits, blanks and ._@-")
        answer = RedirectResponse("/review/", 303)
        answer.set_cookie(
            REVIEWER_COOKIE,
            quote(chosen),
            httponly=True,
            samesite="strict",
            max_age=31_536_000,
        )
        return answer

    return router


def _list_values(review: Review, request: Request, listed: _Chosen) -> dict[str, Any]:
    chosen, page = listed.filter(), listed.page
    total = review.shelf.count(chosen)
    return {
        "reviewer": review.reviewer(request),
        "fixed_name": request.scope.get("holder") is not None,
        "letters": review.shelf.page(chosen, offset=(page - 1) * PER_PAGE, limit=PER_PAGE),
        "choices": review.shelf.choices(),
        "chosen": chosen._asdict(),
        "failures": review.shelf.failures(),
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PER_PAGE)),
        "page_link": lambda number: listed.address(page=number),
        "letter_link": lambda letter_id: listed.address(id=letter_id),
        "to_settle": sum(row["state"] == "open" for row in _settle_rows(review)),
    }


def _letter_values(
    review: Review, request: Request, kept: KeptLetter, opened: _Opened
) -> dict[str, Any]:
    seat = review.seat(request, kept.id, opened.desk)
    version, sheet = review.desks.open(kept, seat.desk)
    before, after = review.shelf.neighbours(kept.id, opened.filter())
    contents = review.contents(kept) if kept.extraction.source.pages else ""
    return {
        **form_values(sheet, under=review.settings.under),
        **text_values(kept, sheet),
        "letter": kept,
        "desk": seat.desk,
        "version": version,
        "reviewer": seat.by,
        "before": before,
        "after": after,
        "filter_link": opened.address(),
        "letter_link": lambda letter_id: opened.address(id=letter_id),
        "progress": review.progress_text(sheet),
        "saved_state": review.saved_text(kept.id, seat.desk, version),
        "pdf_pages": page_count(kept, contents),
        "page_link": lambda number: urlencode({"id": kept.id, "page": number}),
    }


def _settle_rows(review: Review) -> list[dict[str, Any]]:
    rows = []
    for letter_id in review.store.labelled_twice():
        newest = review.store.newest_saved(letter_id)
        own = [saved for desk, saved in newest.items() if desk != SETTLED]
        settled = newest.get(SETTLED)
        agree = len({saved.label for saved in own}) == 1
        done = settled is not None and all(saved.id < settled.id for saved in own)
        rows.append(
            {
                "id": letter_id,
                "desks": sorted(saved.desk for saved in own),
                "state": "settled" if done else "agreed" if agree else "open",
            }
        )
    return rows


def _settle_values(review: Review, kept: KeptLetter, case: Case) -> dict[str, Any]:
    return {
        "letter": kept,
        "version": case.version,
        "names": case.names,
        "open": case.open_points,
        "points": [_point(kept, case, point) for point in case.points],
        "saved_state": review.saved_text(kept.id, SETTLED, case.version),
    }


def _point(kept: KeptLetter, case: Case, point: Difference) -> dict[str, Any]:
    position = f" of item {item_position(case, point.origin)}" if point.origin else ""
    control = controls_by_path().get(point.path)
    label = f"{control.label}{position}" if control else "Is this an item?"
    sides = [
        _side(kept, case, point, take=take, name=name)
        for take, name in zip(("first", "second"), case.names, strict=True)
    ]
    return {
        "id": point.id,
        "cell": cell_id(point.item, point.field or "description"),
        "label": label,
        "sentence": control.sentence if control else "Only one of the reviewers has it.",
        "group": group_of(point),
        "is_decided": point.is_decided,
        "sides": sides,
    }


def _side(
    kept: KeptLetter, case: Case, point: Difference, *, take: str, name: str
) -> dict[str, Any]:
    cell = point.first if take == "first" else point.second
    return {
        "take": take,
        "name": name,
        "values": [show_value(value) for value in cell.values] if cell else [],
        "nothing": "not stated" if point.field else "no such item",
        "quotes": _quotes(kept, cell),
        "comment": cell.comment if cell else "",
        "is_chosen": point.is_decided and _is_chosen(case, point, cell),
    }


def _is_chosen(case: Case, point: Difference, cell: Cell | None) -> bool:
    if not point.field:
        return (cell is not None) == (point.item is not None)
    if point.origin and point.item is None:
        return False
    settled = case.settled.cell(point.item, point.field)
    return cell is not None and settled.values == cell.values


def _quotes(kept: KeptLetter, cell: Cell | None) -> list[str]:
    """The words that prove the values; of long passages the beginning."""
    entries = cell.entries if cell else ()
    spans = {
        (entry.start, entry.end)
        for entry in entries
        if entry.start is not None and entry.end is not None
    }
    text = kept.text or ""
    return [shorten(text[start:end], _QUOTE_WIDTH) for start, end in sorted(spans)]
