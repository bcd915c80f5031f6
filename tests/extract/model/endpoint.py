"""A loopback server that speaks the OpenAI chat protocol, with scripted replies and faults.

What it replies was written for tests: nothing measured against it is a model's score.
"""

import asyncio
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any

BACKLOG = 512


class Fault(StrEnum):
    """What the server can do instead of replying well."""

    BUSY = "429"
    BUSY_SECONDS = "429 with Retry-After in seconds"
    BUSY_DATE = "429 with Retry-After as a date"
    BUSY_A_SECOND = "429 with Retry-After of a second"
    BUSY_LONG = "429 with Retry-After of an hour"
    ERROR = "500"
    RESET = "connection reset"
    SLOW = "body that drips"
    HANG = "no reply at all"
    TRUNCATED = "finish reason length"
    INVALID_ENUM = "word outside the vocabulary"
    MISSING_KEY = "missing key"
    WRONG_QUOTE = "quotation not in the letter"
    REFUSAL = "refusal"
    FILTERED = "content filter"
    EMPTY = "empty reply"
    NOT_JSON = "reply that is no JSON"
    NO_MESSAGE = "completion without a message"
    NO_COUNTS = "usage without counts"
    THOUGHTS = "thoughts before the reply"
    WORDS = "words around the reply"
    HTML = "web page with status 200"
    BROKEN_JSON = "body that is no JSON"
    UNAUTHORIZED = "401"
    NO_MODEL = "404 for the model"
    NO_SCHEMA = "400 for response_format"
    NO_TEMPERATURE = "400 for temperature"
    NO_QUOTA = "429 for a spent quota"
    LETTER_FILTERED = "400 of a content filter"
    BAD_PROMPT = "400 for one letter"
    NO_ROOM = "400 for a letter over the context"
    TOO_LARGE = "413"
    MOVED = "307 to another address"


REPLY = Callable[[str], dict[str, Any]]
"""The user's message to the whole reply that is made up for its letter."""


@dataclass
class Plan:
    """What the server does.

    Args:
        reply: makes the reply.
        faults: called with the message and how often it was asked; the fault, or `None`.
        latency_s: how long a reply takes.
        altered: what else becomes of a completion.
        refusal: called with a request's body; the error that is its answer, or `None`.
    """

    reply: REPLY
    faults: Callable[[str, int], Fault | None] = lambda _message, _count: None
    latency_s: float = 0.0
    altered: Callable[[dict[str, Any]], dict[str, Any]] = lambda completion: completion
    refusal: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda _body: None


@dataclass
class Endpoint:
    """A running server; use as a context manager."""

    plan: Plan
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    came: list[float] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """The base URL of the API."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> "Endpoint":
        self._asked: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, backlog=BACKLOG)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Serve one request; whether the connection goes on."""
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.requests.append(body)
        self.headers.append(headers)
        self.came.append(time.monotonic())
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            return await self._answer(body, writer)
        finally:
            self.under_way -= 1

    async def _answer(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        message = body["messages"][1]["content"]
        fault = self.plan.faults(message, self._asked[message])
        self._asked[message] += 1
        await asyncio.sleep(self.plan.latency_s)
        if fault is Fault.RESET:
            writer.transport.abort()
            return False
        if fault is Fault.HANG:
            await asyncio.sleep(60)
            return False
        status, extra, payload = self._reply(fault, body, message)
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        kind = "text/html" if fault is Fault.HTML else "application/json"
        writer.write(
            f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\n{extra}"
            f"content-length: {len(data)}\r\n\r\n".encode()
        )
        if fault is Fault.SLOW:
            for byte in data:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)
        writer.write(data)
        await writer.drain()
        return True

    def _reply(
        self, fault: Fault | None, body: dict[str, Any], message: str
    ) -> tuple[int, str, Any]:
        if error := self.plan.refusal(body):
            return 400, "", {"error": error}
        if fault in _STATUS:
            status, extra, why = _STATUS[fault]
            if fault is Fault.NO_SCHEMA and body.get("response_format", {}).get("type") != (
                "json_schema"
            ):
                return 200, "", completion(body, self.plan.reply(message), None)
            if fault is Fault.NO_TEMPERATURE and "temperature" not in body:
                return 200, "", completion(body, self.plan.reply(message), None)
            return status, extra, {"error": why}
        if fault is Fault.HTML:
            return 200, "", b"<html><body>gateway</body></html>"
        if fault is Fault.BROKEN_JSON:
            return 200, "", b'{"id": "x", "choices": ['
        return 200, "", self.plan.altered(completion(body, self.plan.reply(message), fault))


