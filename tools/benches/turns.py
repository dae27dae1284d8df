"""Several ways of doing the same work, in turns, so that all of them see the same machine."""

from __future__ import annotations

import contextlib
import io
import statistics
from collections.abc import Callable


def medians_in_turn(ways: dict[str, Callable[[], float]], rounds: int = 15, warm_up: int = 2) -> dict[str, float]:
    """The median of what each way says it took, over so many rounds after the warm-up. What they print is dropped."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + warm_up):
        for name, way in ways.items():
            with contextlib.redirect_stdout(io.StringIO()):
                taken = way()
            if number >= warm_up:
                found[name].append(taken)
    return {name: statistics.median(taken) for name, taken in found.items()}
