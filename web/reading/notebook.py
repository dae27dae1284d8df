"""A lesson's notebook, read as sections: a heading, the cells below it, and the code to copy."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reading.slugs import plain

HEADING = re.compile(r"^(#{1,6}) (.+)$")
FENCE = re.compile(r"^(```|~~~)")


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    kind: str
    source: str
    tags: frozenset[str] = frozenset()
    outputs: tuple[dict[str, Any], ...] = ()

    @property
    def runs_alone(self) -> bool:
        """Whether the course's tests run this cell as a program of its own."""
        return "snippet" in self.tags or self.source.startswith("%%outside ")

    @property
    def shows_the_way(self) -> bool:
        """Whether it is code of the lesson itself: no set-up, no exercise, no call that only opens the lesson."""
        return self.kind == "code" and not self.tags & {"setup", "exercise"} and "helpers.start(" not in self.source


@dataclass
class Section:
    """A heading and all cells up to the next heading of its level or above."""

    heading: str
    level: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its Markdown, without the heading itself."""
        return "\n\n".join(cell.source for cell in self.cells if cell.kind == "markdown")

    def code(self) -> list[Cell]:
        """The cells to copy: the first that runs alone, else all of the lesson's own; none where there is no code."""
        own = [cell for cell in self.cells if cell.shows_the_way]
        alone = [cell for cell in own if cell.runs_alone]
        return alone[:1] or own


def cells(path: Path) -> list[Cell]:
    """The cells of a notebook file."""
    return [_cell(raw) for raw in json.loads(path.read_text("utf-8"))["cells"]]


def _cell(raw: dict[str, Any]) -> Cell:
    tags = frozenset(raw["metadata"].get("tags", []))
    return Cell(raw["cell_type"], "".join(raw["source"]), tags, tuple(raw.get("outputs", [])))


def sections(listed: list[Cell]) -> dict[str, Section]:
    """Every section by its plain heading. A cell belongs to all open sections: to its own and to those around it."""
    found: dict[str, Section] = {}
    opened: list[Section] = []
    for cell in listed:
        for heading, text in split(cell.source) if cell.kind == "markdown" else [("", cell.source)]:
            if heading:
                level = len(heading.partition(" ")[0])
                section = Section(plain(heading.lstrip("# ")), level)
                opened = [x for x in opened if x.level < level]
                for around in opened:
                    around.cells.append(Cell("markdown", heading))
                opened.append(section)
                found[section.heading] = section
            if text.strip():
                for section in opened:
                    section.cells.append(Cell(cell.kind, text.strip(), cell.tags, cell.outputs))
    return found


def split(markdown: str) -> list[tuple[str, str]]:
    """Pairs of a heading line and the text below it. Text before the first heading has the heading "". Code is no heading."""
    pairs: list[tuple[str, list[str]]] = [("", [])]
    fenced = False
    for line in markdown.splitlines():
        fenced ^= bool(FENCE.match(line))
        if not fenced and HEADING.match(line):
            pairs.append((line, []))
        else:
            pairs[-1][1].append(line)
    return [(heading, "\n".join(lines)) for heading, lines in pairs]
