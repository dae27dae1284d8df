"""10,000 calls in little: the ways of lesson 22 beside `N · latency / K`, against the stand-in's server in a process of its own.

`make bench-batch`. A ratio of 100 % is what the latency alone would take. CPU: of the client's processes, for each request.
"""

from __future__ import annotations

import asyncio
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LESSON = ROOT / "helpers" / "lesson_files" / "22-batch-at-scale"
LATENCY_S = 0.6
REQUESTS = {32: 1280, 128: 3840}
"""Calls at once, and how many calls in all: thirty or more a place, or the beginning, when all are woken together, is most of it."""
WORKERS = 2
TARGETS = {("asyncio, the batch of lesson 22", 32): 98, ("asyncio, the batch of lesson 22", 128): 92}
TARGETS |= {("Dask, 2 workers", 32): 90}
WORDS = '[[say]]\nprompt = "*"\npattern = true\ntext = "bug"\n'
LITELLM = """
import asyncio, os, resource, sys, time
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it asks GitHub for its prices
import litellm, tickets
rows, at_once = tickets.made_up(int(sys.argv[1])), int(sys.argv[2])
def main():
    base = {"api_base": os.environ["OPENROUTER_BASE_URL"], "max_workers": at_once, "num_retries": 0, "max_tokens": 16}
    ask = lambda some: litellm.batch_completion("openrouter/" + tickets.MODEL, [tickets.request(r)["messages"] for r in some], **base)
    ask(rows[:at_once])
    cpu, began = time.process_time(), time.perf_counter()
    good = sum(not isinstance(answer, Exception) for answer in ask(rows))
    print("found", good, time.perf_counter() - began, time.process_time() - cpu)
main()
"""


def main() -> None:
    """Print the table."""
    sys.path.insert(0, str(LESSON))
    with _server() as url, tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "TQDM_DISABLE": "1",
            "OPENROUTER_BASE_URL": url,
            "OPENROUTER_API_KEY": "sk-or-any",
            "PYTHONPATH": str(LESSON),
        }
        print(f"requests of {LATENCY_S} s, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print(f"{'way':<44} {'at once':>7} {'seconds':>8} {'of ideal':>8} {'CPU ms':>7} {'target':>7}")
        for name, way in WAYS.items():
            for at_once in REQUESTS:
                _line(name, at_once, way(at_once, Path(folder)))


Found = tuple[int, float, float] | None
"""Good answers, seconds, seconds of CPU; None where it is not installed."""


def _line(name: str, at_once: int, found: Found) -> None:
    if found is None:
        print(f"{name:<44} {at_once:>7} not installed: make outside NAME=clients")
        return
    good, seconds, cpu = found
    number = REQUESTS[at_once]
    ratio, target = number * LATENCY_S / at_once / seconds, TARGETS.get((name, at_once))
    wrong = "" if good == number else f"  {number - good} failed"
    aim = f"{target} %" if target else ""
    print(
        f"{name:<44} {at_once:>7} {seconds:>8.2f} {ratio:>8.1%} {cpu / number * 1000:>7.2f} {aim:>7}{wrong}",
        flush=True,
    )


@contextmanager
def _server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder, "words.toml")
        words.write_text(WORDS, "utf-8")
        command = [sys.executable, "-m", "openrouter_standin", "--port", "0", "--latency", str(LATENCY_S)]
        with subprocess.Popen(
            [*command, "--script", str(words)], stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT
        ) as server:
            try:
                url = re.search(r"http://\S+", server.stdout.readline())[0]
                threading.Thread(target=server.stdout.read, daemon=True).start()  # unread, its lines would stop it
                yield url
            finally:
                server.terminate()


