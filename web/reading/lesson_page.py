"""A lesson's notebook as the source of its page: what the reader of a page needs, and nothing that needs a kernel."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from course import Lesson
from reading.slugs import lab_slug
from reading.tasks import Task

LAUNCH = re.compile(r"^Open this lesson in (.*)$", re.M)
BROWSER = re.compile(r"\[your browser\]\([^)]*\) · ")


def page(lesson: Lesson, tasks: list[Task], links: Callable[[str], str], with_browser_edition: bool) -> str:
    """The notebook's text for Sphinx: no set-up cell, links that the site can follow, the ways to open it, the tasks."""
    notebook = json.loads(lesson.notebook.read_text("utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if "setup" not in cell["metadata"].get("tags", [])]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = links("".join(cell["source"]))
    head = notebook["cells"][0]
    head["source"] = LAUNCH.sub(lambda found: ways_to_open(lesson, found[1], with_browser_edition), head["source"])
    notebook["cells"].insert(
        2, {"id": "answers-on-this-page", "cell_type": "markdown", "metadata": {}, "source": answered(lesson, tasks)}
    )
    return json.dumps(notebook, ensure_ascii=False)


def ways_to_open(lesson: Lesson, written: str, with_browser_edition: bool) -> str:
    """The line that opens the lesson elsewhere. `written`: the links that the notebook has; the one to the browser edition
    leads to the copy beside these pages, or is left out where there is none."""
    runs_here = f'<a href="../lite/notebooks/index.html?path={lesson.name}.ipynb">your browser</a> · '
    written = BROWSER.sub(runs_here if with_browser_edition else "", written)
    files = {"notebook": f"{lesson.name}.ipynb", "plain text": f"../lessons/{lesson.name}.txt"}
    download = " · ".join(f'<a href="{target}" download>{name}</a>' for name, target in files.items())
    return f"Open this lesson in {written} · download: {download}"


def answered(lesson: Lesson, tasks: list[Task]) -> str:
    """The tasks that the lesson answers, as links to its sections."""
    lines = []
    for task in tasks:
        headings = [answer.section.heading for answer in task.answers if answer.lesson is lesson]
        if headings:
            first, *others = [f"<#{lab_slug(heading)}>" for heading in headings]
            more = "".join(f", [and here]({anchor})" for anchor in others)
            lines.append(f"* [{task.name}]({first}){more}")
    return "**Answers on this page**\n\n" + "\n".join(lines)
