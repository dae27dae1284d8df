"""What `make test` runs, offline: pip check, ruff, then every test and every notebook in mode `ci`. Ends on pytest's summary line."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from compare import clean_environment, run_in_turn

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run the checks; the first that fails decides the exit status. A developer with a key spends nothing."""
    settings = clean_environment("COOKBOOK_EVERYTHING", "COOKBOOK_PICTURES", COOKBOOK_MODE="ci")
    commands = [
        ["pip", "check"],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["pytest", "-n", str(min(4, os.cpu_count() or 1)), *arguments],
    ]
    return run_in_turn(commands, settings, ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
