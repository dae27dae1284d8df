"""The checkers of 22-batch-at-scale: now or later, and the settings of a job."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

from .verdict import Verdict, judged, not_yet, right, shown, tried

JOBS: tuple[tuple[int, float, int, float], ...] = (
    (10_000, 0.6, 128, 1), (10_000, 0.6, 1, 1), (10_000, 0.6, 2, 1), (10_000, 0.6, 1, 2), (100, 1.0, 10, 24),
    (1_000_000, 1.2, 32, 24), (1_000_000, 1.2, 32, 23.9), (1_000_000, 1.2, 32, 8), (0, 1.0, 8, 0), (1, 7200.0, 64, 1),
    (3600, 1.0, 1, 1), (3601, 1.0, 1, 1), (50, 2.0, 5, 48),
)  # fmt: skip
"""Rows, seconds of one call, calls at once, hours."""
ROWS, SECONDS, MOST, MINUTES, ALLOWED, BUDGET = 10_000, 0.6, 0.00003, 20, 900, 0.40
"""The job of the second exercise: its rows, the seconds and US dollars of one, its time, the provider's calls a minute,
its money."""


@judged
def chosen(answer: Any) -> Verdict:
    """A function that says whether a job runs now, as a batch, or not at all."""
    if not callable(answer):
        return not_yet(f"way is a function that takes rows, seconds, at_once and hours, not {shown(answer)}.")
    for rows, seconds, at_once, hours in JOBS:
        longest = max(rows * seconds / at_once, seconds if rows else 0)
        if longest != rows * seconds / at_once:
            continue  # fewer rows than places: one call alone is longer, which the task leaves open
        expected = "batch" if hours >= 24 else "now" if longest <= hours * 3600 else "no"
        found = tried(f"way({rows}, {seconds}, {at_once}, {hours}) raises", answer, rows, seconds, at_once, hours)
        if found not in ("batch", "now", "no"):
            return not_yet(f"way({rows}, {seconds}, {at_once}, {hours}) gives {shown(found)}: it is batch, now or no.")
        if found != expected:
            return not_yet(
                f"way({rows}, {seconds}, {at_once}, {hours}) gives {found!r}: the calls take {longest / 3600:.2f} of "
                f"{hours} hours."
            )
    return right("every job at the lowest price that is in time.")


@judged
def settings_fit(answer: Any) -> Verdict:
    """Settings with which the job is in time, below the provider's limit and within its money."""
    if not isinstance(answer, Mapping):
        return not_yet(f"settings is a dict, not {shown(answer)}.")
    unknown = set(answer) - {"at_once", "per_minute", "cap"}
    if unknown or len(answer) < 3:
        return not_yet("give at_once, per_minute and cap, and nothing else.")
    at_once, per_minute, cap = (answer[name] for name in ("at_once", "per_minute", "cap"))
    if not isinstance(at_once, int) or isinstance(at_once, bool) or at_once < 1:
        return not_yet(f"at_once is a whole number from 1, not {shown(at_once)}.")
    if per_minute is None or not isinstance(per_minute, Real) or per_minute > ALLOWED:
        return not_yet(f"with per_minute={shown(per_minute)} nothing keeps it below {ALLOWED} calls a minute.")
    if per_minute <= 0 or not isinstance(cap, Real) or isinstance(cap, bool):
        return not_yet("per_minute and cap are numbers above 0.")
    pace = min(per_minute, at_once * 60 / SECONDS)
    if ROWS / pace > MINUTES:
        what = "per_minute" if pace == per_minute else "at_once"
        return not_yet(f"{what} lets {pace:.0f} calls a minute through: that takes {ROWS / pace:.0f} minutes.")
    if cap > BUDGET:
        return not_yet(f"cap lets the job spend up to {cap} dollars, and it may spend {BUDGET}.")
    if cap < ROWS * MOST - 1e-9:
        return not_yet(f"{ROWS:,} rows may cost {ROWS * MOST:.2f} dollars, and the cap stops at {cap}.")
    return right(f"{pace:.0f} calls a minute: {ROWS / pace:.1f} minutes, at most {cap} dollars.")
