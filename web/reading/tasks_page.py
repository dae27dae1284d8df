"""The page of tasks: one line a task, with its code to copy at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from course import chapters, lessons_of
from reading.slugs import lab_slug
from reading.tasks import Answer, Task

INTRO = """
Press **Copy** to take the code of a task, or open the task to read it first. A task marked *runs alone* gives a whole program. Any other gives all code of its section, which needs the cells above it in the lesson.

<p class="task-filter" hidden><label>Show only <input type="search" id="task-filter" autocomplete="off"></label> <span id="task-count" role="status"></span></p>
"""


def page(docs_page: str, tasks: Iterable[Task]) -> str:
    """The head of docs/tasks.md, then every task under the lesson that answers it first."""
    head = docs_page.partition("<!-- tasks:")[0].strip()
    parts = [head, INTRO]
    listed = list(tasks)
    for chapter, title in chapters().items():
        for lesson in lessons_of(chapter):
            own = [task for task in listed if task.answers[0].lesson is lesson]
            if lesson is lessons_of(chapter)[0]:
                parts.append(f"## {title}")
            if own:
                parts += [f"### {lesson.number} · {lesson.title}", *(entry(task) for task in own)]
    return "\n\n".join(parts) + "\n"


def entry(task: Task) -> str:
    """One task: a line that opens, its code, and where it is explained."""
    where = ", ".join(link(x) for x in task.answers)
    code = f"```python\n{task.code}\n```" if task.code else ""
    alone = '<span class="task-alone">runs alone</span>' if task.best.runs_alone else ""
    summary = f"<summary>{inline(task.name)}</summary>"
    return f'<div class="task" id="{task.slug}"><details>{summary}\n\n{task.note} Explained in {where}.\n\n{code}\n\n</details>{alone}</div>'


def link(answer: Answer) -> str:
    """A Markdown link to the section, from the folder docs/."""
    target = f"../notebooks/{answer.lesson.name}.ipynb#{lab_slug(answer.section.heading)}"
    return f"[{answer.lesson.number} · {answer.section.heading}](<{target}>)"


def inline(text: str) -> str:
    """A task's name as HTML: its backticks are code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
