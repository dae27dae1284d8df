"""The command that runs notebooks and compares their outputs strictly, whatever the project's own pytest options are."""

from __future__ import annotations

import sys
from pathlib import Path


def compare_command(*notebooks: Path, workers: int = 0) -> list[str]:
    """Strict nbval over these notebooks, in this environment; with `workers`, on as many processes."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-o",
        "addopts=",
        "-p",
        "no:cacheprovider",
        "--nbval",
        "--nbval-current-env",
    ]
    if workers:
        command += ["-n", str(workers), "--dist", "loadscope"]
    return [*command, *map(str, notebooks)]
