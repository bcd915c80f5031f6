"""A loopback server with a provider's files, batches and chat endpoints.

Batches do nothing until the test says `work()`: so every state can be looked at.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from tests.extract.model.endpoint import Fault, completion

Reply = Callable[[str], dict[str, Any]]


@dataclass
class FakeProvider:
    """A running server; use as a context manager.

    Args:
        reply: makes the reply to a letter.
        fate: a request's position in its batch to what goes wrong with it: `error`,
            `missing` (expired), or a fault of the reply.
    """

    reply: Reply
    fate: Callable[[int], str | Fault | None] = lambda _position: None
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    direct: list[dict[str, Any]] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)
    refuse: Callable[[str, str], int | None] = lambda _method, _path: None
    deaf: bool = False
    """Does what it is asked, and answers that it broke."""
    leads_to: str | None = None
    """The address to which it redirects everything."""
    answer: bytes | None = None
    """What it answers to everything, if it is no provider at all."""

    @property
    def url(self) -> str:
        """The base URL of the API."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "FakeProvider":
        handler = type("Handler", (_Handler,), {"provider": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def upload(self, data: bytes) -> dict[str, Any]:
        """Take a file."""
        name = f"file-{len(self.files) + 1}"
        self.files[name] = data
        return {
            "id": name, "object": "file", "bytes": len(data), "created_at": 1,
            "filename": "requests.jsonl", "purpose": "batch", "status": "processed",
        }  # fmt: skip

    def make(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make a batch."""
        name = f"batch-{len(self.batches) + 1}"
        self.batches[name] = {
            "id": name, "object": "batch", "endpoint": body["endpoint"], "created_at": 1,
            "completion_window": "24h", "input_file_id": body["input_file_id"],
            "status": "in_progress", "metadata": body.get("metadata"),
        }  # fmt: skip
        return self.batches[name]

    def work(self, status: str = "completed") -> None:
        """Do all batches that are under way, and leave them in `status`."""
        for batch in self.batches.values():
            if batch["status"] != "in_progress":
                continue
            good: list[dict[str, Any]] = []
            bad: list[dict[str, Any]] = []
            lines = self.files[batch["input_file_id"]].splitlines()
            for position, line in enumerate(lines):
                request, fate = json.loads(line), self.fate(position)
                if fate == "missing":
                    continue
                (bad if fate == "error" else good).append(self._result(request, fate))
            batch["status"] = status
            batch["output_file_id"] = self._write(good)
            batch["error_file_id"] = self._write(bad)

    def chat(self, body: dict[str, Any], fault: Fault | None = None) -> dict[str, Any]:
        """A completion."""
        return completion(body, self.reply(body["messages"][1]["content"]), fault)

    def _result(self, request: dict[str, Any], fate: str | Fault | None) -> dict[str, Any]:
        if fate == "error":
            error = {"code": "server_error", "message": "it broke over: the letter's text"}
            response = {"status_code": 500, "body": {"error": error}}
            return {"custom_id": request["custom_id"], "response": response, "error": None}
        self.paid.append(request["custom_id"])
        fault = fate if isinstance(fate, Fault) else None
        response = {"status_code": 200, "body": self.chat(request["body"], fault)}
        return {"custom_id": request["custom_id"], "response": response, "error": None}

    def _write(self, results: list[dict[str, Any]]) -> str | None:
        if not results:
            return None
        lines = "".join(json.dumps(result) + "\n" for result in results)
        return str(self.upload(lines.encode())["id"])


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: ClassVar[FakeProvider]

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["content-length"]))
        if self._refused("POST"):
            return
        if self.path == "/v1/files":
            self._send(self.provider.upload(self._uploaded(data)))
        elif self.path == "/v1/batches":
            made = self.provider.make(json.loads(data))
            self._send(made, 500 if self.provider.deaf else 200)
        else:
            body = json.loads(data)
            self.provider.direct.append(body)
            self._send(self.provider.chat(body))

    def do_GET(self) -> None:
        if self._refused("GET"):
            return
        parts = self.path.split("?")[0].strip("/").split("/")
        if parts[1] == "files":
            found = self.provider.files.get(parts[2])
            self._send(found or {"error": {"message": "no"}}, 200 if found else 404)
        elif len(parts) == 3:
            batch = self.provider.batches.get(parts[2])
            self._send(batch or {"error": {"message": "no"}}, 200 if batch else 404)
        else:
            data = list(self.provider.batches.values())
            self._send({"object": "list", "data": data, "has_more": False})

    def _refused(self, method: str) -> bool:
        if self.provider.answer is not None:
            self._send(self.provider.answer)
            return True
        if self.provider.leads_to:
            self._send({}, 307, location=self.provider.leads_to + self.path)
            return True
        status = self.provider.refuse(method, self.path)
        if status:
            self._send({"error": {"message": "no"}}, status)
        return bool(status)

    def _uploaded(self, data: bytes) -> bytes:
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        for part in message_from_bytes(head + data, policy=policy.HTTP).iter_parts():
            if part.get_param("name", header="content-disposition") == "file":
                contents = part.get_payload(decode=True)
                assert isinstance(contents, bytes)
                return contents
        raise AssertionError("no file was sent")

    def _send(self, payload: object, status: int = 200, **headers: str) -> None:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's name
        """Keep quiet."""
