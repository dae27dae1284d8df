"""What the course costs in time, in one run: `python tools/bench.py [name …]`. Names: replay, standin, load, start, suite, batch.

Every figure stands beside the same work done another way, in turns in the same run, because machines are noisy: only the
ratios are compared with the targets. An idle machine gives the figures that docs/under-fire.md states.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benches import batch, load, replay, standin, start, suite

from compare import clean_environment

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
BENCHES = {
    "start": start.main,
    "replay": replay.main,
    "standin": standin.main,
    "load": load.main,
    "suite": suite.main,
    "batch": batch.main,
}


def main(names: list[str]) -> None:
    """Run these benches, or all of them."""
    unknown = set(names) - set(BENCHES)
    if unknown:
        raise SystemExit(f"no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    settings = clean_environment(COOKBOOK_MODE="ci")
    os.environ.clear()
    os.environ.update(settings)
    for name in names or BENCHES:
        BENCHES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
