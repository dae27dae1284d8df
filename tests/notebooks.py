"""The notebooks as data, for the tests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from course import ROOT, lessons

PATHS = [lesson.notebook for lesson in lessons()]


@dataclass(frozen=True)
class Cell:
    """One cell with its place."""

    lesson: str
    number: int
    kind: str
    source: str
    tags: frozenset[str]
    outputs: list[dict[str, Any]] = field(compare=False)
    raw: dict[str, Any] = field(compare=False)

    @property
    def name(self) -> str:
        return f"{self.lesson}-{self.number:02d}"

    @property
    def outside(self) -> str:
        """The environment that it runs in as a program of its own (`%%outside NAME`); empty in any other cell."""
        found = re.match(r"%%outside (\w+)\n", self.source)
        return found[1] if found else ""

    @property
    def solution(self) -> str:
        """The code of a solution, which stands folded in a Markdown cell; empty in any other cell."""
        found = re.search(r"<details>.*```python\n(.*?)\n```", self.source, re.S) if "solution" in self.tags else None
        return found[1] if found else ""

    def output_text(self) -> str:
        """Everything the cell shows, as text."""
        return "".join(
            "".join(o.get("text", [])) + o.get("evalue", "") + "".join("".join(v) for v in o.get("data", {}).values())
            for o in self.outputs
        )


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def cells(path: Path) -> list[Cell]:
    return [
        Cell(
            path.stem,
            n,
            c["cell_type"],
            "".join(c["source"]),
            frozenset(c["metadata"].get("tags", [])),
            c.get("outputs", []),
            c,
        )
        for n, c in enumerate(load(path)["cells"], 1)
    ]


EVERY = [cell for path in PATHS for cell in cells(path)]


def missing(name: str) -> list[str]:
    """The packages that a lesson needs and this environment does not have."""
    needs = next(lesson.needs for lesson in lessons() if lesson.name == name)
    return [package for package in needs if not _is_there(package)]


def _is_there(package: str) -> bool:
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False


CODE = [cell for cell in EVERY if cell.kind == "code"]
__all__ = ["CODE", "EVERY", "PATHS", "ROOT", "Cell", "cells", "lessons", "load", "missing"]
