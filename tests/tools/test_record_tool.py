"""`make record` works first time over real HTTP, makes the shipped bytes again, and never stores a key."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.replay.recording import Recording
from notebooks import ROOT
from openrouter_standin import State
from openrouter_standin.output.script import Script
from openrouter_standin.server import Server

nbformat = pytest.importorskip("nbformat")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with one lesson, whose `helpers` is the one that its kernels import."""
    home = tmp_path / "project"
    shutil.copytree(ROOT / "helpers", home / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tools", home / "tools")
    (home / "notebooks").mkdir()
    for name in ("00-start-here.ipynb", "lessons.toml"):
        shutil.copy(ROOT / "notebooks" / name, home / "notebooks")
    shutil.copytree(
        ROOT / "openrouter_standin", home / "openrouter_standin", ignore=shutil.ignore_patterns("__pycache__")
    )
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
    script = Script.load(project / "helpers" / "scripts" / "00-start-here.toml")
    with Server(speed=8, state=State(script=script)).serving() as server:
        done = make_record(project, COOKBOOK_RECORD_FROM=server.url.removesuffix("/api/v1"))
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
