"""Every link of the built site leads somewhere, and no page loads anything from another host. `make site-test` runs it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from built import MISSING, SITE, Page, pages

if not SITE.is_dir():
    pytest.skip(MISSING, allow_module_level=True)


@cache
def read(path: Path) -> Page:
    return Page(path)


def broken(page: Path, target: str) -> str:
    """Why this link of this page leads nowhere; empty when it leads somewhere or out of the site."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return ""
    there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if there.is_dir():
        there = there / "index.html"
    if not there.exists():
        return f"{page.relative_to(SITE)}: {target}: no such file"
    if parts.fragment and there.suffix == ".html" and "lite" not in there.parts:
        wanted = {parts.fragment, unquote(parts.fragment)}
        return "" if wanted & read(there).anchors else f"{page.relative_to(SITE)}: {target}: no such anchor"
    return ""


def test_every_link_and_anchor_leads_somewhere() -> None:
    found = [why for page in pages() for target in read(page).targets if (why := broken(page, target))]
    assert not found, "\n".join(found[:40])


def test_every_lesson_has_its_page_its_notebook_and_its_plain_text() -> None:
    from course import lessons

    for lesson in lessons():
        assert (SITE / "notebooks" / f"{lesson.name}.html").exists()
        assert (SITE / "notebooks" / f"{lesson.name}.ipynb").read_bytes() == lesson.notebook.read_bytes()
        assert (SITE / "lessons" / f"{lesson.name}.txt").exists()


def test_every_page_says_when_it_was_last_checked() -> None:
    without = [page.name for page in pages() if "Last checked on 20" not in page.read_text("utf-8")]
    assert set(without) <= {"search.html", "genindex.html"}, without
