"""One lesson of the browser edition in a real browser: opened cold, run from top to bottom, its outputs read."""

from __future__ import annotations

import json
import re
import time
from typing import Any

START, WHOLE = 120_000, 300
"""How long Python may take to start (ms) and a lesson to run (s): a busy machine of CI with two cores."""

QUIET = 20
"""After so many seconds (s) without a cell that waits, the run has ended before the last cell."""

SHOWN = "() => window.jupyterapp && document.querySelectorAll('.jp-Notebook .jp-Cell').length > 3"
READY = "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
CLEAR = "async () => { await window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs') }"
RUN = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
CELLS = """() => window.jupyterapp.shell.currentWidget.content.widgets.filter(c => c.model.type === 'code')
  .map(c => ({ran: c.model.executionCount, outputs: c.model.outputs.toJSON(),
              waits: c.promptNode?.textContent.includes('*') ?? false}))"""


class Visit:
    """A page on one lesson. `foreign`: requests to another host; `errors`: what no script caught;
    `seconds`: from opening to the first output; `whole`: to the last."""

    def __init__(self, page: Any, address: str, name: str, waits: bool = True) -> None:
        """Open the lesson. `waits`: until Python has started."""
        self.page, self.name = page, name
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.context.on("request", lambda r: self._look_at(r.url, address))
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.begun = time.monotonic()
        page.goto(f"{address}/notebooks/index.html?path={name}.ipynb")
        self.seconds = 0.0
        self.whole = 0.0
        if waits:
            page.wait_for_function(SHOWN, timeout=START)
            page.wait_for_function(READY, timeout=START)

    def _look_at(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.foreign.append(url)

    def run_all(self) -> list[list[dict[str, Any]]]:
        """Run every cell; the outputs of each code cell. An unannounced error ends the run, as for a reader. Raises
        `AssertionError` when it does not end."""
        self.page.evaluate(CLEAR)
        self.page.evaluate(RUN)
        end, quiet_since = time.monotonic() + WHOLE, time.monotonic()
        while time.monotonic() < end:
            cells = self.page.evaluate(CELLS)
            now = time.monotonic()
            if not self.seconds and any(cell["outputs"] for cell in cells):
                self.seconds = now - self.begun
            if any(cell["waits"] for cell in cells):
                quiet_since = now
            elif all(cell["ran"] for cell in cells) or now - quiet_since > QUIET:
                self.page.wait_for_timeout(1000)  # a stream may still be drawing
                self.whole = now - self.begun
                return [cell["outputs"] for cell in self.page.evaluate(CELLS)]
            self.page.wait_for_timeout(100)
        ran = [cell["ran"] for cell in cells]
        raise AssertionError(f"{self.name} did not end in {WHOLE} s; executed so far: {ran}")


def comparable(outputs: list[dict[str, Any]]) -> list[str]:
    """Outputs without what may differ: how text is cut into pieces, numbers of widgets, and the empty result that the
    browser's kernel adds where an object draws itself."""
    text, others = "", []
    for output in outputs:
        if output["output_type"] == "stream":
            text += "".join(output["text"])
        elif output["output_type"] == "error":
            name = re.search(r"\w+(?='?>?$)", output["ename"])[
                0
            ]  # the browser's kernel writes <class 'openai.NotFoundError'>
            others.append(f"{name}: {output['evalue']}")
        elif output["data"]:
            shown = {kind: _joined(value) for kind, value in output["data"].items() if "widget-view" not in kind}
            others.append(json.dumps(shown, sort_keys=True, ensure_ascii=False))
    return [*filter(None, [text]), *others]


def _joined(value: Any) -> Any:
    return "".join(value) if isinstance(value, list) else value
