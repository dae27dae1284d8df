"""A server on loopback that gives canned answers, when the test says so."""

from __future__ import annotations

import gzip
import json
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from clocks import PATIENCE_S


@dataclass
class Canned:
    """One answer of the test server: a body, or events.

    `gate`: an event is sent each time it is released; without one all are sent at once. `asked`: the headers that came.
    `sent`: how many events were sent so far. `encoding`: what the header says, whatever the body is. `drops`: the connection ends without the end of the body.
    """

    body: Any = None
    events: Sequence[str] = ()
    gate: threading.Semaphore | None = None
    status: int = 200
    zipped: bool = False
    encoding: str = ""
    chunks: int = 1
    sent: int = 0
    drops: bool = False
    asked: dict[str, str] = field(default_factory=dict)


@contextmanager
def serve(answers: list[Canned]) -> Iterator[str]:
    """A server on loopback that gives these answers in turn. Yields its address."""
    turns = iter(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            canned = next(turns)
            canned.asked.update({k.lower(): v for k, v in self.headers.items()})
            self.send_response(canned.status)
            self.send_header("content-type", "text/event-stream" if canned.events else "application/json")
            self.send_header("set-cookie", "session=abc")
            self.send_header("cf-ray", "9f00")
            if canned.zipped or canned.encoding:
                self.send_header("content-encoding", canned.encoding or "gzip")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            try:
                for data in self._parts(canned):
                    self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                    self.wfile.flush()
                if canned.drops:
                    self.close_connection = True
                else:
                    self.wfile.write(b"0\r\n\r\n")
            except OSError:
                self.close_connection = True

        def _parts(self, canned: Canned) -> Iterator[bytes]:
            if not canned.events:
                data = json.dumps(canned.body).encode()
                yield gzip.compress(data) if canned.zipped else data
            packer = zlib.compressobj(wbits=31) if canned.zipped else None
            for text in canned.events:
                if canned.gate:
                    canned.gate.acquire(timeout=PATIENCE_S)
                canned.sent += 1
                data = f"{text}\n\n".encode()
                if packer:
                    data = packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
                size = max(1, len(data) // canned.chunks)
                yield from (data[n : n + size] for n in range(0, len(data), size))

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
