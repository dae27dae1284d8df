"""Start the page in a thread of this program, a notebook for example, and stop it again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from .app import make_app
from .settings import Settings

HOST = "127.0.0.1"
"""This machine only. For others, put a proxy with TLS in front and set `origin`."""
STOPPING_S = 10
"""Seconds that the end may take."""


class PortInUse(OSError):
    """Another program listens there."""


class Running:
    """A page that is being served. `address`: where to open it. It ends with `stop`, or with this program."""

    def __init__(self, settings: Settings, port: int = 0) -> None:
        self._socket = _listen(port)
        number = self._socket.getsockname()[1]
        self.address = settings.origin or f"http://{HOST}:{number}"
        origins = (self.address,) if settings.origin else (self.address, f"http://localhost:{number}")
        self._app = make_app(settings, origins)
        # no access log: the way back from OpenRouter carries a code in its address
        config = uvicorn.Config(self._app, loop="asyncio", http="h11", ws="none", log_level="error", access_log=False)
        config.timeout_graceful_shutdown = 1
        self._server = _Server(config, self._app.state.page.sessions.stop_all)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="chat page", daemon=True)
        self._thread.start()
        self._server.serving.wait(STOPPING_S)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """End it, with every answer that is being written. Twice is harmless."""
        self._server.should_exit = True
        self._thread.join(STOPPING_S)
        self._socket.close()


class _Server(uvicorn.Server):
    """Uvicorn that says when it listens, and ends open answers before it waits for their connections."""

    def __init__(self, config: uvicorn.Config, stop_answers: Any) -> None:
        super().__init__(config)
        self.serving = threading.Event()
        self._stop_answers = stop_answers

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serving.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stop_answers()
        await super().shutdown(sockets)


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as problem:
        listening.close()
        raise PortInUse(
            f"Port {port} is in use: stop the other program, or leave port out and take a free one"
        ) from problem
    return listening


_started: list[Running] = []


def start(port: int = 0, **settings: Any) -> Running:
    """Serve the page until `stop`, or until the next `start`: a cell that runs twice leaves one page.

    `port`: 0 takes a free one. `settings`: fields of `Settings`. Raises `PortInUse`.
    """
    while _started:
        _started.pop().stop()
    _started.append(Running(Settings(**settings), port))
    return _started[-1]


@contextmanager
def serve(port: int = 0, **settings: Any) -> Iterator[str]:
    """The page as a block: `with serve() as address:`."""
    running = Running(Settings(**settings), port)
    try:
        yield running.address
    finally:
        running.stop()
