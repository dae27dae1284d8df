"""A batch of 10,000 rows whose driver, worker or scheduler is killed: every row once, and what is paid twice is bounded."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from places import Counting, Program, counting, gone, kept, settings_for, tickets_of, wait_until

pytest.importorskip("aiolimiter")
ROWS, AT_ONCE = 10_000, 128


def every_row_once(server: Counting, file: Path, kills: int) -> None:
    """Every ticket has one answer in the file, and at most the calls in flight were asked for once more at each kill."""
    rows = kept(file)
    assert sorted(int(key.partition(":")[0]) for key, _ in rows) == list(range(ROWS))
    assert all(answer == "bug" for _, answer in rows)
    assert set(server.asked) == {row["text"] for row in tickets_of(ROWS)}
    assert server.asked.total() - ROWS <= kills * AT_ONCE


def all_guarded(log: Path, pids: list[int]) -> None:
    """Each of these processes loaded the socket guard, and none tried to leave loopback."""
    lines = log.read_text("utf-8").splitlines()
    assert not [line for line in lines if line.startswith("blocked")]
    assert {str(pid) for pid in pids} <= {line.split()[1] for line in lines if line.startswith("loaded")}


def test_a_killed_driver_goes_on_from_its_file(tmp_path: Path) -> None:
    file, log = tmp_path / "answers.db", tmp_path / "guard.log"
    with counting() as server:
        settings = settings_for(server.url, log)
        with Program("drive.py", file, ROWS, AT_ONCE, settings=settings) as first:
            wait_until(lambda: server.asked.total() >= ROWS // 2, "half of the rows", first)
            first.kill()
        before = {int(key.partition(":")[0]) for key, _ in kept(file)}
        assert ROWS // 2 - 2 * AT_ONCE <= len(before) < ROWS
        times = dict(server.asked)
        with Program("drive.py", file, ROWS, AT_ONCE, settings=settings) as second:
            assert second.says()["failed"] == 0
            all_guarded(log, [first.process.pid, second.process.pid])
        texts = {row["text"] for row in tickets_of(ROWS) if row["id"] in before}
        assert {text: server.asked[text] for text in texts} == {text: times[text] for text in texts}
        every_row_once(server, file, kills=1)


def test_a_killed_worker_and_a_killed_scheduler(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    file, log, address = tmp_path / "answers.db", tmp_path / "guard.log", tmp_path / "address"
    with counting() as server:
        settings = settings_for(server.url, log)
        with Program("cluster.py", 2, AT_ONCE // 2, settings=settings) as cluster:
            said = cluster.says()
            address.write_text(said["address"])
            with Program("drive.py", file, ROWS, AT_ONCE, address, settings=settings) as driver:
                wait_until(lambda: server.asked.total() >= ROWS // 4, "a quarter of the rows", driver)
                os.kill(said["pids"][0], signal.SIGKILL)
                wait_until(lambda: server.asked.total() >= ROWS // 2, "half of the rows", driver)
                cluster.kill()
                assert "scheduler is gone" in driver.says()["stopped"]
                gone(said["pids"])
                with Program("cluster.py", 2, AT_ONCE // 2, settings=settings) as other:
                    again = other.says()
                    address.write_text(again["address"])
                    assert driver.says()["failed"] == 0
                    other.process.stdin.close()
                    other.process.wait(60)
                all_guarded(log, [*said["pids"], *again["pids"], driver.process.pid])
        gone(again["pids"])
        every_row_once(server, file, kills=2)
