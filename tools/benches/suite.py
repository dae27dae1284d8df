"""The strict comparison of the lessons, beside as many notebooks that only start a kernel and import openai."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from compare import clean_environment, compare_command

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    """Print the seconds of both."""
    import nbformat

    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    empty = Path(tempfile.mkdtemp(prefix="bench-"))
    for path in lessons:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import openai")])
        notebook.metadata = nbformat.read(path, as_version=4).metadata
        nbformat.write(notebook, empty / path.name)
    ours, bare = _timed(lessons, ROOT / "notebooks"), _timed(sorted(empty.glob("*.ipynb")), empty)
    print(f"nbval over the {len(lessons)} lessons: {ours:.1f} s | as many that only import openai: {bare:.1f} s")


def _timed(paths: list[Path], where: Path) -> float:
    began, settings = time.perf_counter(), clean_environment(COOKBOOK_MODE="ci")
    command = compare_command(*paths, workers=2)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=settings, cwd=where)
    return time.perf_counter() - began
