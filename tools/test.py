"""What `make test` runs, offline: pip check, ruff, then every test and every notebook in mode `ci`. Ends on pytest's summary line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from compare import clean_environment

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run the checks; the first that fails decides the exit status. A developer with a key spends nothing."""
    everything = {"COOKBOOK_EVERYTHING": "1"} if os.environ.get("COOKBOOK_EVERYTHING") else {}
    settings = clean_environment(COOKBOOK_MODE="ci", **everything)
    for command in (
        ["pip", "check"],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["pytest", "-n", str(min(4, os.cpu_count() or 1)), *arguments],
    ):
        done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=settings, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
