"""The job of 14-many-calls-at-once, killed in the middle: what was kept is not asked again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from notebooks import CODE

KEPT = 30
PROGRAM = """
import time

count = 0

def tick():
    global count
    count += 1
    print(count, flush=True)
    while count == {stop}:  # until the kill
        time.sleep(60)

asyncio.run(Job("letters.db").run(TEXTS, tick))
"""


def started(folder: Path, stop: int) -> subprocess.Popen[str]:
    """The lesson's own class in a process, which stands still after so many rows."""
    cell = next(c for c in CODE if c.lesson == "14-many-calls-at-once" and "class Job" in c.source)
    path = folder / "job.py"
    path.write_text(cell.source.partition("\nfolder = ")[0] + PROGRAM.format(stop=stop), "utf-8")
    command = [sys.executable, str(Path(__file__).with_name("run_snippet.py")), cell.lesson, str(path)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=folder, env={**os.environ, "COOKBOOK_MODE": "ci"}
    )


def test_a_killed_job_goes_on_where_it_was(tmp_path: Path) -> None:
    pytest.importorskip("tqdm")
    job = started(tmp_path, stop=KEPT)
    assert job.stdout is not None
    for line in job.stdout:
        if line.strip() == str(KEPT):
            break
    job.kill()
    job.communicate()
    with sqlite3.connect(tmp_path / "letters.db") as store:
        assert store.execute("SELECT count(*) FROM answers").fetchone() == (KEPT,)
    said, _ = started(tmp_path, stop=-1).communicate(timeout=60)
    assert int(said.split()[-1]) == 200 - KEPT
    with sqlite3.connect(tmp_path / "letters.db") as store:
        assert store.execute("SELECT count(*), count(DISTINCT text) FROM answers").fetchone() == (200, 200)
