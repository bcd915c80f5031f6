"""A run through the provider's batch endpoint: cheaper, and hours later.

The model path itself is unchanged. Handing in, it is followed to the first question that
has no kept reply, and that question goes into a request file. Collected replies are kept
like any others, and the path is followed again: it validates, grounds and merges them, and
what it asks once more is asked directly or goes into the next batch.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from extract.batch.engine import Assignment, Saver
from extract.batch.errors import NoRun, ProviderBatchUnknown, ProviderFailed
from extract.batch.export import output_errors
from extract.batch.ledger import UNDER_WAY, Ledger, ProviderRequest
from extract.batch.provider import ENDPOINT, FINISHED, Provider, ProviderReply
from extract.batch.reading import read_all
from extract.batch.recall import Memory, Postponed, RecallingModel
from extract.batch.replies import Reply, ReplyShelf
from extract.batch.store import RunStore
from extract.batch.work import attempt_async, success
from extract.errors import NoModel
from extract.files import moved_into_place
from extract.letter import Letter
from extract.model.letters import extract_with_model
from extract.model.llm import InstructorModel
from extract.model.usage import Price
from extract.result import Extraction
from extract.settings import ModelSettings, Settings

REQUESTS = "provider"
"""Folder of the request files; each is removed once its batch is made."""

_SUBMISSION = "submission"
"""The fact that tells whether a `submit` came to its end."""

UNKNOWN = "unknown"
"""The status of a batch that the endpoint does not know."""

_GROUP = 500
"""Replies kept at a time."""


@dataclass(frozen=True, kw_only=True)
class FileLimits:
    """How much a request file may hold; the defaults are OpenAI's."""

    requests: int = 50_000
    bytes: int = 190_000_000


def needs_model(settings: Settings) -> ModelSettings:
    """The model's settings.

    Raises:
        NoModel: none is named.
    """
    if settings.model is None:
        raise NoModel("a batch needs a model: set IMR_MODEL, and OPENAI_API_KEY if wanted")
    return settings.model


def submit(assignment: Assignment, folder: Path, limits: FileLimits | None = None) -> int:
    """Hand in every question that has no reply and is not under way; how many were.

    Letters whose replies are all there are extracted on the way.

    Raises:
        ProviderFailed: the provider did not take a file; what it took is noted.
    """
    settings = needs_model(assignment.settings)
    assignment.store.note(_SUBMISSION, "begun")
    with (
        closing(Provider(settings)) as provider,
        closing(Ledger(folder)) as ledger,
        closing(ReplyShelf(folder, Price(settings))) as shelf,
    ):
        handed_in = _finish_started(provider, ledger, folder, assignment.digest)
        writer = _RequestFiles(folder, assignment.digest, limits or FileLimits())
        for number, path in writer.write(_questions(assignment, shelf, ledger), ledger):
            handed_in += writer.counts[number]
            _hand_in(provider, ledger, number, path)
    assignment.store.note(_SUBMISSION, "whole")
    return handed_in


def is_partly_submitted(store: RunStore) -> bool:
    """Whether the last `submit` broke off: questions may be left that were never handed in."""
    return store.fact(_SUBMISSION) == "begun"


def poll(folder: Path, settings: Settings) -> dict[str, int]:
    """Ask how far the open batches are; how many are in which state.

    Raises:
        NoRun: nothing was ever handed in.
    """
    check_handed_in(folder)
    with (
        closing(Ledger(folder)) as ledger,
        closing(Provider(needs_model(settings))) as provider,
    ):
        states: Counter[str] = Counter()
        for each in ledger.open_batches():
            status = each.status
            if each.batch:
                with suppress(ProviderBatchUnknown):
                    status = UNKNOWN
                    status = provider.look_up(each.batch).status
                ledger.note_status(each.number, status)
            states[status] += 1
        return dict(states)


def check_handed_in(folder: Path) -> None:
    """Make sure that something of the run in `folder` was handed in.

    Raises:
        NoRun: nothing ever was.
    """
    with closing(Ledger(folder)) as ledger:
        if not ledger.request_statuses():
            raise NoRun(f"nothing of {folder} was handed in: use `imr batch submit`")


class _Question(NamedTuple):
    """A question that goes into a batch, and its line in a request file."""

    request: ProviderRequest
    line: str


class Fetched(NamedTuple):
    """How many requests came to what, and what kept a batch from being fetched."""

    statuses: dict[str, int]
    failed: ProviderFailed | None


def fetch(folder: Path, settings: Settings, *, give_up_unknown: bool = False) -> Fetched:
    """Keep the replies of every batch that is finished; one that fails holds up no other.

    Args:
        give_up_unknown: the requests of a batch that the endpoint does not know are open
            again. Else they stay under way: the key may be another account's.
    """
    failed: ProviderFailed | None = None
    model = needs_model(settings)
    with (
        closing(Ledger(folder)) as ledger,
        closing(ReplyShelf(folder, Price(model))) as shelf,
        closing(Provider(model)) as provider,
    ):
        for each in ledger.open_batches():
            if each.batch is None:
                continue
            try:
                batch = provider.look_up(each.batch)
                ledger.note_status(each.number, batch.status)
                if batch.status in FINISHED:
                    replies = provider.replies(batch, ledger.find_request)
                    statuses = _keep_all(shelf, replies, batch.created_at or 0)
                    ledger.finish(each.number, statuses)
            except ProviderBatchUnknown:
                ledger.note_status(each.number, UNKNOWN)
                if give_up_unknown:
                    ledger.finish(each.number, {})
            except ProviderFailed as error:
                failed = error
        return Fetched(ledger.request_statuses(), failed)


