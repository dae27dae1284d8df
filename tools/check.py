"""Everything that concerns one lesson: `make check NB=07`. Its notebook, snippets, checkers, recording, tables and links."""

from __future__ import annotations

import os
import sys

from compare import clean_environment, run_in_turn
from course import ROOT, chosen


def main(numbers: list[str]) -> int:
    """Run the tests whose names hold the lesson's name, and its notebook. The exit status is pytest's."""
    if not numbers:
        raise SystemExit("Which lesson? make check NB=07")
    picked = chosen(numbers)
    names = " or ".join(f"{lesson.name} or {lesson.module}" for lesson in picked)
    files = [str(lesson.notebook.relative_to(ROOT)) for lesson in picked]
    settings = clean_environment(COOKBOOK_MODE="ci")
    commands = [
        ["ruff", "check", *files],
        ["pytest", "-n", str(min(2, os.cpu_count() or 1)), "tests/lessons", *files, "-k", f"({names}) or test_lessons"],
    ]
    return run_in_turn(commands, settings, ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
