"""Runs one notebook, errors and all: `python run_notebook.py NOTEBOOK MEGABYTES`. Started by submissions.py, never by hand."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import nbformat

import kernels

SECONDS_A_CELL = 60


def main(path: Path, megabytes: int) -> None:
    """Run it. Raises `SystemExit` with one sentence for a file that is no notebook."""
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:
        raise SystemExit("it is no notebook") from None
    try:
        kernels.execute(notebook, SECONDS_A_CELL, allow_errors=True)
    except Exception as problem:
        raise SystemExit(f"it stopped: {type(problem).__name__}") from None


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
