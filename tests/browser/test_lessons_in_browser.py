"""Lessons in a real browser: they run from top to bottom, and every control has a label."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from course import ROOT, lessons_of

UNLABELLED = """() => [...document.querySelectorAll('.jupyter-widgets input, .jupyter-widgets select, .jupyter-widgets textarea')]
  .filter(e => !(e.labels && e.labels.length && [...e.labels].some(l => l.textContent.trim()))).map(e => e.outerHTML.slice(0, 120))"""
"""Controls without a label that can be seen."""


@pytest.mark.parametrize("name", [lesson.name for lesson in lessons_of("path")])
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
    assert tab.page.evaluate(UNLABELLED) == []
    if "helpers.widgets.cost_meter" in str(cells):
        _check_meter(tab)
    tab.whole_picture(name)


def _check_meter(tab: Any) -> None:
    """The cells below the meter were counted in it."""
    meter = tab.page.locator(".cookbook-widget", has_text="cost in the answers").first
    assert int(re.search(r"requests\s+(\d+)", meter.inner_text()).group(1)) > 5
    bar = tab.page.locator("progress").first
    assert re.match(r"Live, these answers would have cost \$0\.\d+ ", bar.get_attribute("aria-label"))
    assert float(bar.get_attribute("value")) > 0
