"""Environments for the suites of tests/outside, the systems of 34 to 37, the reading site, the browser edition and reviews.

`python tools/outside.py` keeps them in .matrix/ and makes them again when pins change.

Apart from ours, because of what they pin: langchain-tests wants vcrpy below 9 and brings seven pytest plugins; the official
SDK wants openrouter 1 where langchain-openrouter, which a lesson uses, wants it below 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from compare import clean_environment

ROOT = Path(__file__).resolve().parent.parent
JUDGES = ("sdk", "langchain")
SYSTEMS = ("words", "phoenix", "letta", "clients", "agent")
SITES = ("site", "lite")
"""What builds the reading site and the browser edition."""
REVIEW = ("review",)
"""What shows a lesson as text; both of its packages would add themselves to JupyterLab."""
ENVIRONMENTS = (*JUDGES, *SYSTEMS, *SITES, *REVIEW)
"""Each is an extra of pyproject.toml and a file of exact versions."""
HEAD = "# The exact versions of the environment {name!r} that CI ran with. Written by `make lock`.\n"


def python_of(name: str) -> Path:
    """Its Python, whether it is there or not."""
    return ROOT / ".matrix" / name / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def versions_of(name: str) -> Path:
    """Its exact versions."""
    return ROOT / f"constraints-{name}.txt"


def environment(name: str) -> Path:
    """Its Python; installed at the first call and after a change of versions."""
    home, versions = ROOT / ".matrix" / name, versions_of(name)
    stamp, wanted = home / "ready", versions.read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        python = str(python_of(name))
        # most modules of 146 packages are never imported: the few that are compile when they are
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        install += ["-c", str(versions)]
        subprocess.run([*install, *extras[name]], check=True, env=clean_environment())
        subprocess.run([python, "-m", "pip", "check"], check=True, stdout=subprocess.DEVNULL)
        stamp.write_text(wanted, "utf-8")
    return python_of(name)


def main(names: list[str]) -> None:
    """Make these environments; without a name those of the judges, in CI also those of the systems.

    Raises `SystemExit` for a name that is none.
    """
    for name in names:
        if name not in ENVIRONMENTS:
            raise SystemExit(f"There is no environment {name!r}. There are {', '.join(ENVIRONMENTS)}.")
    wanted = names or ((*JUDGES, *SYSTEMS) if os.environ.get("COOKBOOK_EVERYTHING") else JUDGES)
    with ThreadPoolExecutor(2) as pool:
        for python in pool.map(environment, reversed(wanted)):
            print(python, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
