"""The stand-in over HTTP, for curl, other languages and the tests of record and live mode. Loopback only."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from . import NAME
from .answer import answer
from .errors import Response, error
from .fields import whole
from .keys import MANAGEMENT
from .weather import Weather
from .world import World

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FAULT = "x-standin-weather"
"""The request header that asks for a fault, only over HTTP: the fields of `Weather` as JSON, such as {"down": ["together"]}."""


class Server(ThreadingHTTPServer):
    """Serves `answer` with one world. `speed`: 1 as the nominal offsets, 2 twice as fast, 0 without waiting.

    `key`: the only key that is accepted; without it any key will do.
    """

    daemon_threads = True

    def __init__(self, port: int = 0, host: str = "127.0.0.1", speed: float = 1.0, key: str | None = None) -> None:
        super().__init__((host, port), _Handler)
        self.world, self.lock = World(), threading.Lock()
        self.speed, self.key = speed, key
        self.weathers: dict[str, Weather] = {}

    def weather_of(self, header: str) -> Weather:
        """The weather that a header asks for; the same words are the same weather, so that `for_attempts` can end it."""
        if header not in self.weathers:
            self.weathers[header] = Weather(**json.loads(header))
        return self.weathers[header]

    @property
    def url(self) -> str:
        """The base_url for an OpenAI client."""
        return f"http://{self.server_address[0]}:{self.server_address[1]}/api/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = NAME, ""
    server: Server

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_DELETE = do_PUT = do_GET

    def do_OPTIONS(self) -> None:
        """A browser asks before it sends: anybody may."""
        self.send_response(204)
        for name, value in (("origin", "*"), ("methods", "GET, POST, PATCH, DELETE"), ("headers", "*")):
            self.send_header(f"access-control-allow-{name}", value)
        self.send_header("content-length", "0")
        self.end_headers()

    def _serve(self) -> None:
        began = time.monotonic()
        request = self._request()  # before the lock: one slow client must not stop the others
        with self.server.lock:
            response = self._answer(request)
        if "failure" in response:
            self.close_connection = True  # a broken connection: nothing is sent
            return
        self.send_response(response["status"])
        for name, value in {**response["headers"], "access-control-allow-origin": "*"}.items():
            self.send_header(name, value)
        try:
            if "events" in response:
                self._stream(response["events"], began)
            else:
                self._wait(response["ms"], began)
                self._body(json.dumps(response["body"], ensure_ascii=False).encode("utf-8", "replace"))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _answer(self, request: dict[str, Any]) -> Response:
        """The stand-in's answer, under the weather that the header asks for."""
        asked = {k.lower(): v for k, v in request["headers"].items()}.get(FAULT)
        try:
            self.server.world.weather = self.server.weather_of(asked) if asked else None
        except (ValueError, TypeError, RecursionError) as problem:
            return error(400, f"{FAULT}: {problem}", user=False)
        return answer(request, self.server.world)

    def _request(self) -> dict[str, Any]:
        length = whole(self.headers.get("content-length") or "0", -1)
        raw = self.rfile.read(length) if length > 0 else b""
        if "chunked" in (self.headers.get("transfer-encoding") or ""):
            raw = b"".join(self._chunks())
        self.close_connection = length < 0
        try:
            body = json.loads(raw) if raw else None
        except (ValueError, RecursionError):
            body = raw.decode("utf-8", "replace")
        token = (self.headers.get("authorization") or "").removeprefix("Bearer").strip()
        key = self._key_of(token)
        return {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body, "key": key}

    def _chunks(self) -> Iterator[bytes]:
        """A body that comes in chunks, as some clients send it."""
        while size := int(self.rfile.readline(20).partition(b";")[0].strip() or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline(4)
        self.rfile.readline(4)

    def _key_of(self, token: str) -> str:
        """A key that POST /keys made is its hash, also when it was deleted since; `sk-or-v1-management…` manages keys."""
        if token in self.server.world.secrets:
            return self.server.world.secrets[token]
        if token.startswith(MANAGEMENT):
            return "management"
        known = token and self.server.key in (None, token)
        return "session" if known else "other" if token else "none"

    def _wait(self, ms: float, began: float) -> None:
        if self.server.speed:
            time.sleep(max(0.0, ms / 1000 / self.server.speed - (time.monotonic() - began)))

    def _body(self, body: bytes) -> None:
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, events: list[list[Any]], began: float) -> None:
        """Each event as one HTTP chunk, sent when it is due. A reader who hangs up ends the stream."""
        self.send_header("transfer-encoding", "chunked")
        self.send_header("cache-control", "no-cache")
        self.end_headers()
        for at, text in events:
            self._wait(at, began)
            data = f"{text}\n\n".encode("utf-8", "replace")
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def handle(self) -> None:
        """A client that resets an idle connection is no error of the server."""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """One line a request on the terminal; never headers, where the key is."""
        path = getattr(self, "path", "").partition("?")[0]
        print(f"{self.command or ''} {path} {args[1] if len(args) > 1 else ''}", flush=True)
