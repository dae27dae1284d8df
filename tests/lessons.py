"""The notebooks as data, for the tests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATHS = sorted(ROOT.joinpath("notebooks").glob("*.ipynb"))


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


def missing(lesson: str) -> list[str]:
    """The packages that a lesson's `needs` names and this environment does not have."""
    source = "".join(c.source for c in EVERY if c.lesson == lesson)
    needs = re.search(r"needs=\[([^\]]*)\]", source)
    return [name for name in re.findall(r'"([\w-]+)"', needs[1]) if not _is_there(name)] if needs else []


def _is_there(package: str) -> bool:
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False


CODE = [cell for cell in EVERY if cell.kind == "code"]
