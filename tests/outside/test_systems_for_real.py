"""Phoenix, Letta and the clients of other environments, started for real: the lessons run as a reader with them runs them.

`make outside NAME=phoenix` and so on makes the environments; without them the tests are skipped in one line, in CI they fail.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from helpers.systems.process import ENVIRONMENTS
from notebooks import ROOT

nbformat = pytest.importorskip("nbformat")
kernels = pytest.importorskip("kernels")


def needs(environment: str) -> None:
    if not (ENVIRONMENTS / environment / "ready").exists():
        (pytest.fail if os.environ.get("COOKBOOK_EVERYTHING") else pytest.skip)(
            f"no environment here: make outside NAME={environment}"
        )


def lesson(name: str, monkeypatch: pytest.MonkeyPatch, **changes: str) -> list[str]:
    """What each code cell shows, run in replay mode with the systems started. `changes`: texts that a reader edits."""
    monkeypatch.setenv("COOKBOOK_MODE", "replay")
    monkeypatch.setenv("COOKBOOK_SPEED", "0")
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        for old, new in changes.items():
            cell.source = cell.source.replace(old, new)
    kernels.execute(notebook, 240, allow_errors=True)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    wrong = [
        f"{cell.source}\n{output.ename}: {output.evalue}"
        for cell in code
        for output in cell.outputs
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", [])
    ]
    assert not wrong, "\n\n".join(wrong)
    return ["".join(_texts(cell)) for cell in code]


def _texts(cell: Any) -> Iterator[str]:
    for output in cell.outputs:
        yield output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))


def test_phoenix_is_started_fed_read_back_annotated_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("phoenix")
    shown = lesson("34-observability-back-ends", monkeypatch)
    said = next(text for text in shown if text.startswith("Phoenix runs at"))
    table = next(text for text in shown if "openrouter.cost_usd" in text and "UNSET" in text)
    assert table.count("ChatCompletion") == 2 and table.count("draft") == 2
    assert "Phoenix: 1.35e-05 | OpenRouter: 2.46e-06 + 1.35e-05" in "".join(shown)
    assert "[('helpful', 'yes', 'HUMAN')]" in "".join(shown)
    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", int(re.search(r":(\d+):", said)[1]))) != 0


def test_letta_is_started_asked_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("letta")
    shown = "".join(lesson("36-letta", monkeypatch))
    assert "Letta runs, with a home of its own." in shown
    assert "Tool requires approval (headless mode)" in shown and "The tool said: buy bread" in shown
    assert "Their name is Ada." in shown and "20 tools" in shown


def test_a_changed_program_runs_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("clients")
    needs("agent")
    shown = "".join(lesson("37-which-client", monkeypatch, **{"max_tokens=100": "max_tokens=90", "Husum?": "Husum!"}))
    assert shown.count("(Not recorded: it ran just now in the environment 'clients', against the stand-in.)") == 6
    assert "in the environment 'agent'" in shown and "no provider" in shown
    assert "Error:" not in shown  # a program that fails is a line of text