def _cpu() -> float:
    """Seconds of CPU of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _by_the_batch(at_once: int, folder: Path) -> Found:
    import tickets

    return asyncio.run(_batch(at_once, folder, tickets.ask_async, _cpu))


async def _batch(at_once: int, folder: Path, ask: Callable[[Any], Any], cpu: Callable[[], float]) -> Found:
    """A warm-up that opens the connections, then the measurement."""
    import tickets
    from batch import Batch

    with tempfile.TemporaryDirectory(dir=folder) as place:
        job = Batch(Path(place, "answers.db"), key=tickets.key, at_once=at_once, most=tickets.MOST)
        rows = tickets.made_up(at_once + REQUESTS[at_once])
        await job.run(rows[:at_once], ask)
        used, began = cpu(), time.perf_counter()
        await job.run(rows[at_once:], ask)
        taken, used = time.perf_counter() - began, cpu() - used
        kept = job.store.execute("SELECT count(*) FROM rows WHERE answer = 'bug'").fetchone()[0]
        job.store.close()
    return kept - at_once, taken, used


def _by_create(at_once: int, folder: Path) -> Found:
    """One client, `chat.completions.create`: what most programs do."""
    import openai
    import tickets

    async def ask_all(rows: list[dict[str, Any]], client: openai.AsyncOpenAI) -> int:
        todo, good = iter(rows), []

        async def place() -> None:
            for row in todo:
                good.append(await client.chat.completions.create(**tickets.request(row)))

        await asyncio.gather(*(place() for _ in range(at_once)))
        return len(good)

    async def measured() -> Found:
        async with openai.AsyncOpenAI(**tickets.settings()) as client:
            await ask_all(tickets.made_up(at_once), client)
            used, began = _cpu(), time.perf_counter()
            good = await ask_all(tickets.made_up(REQUESTS[at_once]), client)
            return good, time.perf_counter() - began, _cpu() - used

    return asyncio.run(measured())


def _by_threads(at_once: int, folder: Path) -> Found:
    import tickets

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(tickets.ask, tickets.made_up(at_once)))
        used, began = _cpu(), time.perf_counter()
        good = sum(
            found["outcome"] == "answered" for found in pool.map(tickets.ask, tickets.made_up(REQUESTS[at_once]))
        )
        return good, time.perf_counter() - began, _cpu() - used


def _by_dask(at_once: int, folder: Path) -> Found:
    """Scheduler and driver in this process, workers in theirs."""
    import dask
    import psutil
    import tickets
    from distributed import Client, LocalCluster
    from workers import SETTINGS, on_workers

    async def measured() -> Found:
        options = {
            "n_workers": WORKERS,
            "threads_per_worker": at_once // WORKERS,
            "host": "127.0.0.1",
            "dashboard_address": None,
        }
        async with LocalCluster(asynchronous=True, **options) as cluster:
            pids = [os.getpid(), *(nanny.pid for nanny in cluster.workers.values())]
            processes = [psutil.Process(pid) for pid in pids]
            used = lambda: sum(sum(process.cpu_times()[:2]) for process in processes)  # noqa: E731
            async with Client(cluster, asynchronous=True) as client:
                return await _batch(at_once, folder, on_workers(client, tickets.ask), used)

    with dask.config.set(SETTINGS):
        return asyncio.run(measured())


def _by_litellm(at_once: int, folder: Path) -> Found:
    """`batch_completion`, which keeps cost and provider. It does not resolve beside the course."""
    from outside import python_of

    if not python_of("clients").exists():
        return None
    command = [str(python_of("clients")), "-c", LITELLM, str(REQUESTS[at_once]), str(at_once)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    _, good, seconds, cpu = re.search(r"found.*", done.stdout)[0].split()
    return int(good), float(seconds), float(cpu)


WAYS: dict[str, Callable[[int, Path], Found]] = {
    "asyncio, the batch of lesson 22": _by_the_batch,
    "asyncio, one client, chat.completions.create": _by_create,
    "Dask, 2 workers": _by_dask,
    "threads": _by_threads,
    "litellm's batch_completion": _by_litellm,
}
