"""Changing one prompt of a lesson makes strict nbval fail: the comparison is real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lessons import PATHS, load


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_a_changed_prompt_is_noticed(path: Path, tmp_path: Path) -> None:
    notebook = load(path)
    place = next(
        n
        for n, c in enumerate(notebook["cells"])
        if c["cell_type"] == "code" and '"content": "' in "".join(c["source"])
    )
    cell = notebook["cells"][place]
    cell["source"] = "".join(cell["source"]).replace('"content": "', '"content": "Please: ', 1)
    notebook["cells"] = notebook["cells"][: place + 1]  # what comes after cannot change the verdict
    (tmp_path / path.name).write_text(json.dumps(notebook), "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        os.devnull,
        "--rootdir",
        str(tmp_path),
        "-p",
        "no:cacheprovider",
        "--nbval",
        "--nbval-current-env",
        path.name,
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "COOKBOOK_MODE": "ci"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout[-1500:]
    assert "was not recorded" in done.stdout or "NotRecorded" in done.stdout
