"""The one seam to a language model. Nothing else imports instructor.

A model is asked one `Question` and gives one `Answer`; asking again, judging and merging
are done elsewhere, so that a scripted model goes the same way as a real one. instructor
puts the reply's schema into the request, each mode in its own way, and reads the reply.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from extract.errors import (
    ModelUnusable,
    NoModel,
    ReplyFiltered,
    ReplyRefused,
    RequestRefused,
)
from extract.model.billing import Bounds, bounds_of
from extract.model.dialect import Dialect, first_dialect
from extract.model.problem import Problem
from extract.model.refusals import NotTaken, refused
from extract.model.salvage import read_reply
from extract.model.tokens import count_prompt_tokens, count_tokens
from extract.model.transport import Transport, silence
from extract.model.usage import Budget, CallLog
from extract.model.wire import Wire
from extract.settings import ModelSettings, ReplyMode

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

_INSTRUCTOR_LOGS = ("instructor", "instructor.v2", "instructor.v2.retry")

_MOST_REFUSED = 3
"""So many letters refused in every dialect, and none taken: it is not the letters' fault."""


class Message(NamedTuple):
    """One turn of a conversation."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked.

    Args:
        messages: the conversation so far.
        reply: the shape of the reply.
        max_output_tokens: the longest reply.
    """

    messages: tuple[Message, ...] = field(repr=False)
    reply: type[Wire]
    max_output_tokens: int

    def tokens(self) -> int:
        """How many tokens it sends: messages and schema."""
        first, *rest = self.messages
        return _fixed_tokens(first.content, self.reply) + sum(
            count_tokens(message.content) for message in rest
        )


@lru_cache(maxsize=512)
def _fixed_tokens(system: str, reply: type[Wire]) -> int:
    """Tokens of what is the same from letter to letter."""
    schema = json.dumps(reply.model_json_schema(), separators=(",", ":"))
    return count_prompt_tokens(system) + count_tokens(schema)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model replied.

    Args:
        reply: the reply, parts that do not fit the schema left out; `None` if nothing fits.
        text: the reply as it came.
        problems: what does not fit the schema.
        is_truncated: whether the reply was cut off at its greatest length.
    """

    reply: Wire | None = field(repr=False)
    text: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()
    is_truncated: bool = False

    @classmethod
    def read(cls, text: str, reply: type[Wire]) -> "Answer":
        """The answer that `text` gives in the shape `reply`."""
        fitting, problems = read_reply(reply, text)
        return cls(fitting, text, tuple(problems))


class LanguageModel(Protocol):
    """Anything that answers questions."""

    @property
    def name(self) -> str:
        """The model's name, as results record it."""

    @property
    def parameters(self) -> Mapping[str, str | int | float | None]:
        """What shapes its replies besides the question."""

    @property
    def budget(self) -> Budget | None:
        """Counts what it costs; `None` if it costs nothing."""

    async def ask(self, question: Question, log: CallLog) -> Answer:
        """The answer to `question`; every attempt goes into `log`.

        Raises:
            ModelError: this question came to nothing.
            ModelUnusable: no question can be answered.
        """

    async def close(self) -> None:
        """Let go of what is bound to the running event loop."""


class _Session(NamedTuple):
    """What is bound to one event loop."""

    loop: asyncio.AbstractEventLoop
    transport: Transport
    probe: asyncio.Lock


class _Form(NamedTuple):
    """How instructor asks for a reply in one mode, and how it reads one.

    Args:
        extra: what the request carries besides the conversation.
        appendix: what the system message says besides the prompt.
        size: characters of both.
        read: reads a completion.
    """

    extra: Mapping[str, Any]
    appendix: str
    size: int
    read: Callable[["ChatCompletion"], Wire]


