"""Arize Phoenix for a lesson: a real server in an environment of its own, or what was recorded of one.

Its packages do not resolve beside the course (November 2026: it wants tenacity below 9.2). Settings: Phoenix docs,
self-hosting, configuration, 2026-11; it would listen on all addresses, send telemetry and fetch fonts otherwise.
"""

from __future__ import annotations

import tempfile

from ..session import current
from .otlp import Collector
from .process import NotRunning, Process, check_free, free_port, installed

MAKE_IT = "`make outside NAME=phoenix` (146 packages, 853 MB)"


class Phoenix:
    """`url`: where it takes spans and answers. `real`: whether a server runs, or its recorded answers are replayed."""

    def __init__(self, port: int | None, patience_s: float) -> None:
        session = current()
        command = installed("phoenix", "phoenix") if session.starts_systems else None
        self.real = command is not None
        if command is None:
            if session.mode in ("live", "record"):
                raise NotRunning(f"Phoenix is not installed: {MAKE_IT}, then run this again.")
            self._spans = Collector()
            self.url = self._spans.url
            return
        port = port or free_port()
        check_free(port)
        self.url = f"http://127.0.0.1:{port}"
        self._folder = tempfile.TemporaryDirectory(prefix="phoenix-", ignore_cleanup_errors=True)
        settings = {
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": str(port),
            "PHOENIX_GRPC_PORT": str(free_port()),
            "PHOENIX_WORKING_DIR": self._folder.name,
            "PHOENIX_TELEMETRY_ENABLED": "false",
            "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
        }
        self._process = Process("Phoenix", [str(command), "serve"], settings, f"{self.url}/healthz", patience_s)
        if session.mode != "record":
            session.let_through("127.0.0.1")

    @property
    def running(self) -> bool:
        return self._process.running if self.real else self._spans.running

    def stop(self) -> None:
        """End it and forget what it stored. Twice is harmless."""
        if self.real:
            self._process.stop()
            self._folder.cleanup()
        else:
            self._spans.stop()

    def __repr__(self) -> str:
        if self.real and current().mode != "record":
            return f"Phoenix runs at {self.url}: open it in a browser. It ends with phoenix.stop() or with the kernel."
        return f"What Phoenix answered when this lesson was recorded is replayed. To run it yourself: {MAKE_IT}."


def phoenix(port: int | None = None, patience_s: float = 120.0) -> Phoenix:
    """Start Phoenix where it is installed, else replay what was recorded of it.

    `port`: None takes a free one. `patience_s`: seconds that it may need to come up. Raises `NotRunning` with one sentence.
    """
    return current().server("phoenix", lambda: Phoenix(port, patience_s))