_STATUS: dict[Fault | None, tuple[int, str, dict[str, Any]]] = {
    Fault.BUSY: (429, "", {"message": "slow down", "code": "rate_limit_exceeded"}),
    Fault.BUSY_SECONDS: (429, "retry-after: 0\r\n", {"message": "slow down"}),
    Fault.BUSY_A_SECOND: (429, "retry-after: 1\r\n", {"message": "come back later"}),
    Fault.BUSY_LONG: (429, "retry-after: 3600\r\n", {"message": "come back later"}),
    Fault.BUSY_DATE: (
        429,
        "retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
        {"message": "slow down"},
    ),
    Fault.ERROR: (500, "", {"message": "oops"}),
    Fault.UNAUTHORIZED: (401, "", {"message": "Incorrect API key", "code": "invalid_api_key"}),
    Fault.NO_MODEL: (
        404,
        "",
        {"message": "The model does not exist", "code": "model_not_found"},
    ),
    Fault.NO_SCHEMA: (
        400,
        "",
        {"message": "response_format of type json_schema is not supported"},
    ),
    Fault.NO_TEMPERATURE: (
        400,
        "",
        {"message": "Unsupported value: 'temperature'", "param": "temperature"},
    ),
    Fault.NO_QUOTA: (429, "", {"message": "check billing", "code": "insufficient_quota"}),
    Fault.LETTER_FILTERED: (400, "", {"message": "policy", "code": "content_filter"}),
    Fault.BAD_PROMPT: (400, "", {"message": "Invalid prompt", "code": "invalid_prompt"}),
    Fault.NO_ROOM: (400, "", {"message": "the request exceeds the available context size"}),
    Fault.TOO_LARGE: (413, "", {"message": "Request Entity Too Large"}),
    Fault.MOVED: (307, "location: http://localhost:9/v1/chat/completions\r\n", {}),
}


def completion(
    body: dict[str, Any], reply: dict[str, Any], fault: Fault | None
) -> dict[str, Any]:
    """A chat completion that carries `reply`, spoilt by `fault`."""
    text = spoil(json.dumps(fitted(reply, body)), fault)
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if "tools" in body and fault not in (Fault.REFUSAL, Fault.EMPTY):
        name = body["tools"][0]["function"]["name"]
        call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": text}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    if fault is Fault.REFUSAL:
        message["refusal"] = "I cannot help with that."
    finish: dict[Fault | None, str] = {
        Fault.TRUNCATED: "length",
        Fault.FILTERED: "content_filter",
    }
    if fault is Fault.NO_MESSAGE:
        return {"id": "chatcmpl-test", "choices": [{}]}
    sent = sum(len(turn["content"]) for turn in body["messages"]) // 4
    usage = {"prompt_tokens": sent, "completion_tokens": len(text) // 4}
    total = {"total_tokens": sum(usage.values())}
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": 1,
        "model": "made-up-replies",
        "choices": [
            {"index": 0, "message": message, "finish_reason": finish.get(fault, "stop")}
        ],
        "usage": total if fault is Fault.NO_COUNTS else usage | total,
    }


def fitted(reply: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Of a whole reply what the request's schema asks for, items numbered as shown."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None and "tools" in body:
        schema = body["tools"][0]["function"]["parameters"]
    if schema is None:
        return reply
    shown = {int(number) for number in _ITEM.findall(body["messages"][1]["content"])}
    items = [
        {"number": number, **item}
        for number, item in enumerate(reply["items"], 1)
        if not shown or number in shown
    ]
    fitting: dict[str, Any] = _fit({**reply, "items": items}, schema, schema)
    return fitting


_ITEM = re.compile(r"^\[item (\d+),", re.MULTILINE)


def _fit(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _fit(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "anyOf" in schema:
        return None if value is None else _fit(value, schema["anyOf"][0], root)
    if "properties" in schema:
        inner = schema["properties"].items()
        return {key: _fit(value[key], child, root) for key, child in inner}
    if schema.get("type") == "array":
        return [_fit(element, schema["items"], root) for element in value]
    return value


def spoil(text: str, fault: Fault | None) -> str:
    """The reply's text, spoilt by `fault`."""
    if fault is Fault.TRUNCATED:
        return text[: len(text) // 2]
    if fault is Fault.INVALID_ENUM:
        return text.replace('"value": "upheld"', '"value": "sustained"')
    if fault is Fault.MISSING_KEY:
        reply = json.loads(text)
        reply.pop(next(reversed(reply)))
        return json.dumps(reply)
    if fault is Fault.WRONG_QUOTE:
        return text.replace('"quote": "', '"quote": "surely not said: ')
    if fault in (Fault.EMPTY, Fault.REFUSAL):
        return ""
    if fault is Fault.THOUGHTS:
        return f"<think>\nIt {{says}} so.\n</think>\n\n{text}"
    if fault is Fault.WORDS:
        return f"Here is the JSON:\n{text}\nI hope that it helps!"
    return "I am afraid that this is a letter." if fault is Fault.NOT_JSON else text


def always(fault: Fault, *, about: str = "") -> Callable[[str, int], Fault | None]:
    """`fault` for every request whose letter holds `about`."""
    return lambda message, _count: fault if about in message else None


def times(count: int, fault: Fault, *, about: str = "") -> Callable[[str, int], Fault | None]:
    """`fault` for the first `count` requests whose letter holds `about`."""
    return lambda message, asked: fault if about in message and asked < count else None


def in_turn(faults: Sequence[Fault | None]) -> Callable[[str, int], Fault | None]:
    """One fault after the other, then none."""
    turns: Iterator[Fault | None] = iter(faults)
    return lambda _message, _count: next(turns, None)
