"""A server of another environment as a process: where it is installed, started until it answers, stopped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

ENVIRONMENTS = Path(__file__).resolve().parents[2] / ".matrix"
"""Where `make outside NAME=…` puts them."""
WATCH = Path(__file__).with_name("watch.py")
LAST_LINES = 300
"""Characters of a log that a sentence quotes."""


class NotRunning(RuntimeError):
    """A server that cannot be started, or does not come up: one sentence that says why, and the way on."""


def command_of(environment: str, command: str) -> Path | None:
    """A command of an environment of the course; None where that is not installed."""
    own = ENVIRONMENTS / environment / (f"Scripts/{command}.exe" if os.name == "nt" else f"bin/{command}")
    return own if (ENVIRONMENTS / environment / "ready").exists() and own.exists() else None


def installed(environment: str, command: str) -> Path | None:
    """The same; else the command that is on the PATH, else None."""
    found = command_of(environment, command) or shutil.which(command)
    return Path(found) if found else None


def free_port() -> int:
    """A port of this machine that nobody uses just now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def check_free(port: int) -> None:
    """Raise `NotRunning` when somebody listens on this port."""
    with socket.socket() as line:
        if line.connect_ex(("127.0.0.1", port)) == 0:
            raise NotRunning(f"Port {port} is in use: leave the port out, and a free one is taken.")


class Process:
    """A running server. `name`: how sentences call it. `healthy`: an address that answers once it is up. `patience_s`:
    how long that may take. Raises `NotRunning`."""

    def __init__(
        self, name: str, command: Sequence[str], settings: Mapping[str, str], healthy: str, patience_s: float = 120.0
    ) -> None:
        self.name = name
        self.headers: dict[str, str] = {}
        """Of its first answer."""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, str(WATCH), *command],
            env={**os.environ, **settings},
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait_for(healthy, time.monotonic() + patience_s, patience_s)
        except BaseException:
            self.stop()
            raise

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """End it, and wait until it is gone. Twice is harmless."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _wait_for(self, address: str, until: float, patience_s: float) -> None:
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise NotRunning(f"{self.name} ended before it was up: {self._last_words()}")
            try:
                with straight.open(address, timeout=2) as answer:
                    self.headers = {name.lower(): value for name, value in answer.headers.items()}
                return
            except urllib.error.HTTPError:
                return  # it answers
            except OSError:
                time.sleep(0.2)
        raise NotRunning(f"{self.name} did not come up within {patience_s:g} s: {self._last_words()}")

    def _last_words(self) -> str:
        self._log.seek(0)
        text = self._log.read().decode("utf-8", "replace").strip()
        return " ".join(text[-LAST_LINES:].split()) or "it said nothing"
