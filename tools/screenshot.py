"""Open lessons in JupyterLab in a headless Chromium, run them top to bottom, and take pictures.

`python tools/screenshot.py FOLDER [NN …] [--width 1280]`. Needs Chromium (Debian: `apt-get install chromium`).
Prints console errors and cells that failed. README's picture is made with `--readme`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


ALL_RUN = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(n => n.textContent)
  return prompts.every(p => !p || /\\[\\d+\\]/.test(p)) && prompts.some(p => p)
}"""
HEIGHT = 1500
NEXT = """async name => {
  const app = window.jupyterapp
  for (const before of [...app.shell.widgets('main')]) {
    await before.context?.sessionContext?.shutdown()
    before.dispose()
  }
  const opened = await app.commands.execute('docmanager:open', {path: name})
  await opened.context.ready
  await opened.sessionContext.ready
}"""
"""Opens a notebook in a JupyterLab that shows another one: 3 s, where a new page takes 7 (2 cores, November 2026)."""


def find_chromium() -> str | None:
    """The browser that is installed here, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def lab_settings(folder: Path) -> str:
    """JupyterLab's settings for a picture: all cells in the page, no question about news."""
    for name, text in {
        "notebook-extension/tracker": '{"windowingMode": "none"}',
        "apputils-extension/notification": '{"fetchNews": "false"}',
    }.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(folder)


@contextmanager
def jupyterlab(root: Path, **settings: str) -> Iterator[str]:
    """A JupyterLab on this folder, without token, on loopback. Yields its address."""
    port = free_port()
    settings["JUPYTERLAB_SETTINGS_DIR"] = lab_settings(Path(tempfile.mkdtemp(prefix="lab-settings-")))
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.port={port}", "--IdentityProvider.token=",
               "--ServerApp.ip=127.0.0.1", "--ServerApp.allow_root=True", f"--ServerApp.root_dir={root}",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
               "--LabApp.expose_app_in_browser=True"]  # fmt: skip
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **settings}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=1)
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def open_lesson(page: Page, address: str, name: str) -> None:
    """Open one notebook alone (no side bar), in place of the one that this page shows, and wait for its kernel."""
    if page.url.startswith(address):
        page.evaluate(NEXT, name)
    else:
        page.goto(f"{address}/doc/tree/{name}")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=60_000, state="attached")
    page.wait_for_selector("text=/\\| Idle/", timeout=60_000)  # the status bar: before that there is no kernel


def run_all(page: Page, timeout_s: int = 90) -> None:
    """Clear the stored outputs, run every cell in the fresh kernel, and wait until each has its number (a folded cell
    shows none). Without a restart: after one, JupyterLab's own debugger writes errors to the console."""
    for menu, entry in (("Edit", "Clear Outputs of All Cells"), ("Run", "Run All Cells")):
        page.click(f".lm-MenuBar-itemLabel:text-is('{menu}')")
        page.click(f".lm-Menu-itemLabel:text-is('{entry}') >> visible=true")
    page.wait_for_function(ALL_RUN, timeout=timeout_s * 1000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=60_000, state="attached")


def change_theme(page: Page, dark: bool) -> None:
    """Switch JupyterLab to its light or dark theme, and wait until it is there."""
    page.evaluate(
        "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})",
        "JupyterLab Dark" if dark else "JupyterLab Light",
    )
    page.wait_for_selector(f"body[data-jp-theme-light='{'false' if dark else 'true'}']", state="attached")
    page.wait_for_timeout(500)


def whole_page(page: Page, path: Path) -> None:
    """Pictures of the whole notebook, one window after another from top to bottom."""
    panel = "document.querySelector('.jp-WindowedPanel-outer')"
    height, window = page.evaluate(f"() => [{panel}.scrollHeight, {panel}.clientHeight]")
    for number, top in enumerate(range(0, height, window), 1):
        page.evaluate(f"() => {{ {panel}.scrollTop = {top} }}")
        page.wait_for_timeout(150)
        page.screenshot(path=str(path.with_stem(f"{path.stem}-{number}")))


def main() -> int:
    """Take the pictures; the number of console errors is the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("numbers", nargs="*")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--readme", action="store_true", help="only the picture of README: the routing section of 03")
    options = parser.parse_args()
    chromium = find_chromium()
    if not chromium:
        raise SystemExit("No Chromium here: install it (Debian: apt-get install chromium).")
    options.folder.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    names = sorted(p.name for p in (ROOT / "notebooks").glob("*.ipynb"))
    with (
        jupyterlab(
            ROOT / "notebooks", COOKBOOK_MODE="replay", COOKBOOK_SPEED="4", COOKBOOK_SYSTEMS="replay"
        ) as address,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        for name in names if not options.numbers else [n for n in names if n[:2] in options.numbers]:
            page = browser.new_page(viewport={"width": options.width, "height": HEIGHT})
            page.on("console", lambda m, name=name: problems.append(f"{name}: {m.text}") if m.type == "error" else None)
            page.on("pageerror", lambda e, name=name: problems.append(f"{name}: {e}"))
            open_lesson(page, address, name)
            run_all(page)
            if options.readme:
                page.get_by_role("heading", name="Draw a line").scroll_into_view_if_needed()
                page.mouse.wheel(0, 500)
                time.sleep(1)
                page.screenshot(path=str(options.folder / "lesson.png"))
            else:
                whole_page(page, options.folder / f"{name[:2]}-{options.width}.png")
            page.close()
        browser.close()
    for problem in dict.fromkeys(problems):
        print(problem)
    return len(problems)


if __name__ == "__main__":
    sys.exit(main())
