"""The skill folder: SKILL.md with one line a task, and one reference file a task, in the form that coding agents load."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from course import Lesson, chapters, lessons_of
from reading import checked, plain_text
from reading.notebook import cells, sections
from reading.tasks import Task

NAME = "openrouter-with-the-openai-sdk"
DESCRIPTION = (
    "Call language models through OpenRouter with the official OpenAI Python SDK: tested code and known traps for routing, "
    "streaming, tools, structured output, cost, errors, batches and more. Use it when Python code sends requests to "
    "openrouter.ai or when such code fails."
)
HOW = """\
Find the task below and read its reference file: it holds code to copy, the traps of its subject, and the date of its facts.

* Code that "runs alone" was run by the course's tests as a program of its own, against recorded answers. Other code is a part of its lesson.
* The key is in the environment variable `OPENROUTER_API_KEY`.
* Prices, model ids and endpoints move. Compare them with `GET https://openrouter.ai/api/v1/models` before you rely on them."""


def files(tasks: Iterable[Task], address: str) -> dict[str, str]:
    """Every file of the folder, by its path in it."""
    listed = list(tasks)
    made = {reference(task): text(task, address) for task in listed}
    return {"SKILL.md": front(listed), **made}


def reference(task: Task) -> str:
    return f"references/{task.slug}.md"


def front(tasks: list[Task]) -> str:
    """SKILL.md: what it is for, and the tasks under the lessons that answer them."""
    head = f"---\nname: {NAME}\ndescription: {json.dumps(DESCRIPTION)}\n---"
    parts = [head, "# OpenRouter with the OpenAI Python SDK", HOW, str(checked.of_course())]
    for chapter in chapters():
        for lesson in lessons_of(chapter):
            lines = [f"* [{x.name}]({reference(x)})" for x in tasks if x.answers[0].lesson is lesson]
            if lines:
                parts.append(f"## {lesson.title}\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def text(task: Task, address: str) -> str:
    """One reference file: the code, the words of the section, the key points and traps of the lesson, the dates."""
    lesson, section = task.best.lesson, task.best.section
    code = f"{task.note}\n\n```python\n{task.code}\n```" if task.code else task.note
    where = "\n".join(
        f"* Lesson {x.lesson.number}, {x.section.heading}: {page(x.lesson, address)}" for x in task.answers
    )
    parts = [
        f"# {task.name}",
        code,
        f"## The section of the lesson\n\n{words(plain_text.text(section.cells))}",
        traps(lesson),
        f"## Read more\n\n{where}",
    ]
    return "\n\n".join([*parts, f"## Date of the facts\n\n{dates(lesson)}"]) + "\n"


def page(lesson: Lesson, address: str) -> str:
    return f"{address}/blob/main/notebooks/{lesson.name}.ipynb"


def traps(lesson: Lesson) -> str:
    """The key points of a lesson, and what its sections on traps say first."""
    found = sections(cells(lesson.notebook))
    points = found["Key points"].text.partition("\n\n**")[0] if "Key points" in found else ""
    named = [
        f"* {heading.removeprefix('Trap: ')}: {first(x.text)}"
        for heading, x in found.items()
        if heading.startswith("Trap: ")
    ]
    return f"## Key points and traps\n\n{words(points)}\n" + "\n".join(named)


def dates(lesson: Lesson) -> str:
    """When the lesson was checked, and its own paragraph about the age of its facts."""
    whole = "\n".join(cell.source for cell in cells(lesson.notebook) if cell.kind == "markdown")
    return f"{checked.of_lesson(lesson)} {words(checked.facts(whole))}".strip()


def words(markdown: str) -> str:
    """The text without links into the notebooks and without folded solutions, which mean nothing outside the course."""
    shown = re.sub(r"(?s)<details>.*?</details>", "", markdown)
    return re.sub(r"\[([^\]]*)\]\((?!https?:)[^)]*\)", r"\1", shown).strip()


def first(markdown: str) -> str:
    """Its first paragraph, on one line."""
    return " ".join(words(markdown).partition("\n\n")[0].split())
