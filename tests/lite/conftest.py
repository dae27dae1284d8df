"""The built site, served on loopback, and a Chromium that knows no other host."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from browser_edition.places import SITE
from static_server import Server, serving
from visit import Visit

EVERYTHING = bool(os.environ.get("COOKBOOK_EVERYTHING"))
"""CI publishes nothing that was not tried; read here, because each test has a clean environment."""
NO_CHROMIUM = "no Chromium here (Debian: apt-get install chromium): the browser edition was not tried"
NOWHERE = "--host-resolver-rules=MAP plain.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""No name leads anywhere, but `plain.test`, which is loopback under a name that a browser does not trust."""


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if not (SITE / "index.html").exists():
        pytest.skip("the browser edition is not built: run `make lite`")
    with serving(SITE) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    screenshot = pytest.importorskip("screenshot")
    if screenshot.find_chromium() is None:
        (pytest.fail if EVERYTHING else pytest.skip)(NO_CHROMIUM)
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=screenshot.find_chromium(), args=[*screenshot.FLAGS, NOWHERE])
        yield running
        running.close()


@pytest.fixture
def visit(server: Server, chromium: Any) -> Iterator[Callable[..., Visit]]:
    """`visit("03-routing-options")` opens a lesson with nothing cached; at the end no other host was asked and no script had failed."""
    contexts, visits = [], []

    def begin(name: str, host: str = "127.0.0.1", waits: bool = True) -> Visit:
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        server.sent.clear()
        visits.append(Visit(contexts[-1].new_page(), f"http://{host}:{server.server_port}", name, waits))
        return visits[-1]

    yield begin
    for context in contexts:
        context.close()
    assert [url for one in visits for url in one.foreign] == []
    assert [error for one in visits for error in one.errors] == []
