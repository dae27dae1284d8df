"""What other people install: the wheel alone gives the fixture and the command to a project outside this repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = """
import json, urllib.request

def test_falls_back(openrouter_standin):
    openrouter_standin.script["Hi"] = "Hello"
    openrouter_standin.faults(down=["together"])
    body = {"model": "z-ai/glm-5.3-flash", "max_tokens": 1000, "provider": {"order": ["together"]},
            "messages": [{"role": "user", "content": "Hi"}]}
    request = urllib.request.Request(openrouter_standin.url + "/chat/completions", json.dumps(body).encode(),
                                     {"Authorization": f"Bearer {openrouter_standin.key}"})
    answer = json.load(urllib.request.urlopen(request))
    assert answer["choices"][0]["message"]["content"] == "Hello" and answer["provider"] != "Together"
    assert openrouter_standin.requests[-1]["provider"]["order"] == ["together"]
"""


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_a_project_elsewhere_uses_the_fixture_of_the_wheel(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", minversion="77")
    source = tmp_path / "source"  # a copy, so that nothing that an earlier build left gets into the wheel
    for name in ("helpers", "openrouter_standin"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", tmp_path, source, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    run(*pip, "--python", scripts / "python", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    # pytest itself is borrowed from here: a .pth inside a folder that is named in a .pth is not read, so the project is not
    site = next(home.rglob("site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    (tmp_path / "test_mine.py").write_text(PROJECT)
    shown = run(scripts / "python", "-m", "pytest", "-p", "no:cacheprovider", "test_mine.py", cwd=tmp_path)
    assert "1 passed" in shown
    where = run(
        scripts / "python", "-c", "import openrouter_standin, helpers; print(openrouter_standin.__file__)", cwd=tmp_path
    )
    assert str(site) in where
    assert "--script" in run(scripts / "openrouter-standin", "--help", cwd=tmp_path)
