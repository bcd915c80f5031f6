"""How a browser signs in: a form takes a token and gives a session cookie."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from extract.review.render import render
from extract.web.auth import COOKIE, Authenticator

LOGIN_PATH = "/login"
_HOURS_12_S = 12 * 3600


def login_routes(authenticator: Authenticator) -> APIRouter:
    """`/login` and `/logout`."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN_PATH)
    async def ask() -> Response:
        """Ask for a token."""
        return HTMLResponse(render("login.html", {"refused": False}))

    @router.post(LOGIN_PATH)
    async def enter(request: Request) -> Response:
        """Let the holder of a token in."""
        form = await request.form(max_files=0, max_fields=5)
        name = authenticator.holder(str(form.get("token", "")))
        if name is None:
            return HTMLResponse(render("login.html", {"refused": True}), 401)
        answer = RedirectResponse("/review/", 303)
        answer.set_cookie(
            COOKIE,
            authenticator.open_session(name),
            max_age=_HOURS_12_S,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    @router.post("/logout")
    async def leave(request: Request) -> Response:
        """End the session."""
        authenticator.close_session(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse(LOGIN_PATH, 303)
        answer.delete_cookie(COOKIE)
        return answer

    return router
