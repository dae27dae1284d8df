"""Write the sources of the site into a folder, laid out like the repository, so that its links hold."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

from course import ROOT, lessons
from reading import checked, home, lesson_page, links, search, tasks_page
from reading.tasks import tasks

PLAIN_PAGES = ("CHANGELOG.md", "CONTRIBUTING.md")
HOME, TASKS = "README.md", "docs/tasks.md"


def pages() -> list[str]:
    """Every page of the site, by its path in the repository."""
    docs = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").glob("*.md"))]
    return [HOME, *PLAIN_PAGES, *docs, *(f"notebooks/{lesson.name}.ipynb" for lesson in lessons())]


def source(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def pictures() -> list[Path]:
    return [*ROOT.glob("docs/*.png"), *ROOT.glob("docs/*.svg")]


def stage(target: Path, address: str, with_browser_edition: bool) -> None:
    """Write every page, the pictures of docs, and what conf.py must know."""
    shutil.rmtree(target, ignore_errors=True)
    there = {*pages(), *(picture.relative_to(ROOT).as_posix() for picture in pictures())}
    follow = partial(links.rewrite, pages=there, source=source, blob=f"{address}/blob/main")
    docs = [page for page in pages() if page.endswith(".md") and page != HOME]
    made = {page: follow(source(page), page) for page in docs}
    made[TASKS] = tasks_page.page(source(TASKS), tasks())
    names = [page.removesuffix(".md") for page in docs]
    made["index.md"] = home.page(links.without_badges(follow(source(HOME), HOME)), names, with_browser_edition)
    for lesson in lessons():
        page = f"notebooks/{lesson.name}.ipynb"
        own = partial(follow, page=page)
        made[page] = lesson_page.page(lesson, list(tasks()), own, with_browser_edition)
    made["scorer.js"] = search.scorer()
    made["site.json"] = json.dumps(facts(address), indent=1)
    for page, text in made.items():
        path = target / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for picture in pictures():
        shutil.copy(picture, target / "docs" / picture.name)


def facts(address: str) -> dict[str, object]:
    """The repository's address, and what each page says about its last check; "" is for all that are no lessons."""
    said = {f"notebooks/{lesson.name}": str(checked.of_lesson(lesson)) for lesson in lessons()}
    return {"address": address, "checked": {"": str(checked.of_course()), **said}}
