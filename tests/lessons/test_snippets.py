"""Every `snippet` cell runs alone, as a plain script in its own process, and prints something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from notebooks import CODE, Cell, missing
from script import as_script

SNIPPETS = [c for c in CODE if "snippet" in c.tags]


@pytest.mark.parametrize("cell", SNIPPETS, ids=[c.name for c in SNIPPETS])
def test_snippet(cell: Cell, tmp_path: Path) -> None:
    if missing(cell.lesson):  # the matrix has the SDK's older versions, which the frameworks do not take
        pytest.skip(f"not installed here: {', '.join(missing(cell.lesson))}")
    path = tmp_path / "snippet.py"
    path.write_text(as_script(cell.source), "utf-8")
    settings = {**os.environ, "COOKBOOK_MODE": "ci", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(Path(__file__).with_name("run_snippet.py")), cell.lesson, str(path)]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env=settings, cwd=tmp_path, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(done.stdout.splitlines()) >= 2, done.stdout  # the banner, and what the snippet prints
    assert "Not recorded" not in done.stderr


def test_every_lesson_has_at_least_three() -> None:
    for lesson in {c.lesson for c in CODE}:
        programs = [*SNIPPETS, *(c for c in CODE if c.outside)]  # those run in an environment of their own
        assert sum(c.lesson == lesson for c in programs) >= 3, lesson


def test_a_snippet_that_awaits_says_how_to_run_it_in_a_script() -> None:
    for cell in SNIPPETS:
        compile(as_script(cell.source), cell.name, "exec")  # no await is left outside a function
        assert "await main()" not in cell.source or "import asyncio" in cell.source
