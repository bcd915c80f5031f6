"""Talks to an OpenAI-compatible batch endpoint: files in, batches made, replies out.

Foreign exceptions repeat requests, which hold letters: they end here.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from extract.account import Attempt, Usage
from extract.batch.errors import ProviderBatchUnknown, ProviderFailed
from extract.batch.ledger import REFUSED, ProviderRequest
from extract.errors import ReplyFiltered, ReplyRefused
from extract.model.billing import usage_of
from extract.model.client import built
from extract.model.refusals import MOVED, is_redirect
from extract.model.transport import holds_message, keep_private, name_of
from extract.settings import ModelSettings

if TYPE_CHECKING:
    from openai.types import Batch, FileObject

ENDPOINT: Final = "/v1/chat/completions"

FINISHED = frozenset({"completed", "expired", "cancelled", "failed"})
"""A batch in one of these states changes no more; all but `failed` may hold replies."""

_ATTEMPTS = 5

_ADVICE = (
    "check OPENAI_BASE_URL, OPENAI_API_KEY and the account's limits, then give the same "
    "command again"
)

T = TypeVar("T", "FileObject", "Batch")

FindRequest = Callable[[str], ProviderRequest]
"""What is known of the request of that name."""


class ProviderReply(NamedTuple):
    """A line of a batch's output.

    Args:
        request: which request it answers.
        status: `ok`, or why there is no reply.
        text: the reply's text; `None` if it was cut off, or if there is none.
        usage: the tokens that it took.
        served_by: the model that answered.
        is_estimate: whether the reply does not say what it took.
    """

    request: str
    status: str
    text: str | None
    usage: Usage
    served_by: str | None
    is_estimate: bool = False

    @property
    def attempt(self) -> Attempt:
        """The reply as a result records how it was got."""
        return Attempt(
            outcome=self.status, status=200, usage=self.usage, is_estimate=self.is_estimate
        )


class Provider:
    """The files and batches of one account.

    Args:
        settings: where the endpoint is, and the key.

    Raises:
        ModelUnusable: no request can be made as the environment is set.
    """

    def __init__(self, settings: ModelSettings) -> None:
        import openai  # costs a second: only when a batch is handed in or fetched

        self._client: openai.OpenAI = built(
            lambda: openai.OpenAI(
                api_key=settings.api_key or "none",
                base_url=settings.endpoint,
                max_retries=_ATTEMPTS,
                timeout=settings.timeout_s,
                http_client=openai.DefaultHttpxClient(follow_redirects=False),
            )
        )
        keep_private(self._client, settings)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def upload(self, path: Path) -> str:
        """Hand in a request file; its name there."""
        with _provider_errors("the request file was not taken"):
            return _named(self._client.files.create(file=path, purpose="batch")).id

    def make_batch(self, input_file: str, label: str) -> "Batch":
        """A batch of the requests in `input_file`.

        It is asked for once: an answer that was lost on the way would make a second one,
        which would be paid for too. `find_batch` tells whether there is one.
        """
        with _provider_errors("no batch was made"):
            return _named(
                self._client.with_options(max_retries=0).batches.create(
                    input_file_id=input_file,
                    endpoint=ENDPOINT,
                    completion_window="24h",
                    metadata={"imr": label},
                )
            )

    def find_batch(self, input_file: str) -> "Batch | None":
        """The batch that was made of `input_file` before, if one was."""
        with _provider_errors("the batches cannot be listed"):
            batches = self._client.batches.list(limit=100)
            return next((b for b in batches if b.input_file_id == input_file), None)

    def look_up(self, batch: str) -> "Batch":
        """How far a batch is.

        Raises:
            ProviderBatchUnknown: the endpoint knows none of this name.
        """
        with _provider_errors("the batch cannot be looked up"):
            return _named(self._client.batches.retrieve(batch))

    def replies(self, batch: "Batch", find: FindRequest) -> Iterator[ProviderReply]:
        """What came of the batch's requests, as far as anything did.

        Args:
            find: tells of each request what may have to be booked for it.

        Raises:
            ProviderBatchUnknown: the endpoint does not know the file of replies any more.
        """
        for file in (batch.output_file_id, batch.error_file_id):
            if file:
                for line in self._lines(file):
                    if reply := read_line(line, find):
                        yield reply

    def _lines(self, file: str) -> Iterator[bytes]:
        """The lines of a file; characters that end a line elsewhere may stand in a reply."""
        with (
            _provider_errors("the replies cannot be fetched"),
            self._client.files.with_streaming_response.content(file) as response,
        ):
            begun = b""
            for chunk in response.iter_bytes():
                *lines, begun = (begun + chunk).split(b"\n")
                yield from lines
            yield begun


def _named(answer: T) -> T:
    """`answer`, if it has a name, as all that a provider keeps does."""
    if not answer.id:
        raise ValueError("an answer without a name")
    return answer


def read_line(line: str | bytes, find: FindRequest = ProviderRequest) -> ProviderReply | None:
    """The reply in a line of an output file; `None` for a line that is none of ours.

    Args:
        find: tells of a request what may have to be booked for it; nothing by default.
    """
    try:
        row: dict[str, Any] = json.loads(line)
        request = str(row["custom_id"])
    except (ValueError, KeyError, TypeError):
        return None
    response = _table(row.get("response"))
    body = _table(response.get("body"))
    if response.get("status_code") != 200 or not body.get("choices"):
        name = _error_name(row, response)
        status = REFUSED if name.startswith("content_") else name
        return ProviderReply(request, status, None, Usage(), None)
    try:
        return _reply(find(request), body)
    except (ValueError, KeyError, TypeError, AttributeError):
        sent = Usage(input_tokens=find(request).sent)
        return ProviderReply(request, "unreadable", None, sent, None, is_estimate=True)


def _reply(request: ProviderRequest, body: dict[str, Any]) -> ProviderReply:
    from openai.types.chat import ChatCompletion

    from extract.model.llm import whole_text

    completion = ChatCompletion.construct(**body)  # as the client builds one
    if not holds_message(completion):
        raise ValueError("no message can be read")
    usage, is_estimate = usage_of(completion, sent=request.sent, longest=request.longest)
    status, text = "ok", None
    try:
        text = whole_text(completion)
    except (ReplyFiltered, ReplyRefused):
        status = REFUSED
    return ProviderReply(request.name, status, text, usage, name_of(completion), is_estimate)


def _error_name(row: dict[str, Any], response: dict[str, Any]) -> str:
    """What went wrong, as a plain word: an error's text may repeat the letter."""
    error = row.get("error") or _table(response.get("body")).get("error")
    name = _table(error).get("code") or response.get("status_code") or "error"
    return "".join(c for c in str(name) if c.isalnum() or c in "_-")[:40]


def _table(value: object) -> dict[str, Any]:
    """`value`, if it is a table as it should be; an empty one otherwise."""
    return value if isinstance(value, dict) else {}


@contextmanager
def _provider_errors(what: str) -> Iterator[None]:
    """Turn whatever the client and what it is built on raise into a sentence."""
    import openai

    kind: type[ProviderFailed] = ProviderFailed
    advice = _ADVICE
    try:
        yield
    except openai.NotFoundError:
        kind, failure = ProviderBatchUnknown, f"{what} (status 404)"
    except openai.APIStatusError as error:
        failure = f"{what} (status {error.status_code})"
        advice = MOVED if is_redirect(error.status_code) else _ADVICE
    except Exception as error:  # noqa: BLE001  each layer has errors of its own
        failure = f"{what} ({type(error).__name__})"
    else:
        return
    raise kind(f"{failure}: {advice}")
