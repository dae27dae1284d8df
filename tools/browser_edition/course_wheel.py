"""The course's own packages as a wheel: the helpers need no drive in the browser, they come like any other package."""

from __future__ import annotations

import shutil
from pathlib import Path

from course import ROOT, Lesson, lessons

from .fetch import PIP, run
from .places import CACHE

OF_A_LESSON = ("recordings/{}.json", "scripts/{}.toml", "lesson_files/{}")
"""What a lesson has below helpers/; left out for a lesson that cannot run here: 2 MB of the first start."""


def build() -> Path:
    """Build it from a copy, so that nothing of an earlier build gets into it. Raises `CannotBuild` when pip cannot."""
    source, made = CACHE / "course-source", CACHE / "course-wheel"
    for folder in (source, made):
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("helpers", "openrouter_standin"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for lesson in lessons():
        if lesson.not_in_browser:
            _leave_out(lesson, source / "helpers")
    run([*PIP, "wheel", "--no-deps", "-w", str(made), str(source)], "pip could not build the course's wheel", cwd=CACHE)
    return next(made.glob("*.whl"))


def _leave_out(lesson: Lesson, helpers: Path) -> None:
    """Delete from the copy what this lesson alone needs."""
    for pattern in OF_A_LESSON:
        path = helpers / pattern.format(lesson.name)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
