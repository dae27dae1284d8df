"""Runs a submitted notebook and sees which exercises it solves: a process of its own, no network, little time and memory.

A participant's code runs as you. It reaches no network (Linux with user namespaces, else Python's own sockets are closed),
writes in a folder that is thrown away, and is ended when it takes too much; it can read what you can read. For strangers'
notebooks use an account, or a container, that holds nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from course import ROOT

SECONDS, MEGABYTES = 180, 3000
"""What one notebook may take: seconds in all, and memory a process. A lesson of the path takes 15 s and 400 MB."""
HERE = Path(__file__).parent
CLOSED = "import socket\n\n\ndef closed(*_, **__):\n    raise OSError('no network here')\n\n\nsocket.socket.connect = closed\n"


class DidNotRun(Exception):
    """A notebook could not be run to its end, with the reason in a sentence."""


def solved_by(notebook: Path, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> dict[str, object]:
    """What the checkers said: `{"solved": {exercise: day}, "wrong": {exercise: [marks]}}`. Errors of single cells are passed
    over. Raises `DidNotRun` for a file that is no notebook, and for one that takes too much."""
    folder = Path(tempfile.mkdtemp(prefix="submission-"))
    try:
        kept = folder / "progress.json"
        copy = Path(shutil.copy(notebook, folder / "notebook.ipynb"))
        _run(
            [*_without_network(), sys.executable, str(HERE / "run_notebook.py"), str(copy), str(megabytes)],
            folder,
            seconds,
        )
        return json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], folder: Path, seconds: int) -> None:
    running = subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=os.name != "nt",
    )
    try:
        _, said = running.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise DidNotRun(f"it was not done after {seconds} seconds") from None
    finally:
        _end(running)
    if running.returncode:
        raise DidNotRun(said.strip().splitlines()[-1] if said.strip() else f"it ended with status {running.returncode}")


def _end(running: subprocess.Popen[str]) -> None:
    """End the process and whatever it has started."""
    if os.name == "nt":
        running.kill()
    else:
        try:
            os.killpg(running.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    running.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of yours but the search path: no key, no settings, no home."""
    closed = folder / "closed"
    closed.mkdir()
    (closed / "sitecustomize.py").write_text(CLOSED, "utf-8")
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join([str(closed), str(ROOT), str(ROOT / "tools")]),
        "COOKBOOK_MODE": "replay",
        "COOKBOOK_SPEED": "0",
        "COOKBOOK_PROGRESS": str(folder / "progress.json"),
        **{name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ},
    }


@cache
def _without_network() -> list[str]:
    """The command that starts another one without a network, where the system has it and lets you."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    alone = [unshare, "--map-root-user", "--net", "--pid", "--fork", "--kill-child"]  # it sees no process but its own
    tried = subprocess.run([*alone, sys.executable, "-c", ""], capture_output=True, check=False)
    return [] if tried.returncode else alone
