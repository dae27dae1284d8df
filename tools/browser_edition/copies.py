"""The notebooks as the browser edition has them: copies with the browser's kernel, and what cannot run here says so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from course import Lesson, address, lessons

KERNEL = {"display_name": "Python (in this page)", "language": "python", "name": "python"}
FIRST_PAGE = "what-runs-in-the-browser.md"


def write(folder: Path) -> None:
    """Write every notebook and the list of what runs."""
    folder.mkdir(parents=True)
    for lesson in lessons():
        text = json.dumps(copy(lesson), indent=1, ensure_ascii=False)
        (folder / lesson.notebook.name).write_text(text + "\n", "utf-8")
    (folder / FIRST_PAGE).write_text(overview(), "utf-8")


def copy(lesson: Lesson) -> dict[str, Any]:
    """One notebook for the browser. The stored one stays as it is."""
    content = json.loads(lesson.notebook.read_text("utf-8"))
    content["metadata"]["kernelspec"] = KERNEL
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            source = with_full_links("".join(cell["source"]))
            cell["source"] = source.splitlines(keepends=True)
    if lesson.not_in_browser:
        content["cells"][0]["source"] += ["\n", "\n", cannot_run(lesson)]
    return content


def with_full_links(source: str) -> str:
    """The text with links to files beside the notebooks' folder leading to the repository: the site has only notebooks."""
    return re.sub(r"\]\(\.\./([^)\s]+)\)", lambda m: f"]({address()}/blob/main/{m[1]})", source)


def cannot_run(lesson: Lesson) -> str:
    """The sentence for the first cell of a lesson that cannot run here."""
    return (
        f"> **Not in the browser edition:** this lesson {lesson.not_in_browser}. You can read it here with the outputs "
        "that were stored; run it on your own machine with `make lab`."
    )


def overview() -> str:
    """The page that lists which lessons run here and which do not, with the reason."""
    here = [f"* {lesson.link()}" for lesson in lessons() if not lesson.not_in_browser]
    not_here = [f"* {lesson.link()}: {lesson.not_in_browser}" for lesson in lessons() if lesson.not_in_browser]
    return "\n".join(
        [
            "# What runs in the browser",
            "",
            "Python runs inside this page. No key, no account and no server is needed, and nothing leaves the page.",
            "",
            "## These lessons run here",
            "",
            *here,
            "",
            "## These can only be read here",
            "",
            *not_here,
            "",
            "To run them, install the course: " + address(),
            "",
        ]
    )
