"""Take the pictures of the chat page that lesson 24 shows: `python tools/chat_page_pictures.py`. Needs Chromium.

The page asks the stand-in, so nobody pays and the words are always the same.
"""

from __future__ import annotations

import sys

from playwright.sync_api import Browser, sync_playwright

from course import ROOT
from openrouter_standin import StandIn
from screenshot import FLAGS, find_chromium

FOLDER = ROOT / "helpers" / "lesson_files" / "24-chat-page"
QUESTION = "When is the tide high in Husum?"
ANSWER = """The tide follows the **moon**, so it is high about 50 minutes later each day. For *exact* times, read a table:

| port | Friday | Saturday |
|---|---|---|
| Husum | 14:10 | 15:02 |
| Norddeich | 12:55 | 13:46 |

Two things move these times: the wind, and the shape of the coast."""


def take(browser: Browser, address: str, name: str, width: int, height: int) -> None:
    """One conversation in a window of this size."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.goto(address)
    page.wait_for_selector("#model option", state="attached")
    page.get_by_label("Message", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#status").get_by_text("The answer is complete.").wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=FOLDER / name)
    page.close()
    print(name, (FOLDER / name).stat().st_size, "bytes")


def main() -> None:
    """Raises `SystemExit` where there is no Chromium."""
    chromium = find_chromium()
    if not chromium:
        raise SystemExit("No Chromium here: install it (Debian: apt-get install chromium).")
    sys.path.insert(0, str(FOLDER))
    from chat_page import serve

    with (
        StandIn(script={QUESTION: ANSWER}) as standin,
        serve(api_key=standin.key, base_url=standin.url) as address,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        take(browser, address, "wide.png", 1000, 620)
        take(browser, address, "narrow.png", 400, 720)
        browser.close()


if __name__ == "__main__":
    main()
