"""The tools behind make: record works first time over real HTTP, and never stores a key; launch links follow the address."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpers.recording import Recording
from helpers.standin.server import Server
from lessons import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import launch_links

nbformat = pytest.importorskip("nbformat")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with one lesson, whose `helpers` is the one that its kernels import."""
    home = tmp_path / "project"
    shutil.copytree(ROOT / "helpers", home / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tools", home / "tools")
    (home / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "00-start-here.ipynb", home / "notebooks")
    return home


def make_record(home: Path, **settings: str) -> subprocess.CompletedProcess:
    path = os.pathsep.join([str(home), os.environ.get("PYTHONPATH", "")])
    kept = {k: v for k, v in os.environ.items() if k != "COOKBOOK_MODE"}
    command = [sys.executable, "tools/record.py", "00"]
    return subprocess.run(
        command,
        cwd=home,
        env={**kept, "PYTHONPATH": path, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_make_record_over_http_works_first_time(project: Path) -> None:
    (project / "helpers" / "recordings" / "00-start-here.json").unlink()
    with Server(speed=8) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        done = make_record(project, COOKBOOK_RECORD_FROM=server.url.removesuffix("/api/v1"))
        server.shutdown()
    assert done.returncode == 0, done.stdout[-800:] + done.stderr[-1500:]
    made = Recording.load(project / "helpers" / "recordings" / "00-start-here.json")
    shipped = Recording.load(ROOT / "helpers" / "recordings" / "00-start-here.json")
    assert made.source == "standin"
    assert [e["request"] for e in made.exchanges] == [e["request"] for e in shipped.exchanges]
    text = (project / "notebooks" / "00-start-here.ipynb").read_text("utf-8")
    assert "recorded (standin)" in text


def test_record_from_the_stand_in_makes_the_shipped_bytes_again(project: Path) -> None:
    names = ["helpers/recordings/00-start-here.json", "notebooks/00-start-here.ipynb"]
    before = [(project / name).read_bytes() for name in names]
    done = make_record(project, COOKBOOK_RECORD_FROM="standin")
    assert done.returncode == 0, done.stdout[-800:] + done.stderr[-1500:]
    assert [(project / name).read_bytes() for name in names] == before


def test_a_key_in_an_output_is_never_stored(tmp_path: Path) -> None:
    import record

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(key)")])
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text="sk-or-v1-" + "ab12" * 16)]
    with pytest.raises(SystemExit, match="shaped like a key"):
        record.store(notebook, tmp_path / "07-x.ipynb")
    assert not (tmp_path / "07-x.ipynb").exists()


def test_an_unknown_lesson_number_is_one_sentence() -> None:
    import record

    with pytest.raises(SystemExit, match="No notebook begins with 77"):
        record.lessons(["77"])


def test_launch_links_follow_the_one_address(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch_links, "address", lambda: "https://github.com/someone/fork")
    content = json.loads(launch_links.notebook(project / "notebooks" / "00-start-here.ipynb"))
    text = "".join("".join(c["source"]) for c in content["cells"])
    assert "git+https://github.com/someone/fork" in text
    assert "github/someone/fork/blob/main/notebooks/00-start-here.ipynb" in text
    assert "gh/someone/fork/main?urlpath=lab/tree/notebooks/00-start-here.ipynb" in text
    assert "openrouter-cookbook/openrouter-cookbook" not in text
