"""Arize Phoenix for a lesson: a real server in an environment of its own, or what was recorded of one.

Its packages do not resolve beside the course (November 2026: it wants tenacity below 9.2). Settings: Phoenix docs,
self-hosting, configuration, 2026-11; it would listen on all addresses, send telemetry and fetch fonts otherwise.
"""

from __future__ import annotations

import tempfile

from ..session import current
from .otlp import Collector
from .process import Process, check_free, free_port
from .system import System


class Phoenix(System):
    """`url`: where it takes spans and answers; a collector does where its answers are replayed."""

    title, environment, size = "Phoenix", "phoenix", "146 packages, 853 MB"

    def __init__(self, port: int | None, patience_s: float) -> None:
        super().__init__()
        if not self.real:
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
        self._process = Process("Phoenix", [self.command, "serve"], settings, f"{self.url}/healthz", patience_s)
        version = self._process.headers.get("x-phoenix-server-version", "")
        current().runs_here("127.0.0.1", f"Phoenix {version}".strip())

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

    def said(self) -> str:
        return f"Phoenix runs at {self.url}: open it in a browser. It ends with phoenix.stop() or with the kernel."


def phoenix(port: int | None = None, patience_s: float = 120.0) -> Phoenix:
    """Start Phoenix where it is installed, else replay what was recorded of it.

    `port`: None takes a free one. `patience_s`: seconds that it may need to come up. Raises `NotRunning` with one sentence.
    """
    return current().server("phoenix", lambda: Phoenix(port, patience_s))
