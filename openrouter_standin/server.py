"""The stand-in over HTTP, for programs in any language: one thread a connection, nothing but the standard library."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any

from .faults import Faults
from .handler import Handler
from .names import FAULTS_HEADER
from .recent import Recent
from .state import State
from .strict_json import finite, refuse_constant


class Server(ThreadingHTTPServer):
    """Serves `answer` with one `State`.

    `speed`: 1 at the nominal pace, 2 twice as fast, 0 without waiting. `key`: the only key that is accepted; without it
    any key will do. `latency`: seconds until each whole answer, refusals too, in place of its own pace. `heard`: is told of
    each request, in the form that `answer` takes. `answered`: of each response, too. `log`: takes one line a request. `now`,
    `sleep`: the clock it waits on, in seconds. Raises `OSError` when the address cannot be had.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512  # connections that come at once wait for their turn; the default of 5 resets them

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        speed: float = 1.0,
        key: str | None = None,
        latency: float | None = None,
        state: State | None = None,
        heard: Callable[[dict[str, Any]], None] = lambda request: None,
        answered: Callable[[dict[str, Any], dict[str, Any]], None] = lambda request, response: None,
        log: Callable[[str], None] = lambda line: None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not (math.isfinite(speed) and speed >= 0):
            raise ValueError(f"speed takes 0 (no waiting) or a positive number, not {speed!r}")
        if latency is not None and not (math.isfinite(latency) and latency >= 0):
            raise ValueError(f"latency takes seconds, 0 or more, not {latency!r}")
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.state, self.faults = state or State(), None
        self.speed, self.key, self.latency = speed, key, latency
        self.heard, self.answered, self.log, self.now, self.sleep = heard, answered, log, now, sleep
        self._asked: Recent[str, Faults] = Recent(100)
        self._open: set[socket.socket] = set()
        super().__init__((host, port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin to serve a connection, which clients keep open for their next request."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """A connection ends."""
        self._open.discard(request)
        super().shutdown_request(request)

    @contextlib.contextmanager
    def serving(self) -> Iterator[Server]:
        """Serve in a thread of its own until the block ends."""
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()

    def server_close(self) -> None:
        """End listening, and every connection that is still open: else its thread would wait for a next request."""
        super().server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # ended by the other side
                connection.shutdown(socket.SHUT_RDWR)

    def server_bind(self) -> None:
        """Without the look-up of this machine's name that the standard library makes, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    @property
    def url(self) -> str:
        """The base_url for an OpenAI client."""
        host, port = self.server_address[:2]
        return f"http://{f'[{host}]' if ':' in str(host) else host}:{port}/api/v1"

    def faults_for(self, headers: dict[str, str]) -> Faults | None:
        """The faults that a request's headers ask for, else those of the server.

        The same words are the same `Faults`, so that `for_attempts` can end them. Raises `ValueError` or `TypeError`.
        """
        asked = headers.get(FAULTS_HEADER)
        if not asked:
            return self.faults
        if asked not in self._asked:
            self._asked[asked] = Faults(**json.loads(asked, parse_constant=refuse_constant, parse_float=finite))
        return self._asked[asked]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that ends in an error of the client's is not worth a traceback."""
        self.log("a connection broke")
