"""The lessons and the widgets in a real browser: headless Chromium opens JupyterLab, runs, clicks and types.

Any error on the browser's console fails a test, and so does any traceback that the lesson does not announce. Pictures are
left in .screenshots/. Without Chromium the tests are skipped in one line; COOKBOOK_EVERYTHING=1 (CI) makes that a failure.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from notebooks import ROOT

playwright = pytest.importorskip("playwright.sync_api")
import screenshot  # noqa: E402

CHROMIUM = screenshot.find_chromium()
MISSING = "no Chromium here (Debian: apt-get install chromium): lessons and widgets were not tried in a browser"
if CHROMIUM is None and not os.environ.get("COOKBOOK_EVERYTHING"):
    pytest.skip(MISSING, allow_module_level=True)

PICTURES = ROOT / ".screenshots"
LESSONS = sorted(p.stem for p in (ROOT / "notebooks").glob("0*.ipynb"))
WIDE, NARROW = {"width": 1280, "height": 1500}, {"width": 700, "height": 1500}


class Tab:
    """One notebook, opened and run. `errors`: what the browser's console complained about."""

    def __init__(self, page: Any, address: str, name: str) -> None:
        self.page, self.name, self.errors = page, name, []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        screenshot.open_lesson(page, address, f"{name}.ipynb")
        screenshot.run_all(page)
        self.had = self.cells()

    def label(self, name: str) -> Any:
        """A control by its visible label."""
        return self.page.get_by_label(name, exact=True).first

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True).first

    def waits_for(self, text: str) -> None:
        """A live status line says this, a screen reader with it."""
        line = self.page.locator('[role="status"]').filter(has_text=re.compile(text))
        line.first.wait_for(timeout=20_000)

    def copies(self, text: str) -> None:
        """The explorer's text to copy becomes this."""
        script = "text => [...document.querySelectorAll('textarea')].some(t => t.value === text)"
        self.page.wait_for_function(script, arg=text, timeout=20_000)

    def extra_body(self) -> str:
        return self.label("extra_body to copy").input_value()

    def picture(self, name: str) -> None:
        """The window as it stands, for CI's artefacts."""
        self.page.screenshot(path=str(PICTURES / f"{name}.png"))

    def focus(self, name: str) -> None:
        self.label(name).focus()

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, name: str, *arrows: str) -> None:
        """Open a list with Space, move in it, take what is marked. (While it is closed, JupyterLab takes its keys.)"""
        self.focus(name)
        self.keys("Space")
        self.page.wait_for_timeout(300)
        for key in (*arrows, "Enter"):
            self.keys(key)
            self.page.wait_for_timeout(150)

    def chosen(self, name: str) -> str:
        return self.label(name).evaluate("list => list.selectedOptions[0].text").replace("\xa0", " ")

    def cells(self) -> int:
        return self.page.locator(".jp-Cell").count()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab on a copy of the lessons, in replay mode and without waiting."""
    assert CHROMIUM, MISSING
    folder = tmp_path_factory.mktemp("lessons")
    for name in LESSONS:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", folder)
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    settings = {"COOKBOOK_MODE": "replay", "COOKBOOK_SPEED": "0", "JUPYTER_CONFIG_DIR": str(folder.parent / "config")}
    with screenshot.jupyterlab(folder, **settings) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=screenshot.FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_tab(address: str, browser: Any) -> Iterator[Any]:
    """`open_tab("03-routing-options")` opens and runs; at the end the console must have been silent."""
    tabs: list[Tab] = []

    def begin(name: str, size: dict[str, int] = WIDE) -> Tab:
        tabs.append(Tab(browser.new_page(viewport=size), address, name))
        return tabs[-1]

    yield begin
    moved = [tab.name for tab in tabs if tab.cells() != tab.had]
    for tab in tabs:
        tab.page.close()
    assert not moved, "a key that was meant for a widget added or removed a cell"
    complaints = [f"{tab.name}: {error}" for tab in tabs for error in tab.errors]
    assert not complaints


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_top_to_bottom(name: str, open_tab: Any) -> None:
    tab = open_tab(name)
    cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]
    announced = sum("raises-exception" in c["metadata"].get("tags", []) for c in cells)
    tracebacks = tab.page.locator(
        '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]'
    )
    assert tracebacks.count() == announced, tracebacks.all_inner_texts()
    widgets = sum("helpers.widgets" in "".join(c["source"]) for c in cells if c["cell_type"] == "code")
    boxes = tab.page.locator(".jp-OutputArea-output > .jupyter-widgets, .jp-OutputArea-output .widget-vbox").count()
    assert bool(boxes) == bool(widgets)
    assert "Error displaying widget" not in tab.page.locator(".jp-Notebook").inner_text()
    screenshot.whole_page(tab.page, PICTURES / f"{name}.png")


def test_the_model_browser_by_mouse(open_tab: Any) -> None:
    tab = open_tab("02-model-ids")
    tab.label("Takes").select_option("image")
    tab.label("tools").check()
    tab.label("Highest prompt price, $ per million tokens").fill("0.1")
    tab.keys("Tab")
    tab.label("Shortest context, tokens").fill("200000")
    tab.label("Without variants, aliases and routers").check()
    tab.waits_for(r"^15 of 413 models match\.$")
    tab.label("Sort by").select_option(index=1)
    first = tab.label("Matching models").evaluate("e => e.options[0].text")
    tab.label("Matching models").select_option(index=1)
    second = tab.label("Matching models").evaluate("e => e.options[1].text")
    tab.page.wait_for_function(
        "([l, v]) => [...document.querySelectorAll('input')].some(i => i.value === v)", arg=["", second]
    )
    assert tab.label("Id to copy").input_value() == second != first
    tab.label("Shortest context, tokens").fill("many")
    tab.keys("Tab")
    tab.waits_for("^Not read: the shortest context takes .* The list below is still the one before")
    tab.picture("widget-model-browser")
    tab.label("Shortest context, tokens").fill("")
    tab.label("Free models only (ids that end in :free)").check()
    tab.waits_for(r"^(\d+ of 413 models match|No model matches)")


def test_the_model_browser_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("02-model-ids", NARROW)
    tab.focus("Text in id or name")
    tab.page.keyboard.type("claude")
    tab.keys("Enter")
    tab.waits_for(r"^\d\d of 413 models match")
    tab.focus("Free models only (ids that end in :free)")
    tab.keys("Space")
    tab.waits_for("^No model matches: loosen a filter")
    tab.keys("Space")
    tab.waits_for(r"^\d\d of 413 models match")
    tab.focus("Id to copy")
    tab.keys("Control+A")
    assert "claude" in tab.page.evaluate("() => getSelection().toString() || document.activeElement.value")
    tab.picture("widget-model-browser-narrow")


def test_the_routing_explorer_by_mouse(open_tab: Any) -> None:
    tab = open_tab("03-routing-options")
    assert tab.extra_body() == "{}"
    tab.label("order").fill("together, fireworks")
    tab.label("zdr").check()
    tab.label("sort").select_option("price")
    tab.label("together").check()
    tab.waits_for(r"^33 endpoints stay\.$")
    tab.copies("{'provider': {'order': ['together', 'fireworks'], 'zdr': True, 'sort': 'price'}}")
    tab.button("Send").click()
    tab.waits_for(r"^Fireworks answered\. Cost: \$0\.\d+\. Source: stand-in")
    folded = tab.page.locator("details", has_text="Receipt and attempts")
    row = folded.locator("tr", has_text="tried, status 502")
    assert not folded.evaluate("details => details.open")
    folded.locator("summary").click()
    row.wait_for()
    assert "Together" in row.inner_text()
    tab.picture("widget-routing-explorer")
    tab.label("allow_fallbacks").uncheck()
    tab.label("order").fill("together")
    tab.keys("Tab")
    tab.waits_for(r"^1 endpoint stays; 32 are out\.$")
    assert "out: not in order, and allow_fallbacks is off (order)" in tab.page.locator("tr.faint").first.inner_text()
    tab.button("Send").click()
    tab.waits_for("^Nobody answered. .*502")
    tab.label("max_price prompt, $/M").fill("cheap")
    tab.keys("Tab")
    tab.waits_for("^provider.max_price.prompt takes dollars per million tokens, not 'cheap'")
    tab.picture("widget-routing-explorer-refused")
    tab.button("Reset").click()
    tab.waits_for(r"^33 endpoints stay\.$")
    tab.copies("{}")
    assert tab.label("order").input_value() == ""
    assert not tab.label("together").is_checked() and tab.label("allow_fallbacks").is_checked()


def test_the_routing_explorer_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("03-routing-options", NARROW)
    tab.focus("only")
    tab.page.keyboard.type("modal")
    tab.keys("Tab")
    tab.waits_for(r"^1 endpoint stays; 32 are out\.$")
    tab.focus("require_parameters")
    tab.keys("Space")
    tab.choose("sort", "Home", "ArrowDown", "ArrowDown", "ArrowDown")
    tab.page.wait_for_function(
        "() => [...document.querySelectorAll('textarea')].some(t => t.value.includes('latency'))"
    )
    assert tab.extra_body() == "{'provider': {'only': ['modal'], 'require_parameters': True, 'sort': 'latency'}}"
    tab.button("Send").focus()
    tab.keys("Space")
    tab.waits_for("^Modal answered")
    folded = tab.page.locator("details", has_text="Receipt and attempts")
    folded.locator("summary").focus()
    tab.keys("Space")
    assert folded.evaluate("details => details.open")
    tab.focus("extra_body to copy")
    tab.keys("Control+A")
    assert "modal" in tab.page.evaluate("() => getSelection().toString() || document.activeElement.value")
    tab.picture("widget-routing-explorer-narrow")


def test_the_streaming_panel_by_mouse(open_tab: Any) -> None:
    tab = open_tab("04-streaming")
    tab.label("Speed").select_option(label="no waiting")
    tab.button("Start").click()
    tab.waits_for(r"^Finished\.$")
    figures = tab.page.locator(".cookbook-widget", has_text="first word after")
    assert (
        figures.count() >= 2
        and "at real pace: first thought" in figures.first.inner_text()
        and "pace is invented" in figures.first.inner_text()
    )
    tab.picture("widget-streaming-panel")
    tab.label("Speed").select_option(label="real pace")
    tab.button("Start").click()
    tab.page.wait_for_timeout(3500)  # the first words are there, the last are not
    tab.button("Stop").click()
    tab.waits_for("^Stopped")
    tab.picture("widget-streaming-panel-stopped")


def test_the_streaming_panel_by_keyboard(open_tab: Any) -> None:
    tab = open_tab("04-streaming", NARROW)
    tab.focus("Prompt")
    tab.keys("Control+A")
    tab.page.keyboard.type("My own question")
    tab.keys("Tab")
    tab.choose("Speed", "Home", "ArrowDown", "ArrowDown")
    assert tab.chosen("Speed") == "10 times as fast"
    tab.button("Start").focus()
    tab.keys("Enter")
    tab.waits_for(r"^Finished\.$")
    words = tab.page.locator(".cookbook-words")
    assert "No model wrote this." in words.first.inner_text()
    tab.choose("Speed", "Home")
    assert tab.chosen("Speed") == "real pace"
    tab.button("Start").focus()
    tab.keys("Space")
    tab.page.wait_for_timeout(1200)
    tab.button("Stop").focus()
    tab.keys("Space")
    tab.waits_for("^Stopped")
    tab.picture("widget-streaming-panel-narrow")


def test_the_cost_meter_counts_what_later_cells_send(open_tab: Any) -> None:
    tab = open_tab("01-client-setup")
    meter = tab.page.locator(".cookbook-widget", has_text="cost in the answers").first
    requests = int(re.search(r"requests\s+(\d+)", meter.inner_text()).group(1))
    assert requests > 5  # the cells below it were counted
    assert tab.page.locator("progress").first.get_attribute("aria-label") == "Budget: $0 of $0.50 charged"
    tab.picture("widget-cost-meter")


def test_no_control_is_without_a_label(open_tab: Any) -> None:
    unlabelled = """() => [...document.querySelectorAll('.jupyter-widgets input, .jupyter-widgets select, .jupyter-widgets textarea')]
      .filter(e => !(e.labels && e.labels.length && [...e.labels].some(l => l.textContent.trim()))).map(e => e.outerHTML.slice(0, 120))"""
    for name in ("02-model-ids", "03-routing-options", "04-streaming"):
        assert open_tab(name).page.evaluate(unlabelled) == []