def _keep_all(
    shelf: ReplyShelf, replies: Iterator[ProviderReply], made_at: float
) -> dict[str, str]:
    """Keep the good ones of `replies`; each request's status."""
    statuses: dict[str, str] = {}
    group: list[Reply] = []
    for reply in replies:
        statuses[reply.request] = reply.status
        kept = Reply(
            reply.request,
            reply.text,
            (reply.attempt,),
            reply.served_by,
            made_at,
            by_provider_batch=True,
        )
        if reply.status == "ok":
            group.append(kept)
        else:
            shelf.note_cost(kept)
        if len(group) >= _GROUP:
            shelf.keep(group)
            group = []
    shelf.keep(group)
    return statuses


def _questions(
    assignment: Assignment, shelf: ReplyShelf, ledger: Ledger
) -> Iterator[_Question]:
    """Each open question, once."""
    settings = needs_model(assignment.settings)
    model = InstructorModel(settings)
    recalling = RecallingModel(model, Memory(settings, shelf, ledger), postpone=True)
    saver = Saver(assignment.store, assignment.digest)
    asked: set[str] = set()

    async def follow(letter: Letter) -> Extraction:
        return await extract_with_model(letter, settings=assignment.settings, model=recalling)

    for task in read_all(assignment):
        way = attempt_async(
            task,
            follow,
            lambda task, extraction: success(task.sha256, extraction),
        )
        try:
            saver.add(asyncio.run(way))
        except Postponed as postponed:
            request = postponed.request
            if request not in asked and ledger.request_status(request) != UNDER_WAY:
                asked.add(request)
                body = model.body_of(postponed.question)
                bounds = model.bounds_of(postponed.question, body)
                sent, longest = bounds.likely.input_tokens, bounds.worst.output_tokens
                yield _Question(ProviderRequest(request, sent, longest), _line(request, body))
    saver.flush()


def _line(request: str, body: dict[str, Any]) -> str:
    line = {"custom_id": request, "method": "POST", "url": ENDPOINT, "body": body}
    return json.dumps(line, ensure_ascii=False) + "\n"


class _RequestFiles:
    """Writes questions to files within the provider's limits."""

    def __init__(self, folder: Path, digest: str, limits: FileLimits) -> None:
        self._folder, self._digest, self._limits = folder, digest, limits
        self.counts: dict[int, int] = {}

    def write(
        self, questions: Iterator[_Question], ledger: Ledger
    ) -> Iterator[tuple[int, Path]]:
        """Each file's number and path, as soon as it is full."""
        for group in self._groups(questions):
            number = ledger.begin(self._digest, [each.request for each in group])
            self.counts[number] = len(group)
            path = request_path(self._folder, number)
            with output_errors(self._folder):
                path.parent.mkdir(exist_ok=True)
                with moved_into_place(path, "w") as file:
                    file.writelines(each.line for each in group)
            yield number, path

    def _groups(self, questions: Iterator[_Question]) -> Iterator[list[_Question]]:
        group: list[_Question] = []
        size = 0
        for question in questions:
            length = len(question.line.encode())
            full = len(group) >= self._limits.requests or size + length > self._limits.bytes
            if group and full:
                yield group
                group, size = [], 0
            group.append(question)
            size += length
        if group:
            yield group


def request_path(folder: Path, number: int) -> Path:
    """Where the request file of a batch is, until the batch is made."""
    return folder / REQUESTS / f"requests-{number:05d}.jsonl"


def _hand_in(provider: Provider, ledger: Ledger, number: int, path: Path) -> None:
    input_file = provider.upload(path)
    ledger.note_file(number, input_file)
    batch = provider.make_batch(input_file, label=f"{path.parent.parent.name}-{number}")
    ledger.note_batch(number, batch.id, batch.status)
    path.unlink(missing_ok=True)


def _finish_started(provider: Provider, ledger: Ledger, folder: Path, digest: str) -> int:
    """Go on where an earlier start was killed; how many requests were handed in by it.

    That start may have been between writing, uploading and making. A batch that was made
    but not noted is found again by its file: it is not made twice. What was written and
    not uploaded, or uploaded under other settings, is not handed in any more.
    """
    handed_in = 0
    for each in ledger.open_batches():
        path = request_path(folder, each.number)
        if each.batch:
            path.unlink(missing_ok=True)
            continue
        made = provider.find_batch(each.input_file) if each.input_file else None
        if made is None and each.input_file and each.digest == digest:
            made = provider.make_batch(each.input_file, f"{folder.name}-{each.number}")
        if made:
            handed_in += each.requests
            ledger.note_batch(each.number, made.id, made.status)
        else:
            ledger.finish(each.number, {})  # its questions are open again
        path.unlink(missing_ok=True)
    return handed_in
