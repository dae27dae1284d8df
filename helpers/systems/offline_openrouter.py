"""The offline OpenRouter on loopback, for a program of another environment: what it was asked and answered is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from openrouter_standin import State
from openrouter_standin.server import Server

Exchange = dict[str, Any]


class OfflineOpenRouter:
    """It listens until `stop`, and may be a context manager. `exchanges`: what came, oldest first; `kept` gives the form in which
    an exchange is kept."""

    def __init__(self, state: State, kept: Callable[[Exchange], Exchange] = lambda exchange: exchange) -> None:
        self.exchanges: list[Exchange] = []
        self._kept = kept
        self._serving = ExitStack()
        server = self._serving.enter_context(Server(speed=0, state=state, answered=self._note).serving())
        self.url, self.port = server.url, server.server_port

    def __enter__(self) -> OfflineOpenRouter:
        return self

    def __exit__(self, *about: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening. Twice is harmless."""
        self._serving.close()

    def _note(self, request: dict[str, Any], response: dict[str, Any]) -> None:
        asked = {"method": request["method"], "path": request["path"], "headers": {}, "body": request["body"]}
        self.exchanges.append(self._kept({"request": asked, "response": response}))
