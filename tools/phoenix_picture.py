"""The picture of Phoenix's page in lesson 34, from a real one: `python tools/phoenix_picture.py`.

Runs the lesson's own cells up to the reading back, then looks at the project's page in headless Chromium.
"""

from __future__ import annotations

import os
import re
import sys

from playwright.sync_api import sync_playwright

from course import ROOT, chosen
from screenshot import FLAGS, find_chromium

TARGET = ROOT / "helpers" / "lesson_files" / "34-observability-back-ends" / "phoenix.png"
SIZE = {"width": 1500, "height": 560}


def main() -> None:
    """Raises `SystemExit` where Phoenix is not installed."""
    import nbformat

    os.environ["COOKBOOK_SPEED"] = "0"
    [lesson] = chosen(["34"])
    cells = [c.source for c in nbformat.read(lesson.notebook, as_version=4).cells if c.cell_type == "code"]
    until = next(n for n, source in enumerate(cells) if "get_spans(" in source)
    space: dict[str, object] = {}
    for source in cells[1 : until + 1]:  # without the set-up cell, which has a line of IPython's
        exec(source, space)
    phoenix = space["phoenix"]
    if not phoenix.real:
        raise SystemExit("Phoenix is not installed: make outside NAME=phoenix")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        page.goto(phoenix.url)
        page.get_by_text("course", exact=True).first.click()
        page.get_by_text(re.compile("ChatCompletion|draft")).first.wait_for()
        page.wait_for_timeout(1500)
        page.screenshot(path=TARGET)
        browser.close()
    space["helpers"].stop()
    print(TARGET.relative_to(ROOT), TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    sys.exit(main())
