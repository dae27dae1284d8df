"""The picture of Dask's dashboard in lesson 22, from a real job: `python tools/dask_picture.py`. It needs bokeh beside the course."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys

from playwright.async_api import Page, async_playwright

from course import ROOT
from openrouter_standin import StandIn
from screenshot import FLAGS, find_chromium

LESSON = ROOT / "helpers" / "lesson_files" / "22-batch-at-scale"
TARGET = LESSON / "dashboard.png"
SIZE = {"width": 1400, "height": 620}
ROWS, AT_ONCE, LATENCY_S = 1200, 32, 0.6


async def main() -> None:
    """Raises `SystemExit` where bokeh is not installed."""
    if importlib.util.find_spec("bokeh") is None:
        raise SystemExit("The dashboard needs bokeh: pip install bokeh")
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = await browser.new_page(viewport=SIZE)
        await job(page)
        await browser.close()
    print(TARGET.relative_to(ROOT), TARGET.stat().st_size, "bytes")


async def job(page: Page) -> None:
    """Run a batch on two workers, and take the picture while it runs."""
    import dask
    import tickets
    from batch import Batch
    from distributed import Client, LocalCluster
    from workers import SETTINGS, on_workers

    dask.config.set(SETTINGS)
    with StandIn(unscripted="bug", latency=LATENCY_S) as standin:
        os.environ |= {"OPENROUTER_BASE_URL": standin.url, "OPENROUTER_API_KEY": standin.key, "PYTHONPATH": str(LESSON)}
        options = {"n_workers": 2, "threads_per_worker": AT_ONCE // 2, "host": "127.0.0.1", "dashboard_address": ":0"}
        async with LocalCluster(**options, asynchronous=True) as cluster, Client(cluster, asynchronous=True) as client:
            batch = Batch(":memory:", key=tickets.key, at_once=AT_ONCE, most=tickets.MOST)
            running = asyncio.create_task(batch.run(tickets.made_up(ROWS), on_workers(client, tickets.ask)))
            await page.goto(f"http://127.0.0.1:{cluster.scheduler.http_server.port}/status")
            await page.wait_for_selector("canvas")
            await asyncio.sleep(12)
            await page.screenshot(path=TARGET)
            await running


if __name__ == "__main__":
    sys.path.insert(0, str(LESSON))
    asyncio.run(main())
