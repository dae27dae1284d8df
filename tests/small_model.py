"""A small OpenAI-compatible server on loopback, in place of a local model: it says what a test tells it to say."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from clocks import PATIENCE_S

WORDS = ("Small ", "models ", "write ", "this.")


def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
    """One event."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return "data: " + json.dumps({"object": "chat.completion.chunk", "model": "tiny:1b", "choices": [choice]})


def call(name: str, *arguments: str) -> list[str]:
    """The events of a tool call, its arguments in pieces."""
    first = {"index": 0, "id": "x", "type": "function", "function": {"name": name, "arguments": ""}}
    more = [{"index": 0, "function": {"arguments": piece}} for piece in arguments]
    return [chunk({"tool_calls": [part]}) for part in (first, *more)] + [chunk({}, "tool_calls"), "data: [DONE]"]


def said(*words: str, finish: str = "stop") -> list[str]:
    """The events of a text."""
    return [chunk({"content": word}) for word in words] + [chunk({}, finish), "data: [DONE]"]


class SmallModel:
    """`events` is what it sends; `after` events it waits until `go_on` is set. `requests`: the bodies that came."""

    def __init__(self) -> None:
        self.events = said(*WORDS)
        self.status, self.error = 200, {"error": {"message": "it does not fit"}}
        self.content_type = "text/event-stream"
        self.models: Any = {"data": [{"id": "tiny:1b"}]}
        self.after: int | None = None
        self.go_on, self.left = threading.Event(), threading.Event()
        self.requests: list[dict[str, Any]] = []
        self.url = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._send("application/json", json.dumps(self.server.model.models).encode())

    def do_POST(self) -> None:
        model: SmallModel = self.server.model
        model.requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        if model.status != 200:
            self._send("application/json", json.dumps(model.error).encode(), model.status)
            return
        self.send_response(200)
        self.send_header("content-type", model.content_type)
        self.send_header("connection", "close")
        self.end_headers()
        try:
            for number, event in enumerate(model.events):
                if number == model.after:
                    self._wait(model)
                self.wfile.write(f"{event}\n\n".encode())
                self.wfile.flush()
        except OSError:
            model.left.set()
        self.close_connection = True

    def _wait(self, model: SmallModel) -> None:
        """Until the test lets it go on, or whoever reads has gone."""
        self.connection.settimeout(0.02)
        while not model.go_on.is_set():
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    model.left.set()
                    return

    def _send(self, kind: str, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *about: Any) -> None:
        pass


@contextmanager
def small_model() -> Iterator[SmallModel]:
    """It runs until the block ends."""
    model = SmallModel()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads, server.model = True, model
        model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield model
        finally:
            model.go_on.set()
            server.shutdown()
            thread.join(PATIENCE_S)
