"""Slides are made from the lessons' own cells, give nothing away, and ask no other host."""

from __future__ import annotations

import re

import pytest

from course import Lesson, lessons, lessons_of
from notebooks import cells

slides = pytest.importorskip("slides")
REVEAL = {name: f"/* {name} */" for name in ("dist/reveal.css", "dist/reveal.js", "dist/theme/white.css")}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_every_heading_begins_a_slide_and_no_solution_is_shown(lesson: Lesson) -> None:
    made = slides.arranged(lesson).cells
    text = "\n".join(cell.source for cell in made)
    written = [cell for cell in cells(lesson.notebook) if "solution" not in cell.tags and "setup" not in cell.tags]
    headings = [
        line for cell in written if cell.kind == "markdown" for line in re.findall(r"(?m)^##? .*$", cell.source)
    ]
    begun = [c.source.splitlines()[0] for c in made if c.metadata["slideshow"]["slide_type"] == "slide"]
    assert begun == headings
    assert "One way to do it" not in text and "Open this lesson in" not in text and "importlib.util" not in text
    code = [cell.source for cell in written if cell.kind == "code"]
    assert [c.source for c in made if c.cell_type == "code" and c.source != "# it shows:"] == code
    shown = sum(len(cell.outputs) for cell in written)
    assert sum(len(c.get("outputs", [])) for c in made) == shown, "no output is lost"


@pytest.mark.parametrize("lesson", lessons_of("path"), ids=lambda lesson: lesson.name)
def test_a_page_asks_no_other_host(lesson: Lesson) -> None:
    page = slides.page(lesson, REVEAL)
    assert [page.count(f"/* {name} */") for name in REVEAL] == [1, 1, 1]
    loaded = re.findall(r"<(?:script|img|link)[^>]*(?:src|href)=\"(http[^\"]*)", page)
    assert loaded == [] and "@import" not in page
