"""The tasks of lessons.toml, each with the sections that answer it and the code to copy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from course import Lesson, lessons
from reading.notebook import Cell, Section, cells, sections
from script import as_script


@dataclass(frozen=True)
class Answer:
    """One section of one lesson that answers a task."""

    lesson: Lesson
    section: Section

    @property
    def cells(self) -> list[Cell]:
        return self.section.code()

    @property
    def runs_alone(self) -> bool:
        return any(cell.runs_alone for cell in self.cells)


@dataclass(frozen=True)
class Task:
    """What a reader wants to do, with the answers to it, in the order of the lessons."""

    name: str
    answers: tuple[Answer, ...]

    @property
    def slug(self) -> str:
        """Its name as a file name."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def best(self) -> Answer:
        """The answer to copy from: the first whose code runs alone, else the first with code, else the first."""
        alone = [x for x in self.answers if x.runs_alone]
        return [*alone, *(x for x in self.answers if x.cells), *self.answers][0]

    @property
    def code(self) -> str:
        """The code to paste; a cell that runs alone is shown as a script. Empty where the section has none."""
        return "\n\n".join(as_script(x.source).strip() if "snippet" in x.tags else x.source for x in self.best.cells)

    @property
    def note(self) -> str:
        """In words, how far the code can be used by itself."""
        number = self.best.lesson.number
        if not self.code:
            return f"Read the section in lesson {number}: it has no code."
        if self.code.startswith("%%outside"):
            return f"A program of its own: in lesson {number} the first line chooses its environment; leave that line out elsewhere."
        if self.best.runs_alone:
            return "Runs alone: the course's tests run this code as a program of its own."
        return f"A part of lesson {number}: the cells above it must have run."


@cache
def lesson_sections(notebook: Path) -> dict[str, Section]:
    return sections(cells(notebook))


@cache
def tasks() -> tuple[Task, ...]:
    """Every task. One that several lessons answer is there once. Raises `SystemExit` for a heading that no lesson has."""
    found: dict[str, list[Answer]] = {}
    for lesson in lessons():
        for name, headings in lesson.tasks.items():
            found.setdefault(name, []).extend(Answer(lesson, section_of(lesson, heading)) for heading in headings)
    return tuple(Task(name, tuple(answers)) for name, answers in found.items())


def section_of(lesson: Lesson, heading: str) -> Section:
    """The section with this heading. Raises `SystemExit` with one sentence where there is none."""
    try:
        return lesson_sections(lesson.notebook)[heading]
    except KeyError:
        raise SystemExit(f"lessons.toml: lesson {lesson.number} has no heading {heading!r}.") from None
