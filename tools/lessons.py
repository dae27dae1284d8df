"""Write what follows from notebooks/lessons.toml and quizzes.toml into README, docs and notebooks, and the diagram of lesson 00
into docs: `make lessons`. `--check` only compares."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import quiz
from course import ROOT, Lesson, address, chapters, in_the_browser, lessons, lessons_of, routes
from helpers.show.diagram import drawn

_SETUP = """\
# Set-up: on Colab this installs the course; elsewhere it only checks that this kernel can see it.
import importlib.util
import sys

if "google.colab" in sys.modules:
    %pip install -q "{course} @ git+{address}"
elif not getattr(importlib.util.find_spec("helpers"), "submodule_search_locations", None):
    raise ModuleNotFoundError("This kernel cannot see the course (or a helpers.py of yours hides it): run `make lab`.")"""
COLAB = "https://colab.research.google.com/github/{repo}/blob/main/notebooks/{name}"
BINDER = "https://mybinder.org/v2/gh/{repo}/main?urlpath=lab/tree/notebooks/{name}"
BADGES = {
    "your browser": "docs/badge.svg",
    "Colab": "https://colab.research.google.com/assets/colab-badge.svg",
    "Binder": "https://mybinder.org/badge_logo.svg",
}
"""The pictures of README's badges."""
MAP = "| chapter | lessons |\n|---|---|\n"
"""The head of the map in lesson 00."""


def setup(lesson: Lesson) -> str:
    """The set-up cell of a lesson."""
    extra = f"[{lesson.extra}]" if lesson.extra else ""
    return _SETUP.format(course=f"openrouter-cookbook{extra}", address=address())


def launch_links(notebook: str) -> dict[str, str]:
    """Where a notebook can be opened, such as "00-start-here.ipynb": name of the place, address."""
    repo = address().removeprefix("https://github.com/")
    return {
        "your browser": in_the_browser(notebook),
        "Colab": COLAB.format(repo=repo, name=notebook),
        "Binder": BINDER.format(repo=repo, name=notebook),
    }


def open_in(lesson: Lesson) -> str:
    """The line with which a lesson says where it can be opened."""
    links = launch_links(lesson.notebook.name)
    if lesson.not_in_browser:
        del links["your browser"]
    return "Open this lesson in " + " · ".join(f"[{name}]({link})" for name, link in links.items())


def badges() -> str:
    """README's badges: they open the first lesson."""
    links = launch_links(lessons()[0].notebook.name)
    return "\n".join(f"[![Open the first lesson in {name}]({BADGES[name]})]({link})" for name, link in links.items())


def neighbours(lesson: Lesson) -> str:
    """The line that leads to the lesson before, the map, and the lesson after it in its chapter; after the last to the
    index of tasks."""
    row = lessons_of(lesson.chapter)
    place = row.index(lesson)
    before = f"**Before:** {row[place - 1].link()} · " if place else ""
    way = "[The map](00-start-here.ipynb#The-map) · "
    after = row[place + 1].link() if place + 1 < len(row) else "[what answers which task](../docs/tasks.md)"
    return f"{before}{way}**Next:** {after}"


def course_map() -> str:
    """All lessons but the first, one table a chapter's row, for the end of the first."""
    rows = []
    for chapter, title in chapters().items():
        links = [x.link(text=x.short) for x in lessons_of(chapter) if x is not lessons()[0]]
        rows += [f"| **{title}** | {'<br>'.join(links)} |\n"] if links else []
    return MAP + "".join(rows)


def tables() -> str:
    """README's tables, one a chapter that has lessons."""
    made = []
    for chapter, title in chapters().items():
        rows = [f"| {x.link('notebooks/')} | {x.learn} | {x.minutes} | {x.cost} |" for x in lessons_of(chapter)]
        if rows:
            made += [
                f"**{title}**\n",
                "| lesson | you learn to | minutes | cost live |",
                "|---|---|---|---|",
                *rows,
                "",
            ]
    return "\n".join(made)


def tasks() -> str:
    """The index from a task to the sections that answer it. A task of several lessons is one row."""
    rows: dict[str, list[str]] = {}
    for lesson in lessons():
        for task, headings in lesson.tasks.items():
            rows.setdefault(task, []).extend(lesson.link("../notebooks/", h, h) for h in headings)
    lines = [f"| {task} | {', '.join(links)} |" for task, links in rows.items()]
    return "\n".join(["| task | notebook and section |", "|---|---|", *lines, ""])


