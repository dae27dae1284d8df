"""Lessons in a real browser: they run from top to bottom, every control has a label, and axe finds nothing to complain of
in our text and outputs, light and dark."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from course import ROOT, lessons

Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
screenshot = pytest.importorskip("screenshot")

UNLABELLED = """() => [...document.querySelectorAll('.jupyter-widgets input, .jupyter-widgets select, .jupyter-widgets textarea')]
  .filter(e => !(e.labels && e.labels.length && [...e.labels].some(l => l.textContent.trim()))).map(e => e.outerHTML.slice(0, 120))"""
"""Controls without a label that can be seen."""


OURS = {"include": [".jp-OutputArea-output", ".jp-RenderedMarkdown"]}
"""What axe looks at: the outputs and the text of a lesson, not JupyterLab around them."""


@pytest.mark.parametrize("name", [lesson.name for lesson in lessons()])
def test_a_lesson_runs_top_to_bottom(name: str, open_tab: Any) -> None:
    tab = open_tab(name)
    cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]
    announced = sum("raises-exception" in c["metadata"].get("tags", []) for c in cells)
    tracebacks = tab.page.locator(
        '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]'
    ).filter(has_not_text="[non-fatal]")  # a line that lesson 31 shows on purpose
    assert tracebacks.count() == announced, tracebacks.all_inner_texts()
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    widgets = sum("helpers.widgets" in source or "tqdm" in source for source in code)
    boxes = tab.page.locator(".jp-OutputArea-output > .jupyter-widgets, .jp-OutputArea-output .widget-vbox").count()
    assert bool(boxes) == bool(widgets)
    assert "Error displaying widget" not in tab.page.locator(".jp-Notebook").inner_text()
    assert tab.page.evaluate(UNLABELLED) == []
    if "helpers.widgets.cost_meter" in str(cells):
        check_meter(tab)
    tab.whole_picture(name)
    assert tab.page.locator(".jp-OutputArea-output img:not([alt]), .jp-OutputArea-output img[alt='']").count() == 0
    for dark in (False, True):
        screenshot.change_theme(tab.page, dark)
        found = Axe().run(tab.page, context=OURS).response["violations"]
        assert not found, [(v["id"], dark, n["html"][:200]) for v in found for n in v["nodes"]]


def check_meter(tab: Any) -> None:
    """The cells below the meter were counted in it."""
    meter = tab.page.locator(".cookbook-widget", has_text="cost in the answers").first
    meter.scroll_into_view_if_needed()  # what is far off the screen has no text
    tab.page.wait_for_function("meter => meter.innerText.includes('requests')", arg=meter.element_handle())
    assert int(re.search(r"requests\s+(\d+)", meter.inner_text()).group(1)) > 5
    bar = tab.page.locator("progress").first
    assert re.match(r"Live, these answers would have cost \$0\.\d+ ", bar.get_attribute("aria-label"))
    assert float(bar.get_attribute("value")) > 0
