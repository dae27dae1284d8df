"""The chat page of lesson 24 before the stand-in: visitors without a browser, and real ones in headless Chromium."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from course import ROOT

FOLDER = ROOT / "helpers" / "lesson_files" / "24-chat-page"
sys.path.insert(0, str(FOLDER))  # the page is a folder that a reader takes home, and no part of the course's packages

MISSING = "no Chromium here (Debian: apt-get install chromium): the chat page was not tried in a browser"

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")


@pytest.fixture
def standin() -> Iterator[Any]:
    """The service. It answers at once; `hold` gives it a pace that the test decides."""
    from openrouter_standin import StandIn

    with StandIn(unscripted="Nothing special.") as running:
        yield running


@pytest.fixture
def serve(standin: Any) -> Iterator[Callable[..., Any]]:
    """`serve(dollars=1)` starts a page before the stand-in; all are stopped at the end, and no thread is left."""
    import chat_page

    pages: list[Any] = []

    def begin(**settings: Any) -> Any:
        site = standin.url.removesuffix("/api/v1")
        given = {"api_key": standin.key, "base_url": standin.url, "auth_url": f"{site}/auth"} | settings
        pages.append(chat_page.Running(chat_page.Settings(**given)))
        return pages[-1]

    yield begin
    for page in pages:
        page.stop()
        assert not page.running


@pytest.fixture
def visit(serve: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """`visit(dollars=1)` opens a page; `visit(of=other)` opens the page that another visitor sees."""
    from visitor import Visitor

    visitors: list[Visitor] = []

    def begin(of: Visitor | None = None, **settings: Any) -> Visitor:
        visitors.append(Visitor(of.address if of else serve(**settings).address))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        visitor.close()


@pytest.fixture(scope="module")  # while it runs, this thread has an event loop: other tests must not meet it
def browser() -> Iterator[Any]:
    screenshot = pytest.importorskip("screenshot")
    if screenshot.find_chromium() is None:
        (pytest.fail if os.environ.get("COOKBOOK_EVERYTHING") else pytest.skip)(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=screenshot.find_chromium(), args=screenshot.FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any, serve: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """`open_page(dollars=1)` opens a page in a browser of its own; `open_page(of=tab)` the same page in another browser. At
    the end the consoles must have been silent."""
    from visitor import Tab

    tabs: list[Tab] = []

    def begin(of: Tab | None = None, width: int = 1000, dark: bool = False, **settings: Any) -> Tab:
        address = of.address if of else serve(**settings).address
        scheme = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
        tabs.append(Tab(context.new_page(), address))
        return tabs[-1]

    yield begin
    for tab in tabs:
        tab.page.context.close()
    assert [error for tab in tabs for error in tab.errors] == []
