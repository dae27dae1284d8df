"""The notebooks as data, for the tests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
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
CODE = [cell for cell in EVERY if cell.kind == "code"]
