"""The start of a lesson: what `import helpers; helpers.start()` takes beyond `import openai`, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from compare import clean_environment

from .turns import medians_in_turn

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = {
    "openai": "import time; t = time.perf_counter(); import openai; print(time.perf_counter() - t)",
    "ours": "import time, openai, io, contextlib; t = time.perf_counter(); import helpers\n"
    "with contextlib.redirect_stdout(io.StringIO()): helpers.start('03-routing-options')\nprint(time.perf_counter() - t)",
}


def main() -> None:
    """Print both medians."""
    found = medians_in_turn(
        {name: (lambda text=text: _taken(text)) for name, text in CODE.items()}, rounds=9, warm_up=0
    )
    print(
        f"import helpers; helpers.start(): {found['ours']:.0f} ms beyond import openai ({found['openai']:.0f} ms);"
        " target: 100 ms"
    )


def _taken(text: str) -> float:
    """Milliseconds that the code says it took."""
    command, settings = [sys.executable, "-c", text], clean_environment(COOKBOOK_MODE="ci")
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=settings, cwd=ROOT)
    return float(done.stdout) * 1000
