"""What the tools share: a clean environment, and the command that compares notebooks strictly."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

KEYS_AND_SETTINGS = ("COOKBOOK_", "OPENROUTER_", "OPENAI_", "OTEL_", "OPENINFERENCE_")


def clean_environment(*kept: str, **settings: str) -> dict[str, str]:
    """The environment without anybody's keys and settings, but with these. `kept`: variables that stay all the same.

    A developer with a key spends nothing, and a trace exporter that is set up on this machine gets nothing.
    """
    left = {k: v for k, v in os.environ.items() if not k.startswith(KEYS_AND_SETTINGS) or k in kept}
    return {**left, **settings}


def compare_command(*notebooks: Path, workers: int = 0) -> list[str]:
    """Strict nbval over these notebooks, whatever the project's own pytest options are; `workers`: on as many processes."""
    command = [
        sys.executable,
        str(Path(__file__).with_name("kernels.py")),
        "-q",
        "-o",
        "addopts=",
        "-p",
        "no:cacheprovider",
        *("-p", "nbval.plugin", "--nbval", "--nbval-current-env"),
    ]
    if workers:
        command += ["-p", "xdist.plugin", "-n", str(workers), "--dist", "loadscope"]
    return [*command, *map(str, notebooks)]


NO_OTHER_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""For the environment of that command: what else is installed takes seconds to load."""


def run_in_turn(commands: Iterable[list[str]], settings: dict[str, str], root: Path) -> int:
    """Run these modules of Python one after another; the first that fails decides the exit status."""
    for command in commands:
        done = subprocess.run([sys.executable, "-m", *command], cwd=root, env=settings, check=False)
        if done.returncode:
            return done.returncode
    return 0
