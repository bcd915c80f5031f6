"""Has this question been answered before? A model that never pays twice for an answer.

Each reply is on the disk before anything else is done with it. A run that was killed asks
again only what was under way; a changed rule or threshold merges the kept replies anew.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extract.batch.errors import BatchError
from extract.batch.ledger import REFUSED, UNDER_WAY, Ledger
from extract.batch.replies import Reply, ReplyShelf
from extract.errors import ExtractError, ReplyRefused
from extract.model.llm import Answer, LanguageModel, Question
from extract.model.usage import CallLog
from extract.settings import ModelSettings


def request_digest(settings: ModelSettings, question: Question) -> str:
    """The name under which the answer to `question` is kept: all that shapes it."""
    asked = {
        "model": settings.name,
        "base_url": settings.base_url,
        "temperature": settings.temperature,
        "seed": settings.seed,
        "messages": [list(message) for message in question.messages],
        "schema": question.reply.model_json_schema(),
        "max_output_tokens": question.max_output_tokens,
    }
    canonical = json.dumps(asked, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Postponed(BatchError):
    """A question that is not asked now; the way of its letter ends here for the time."""

    def __init__(self, request: str, question: Question) -> None:
        super().__init__("the question waits for a batch")
        self.request = request
        self.question = question


class Recalled(NamedTuple):
    """What is known of the answer to a question.

    Args:
        request: the name under which the answer is kept.
        reply: the reply that is kept and stands.
        answer: what that reply says.
        status: `UNDER_WAY` or `REFUSED`, if it is so at the provider's batch endpoint.
    """

    request: str
    reply: Reply | None = None
    answer: Answer | None = None
    status: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the model has to be asked."""
        return self.answer is None and self.status is None


class Memory:
    """What a run knows of earlier answers, and where new ones are kept.

    Args:
        settings: how the model is asked.
        shelf: where replies are kept.
        ledger: knows what was handed to the provider's batch endpoint.
        retry_since: replies kept before this time (seconds since 1970) that nothing can be
            read from are asked for anew, and what was refused by batch.
    """

    def __init__(
        self,
        settings: ModelSettings,
        shelf: ReplyShelf,
        ledger: Ledger,
        *,
        retry_since: float = 0.0,
    ) -> None:
        self._settings, self._shelf, self._ledger = settings, shelf, ledger
        self._keeper = _Keeper(shelf)
        self._retry_since = retry_since

    def recall(self, question: Question) -> Recalled:
        """What is known of the answer to `question`."""
        request = request_digest(self._settings, question)
        reply = self._shelf.find(request)
        if reply:
            answer = _answer_of(question, reply)
            if answer.reply is not None or reply.at >= self._retry_since:
                return Recalled(request, reply, answer)
        status = self._ledger.request_status(request)
        stands = status == UNDER_WAY or (status == REFUSED and not self._retry_since)
        return Recalled(request, status=status if stands else None)

    async def keep(self, reply: Reply) -> None:
        """Return when `reply` is on the disk."""
        await self._keeper.keep(reply)

    def note_cost(self, reply: Reply) -> None:
        """Note what was paid for a reply that is of no use."""
        self._shelf.note_cost(reply)


class RecallingModel:
    """Answers from memory what was answered before; asks the model the rest.

    Args:
        model: whom to ask.
        memory: knows what was answered before.
        postpone: whether the rest is not asked now, but by batch.
    """

    def __init__(
        self, model: LanguageModel, memory: Memory, *, postpone: bool = False
    ) -> None:
        self._model, self._memory, self._postpone = model, memory, postpone
        self.name, self.budget = model.name, model.budget

    @property
    def parameters(self) -> Mapping[str, str | int | float | None]:
        """What shapes the model's replies besides the question."""
        return self._model.parameters

    async def close(self) -> None:
        """Close the model's connections."""
        await self._model.close()

    async def ask(self, question: Question, log: CallLog) -> Answer:
        """The kept answer, or a new one, which is kept before it is returned.

        Raises:
            Postponed: the question is under way by batch, or is to go there.
            ModelError: this question came to nothing.
            ModelUnusable: no question can be answered.
        """
        request, reply, recalled, status = self._memory.recall(question)
        if reply and recalled:
            log.attempts += reply.attempts
            log.served_by = reply.served_by or log.served_by
            return recalled
        if status == REFUSED:
            raise ReplyRefused("the model declined to answer, by batch")
        if self._postpone or status == UNDER_WAY:
            raise Postponed(request, question)
        made = len(log.attempts)
        try:
            answer = await self._model.ask(question, log)
        except (ExtractError, asyncio.CancelledError):  # a call that is cut off is billed too
            self._memory.note_cost(_reply(request, None, log, made))
            raise
        text = None if answer.is_truncated else answer.text
        await self._memory.keep(_reply(request, text, log, made))
        return answer


def _reply(request: str, text: str | None, log: CallLog, made: int) -> Reply:
    """What is kept of the attempts in `log` from number `made` on."""
    return Reply(request, text, tuple(log.attempts[made:]), log.served_by, at=time.time())


def _answer_of(question: Question, reply: Reply) -> Answer:
    """The answer to `question` that a kept reply holds."""
    if reply.text is None:
        return Answer(None, is_truncated=True)
    return Answer.read(reply.text, question.reply)


@dataclass(slots=True)
class _Waiting:
    reply: Reply
    kept: asyncio.Future[None]


class _Keeper:
    """Commits replies in groups: those that arrive during one commit share the next.

    A commit waits for the disk; done one by one, in the loop, they would hold up the calls.
    """

    def __init__(self, shelf: ReplyShelf) -> None:
        self._shelf = shelf
        self._waiting: list[_Waiting] = []
        self._commit: asyncio.Task[None] | None = None

    async def keep(self, reply: Reply) -> None:
        """Return when `reply` is on the disk."""
        waiting = _Waiting(reply, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._commit is None or self._commit.done():
            self._commit = asyncio.create_task(self._commit_all())
        await waiting.kept

    async def _commit_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._shelf.keep, [each.reply for each in group])
            except BaseException as error:  # noqa: BLE001  raised again where it is awaited
                _fail(group, error)
            else:
                for each in group:
                    if not each.kept.done():
                        each.kept.set_result(None)


def _fail(group: Sequence[_Waiting], error: BaseException) -> None:
    for each in group:
        if not each.kept.done():
            each.kept.set_exception(error)
