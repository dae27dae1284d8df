"""Twins of the lessons for a class: `make workbook` writes build/workbook for participants and build/teacher for who teaches.

Participants: no outputs, no solutions, and the cells that lessons.toml names under [….typed] hold only a comment that says
what to type. Teachers: the whole lesson, and at each of these cells a folded note. Built from the lessons, never stored.
"""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

from browser_edition.copies import with_full_links
from course import ROOT, Lesson, lessons

WORKBOOK, TEACHER = ROOT / "build" / "workbook", ROOT / "build" / "teacher"
ABOUT = "> **Workbook.** Run the cells from top to bottom. {typed}Exercises say whether they are right."
TYPED = (
    "Where a cell begins with `# Type:`, write the code yourself, below the comment, which says what; "
    "the text after the cell reads its output. "
)
OPEN_IN = re.compile(r"(?m)^Open this lesson in .*\n\n?")
"""The line of a lesson that leads to copies of it, which have the solutions."""


def participants(lesson: Lesson) -> dict[str, Any]:
    """The notebook that a participant fills in."""
    notebook = _read(lesson)
    notebook["cells"] = [cell for cell in notebook["cells"] if "solution" not in _tags(cell)]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = with_full_links("".join(cell["source"]))
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
            if cell["id"] in lesson.typed:
                cell["source"] = _comment(lesson.typed[cell["id"]])
    head = OPEN_IN.sub("", "".join(notebook["cells"][0]["source"]))
    notebook["cells"][0]["source"] = f"{head}\n\n{ABOUT.format(typed=TYPED if lesson.typed else '')}"
    return notebook


def teachers(lesson: Lesson) -> dict[str, Any]:
    """The notebook of who teaches: nothing is missing, and a note stands before each cell that is typed."""
    notebook = _read(lesson)
    cells = []
    for cell in notebook["cells"]:
        if cell["id"] in lesson.typed:
            note = f"<details><summary>They type this</summary>\n\n{lesson.typed[cell['id']]}\n\n</details>"
            cells.append({"cell_type": "markdown", "id": f"note-{cell['id']}", "metadata": {}, "source": note})
        cells.append(cell)
    return {**notebook, "cells": cells}


def _read(lesson: Lesson) -> dict[str, Any]:
    return json.loads(lesson.notebook.read_text("utf-8"))


def _tags(cell: dict[str, Any]) -> list[str]:
    return cell["metadata"].get("tags", [])


def _comment(text: str) -> str:
    return "\n".join(textwrap.wrap(f"Type: {text}", 100, initial_indent="# ", subsequent_indent="# "))


def write(folder: Path, notebooks: dict[str, dict[str, Any]]) -> None:
    """Write these notebooks, by the lesson's name, into the folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, notebook in notebooks.items():
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8", newline="\n")
    print(f"{folder.relative_to(ROOT)}: {len(notebooks)} notebooks")


if __name__ == "__main__":
    write(WORKBOOK, {lesson.name: participants(lesson) for lesson in lessons()})
    write(TEACHER, {lesson.name: teachers(lesson) for lesson in lessons()})
