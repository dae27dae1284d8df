"""The guard that is loaded into every kernel and snippet process works: it refuses the state and lets loopback pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

GUARD = Path(__file__).parents[1] / "guard"


def run(code: str, log: Path) -> subprocess.CompletedProcess:
    settings = {**os.environ, "PYTHONPATH": str(GUARD), "COOKBOOK_GUARD_LOG": str(log)}
    return subprocess.run(
        [sys.executable, "-c", code], env=settings, capture_output=True, text=True, timeout=30, check=False
    )


def test_a_connection_to_the_world_is_refused_and_written_down(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for code in (
        "import socket; socket.create_connection(('192.0.2.1', 443), 2)",
        "import socket; socket.getaddrinfo('openrouter.ai', 443)",
    ):
        done = run(code, log)
        assert done.returncode != 0
        assert "let nothing out" in done.stderr
    words = [line.split()[0] for line in log.read_text().splitlines()]
    assert words == ["loaded", "blocked", "loaded", "blocked"]


def test_loopback_passes(tmp_path: Path) -> None:
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname()); print('through')"
    done = run(code, tmp_path / "log")
    assert done.stdout.strip() == "through", done.stderr
