"""What the tests of the batch share: a server that counts what reaches it, programs of their own, and who is left behind."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clocks import PATIENCE_S
from openrouter_standin.output.script import Script
from openrouter_standin.server import Server
from openrouter_standin.state import State

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LESSON = ROOT / "helpers" / "lesson_files" / "22-batch-at-scale"
GUARD = ROOT / "tests" / "guard"


class Counting(Server):
    """The stand-in's server. `asked`: how often each ticket came. `connections`: how many were made."""

    def __init__(self, latency: float = 0.02, **options: Any) -> None:
        self.asked: Counter[str] = Counter()
        state = State(credits=1e6, limit=1e6, script=Script.of(None, "bug"))
        super().__init__(speed=0, latency=latency, state=state, heard=self._count, **options)
        self._counting, self.connections = threading.Lock(), 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def _count(self, request: dict[str, Any]) -> None:
        with self._counting:
            self.asked[request["body"]["messages"][-1]["content"]] += 1


@contextmanager
def counting(**options: Any) -> Iterator[Counting]:
    """Such a server, until the block ends."""
    with Counting(**options).serving() as server:
        yield server


def tickets_of(count: int) -> list[dict[str, Any]]:
    """So many tickets, each at the same price: the lesson's own differ in length."""
    return [{"id": number, "text": f"Ticket {number}: it crashes."} for number in range(count)]


def settings_for(url: str, log: Path) -> dict[str, str]:
    """The environment of a program of the tests: under the socket guard, and so are the workers that it starts."""
    path = os.pathsep.join(map(str, (GUARD, LESSON, HERE, HERE.parent)))
    return {
        **os.environ,
        "PYTHONPATH": path,
        "COOKBOOK_GUARD_LOG": str(log),
        "OPENROUTER_BASE_URL": url,
        "OPENROUTER_API_KEY": "sk-or-any",
    }


class Program:
    """A program of this folder in a process of its own. It says lines of JSON; it is killed when the block ends."""

    def __init__(self, name: str, *arguments: object, settings: dict[str, str]) -> None:
        command = [sys.executable, str(HERE / name), *map(str, arguments)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen(command, env=settings, encoding="utf-8", **pipes)
        self.problems: list[str] = []
        threading.Thread(target=self._read_problems, daemon=True).start()

    def _read_problems(self) -> None:
        for line in self.process.stderr:
            self.problems.append(line)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *of: object) -> None:
        self.kill()

    def says(self) -> dict[str, Any]:
        """Its next line."""
        line = self.process.stdout.readline()
        assert line, "it ended without a word:\n" + "".join(self.problems[-30:])
        return json.loads(line)

    def kill(self) -> None:
        """SIGKILL: nothing of it runs any more."""
        self.process.kill()
        self.process.wait(PATIENCE_S)
        self.process.stdin.close()


def wait_until(true: Callable[[], bool], what: str, by: Program | None = None) -> None:
    """Fails when it has not come true after the patience of a test. `by`: the program that does it, and runs so long."""
    for _ in range(int(PATIENCE_S / 0.02)):
        if true():
            return
        assert by is None or by.process.poll() is None, "it ended:\n" + "".join(by.problems[-30:])
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {PATIENCE_S} s")


def alive(pid: int) -> bool:
    """Whether this process runs (one that ended and was not waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pids: list[int]) -> None:
    """Fails when one of these processes stays; ends it, so that no other test meets it."""
    try:
        wait_until(lambda: not any(map(alive, pids)), f"processes {pids} end")
    finally:
        for pid in filter(alive, pids):
            os.kill(pid, signal.SIGKILL)


def kept(file: Path) -> list[tuple[str, str | None]]:
    """Key and answer of each row in the file of a batch."""
    store = sqlite3.connect(file)
    try:
        return store.execute("SELECT key, answer FROM rows").fetchall()
    finally:
        store.close()
