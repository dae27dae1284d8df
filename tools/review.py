"""A lesson for review: as text, back again, and what changed in it, without the noise of a notebook's JSON.

`make diff NB=07` shows the changed cells against the last commit (`AGAINST=main`: against that branch).
`make text NB=07` writes build/text/07-….py, a third to a half of the size; `make untext NB=07` takes what you edited there
back into the notebook, and keeps ids, tags and the outputs of unchanged cells.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from course import ROOT, Lesson, chosen
from outside import environment

TEXTS = ROOT / "build" / "text"


def text_of(lesson: Lesson) -> Path:
    """Where a lesson's text is written."""
    return TEXTS / f"{lesson.name}.py"


def call(module: str, *arguments: str) -> int:
    """Run a module of the environment `review`; its exit status."""
    return subprocess.run([str(environment("review")), "-m", module, *arguments], cwd=ROOT, check=False).returncode


def diff(lessons: list[Lesson], against: str) -> int:
    """Print what changed in the sources, tags and outputs. `against`: a commit or a branch."""
    paths = [str(lesson.notebook.relative_to(ROOT)) for lesson in lessons]
    return call("nbdime", "diff", "--ignore-details", against, "--", *paths)


def to_text(lesson: Lesson) -> int:
    """Write the lesson as a Python file: text as comments, `# %%` before each cell."""
    TEXTS.mkdir(parents=True, exist_ok=True)
    return call("jupytext", "--quiet", "--to", "py:percent", str(lesson.notebook), "--output", str(text_of(lesson)))


def from_text(lesson: Lesson) -> int:
    """Take the text back. Raises `SystemExit` when nobody has written it."""
    if not text_of(lesson).exists():
        raise SystemExit(f"There is no {text_of(lesson).relative_to(ROOT)}: run `make text NB={lesson.number}` first.")
    target = ["--output", str(lesson.notebook)]
    return call("jupytext", "--quiet", "--update", "--to", "ipynb", str(text_of(lesson)), *target)


def main(arguments: list[str]) -> int:
    """`diff AGAINST NN …`, `text NN …` or `untext NN …`; the exit status is that of the last tool that failed."""
    todo, *rest = arguments
    if todo == "diff":
        against, *numbers = rest
        return diff(chosen(numbers), against)
    work = {"text": to_text, "untext": from_text}[todo]
    if not rest:
        raise SystemExit(f"Which lesson? make {todo} NB=07")
    return max(work(lesson) for lesson in chosen(rest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
