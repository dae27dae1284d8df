"""Every `snippet` cell runs alone, as a plain script in its own process, and prints something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lessons import CODE, Cell

SNIPPETS = [c for c in CODE if "snippet" in c.tags]


def as_script(source: str) -> str:
    """The cell as a file: a notebook's `await main()` becomes what the comment above it says."""
    return "\n".join("asyncio.run(main())" if line == "await main()" else line for line in source.splitlines()) + "\n"


@pytest.mark.parametrize("cell", SNIPPETS, ids=[c.name for c in SNIPPETS])
def test_snippet(cell: Cell, tmp_path: Path) -> None:
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
        assert sum(c.lesson == lesson for c in SNIPPETS) >= 3, lesson


def test_an_async_snippet_says_how_to_run_it_in_a_script() -> None:
    for cell in SNIPPETS:
        if "await main()" in cell.source:
            assert "# in a script: asyncio.run(main())" in cell.source
            assert "import asyncio" in cell.source
