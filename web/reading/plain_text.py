"""A lesson as plain text: its words, its code and what the code prints, for programs and for people without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from course import Lesson
from reading import checked
from reading.notebook import Cell, cells


def edition(lesson: Lesson, address: str) -> str:
    """The whole lesson, without the set-up cell."""
    head = f"{checked.of_lesson(lesson)}\nSource: {address}/blob/main/notebooks/{lesson.name}.ipynb\nMinutes: {lesson.minutes}. Cost live: {lesson.cost}."
    return f"{head}\n\n{text(cells(lesson.notebook))}\n"


def text(listed: Iterable[Cell]) -> str:
    """These cells, one after another, without a set-up cell."""
    return "\n\n".join(PARTS[cell.kind](cell) for cell in listed if "setup" not in cell.tags)


def code(cell: Cell) -> str:
    """A code cell in a fence, and what it printed in another."""
    printed = "".join(map(printed_text, cell.outputs)).rstrip()
    source = f"```python\n{cell.source}\n```"
    return f"{source}\n\nOutput:\n\n```text\n{printed}\n```" if printed else source


def printed_text(output: dict[str, Any]) -> str:
    """What an output says in plain text."""
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}\n"
    text = output.get("text") or output.get("data", {}).get("text/plain", "")
    return "".join(text).rstrip("\n") + "\n"


PARTS: dict[str, Callable[[Cell], str]] = {
    "markdown": lambda cell: cell.source,
    "code": code,
    "raw": lambda cell: cell.source,
}
