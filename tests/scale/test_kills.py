"""A batch of 10,000 rows whose driver, worker or scheduler is killed: every row once, and what is paid twice is bounded."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

import pytest
from places import Counting, Program, counting, gone, kept, settings_for, tickets_of, wait_until

from clocks import PATIENCE_S

pytest.importorskip("aiolimiter")
ROWS, AT_ONCE = 10_000, 128


def ids_of(rows: list[tuple[str, str | None]]) -> list[int]:
    """The ids of the rows of a file, sorted; a row that stands there twice is twice among them."""
    return sorted(int(key.partition(":")[0]) for key, _ in rows)


def texts_of(ids: Iterable[int]) -> set[str]:
    texts = [row["text"] for row in tickets_of(ROWS)]
    return {texts[number] for number in ids}


def asked_again(server: Counting) -> int:
    """Requests beyond one for each row: what may be paid twice."""
    return server.asked.total() - len(server.asked)


def all_guarded(log: Path, pids: list[int]) -> None:
    """Each of these processes loaded the socket guard, and none tried to leave loopback."""
    lines = log.read_text("utf-8").splitlines()
    assert not [line for line in lines if line.startswith("blocked")]
    assert {str(pid) for pid in pids} <= {line.split()[1] for line in lines if line.startswith("loaded")}


def test_10_000_rows_outlive_a_worker_the_scheduler_and_the_driver(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    file, address, log = tmp_path / "answers.db", tmp_path / "address", Path(os.environ["COOKBOOK_GUARD_LOG"])
    with counting() as server:
        settings = settings_for(server.url, log)
        with Program("cluster.py", 2, AT_ONCE // 2, settings=settings) as cluster:
            said = cluster.says()
            address.write_text(said["address"])
            with Program("drive.py", file, ROWS, AT_ONCE, address, settings=settings) as driver:
                wait_until(lambda: server.asked.total() >= 1000, "1,000 rows", driver)
                os.kill(said["pids"][0], signal.SIGKILL)
                wait_until(lambda: server.asked.total() >= 2500, "2,500 rows", driver)
                assert asked_again(server) <= AT_ONCE
                cluster.kill()
                assert "scheduler is gone" in driver.says()["stopped"]
                gone(said["pids"])
                with Program("cluster.py", 2, AT_ONCE // 2, settings=settings) as other:
                    again = other.says()
                    address.write_text(again["address"])
                    wait_until(lambda: server.asked.total() >= ROWS // 2, "half of the rows", driver)
                    driver.kill()
                    other.process.stdin.close()
                    other.process.wait(PATIENCE_S)
        gone(again["pids"])
        assert asked_again(server) <= 2 * AT_ONCE
        before, times = ids_of(kept(file)), dict(server.asked)
        assert ROWS // 2 - 5 * AT_ONCE <= len(before) < ROWS
        with Program("drive.py", file, ROWS, AT_ONCE, settings=settings) as resumed:  # the rest on one machine
            assert resumed.says()["failed"] == 0
        assert {text: server.asked[text] for text in texts_of(before)} == {
            text: times[text] for text in texts_of(before)
        }
        rows = kept(file)
        assert ids_of(rows) == list(range(ROWS)) and all(answer == "bug" for _, answer in rows)
        assert set(server.asked) == texts_of(range(ROWS)) and asked_again(server) <= 3 * AT_ONCE
    all_guarded(log, [*said["pids"], *again["pids"], driver.process.pid, resumed.process.pid])


def test_a_killed_driver_asks_again_for_what_was_on_its_way_and_for_nothing_else(tmp_path: Path) -> None:
    file, rows = tmp_path / "answers.db", 1500
    with counting() as server:
        settings = settings_for(server.url, Path(os.environ["COOKBOOK_GUARD_LOG"]))
        with Program("drive.py", file, rows, AT_ONCE, settings=settings) as first:
            wait_until(lambda: server.asked.total() >= rows // 2, "half of the rows", first)
            first.kill()
        before, times = ids_of(kept(file)), dict(server.asked)
        assert rows // 2 - 2 * AT_ONCE <= len(before) < rows
        with Program("drive.py", file, rows, AT_ONCE, settings=settings) as second:
            assert second.says()["failed"] == 0
        assert {text: server.asked[text] for text in texts_of(before)} == {
            text: times[text] for text in texts_of(before)
        }
        assert ids_of(kept(file)) == list(range(rows))
        assert 0 <= asked_again(server) <= AT_ONCE
