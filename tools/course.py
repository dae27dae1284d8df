"""The lessons as data, from the one place where they are declared: notebooks/lessons.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LESSONS_FILE = ROOT / "notebooks" / "lessons.toml"


@dataclass(frozen=True)
class Lesson:
    """One table of lessons.toml; what each field means stands there. `name`: such as "03-routing-options"."""

    name: str
    title: str
    chapter: str
    learn: str
    minutes: int
    cost: str
    extra: str = ""
    needs: tuple[str, ...] = ()
    imports: dict[str, str] = field(default_factory=dict)
    server: str = ""
    environment: str = ""
    not_in_browser: str = ""
    tasks: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        return self.name[:2]

    @property
    def module(self) -> str:
        """How its checkers are called: `helpers.checks.routing_options`."""
        return self.name[3:].replace("-", "_")

    @property
    def short(self) -> str:
        """Its name in words, where a title would be too long: "routing options"."""
        return self.name[3:].replace("-", " ")

    @property
    def notebook(self) -> Path:
        return ROOT / "notebooks" / f"{self.name}.ipynb"

    def link(self, folder: str = "", text: str = "", heading: str = "") -> str:
        """A Markdown link. `folder`: the way to the notebooks from where it stands. `heading`: the section to open."""
        anchor = "#" + heading.replace(" ", "-") if heading else ""
        return f"[{self.number} · {text or self.title}]({folder}{self.name}.ipynb{anchor})"


@cache
def addresses() -> dict[str, str]:
    """Where the course is published, from the one place where it stands."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]


def address() -> str:
    """The repository's address."""
    return addresses()["Repository"]


def in_the_browser(notebook: str) -> str:
    """Where the browser edition opens this notebook, such as "00-start-here.ipynb"; it is published below the site."""
    return f"{addresses()['Documentation']}/lite/notebooks/index.html?path={notebook}"


@cache
def declared() -> dict[str, Any]:
    return tomllib.loads(LESSONS_FILE.read_text("utf-8"))


@cache
def lessons() -> tuple[Lesson, ...]:
    """Every lesson, in the order of its number. Raises `SystemExit` with one sentence for a table that cannot be read."""
    found = []
    for name, table in sorted(declared().items()):
        if name in ("chapters", "routes"):
            continue
        try:
            lesson = Lesson(name, **{**table, "needs": tuple(table.get("needs", ()))})
        except TypeError as problem:
            raise SystemExit(f"{LESSONS_FILE.name}, [{name}]: {str(problem).partition(') ')[2]}") from None
        if lesson.chapter not in chapters():
            raise SystemExit(f"{LESSONS_FILE.name}, [{name}]: chapter takes one of {', '.join(chapters())}")
        found.append(lesson)
    return tuple(found)


def chapters() -> dict[str, str]:
    """What each chapter is called, in order."""
    return declared()["chapters"]


@dataclass(frozen=True)
class Route:
    """What a class does. `late`: what is dropped first when time runs out, in this order."""

    name: str
    lessons: tuple[Lesson, ...]
    late: tuple[Lesson, ...]

    @property
    def minutes(self) -> int:
        """Of all its lessons, exercises included, without breaks."""
        return sum(lesson.minutes for lesson in self.lessons)


def routes() -> list[Route]:
    """The routes of lessons.toml. Raises `SystemExit` for a number that no lesson has."""
    return [
        Route(name, tuple(chosen(table["lessons"])), tuple(lesson for n in table["late"] for lesson in chosen([n])))
        for name, table in declared()["routes"].items()
    ]


def lessons_of(chapter: str) -> list[Lesson]:
    return [lesson for lesson in lessons() if lesson.chapter == chapter]


def chosen(numbers: list[str]) -> list[Lesson]:
    """The lessons whose names begin with these numbers; all of them without a number. Raises `SystemExit` for none."""
    found = [x for x in lessons() if not numbers or any(x.name.startswith(n) for n in numbers)]
    if not found:
        names = ", ".join(lesson.name for lesson in lessons())
        raise SystemExit(f"No lesson begins with {', '.join(numbers)}. There are: {names}")
    return found
