"""One notebook in a real browser: opened, run, clicked and typed at."""

from __future__ import annotations

import os
import re
from typing import Any

import screenshot
from course import ROOT

PICTURES = ROOT / ".screenshots"
WITH_PICTURES = bool(os.environ.get("COOKBOOK_PICTURES"))
"""Whether whole lessons are photographed; read here, because each test has a clean environment."""
WIDE, NARROW = {"width": 1280, "height": 1500}, {"width": 700, "height": 1500}


class Tab:
    """One notebook, opened and run. `errors`: what the browser's console complained about. `goes_on`: whether another
    notebook may be opened in its page."""

    goes_on = True

    def __init__(self, page: Any, address: str, name: str) -> None:
        self.page, self.name, self.errors = page, name, []
        self.listeners = {
            "console": lambda m: self.errors.append(m.text) if m.type == "error" else None,
            "pageerror": lambda e: self.errors.append(str(e)),
        }
        for event, listener in self.listeners.items():
            page.on(event, listener)
        screenshot.open_lesson(page, address, f"{name}.ipynb")
        screenshot.run_all(page)
        self.had = self.cells()

    def leave(self) -> None:
        """Stop listening: the page goes to another notebook."""
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)

    def label(self, name: str) -> Any:
        """A control by its visible label."""
        return self.page.get_by_label(name, exact=True).first

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True).first

    def waits_for(self, text: str) -> None:
        """A live status line says this, a screen reader with it."""
        line = self.page.locator('[role="status"]').filter(has_text=re.compile(text))
        line.first.wait_for(timeout=60_000)

    def copies(self, text: str) -> None:
        """The explorer's text to copy becomes this."""
        script = "text => [...document.querySelectorAll('textarea')].some(t => t.value.replace(/\\s+/g, ' ') === text)"
        self.page.wait_for_function(script, arg=text, timeout=60_000)

    def extra_body(self) -> str:
        return self.label("extra_body").input_value()

    def picture(self, name: str) -> None:
        """The window as it stands, for CI's artefacts."""
        self.page.screenshot(path=str(PICTURES / f"{name}.png"))

    def whole_picture(self, name: str) -> None:
        """The whole notebook, where somebody may look at it: 2 s a lesson."""
        if WITH_PICTURES:
            screenshot.whole_page(self.page, PICTURES / f"{name}.png")

    def focus(self, name: str) -> None:
        self.label(name).focus()

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        """The label, or else the text, of the element that has the focus."""
        return self.page.evaluate(
            "() => { const e = document.activeElement; return (e.labels?.[0]?.innerText || e.ariaLabel || e.innerText || '').trim() }"
        )

    def tabs_to(self, name: str, most: int = 30) -> int:
        """Press Tab until the element of this name has the focus; how often."""
        for n in range(1, most + 1):
            self.keys("Tab")
            if self.focused() == name:
                return n
        raise AssertionError(f"{most} times Tab did not lead to {name}; the focus is on {self.focused()!r}")

    def clipboard(self) -> str:
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        return self.page.evaluate("() => navigator.clipboard.readText()")

    def chosen(self, name: str) -> str:
        return self.label(name).evaluate("list => list.selectedOptions[0].text").replace("\xa0", " ")

    def cells(self) -> int:
        return self.page.locator(".jp-Cell").count()
