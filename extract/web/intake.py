"""Reads a letter out of a request: JSON text, a raw text or PDF body, or an upload form.

Everything stays in memory: an upload form is parsed by a parser that never spools to disk.
"""

import asyncio
import logging
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from extract.web.problems import Problem

logging.getLogger("python_multipart").setLevel(logging.CRITICAL + 1)  # it quotes bodies

LetterId = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w.@ -]+$")]


class LetterText(BaseModel):
    """A letter as text."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    text: Annotated[str, Field(min_length=1, pattern=r"\S")] = Field(
        description="The letter's text. Offsets of the answer count in it."
    )
    id: LetterId | None = Field(
        default=None,
        description="The letter's name; by default made from the text's SHA-256.",
    )


class _InMemory(MultiPartParser):
    spool_max_size = 1 << 40
    """Never reached: the body is bounded, so nothing of an upload goes to disk."""


async def read_letter_source(request: Request) -> tuple[str | bytes, str | None]:
    """The letter's text or a file's contents, and the letter's name if one is given.

    Raises:
        Problem: 415, not a form in which a letter may come; 422, malformed.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _from_json(await request.body())
    if kind == "multipart/form-data":
        return (await read_upload(request))[0], None
    if kind in {"application/pdf", "text/plain"}:
        return _filled(await request.body()), None
    raise Problem(
        415,
        "ContentTypeUnknown",
        "send a letter as application/json, application/pdf, text/plain or "
        "multipart/form-data with one file",
    )


async def within(seconds: float, request: Request) -> tuple[str | bytes, str | None]:
    """What `read_letter_source` returns, if the body arrives in `seconds`.

    Raises:
        Problem: 408, too slow; or as there.
    """
    try:
        async with asyncio.timeout(seconds):
            return await read_letter_source(request)
    except TimeoutError:
        raise Problem(
            408, "TooSlow", f"the body did not arrive within {seconds:g} s"
        ) from None
    except ClientDisconnect:
        raise Problem(400, "Disconnected", "the caller went away") from None


def _from_json(body: bytes) -> tuple[str, str | None]:
    try:
        letter = LetterText.model_validate_json(body)
    except ValidationError as error:
        faults = [
            {"place": [p for p in fault["loc"] if p in {"text", "id"}], "kind": fault["type"]}
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise Problem(
            422,
            "RequestInvalid",
            'send {"text": "…"}, with an "id" if you like: see `errors`',
            more={"errors": faults},
        ) from None
    return letter.text, letter.id


async def read_upload(request: Request) -> tuple[bytes, str | None]:
    """Contents and name of the one file of an upload form.

    Raises:
        Problem: 422, no such form, or an empty file.
    """
    malformed = Problem(422, "FormInvalid", "send one file under the name `file`")
    parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=0)
    try:
        form = await parser.parse()
    except (MultiPartException, FormParserError, KeyError, UnicodeDecodeError):
        raise malformed from None
    try:
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            raise malformed
        return _filled(await upload.read()), upload.filename
    finally:
        await form.close()


def _filled(contents: bytes) -> bytes:
    if not contents.strip():
        raise Problem(422, "LetterEmpty", "the letter is empty: there is nothing to extract")
    return contents
