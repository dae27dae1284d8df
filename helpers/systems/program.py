"""`%%outside NAME`: a cell that runs as a program in another environment, because its packages do not resolve beside the course.

What it printed and what it sent are recorded and replayed. Where the environment is installed, a changed program runs for
real; its calls are answered by the stand-in in every mode, so a program of another environment costs nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ..replay.scrub import FAKE_KEY
from ..session import RECORDED, STANDIN_NOW, current
from .aim import REFUSED
from .offline_openrouter import OfflineOpenRouter
from .process import ENVIRONMENTS, NotRunning, command_of

AIM = Path(__file__).with_name("aim.py")
PATIENCE_S = 120
HOST = "outside"
"""Stands in a recording where the host of a request would."""


def run_cell(environment: str, program: str) -> None:
    """Print what a program prints, or what it printed when the lesson was recorded; its calls are in `helpers.calls()`.

    Raises `NotRunning` with one sentence where it was not recorded and cannot be run.
    """
    session, environment = current(), environment.strip()
    asked = {"method": "RUN", "path": environment, "host": HOST, "headers": {}, "body": {"program": program.strip()}}
    found = session.recorded_run(asked)
    source = RECORDED if found is not None or session.mode == "record" else STANDIN_NOW
    if found is None:
        found = _run(environment, program)
        session.keep_run(asked, found)
    for exchange in found["exchanges"]:
        session.log.whole(exchange["request"], exchange["response"], source)
    print(found["printed"], end="")
    if source == STANDIN_NOW:
        print(f"(Not recorded: it ran just now in the environment {environment!r}, against the stand-in.)")


def _run(environment: str, program: str) -> dict[str, Any]:
    python = command_of(environment, "python")
    if python is None:
        raise NotRunning(
            f"This program was not recorded, and its environment is not installed: `make outside NAME={environment}`,"
            " then run the cell again; or restore its text."
        )
    with OfflineOpenRouter(current().state) as openrouter, tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "program.py")
        file.write_text(program, "utf-8")
        try:
            done = subprocess.run(
                [str(python), str(AIM), str(openrouter.port), str(file)],
                env={**os.environ, "OPENROUTER_API_KEY": FAKE_KEY, "NO_COLOR": "1"},
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotRunning(f"The program was not done after {PATIENCE_S} s, and was ended.") from None
    return {"printed": _told(done, folder), "exchanges": openrouter.exchanges}


def _told(done: subprocess.CompletedProcess[str], folder: str) -> str:
    """What a reader sees: what was printed, the last line of an error, and which hosts were refused."""
    lines = done.stderr.strip().splitlines()
    text = done.stdout
    if done.returncode:
        text += f"{lines[-1] if lines else 'It ended'}\n"
    for host in dict.fromkeys(line.removeprefix(REFUSED) for line in lines if line.startswith(REFUSED)):
        text += f"(It wanted to ask {host}, which the course does not let out.)\n"
    for path in (folder, str(ENVIRONMENTS.parent), sys.prefix):
        text = text.replace(path, "…")
    return text
