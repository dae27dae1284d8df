"""The path and the transport's tests with openai 1, 2 and 3, on every Python from 3.11 that is found; one environment each.

`python tools/matrix.py [3.11 …]`. Environments are kept in .matrix/, so a second run starts at once. Outputs are compared
with openai 3, with which they were made; with 1 and 2, whose error messages are longer, every cell must run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from compare import clean_environment
from course import lessons_of

ROOT = Path(__file__).resolve().parent.parent
SDKS = {"1": "openai>=1.109,<2", "2": "openai>=2,<3", "3": "openai>=3,<4"}
NOT_WITH = {"1": {"05-tracing"}}
"""Lessons that an SDK cannot run: OpenInference wants openai 2.8."""
NEEDED = ["pytest>=8,<10", "python-dotenv", "pydantic>=2.7,<3", "ipywidgets", "opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http",
          "openinference-instrumentation-openai", "hypothesis>=6.100,<7", "jsonschema>=4.20,<5",
          "anywidget>=0.9.18,<1", "platformdirs>=4,<5", "nbval==0.11.0", "ipykernel>=6.29,<8"]  # fmt: skip
TESTS = [
    "tests/standin",
    "tests/replay",
    "tests/display/test_show.py",
    "tests/lessons/test_checks.py",
    "tests/lessons/test_snippets.py",
]


def pythons(wanted: list[str]) -> list[tuple[str, str]]:
    """`(version, command)` of every Python on this machine that the course supports."""
    found = {}
    candidates = [f"python3.{minor}" for minor in range(11, 20)] + [sys.executable]
    for command in filter(None, map(shutil.which, candidates)):
        asked = subprocess.run(
            [command, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
        version = asked.stdout.strip()
        if asked.returncode == 0 and tuple(map(int, version.split("."))) >= (3, 11):
            found.setdefault(version, command)
    return [(v, c) for v, c in found.items() if not wanted or v in wanted]


def environment(version: str, command: str, major: str) -> Path:
    """A virtual environment with this Python and this SDK; made once."""
    home = ROOT / ".matrix" / f"py{version}-openai{major}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (home / "ready").exists():
        subprocess.run([command, "-m", "venv", "--clear", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, SDKS[major], *NEEDED], check=True)
        subprocess.run([*install, "--no-deps", "-e", str(ROOT)], check=True)
        (home / "ready").touch()
    return python


def main(wanted: list[str]) -> int:
    """Run every combination; the number that failed is the exit status."""
    failed: list[str] = []
    found = pythons(wanted)
    if not found:
        print(f"no Python from 3.11 on the path{' is ' + ', '.join(wanted) if wanted else ''}: nothing was tested")
        return 1
    settings = clean_environment(COOKBOOK_MODE="ci")
    for version, command in found:
        for major in SDKS:
            python = environment(version, command, major)
            print(f"--- Python {version}, openai {major}", flush=True)
            path = [str(x.notebook) for x in lessons_of("path") if x.name not in NOT_WITH.get(major, ())]
            compared = "--nbval" if major == "3" else "--nbval-lax"
            tests = [str(python), "-m", "pytest", "-q", "-o", f"addopts={compared} --nbval-current-env", *TESTS, *path]
            done = subprocess.run(tests, cwd=ROOT, env=settings, check=False)
            if done.returncode:
                failed.append(f"Python {version} with openai {major}")
    print("failed: " + ", ".join(failed) if failed else "every combination passed")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
