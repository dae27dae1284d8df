"""The folder for a room without a network: what each kind of machine needs, and a server that a whole class opens at once."""

from __future__ import annotations

import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest

pytest.importorskip("packaging")
import static_server
from classroom import folder, wheelhouse

WINDOWS, _, _, LINUX = wheelhouse.TARGETS


def test_each_machine_needs_its_own_packages() -> None:
    windows, linux = (wheelhouse.needed(target, "3.13") for target in (WINDOWS, LINUX))
    assert {"colorama", "pywinpty"} <= windows - linux and "pexpect" in linux - windows
    assert {"openai", "jupyterlab", "httpx2", "setuptools"} <= windows & linux
    assert "openrouter-cookbook" not in linux and "matplotlib" not in linux


def test_where_the_pinned_version_has_no_wheel_another_is_taken_and_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[str]] = []

    def pip(where: Path, target: wheelhouse.Target, python: str, requirements: list[str]) -> str:
        asked.append(requirements)
        pinned = f"openai=={version('openai')}"
        return f"ERROR: No matching distribution found for {pinned}" if pinned in requirements else ""

    monkeypatch.setattr(wheelhouse, "_pip", pip)
    monkeypatch.setattr(wheelhouse, "PYTHONS", ("3.13",))
    monkeypatch.setattr(wheelhouse, "TARGETS", (LINUX,))
    wheelhouse.download(tmp_path)
    assert len(asked) == 2 and "openai" in asked[1]
    assert "so another: openai" in capsys.readouterr().out


def test_what_pip_says_otherwise_ends_it_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(wheelhouse, "_pip", lambda *given: "ERROR: no network")
    with pytest.raises(SystemExit, match=r"^Windows, Python 3\.11: ERROR: no network$"):
        wheelhouse.download(tmp_path)


def test_a_part_that_is_not_built_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folder, "BUILD", tmp_path)
    for name in ("lite", "site"):
        (tmp_path / name).mkdir()
    with pytest.raises(SystemExit, match=r"^First build what goes into it: make slides, then make workbook\.$"):
        folder.make()


def test_forty_ask_at_once_at_the_address_that_it_was_told(tmp_path: Path) -> None:
    site = tmp_path / "room"
    site.mkdir()
    (site / "index.html").write_text("<h1>Start here</h1>")
    (site / "big.whl").write_bytes(b"x" * 2_000_000)

    def load(number: int) -> int:
        with urllib.request.urlopen(f"{server.url}big.whl", timeout=60) as answer:
            return len(answer.read())

    address = "127.0.0.1" if sys.platform == "darwin" else "127.0.0.2"  # macOS has no second loopback address
    with static_server.serving(site, host=address) as server:
        assert server.url.startswith(f"http://{address}:")
        with ThreadPoolExecutor(40) as class_room:
            assert list(class_room.map(load, range(40))) == [2_000_000] * 40
