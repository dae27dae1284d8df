"""Changing one prompt of a lesson makes strict nbval fail: the comparison is real. One lesson proves it for all."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from compare import NO_OTHER_PLUGINS, compare_command
from helpers.session import SCRIPTS
from notebooks import lessons, load
from openrouter_standin.output.script import Script

LESSON = lessons()[0]


def test_a_changed_prompt_is_noticed(tmp_path: Path) -> None:
    path = LESSON.notebook
    prompts = [line.prompt for line in Script.load(SCRIPTS / f"{LESSON.name}.toml").lines]
    notebook = load(path)
    place, prompt = next(
        (n, prompt)
        for n, c in enumerate(notebook["cells"])
        for prompt in prompts
        if c["cell_type"] == "code" and f'"{prompt}"' in "".join(c["source"])
    )
    cell = notebook["cells"][place]
    cell["source"] = "".join(cell["source"]).replace(f'"{prompt}"', f'"Please: {prompt}"')
    notebook["cells"] = notebook["cells"][: place + 1]  # what comes after cannot change the verdict
    (tmp_path / path.name).write_text(json.dumps(notebook), "utf-8")
    done = subprocess.run(
        compare_command(Path(path.name)),
        cwd=tmp_path,
        env={**os.environ, **NO_OTHER_PLUGINS, "COOKBOOK_MODE": "ci"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout[-1500:]
    assert "was not recorded" in done.stdout or "NotRecorded" in done.stdout