def teaching() -> dict[str, str]:
    """The parts of docs/teaching.md by the name of their marks: the routes, what is typed where, the questions to vote on."""
    rows = ["| route | lessons | minutes | when you are late, drop |", "|---|---|---|---|"]
    for route in routes():
        names, late = (", ".join(x.link("../notebooks/", x.short) for x in row) for row in (route.lessons, route.late))
        rows.append(f"| **{route.name}** | {names} | {route.minutes} | {late} |")
    typed = ["| lesson | afterwards they can | minutes | they type |", "|---|---|---|---|"]
    for lesson in lessons_of("path"):
        texts = "<br>".join(f"{text[0].upper()}{text[1:]}" for text in lesson.typed.values()) or "nothing but exercises"
        typed.append(f"| {lesson.link('../notebooks/', lesson.short)} | {lesson.learn} | {lesson.minutes} | {texts} |")
    votes = quiz.votes(lessons_of("path"))
    return {"routes": "\n".join([*rows, ""]), "path": "\n".join([*typed, ""]), "votes": votes}


def all_between(text: str, parts: dict[str, str]) -> str:
    """The text with what stands between several marks replaced."""
    for name, new in parts.items():
        text = between(text, name, new)
    return text


def between(text: str, name: str, new: str) -> str:
    """The text with what stands between the marks of this name replaced."""
    start, end = f"<!-- {name}: written by make lessons -->\n", f"<!-- end of {name} -->"
    head, found, rest = text.partition(start)
    if not found or end not in rest:
        raise SystemExit(f"There are no marks {start.strip()} … {end} any more: put them back where the table belongs.")
    return head + start + "\n" + new + "\n" + end + rest.partition(end)[2]


def notebook(lesson: Lesson) -> str:
    """The notebook's text with everything that follows from lessons.toml written anew."""
    content: dict[str, Any] = json.loads(lesson.notebook.read_text("utf-8"))
    _put_the_quiz(lesson, content["cells"])
    for cell in content["cells"]:
        source = "".join(cell["source"])
        if "setup" in cell["metadata"].get("tags", []):
            source = setup(lesson)
        elif cell["cell_type"] == "markdown":
            source = re.sub(r"(?m)^Open this lesson in .*$", lambda _: open_in(lesson), source)
            source = re.sub(
                r"(?m)^(\*\*Before:\*\*|\[The map\]|\*\*Next:\*\*).*$", lambda _: neighbours(lesson), source
            )
            source = re.sub(re.escape(MAP) + r"(\|.*\n)*", lambda _: course_map(), source)
        cell["source"] = source.splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _put_the_quiz(lesson: Lesson, cells: list[dict[str, Any]]) -> None:
    """A lesson with questions has them in a cell of their own before the last one; another lesson has no such cell."""
    cells[:] = [cell for cell in cells if quiz.TAG not in cell["metadata"].get("tags", [])]
    questions = quiz.of_a_lesson(lesson)
    if questions:
        about = {"slideshow": {"slide_type": "slide"}, "tags": [quiz.TAG]}
        cells.insert(
            -1,
            {
                "cell_type": "markdown",
                "id": f"{lesson.name[:2]}-quiz",
                "metadata": about,
                "source": questions.splitlines(keepends=True),
            },
        )


def wanted() -> dict[Path, str]:
    """Every file that follows from lessons.toml, with the text it should have."""
    made = {lesson.notebook: notebook(lesson) for lesson in lessons()}
    pages: dict[str, Callable[[str], str]] = {
        "README.md": lambda text: all_between(text, {"lessons": tables(), "badges": badges() + "\n"}),
        "docs/tasks.md": lambda text: between(text, "tasks", tasks()),
        "docs/teaching.md": lambda text: all_between(text, teaching()),
    }
    picture, _ = drawn()
    return (
        made
        | {ROOT / page: write((ROOT / page).read_text("utf-8")) for page, write in pages.items()}
        | {ROOT / "docs" / "request.svg": picture + "\n"}
    )


def main(check: bool) -> int:
    """Write (or compare) every file. Returns the number of files that differ."""
    stale = {path: text for path, text in wanted().items() if not path.exists() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        print(path.relative_to(ROOT), "differs: run `make lessons`" if check else "written")
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
    return len(stale) if check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
