"""One HTTP connection of the server: read a request, ask `answer`, send what it says at its pace."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import socket
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol

from .api.live import LiveAnswer
from .app import answer
from .body import BadBody, read_body
from .errors import Response, refusal
from .faults import Faults
from .multipart import BadMultipart, is_multipart, parse_multipart
from .names import NAME, WORDS_HEADER
from .state import State
from .strict_json import finite, refuse_constant

IDLE_S = 120
"""Seconds after which a silent connection is closed."""
ALLOW = {"origin": "*", "methods": "GET, HEAD, POST, PATCH, DELETE", "headers": "*"}


class Service(Protocol):
    """What a handler asks of its server; `Server` is the one that answers, and says what each part means."""

    state: State
    key: str | None
    speed: float
    latency: float | None

    def heard(self, request: dict[str, Any]) -> None: ...
    def answered(self, request: dict[str, Any], response: Response) -> None: ...
    def log(self, line: str) -> None: ...
    def now(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...
    def faults_for(self, headers: dict[str, str]) -> Faults | None: ...


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive, and HTTP/1.0."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = NAME, ""
    timeout = IDLE_S
    disable_nagle_algorithm = True
    wbufsize = 65536  # head and body leave in one packet: in two, each request waits 40 ms for an acknowledgement
    server: Service

    def do_GET(self) -> None:
        began = self.server.now()
        try:
            request = self._request()
        except BadBody as bad:
            self.send_error(bad.status)
            return
        self.server.heard(request)
        response = self._answer(request)
        self.server.answered(request, response)
        self._send(response, began)

    do_HEAD = do_POST = do_PATCH = do_DELETE = do_PUT = do_GET

    def do_OPTIONS(self) -> None:
        """A browser asks before it sends: every origin may."""
        self.send_response(204)
        for name, value in ALLOW.items():
            self.send_header(f"access-control-allow-{name}", value)
        self.send_header("content-length", "0")
        self.end_headers()

    def _request(self) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if len(self.headers.get_all("content-length") or ()) > 1:
            raise BadBody(400)
        raw = read_body(self.rfile, headers)
        body = _parsed(raw, headers.get("content-type", ""))
        token = re.sub(r"(?i)^bearer\b", "", headers.get("authorization", "")).strip()
        method = "GET" if self.command == "HEAD" else self.command
        return {
            "method": method,
            "path": self.path,
            "headers": headers,
            "body": body,
            "key": self.server.state.owner_of(token, self.server.key),
        }

    def _answer(self, request: dict[str, Any]) -> Response:
        try:
            faults = self.server.faults_for(request["headers"])
        except (ValueError, TypeError, RecursionError) as problem:
            return refusal(400, f"X-Standin-Faults: {problem}", user=False).response
        return answer(request, self.server.state, faults)

    def _send(self, response: Response, began: float) -> None:
        if "failure" in response and "pieces" not in response:
            self.close_connection = True  # a broken connection: nothing is sent
            return
        if "live" in response:
            self._send_live(response, response["live"])
            return
        self._send_head(response)
        if "events" in response:
            self._send_events(response["events"], began)
        elif "pieces" in response:
            self._send_pieces(response["pieces"], began, "failure" in response)
        else:
            self._wait_whole(response["ms"], began)
            self._send_json(response["body"])

    def _send_head(self, response: Response) -> None:
        self.send_response(response["status"])
        for name, value in response["headers"].items():
            self.send_header(name, value)
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-expose-headers", "*")

    def _send_live(self, response: Response, live: LiveAnswer) -> None:
        """What a local model writes, as it comes. The head waits for the first word: it says who wrote it."""
        with contextlib.closing(live):
            first = next(live)
            self._send_head(response)
            self.send_header(WORDS_HEADER, live.written_by.told)
            if live.streamed:
                self._send_events(itertools.chain([first], live))
            else:
                self._send_json(first[1])

    def _send_json(self, body: Any) -> None:
        whole = isinstance(body, bytes)
        self._send_body(body if whole else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))

    def _send_body(self, body: bytes) -> None:
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_events(self, events: Iterable[list[Any]], began: float | None = None) -> None:
        """Each event as one HTTP chunk, sent when it is due; to an HTTP/1.0 client, which knows no chunks, as it is.

        `began`: None where they come while they are written.
        """
        self._send_pieces(([at, f"{text}\n\n".encode("utf-8", "replace")] for at, text in events), began)

    def _send_pieces(self, pieces: Iterable[list[Any]], began: float | None, broken: bool = False) -> None:
        """The same for bytes, such as sound. `broken`: the connection ends before the body does."""
        chunked = self.request_version != "HTTP/1.0"
        self.send_header("cache-control", "no-cache")
        if chunked:
            self.send_header("transfer-encoding", "chunked")
        else:
            self.send_header("connection", "close")  # the end of the connection is the end of the stream
        self.end_headers()
        for at, data in pieces:
            if began is not None:
                self._wait(at, began)
            if data:  # an empty chunk would be the end
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n" if chunked else data)
            if self.server.speed or began is None:
                self.wfile.flush()
        if broken:
            self.close_connection = True
        elif chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _wait(self, ms: float, began: float) -> None:
        """Until so many nominal milliseconds after `began`. What was written so far leaves first."""
        if self.server.speed:
            due = ms / 1000 / self.server.speed - (self.server.now() - began)
            if due > 0:
                self.wfile.flush()
                self.server.sleep(due)

    def _wait_whole(self, ms: float, began: float) -> None:
        """The same for an answer that comes whole. Nothing of it leaves before: a head alone would be a packet of its own."""
        if self.server.latency is not None:
            self.server.sleep(max(0.0, self.server.latency - (self.server.now() - began)))
        else:
            self._wait(ms, began)

    def parse_request(self) -> bool:
        """Whether the head of the request could be read. HTTP/0.9, which has no head, is not spoken."""
        readable = super().parse_request()
        if readable and self.request_version == "HTTP/0.9":
            self.send_error(505)
            return False
        return readable

    def handle_expect_100(self) -> bool:
        """The client waits for this before it sends its body."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def handle(self) -> None:
        """A client that hangs up or falls silent is not an error of the server."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError, ValueError):
            super().finish()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A request that cannot be read: one JSON error that repeats nothing of it, and the end of the connection."""
        self.close_connection = True
        self.request_version = "HTTP/1.1"  # what the client speaks could not be read, perhaps
        body = refusal(code, HTTPStatus(code).phrase, user=False).response["body"]
        self.log_request(code)
        self.send_response_only(code)
        self.send_header("content-type", "application/json")
        self.send_header("connection", "close")
        self._send_body(json.dumps(body).encode())
        self.wfile.flush()
        self._drain()

    def _drain(self) -> None:
        """Say that this is the end, and read on for a moment: a connection closed on unread data is reset, and the answer
        with it."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(1)
            for _ in range(1000):
                if not self.connection.recv(65536):
                    return

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """One line a request; never headers, where the key is, and nothing that a terminal would obey."""
        method = self.command if self.command in ("GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS") else "-"
        path = getattr(self, "path", "").partition("?")[0] if method != "-" else ""
        shown = "".join(c if c.isprintable() else "?" for c in path)[:200]
        self.server.log(f"{method} {shown} {int(code) if isinstance(code, int) else code}")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing else is written: the standard library would repeat the request."""


def _parsed(raw: bytes, content_type: str) -> Any:
    """A body as `answer` takes it: JSON, a form as a dict, or text; None without one."""
    if is_multipart(content_type):
        with contextlib.suppress(BadMultipart):
            return parse_multipart(raw, content_type)
    try:
        return json.loads(raw, parse_constant=refuse_constant, parse_float=finite) if raw else None
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "replace")