class InstructorModel:
    """A model behind an OpenAI-compatible endpoint, driven through instructor.

    Args:
        settings: which model, where, within which bounds.

    Raises:
        PriceUnknown: a budget in money was set for a model without a known price.
    """

    def __init__(self, settings: ModelSettings) -> None:
        if not settings.name:
            raise NoModel("no model is named: set IMR_MODEL (--model)")
        self._settings = settings
        self._budget = Budget(settings)
        self._session: _Session | None = None
        self._dialect = first_dialect(settings)
        self._is_proven = False
        self._refused: set[int] = set()

    def __repr__(self) -> str:
        return f"InstructorModel({self._settings!r})"

    @property
    def name(self) -> str:
        """The model's name, as results record it."""
        return self._settings.name

    @property
    def parameters(self) -> Mapping[str, str | int | float | None]:
        """What shapes its replies besides the question, as the endpoint took it."""
        given = {"temperature": self._settings.temperature, "seed": self._settings.seed}
        kept = {k: v for k, v in given.items() if k not in self._dialect.dropped}
        return {"mode": self._dialect.mode.value, **kept}

    @property
    def budget(self) -> Budget:
        """Counts what the calls cost."""
        return self._budget

    def prepare(self, question: Question) -> None:
        """Load what a call with `question` needs: it takes seconds that hold up any loop."""
        import openai.types.chat  # noqa: F401  loaded for those who use it later

        self.body_of(question)
        question.tokens()

    async def close(self) -> None:
        """Close the connections of the running event loop."""
        session, self._session = self._session, None
        if session:
            await session.transport.close()

    async def ask(self, question: Question, log: CallLog) -> Answer:
        """The answer to `question`; every attempt goes into `log`."""
        session = self._connect()
        if not self._is_proven:
            async with session.probe:  # one call finds out what the endpoint takes
                if not self._is_proven:
                    return await self._ask(session, question, log)
        return await self._ask(session, question, log)

    def body_of(self, question: Question) -> dict[str, Any]:
        """The request that `question` makes, as it goes over the wire."""
        return self._body(question, self._dialect)

    def bounds_of(self, question: Question, body: dict[str, Any]) -> Bounds:
        """The tokens of `body`, the request that `question` makes, before it is made."""
        return bounds_of(body, _form(question.reply, self._dialect.mode).size)

    def _body(self, question: Question, dialect: Dialect) -> dict[str, Any]:
        settings, dropped = self._settings, dialect.dropped
        form = _form(question.reply, dialect.mode)
        first, *rest = question.messages
        first = first._replace(content=first.content + form.appendix)
        limit = "max_tokens" if "max_completion_tokens" in dropped else "max_completion_tokens"
        optional = {
            "temperature": settings.temperature,
            "seed": settings.seed,
            "store": False,
        }
        return {
            "model": settings.name,
            "messages": [message._asdict() for message in (first, *rest)],
            limit: question.max_output_tokens,
            **{k: v for k, v in optional.items() if v is not None and k not in dropped},
            **form.extra,
        }

    def _connect(self) -> _Session:
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.loop is not loop:
            transport = Transport(self._settings, self._budget)
            self._session = _Session(loop, transport, asyncio.Lock())
        return self._session

    async def _ask(self, session: _Session, question: Question, log: CallLog) -> Answer:
        """The answer, in the first dialect that the endpoint takes, which is then kept."""
        dialect: Dialect | None = self._dialect
        while dialect:
            body = self._body(question, dialect)
            size = _form(question.reply, dialect.mode).size
            try:
                completion = await session.transport.send(body, size, log)
            except NotTaken as refusal:
                dialect = self._after(refusal, dialect)
                failure = refused(refusal)
            else:
                self._dialect, self._is_proven = dialect, True
                return read_completion(completion, question.reply, dialect.mode)
        raise self._unanswerable(question, failure)

    def _after(self, refusal: NotTaken, dialect: Dialect) -> Dialect | None:
        """The dialect to try next; none where the endpoint has taken this one before."""
        if self._is_proven:
            return None
        return dialect.after(refusal, fixed=self._settings.mode is not ReplyMode.AUTO)

    def _unanswerable(
        self, question: Question, failure: RequestRefused
    ) -> RequestRefused | ModelUnusable:
        """What it is called that no dialect is taken: the letter's fault, or the settings'."""
        if self._is_proven:
            return failure
        self._refused.add(hash(question.messages[1].content))
        enough = len(self._refused) >= _MOST_REFUSED
        return ModelUnusable(failure.message) if enough else failure


