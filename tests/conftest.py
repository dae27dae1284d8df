"""What every test shares: a clean environment, recordings in a temporary folder, and lessons that leave nothing running."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import helpers
from clocks import HeldClock
from helpers import budget, session
from helpers.replay import recording
from support import LESSON, request_of


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No key, no settings, an empty working folder, and the lesson stopped at the end."""
    for name in list(os.environ):
        if name.startswith("COOKBOOK_") and name != "COOKBOOK_GUARD_LOG":
            monkeypatch.delenv(name)
    for name in ("OPENROUTER_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COOKBOOK_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(budget, "KERNEL", budget.Budget())
    yield
    helpers.stop()


@pytest.fixture
def tape(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """`tape([(request body, response), …], mode="replay", speed=0)` writes a recording and starts its lesson."""
    monkeypatch.setattr(recording, "FOLDER", tmp_path / "recordings")
    (tmp_path / "recordings").mkdir()

    def begin(
        pairs: list[tuple[Any, dict[str, Any]]], mode: str = "replay", speed: float = 0, source: str = "standin"
    ) -> None:
        exchanges = [{"request": request_of(body), "response": answer} for body, answer in pairs]
        made = recording.Recording(LESSON, source, "2026-11-22", "openai 3", exchanges)
        made.save(recording.FOLDER / f"{LESSON}.json")
        monkeypatch.setenv("COOKBOOK_MODE", mode)
        monkeypatch.setenv("COOKBOOK_SPEED", str(speed))
        helpers.start(LESSON)

    return begin


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], dict[str, Any]]:
    """The recording that the test wrote, as JSON."""
    monkeypatch.setattr(recording, "FOLDER", tmp_path / "recordings")
    return lambda: json.loads((tmp_path / "recordings" / f"{LESSON}.json").read_text("utf-8"))


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch, recorded: Callable[[], dict]) -> Callable[[str], None]:
    """`record(url)` starts the lesson in record mode against that server."""

    def begin(url: str) -> None:
        monkeypatch.setenv("COOKBOOK_MODE", "record")
        monkeypatch.setenv("COOKBOOK_RECORD_FROM", url)
        helpers.start(LESSON)

    return begin


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HeldClock:
    """The clock of every lesson that this test starts: it waits for nothing and writes down what was waited for."""
    held = HeldClock()
    monkeypatch.setattr(session, "Clock", lambda: held)
    return held
