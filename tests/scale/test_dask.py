"""Dask's workers ask: one client a process, not one a row, and a scheduler that is gone ends in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from places import Program, counting, gone, kept, settings_for

from clocks import PATIENCE_S


def test_two_workers_share_the_rows_and_keep_their_connections(tmp_path: Path) -> None:
    file, address = tmp_path / "answers.db", tmp_path / "address"
    with counting() as server:
        settings = settings_for(server.url, Path(os.environ["COOKBOOK_GUARD_LOG"]))
        with Program("cluster.py", 2, 4, settings=settings) as cluster:
            said = cluster.says()
            address.write_text(said["address"])
            with Program("drive.py", file, 400, 8, address, settings=settings) as driver:
                assert driver.says()["failed"] == 0
                assert driver.process.wait(PATIENCE_S) == 0
            cluster.process.stdin.close()
            assert cluster.process.wait(PATIENCE_S) == 0
        gone(said["pids"])
        assert len(kept(file)) == server.asked.total() == 400
        assert len(said["pids"]) == 2 and 8 <= server.connections <= 100  # a client for each row would make 400
