"""`make lab`: notebooks trusted, nothing asked, and a notebook that nobody touched stays as it is."""

from __future__ import annotations

import asyncio
import copy
import json
import sys
from pathlib import Path

import lab
import nbformat
import pytest
from ipykernel.ipkernel import IPythonKernel
from lab_contents import Contents
from nbformat.sign import NotebookNotary

from notebooks import ROOT, lessons


def test_every_lesson_is_trusted_afterwards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    first = nbformat.read(lessons()[0].notebook, as_version=4)
    assert not NotebookNotary().check_signature(first)
    lab.trust()
    assert all(NotebookNotary().check_signature(nbformat.read(x.notebook, as_version=4)) for x in lessons())


def test_jupyterlab_asks_nothing_and_a_readers_own_settings_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    path = tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    lab.settle()
    assert json.loads(path.read_text())["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    path.write_text('{"@jupyterlab/apputils-extension:themes": {"theme": "JupyterLab Dark"}}')
    lab.settle()
    assert json.loads(path.read_text())["@jupyterlab/apputils-extension:themes"] == {"theme": "JupyterLab Dark"}
    path.write_text("damaged")
    lab.settle()
    assert json.loads(path.read_text()) == lab.SETTINGS


def test_the_server_opens_the_whole_course() -> None:
    command = lab.command(["--no-browser"])
    assert f"--ServerApp.root_dir={ROOT}" in command and command[-1] == "--no-browser"
    assert any(part.endswith(lab.FIRST) for part in command)


def test_a_notebook_that_is_opened_and_saved_stays_the_same_file(tmp_path: Path) -> None:
    text = lessons()[0].notebook.read_text("utf-8")
    (tmp_path / "x.ipynb").write_text(text, encoding="utf-8")
    manager = Contents(root_dir=str(tmp_path))

    async def opened_and_saved() -> dict:
        model = await manager.get("x.ipynb")
        opened = copy.deepcopy(model)
        await manager.save({"type": "notebook", "format": "json", "content": model["content"]}, "x.ipynb")
        return opened

    model = asyncio.run(opened_and_saved())
    assert model["content"]["metadata"]["language_info"] == IPythonKernel.language_info
    stored = json.loads((tmp_path / "x.ipynb").read_text("utf-8"))
    assert stored["metadata"] == json.loads(text)["metadata"]