@lru_cache(maxsize=1024)
def _form(reply: type[Wire], mode: ReplyMode) -> _Form:
    """What instructor makes of `reply` in `mode`.

    Made once. instructor's own loop would make it anew and walk through the model six
    times for every call, which costs more than all the rest of a call together.
    """
    import instructor
    from instructor.v2 import Mode, Provider, mode_registry

    silence(*_INSTRUCTOR_LOGS)
    modes = {
        ReplyMode.JSON_SCHEMA: Mode.JSON_SCHEMA,
        ReplyMode.TOOLS: Mode.TOOLS,
        ReplyMode.JSON: Mode.JSON,
    }
    handlers = mode_registry.get_handlers(Provider.OPENAI, modes[mode])
    prepared, request = handlers.request_handler(
        response_model=instructor.response_schema(reply),
        kwargs={"messages": [{"role": "system", "content": ""}]},
    )
    (system,) = request.pop("messages")

    def read(completion: "ChatCompletion") -> Wire:
        wire: Wire = handlers.response_parser(
            response=completion, response_model=prepared, strict=False
        )
        return wire

    extra, appendix = _binding(request), system["content"]
    return _Form(extra, appendix, len(json.dumps(extra)) + len(appendix), read)


def _binding(request: dict[str, Any]) -> dict[str, Any]:
    """`request` with the schema made binding, which instructor leaves to the caller."""
    if "tools" in request:
        (tool,) = request["tools"]
        request["tools"] = [{**tool, "function": {**tool["function"], "strict": True}}]
    wanted = request.get("response_format", {})
    if "json_schema" in wanted:
        strict = {**wanted["json_schema"], "strict": True}
        request["response_format"] = {**wanted, "json_schema": strict}
    return request


def read_completion(
    completion: "ChatCompletion", reply: type[Wire], mode: ReplyMode
) -> Answer:
    """The answer that `completion` holds.

    Raises:
        ReplyFiltered: a content filter cut it.
        ReplyRefused: the model declined.
    """
    from instructor.v2.core.errors import InstructorError

    text = whole_text(completion)
    if text is None:
        return Answer(None, is_truncated=True)
    try:
        return Answer(_form(reply, mode).read(completion), text)
    except (ValueError, InstructorError):  # pydantic's and json's errors are ValueErrors
        pass
    return Answer.read(text, reply)


def whole_text(completion: "ChatCompletion") -> str | None:
    """The JSON text of a completion, live or out of a batch; `None` if it was cut off.

    Raises:
        ReplyFiltered: a content filter cut it.
        ReplyRefused: the model declined.
    """
    choice = completion.choices[0]
    if choice.finish_reason == "length":
        return None
    if choice.finish_reason == "content_filter":
        raise ReplyFiltered(
            "the provider's content filter cut the reply: the rules' record stands; ask the "
            "provider for an exemption for medical texts"
        )
    if choice.message.refusal:
        raise ReplyRefused("the model declined to answer: the rules' record stands")
    for call in choice.message.tool_calls or ():
        arguments = getattr(getattr(call, "function", None), "arguments", None)
        if arguments:
            return str(arguments)
    return choice.message.content or ""


class ScriptedModel:
    """Answers from a script; for trying things out without a model.

    What it says was written by a person: nothing it is part of measures any model.

    Args:
        script: called with each question; returns the reply's text, or raises.
    """

    name = "scripted (no model)"
    parameters: Mapping[str, str | int | float | None] = {}
    budget = None

    def __init__(self, script: Callable[[Question], str]) -> None:
        self._script = script
        self.questions: list[Question] = []

    async def ask(self, question: Question, log: CallLog) -> Answer:
        """The script's answer to `question`."""
        self.questions.append(question)
        return Answer.read(self._script(question), question.reply)

    async def close(self) -> None:
        """Nothing to let go of."""
