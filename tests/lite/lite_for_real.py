"""The browser edition in Chromium: `make lite`, then `make lite-test`. Not part of `make test`: it needs the built site."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from course import lessons
from notebooks import CODE
from static_server import Server
from visit import Visit, comparable

HERE = [lesson.name for lesson in lessons() if not lesson.not_in_browser]
chosen = [name for name in HERE if name[:2] in os.environ.get("COOKBOOK_LITE_LESSONS", name[:2]).split(",")]
MOST = 22.5e6
"""Bytes that a cold start may send, compressed as a web host does it; 21.2 million in November 2026."""
DIFFERENT = {
    "00-start-here-40": "shows the reader's own progress; the stored one is that of the mode in which lessons are recorded",
}
"""Cells whose output is another one in a browser, with the reason."""


def differences(name: str, made: list[list[dict[str, Any]]]) -> list[tuple[str, list[str], list[str]]]:
    """The cells whose outputs are not the stored ones: name, stored, made."""
    stored = [cell for cell in CODE if cell.lesson == name]
    assert len(stored) == len(made)
    pairs = [(cell.name, comparable(cell.outputs), comparable(new)) for cell, new in zip(stored, made, strict=True)]
    return [pair for pair in pairs if pair[1] != pair[2] and pair[0] not in DIFFERENT]


@pytest.mark.parametrize("name", chosen)
def test_a_lesson_runs_as_stored(
    name: str, visit: Callable[..., Visit], server: Server, record_property: Callable[[str, object], None]
) -> None:
    page = visit(name)
    different = differences(name, page.run_all())
    figures = (
        f"{name}: {sum(server.sent.values()) / 1e6:.1f} MB, first output {page.seconds:.0f} s, whole {page.whole:.0f} s"
    )
    record_property("summary", figures)
    assert different == []
    assert sum(server.sent.values()) < MOST


def test_lesson_00_runs_where_the_browser_trusts_nothing(visit: Callable[..., Visit]) -> None:
    """A plain http address: no service worker, no shared memory, so no drive. The page says what is lost."""
    page = visit("00-start-here", host="plain.test")
    assert (
        page.page.evaluate("[isSecureContext, 'serviceWorker' in navigator, 'SharedArrayBuffer' in window]")
        == [False] * 3
    )
    assert differences("00-start-here", page.run_all()) == []
    said = page.page.locator(".cookbook-start").all_inner_texts()
    assert len(said) == 1 and "All lessons run here" in said[0] and "neither https nor localhost" in said[0]
    page.page.get_by_role("button", name="Close", exact=True).click()
    assert page.page.locator(".cookbook-start").count() == 0


def test_a_start_says_what_it_waits_for(visit: Callable[..., Visit], server: Server) -> None:
    """The line is there while Python starts, and gone when it has started."""
    page = visit("00-start-here", waits=False)
    line = page.page.locator(".cookbook-start")
    line.filter(has_text="Python is starting inside this page").wait_for(timeout=60_000)
    line.wait_for(state="detached", timeout=120_000)


def test_a_lesson_that_cannot_run_here_says_so(visit: Callable[..., Visit]) -> None:
    page = visit("22-batch-at-scale", waits=False)
    page.page.get_by_role("blockquote").get_by_text("Not in the browser edition:").wait_for(timeout=60_000)
