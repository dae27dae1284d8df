"""A Python file of a lesson as a server of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from ..session import current
from .process import Process, free_port


class Served:
    """A Python file that serves on a free port of this machine. `url`: its address."""

    def __init__(self, file: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._process = Process(file.name, [sys.executable, str(file), str(port)], {}, self.url, 30.0)

    @property
    def running(self) -> bool:
        return self._process.running

    def stop(self) -> None:
        """End it. Twice is harmless."""
        self._process.stop()


def serve(file: Path) -> Served:
    """Run a Python file as a server of the running lesson; it gets a free port as its argument. Raises `NotRunning`."""
    return current().server(str(file), lambda: Served(file))
