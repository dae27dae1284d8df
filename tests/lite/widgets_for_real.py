"""The four widgets of the browser edition, worked by mouse: the tests of tests/browser, on a page in which Python itself runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from test_lessons_in_browser import check_meter
from test_widgets_in_browser import (  # noqa: F401
    test_the_model_browser_by_mouse,
    test_the_routing_explorer_by_mouse,
    test_the_streaming_panel_by_mouse,
)

from tab import PICTURES, WIDE, Tab
from visit import Visit


class LiteTab(Tab):
    """One lesson of the browser edition, opened and run."""

    def __init__(self, visit: Visit) -> None:
        self.page, self.name, self.errors = visit.page, f"lite-{visit.name}", visit.errors
        visit.run_all()
        self.had = self.cells()


@pytest.fixture
def open_tab(visit: Callable[..., Visit]) -> Iterator[Any]:
    """`open_tab("03-routing-options")` opens and runs; at the end `visit` has looked for errors and other hosts."""
    PICTURES.mkdir(exist_ok=True)
    tabs: list[LiteTab] = []

    def begin(name: str, size: dict[str, int] = WIDE) -> LiteTab:
        page = visit(name)
        page.page.set_viewport_size(size)
        tabs.append(LiteTab(page))
        return tabs[-1]

    yield begin
    assert [tab.name for tab in tabs if tab.cells() != tab.had] == []


def test_the_cost_meter_counts_the_cells_below_it(open_tab: Any) -> None:
    tab = open_tab("01-client-setup")
    check_meter(tab)
    tab.picture("lite-cost-meter")
