"""The environment for LangChain's suite: `python tools/clients.py`. Kept in .matrix/, made again when its versions change.

Apart from ours, since langchain-tests pins vcrpy below 9, langchain-openrouter pins openrouter below 1 (and so pydantic
below 2.13), and the pytest plugins that come with them would load into every run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from compare import clean_environment

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".matrix" / "langchain"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
VERSIONS = ROOT / "constraints-langchain.txt"
HEAD = "# The exact versions of LangChain's suite that CI ran with. Written by `make lock`.\n"


def environment() -> Path:
    """Its Python; installed at the first call and after a change of versions."""
    stamp, wanted = HOME / "ready", VERSIONS.read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
        install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", str(VERSIONS)]
        subprocess.run([*install, *extras["langchain"]], check=True, env=clean_environment())
        subprocess.run([str(PYTHON), "-m", "pip", "check"], check=True, stdout=subprocess.DEVNULL)
        stamp.write_text(wanted, "utf-8")
    return PYTHON


if __name__ == "__main__":
    print(environment())
