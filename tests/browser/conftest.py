"""A real browser for the lessons and the widgets: headless Chromium opens JupyterLab on a copy of them.

Any error on the browser's console fails a test, and so does any traceback that the lesson does not announce. Pictures are
left in .screenshots/. Without Chromium the tests are skipped; COOKBOOK_EVERYTHING=1 (CI) makes that a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from course import ROOT

MISSING = "no Chromium here (Debian: apt-get install chromium): lessons and widgets were not tried in a browser"


def _screenshot_tool() -> ModuleType:
    """tools/screenshot.py, which needs Playwright and a browser."""
    tool = pytest.importorskip("screenshot")
    if tool.find_chromium() is None:
        (pytest.fail if os.environ.get("COOKBOOK_EVERYTHING") else pytest.skip)(MISSING)
    return tool


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab on a copy of the lessons, in replay mode and without waiting."""
    screenshot = _screenshot_tool()
    folder = tmp_path_factory.mktemp("lessons")
    for path in ROOT.joinpath("notebooks").glob("*.ipynb"):
        shutil.copy(path, folder)
    ROOT.joinpath(".screenshots").mkdir(exist_ok=True)
    settings = {
        "COOKBOOK_MODE": "replay",
        "COOKBOOK_SPEED": "0",
        "COOKBOOK_SYSTEMS": "replay",
        "JUPYTER_CONFIG_DIR": str(folder.parent / "config"),
    }
    with screenshot.jupyterlab(folder, **settings) as running:
        yield running


@pytest.fixture(scope="module")  # while it runs, this thread has an event loop: other tests must not meet it
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    screenshot = _screenshot_tool()
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=screenshot.find_chromium(), args=screenshot.FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def pages(browser: Any) -> Iterator[list[Any]]:
    """The page that the next test goes on with, if the one before left a sound one."""
    kept: list[Any] = []
    yield kept
    for page in kept:
        page.close()


@pytest.fixture
def open_tab(address: str, browser: Any, pages: list[Any]) -> Iterator[Any]:
    """`open_tab("03-routing-options")` opens and runs; at the end the console must have been silent. A test opens one."""
    from tab import WIDE, Tab

    tabs: list[Tab] = []

    def begin(name: str, size: dict[str, int] = WIDE) -> Tab:
        page = pages.pop() if pages else browser.new_page()
        page.set_viewport_size(size)
        tabs.append(Tab(page, address, name))
        return tabs[-1]

    yield begin
    for tab in tabs:
        assert tab.cells() == tab.had, f"a key that was meant for a widget of {tab.name} added or removed a cell"
        assert not tab.errors, f"{tab.name}: {tab.errors}"
        tab.leave()
        if tab.goes_on:
            pages.append(tab.page)
