"""Changing one prompt of a lesson makes strict nbval fail: the comparison is real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lessons import PATHS, ROOT, load

sys.path.insert(0, str(ROOT / "tools"))
from compare import compare_command

WORDS = tomllib.loads(ROOT.joinpath("helpers", "standin", "words.toml").read_text("utf-8"))
PROMPTS = [entry["prompt"] for entry in WORDS["say"] if "\n" not in entry["prompt"]]


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_a_changed_prompt_is_noticed(path: Path, tmp_path: Path) -> None:
    notebook = load(path)
    place, prompt = next(
        (n, prompt)
        for n, c in enumerate(notebook["cells"])
        for prompt in PROMPTS
        if c["cell_type"] == "code" and f'"{prompt}"' in "".join(c["source"])
    )
    cell = notebook["cells"][place]
    cell["source"] = "".join(cell["source"]).replace(f'"{prompt}"', f'"Please: {prompt}"')
    notebook["cells"] = notebook["cells"][: place + 1]  # what comes after cannot change the verdict
    (tmp_path / path.name).write_text(json.dumps(notebook), "utf-8")
    done = subprocess.run(
        compare_command(Path(path.name)),
        cwd=tmp_path,
        env={**os.environ, "COOKBOOK_MODE": "ci"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout[-1500:]
    assert "was not recorded" in done.stdout or "NotRecorded" in done.stdout
