"""The checkers of 22-batch-at-scale: now or later, and the settings of a job."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any

from .verdict import Verdict, judged, not_yet, right, shown, tried

JOBS: tuple[tuple[int, float, int, float], ...] = (
    (10_000, 0.6, 128, 1), (10_000, 0.6, 1, 1), (10_000, 0.6, 2, 1), (10_000, 0.6, 1, 2), (100, 1.0, 10, 24),
    (1_000_000, 1.2, 32, 24), (1_000_000, 1.2, 32, 23.9), (1_000_000, 1.2, 32, 8), (1, 7200.0, 64, 1),
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
        longest = rows * seconds / at_once
        if longest < seconds:
            continue  # fewer rows than places: one call alone is longer, which the task leaves open
        expected = "batch" if hours >= 24 else "now" if longest <= hours * 3600 else "no"
        found = tried(f"way({rows}, {seconds}, {at_once}, {hours}) raises", answer, rows, seconds, at_once, hours)
        if found not in ("batch", "now", "no"):
            return not_yet(f"way({rows}, {seconds}, {at_once}, {hours}) gives {shown(found)}: it is batch, now or no.")
        if found != expected:
            why = (
                "24 hours are enough for a batch, which costs half."
                if hours >= 24
                else f"the calls take {longest:,.0f} seconds, and it has {hours * 3600:,.0f}."
            )
            return not_yet(f"way({rows}, {seconds}, {at_once}, {hours}) gives {found!r}: {why}")
    return right("every job at the lowest price that is in time.")


def _positive(value: Any) -> bool:
    """A number above 0 that is finite."""
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value) and value > 0


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
    if not _positive(cap) or not (per_minute is None or _positive(per_minute)):
        return not_yet("per_minute and cap are numbers above 0.")
    if per_minute is None or per_minute > ALLOWED:
        return not_yet(
            f"with per_minute={shown(per_minute)} nothing keeps it below {ALLOWED} calls a minute: at_once alone does "
            "not, because quicker answers are more calls."
        )
    pace = min(per_minute, at_once * 60 / SECONDS)
    if ROWS / pace > MINUTES:
        what = "per_minute" if pace == per_minute else "at_once"
        return not_yet(
            f"{what} lets {pace:.0f} calls a minute through: that takes {ROWS / pace:.2f} minutes, and it has {MINUTES}."
        )
    if cap > BUDGET:
        return not_yet(f"cap lets the job spend up to {cap} dollars, and it may spend {BUDGET}.")
    if cap < ROWS * MOST - 1e-9:
        return not_yet(f"{ROWS:,} rows may cost {ROWS * MOST:.2f} dollars, and the cap stops at {cap}.")
    return right(f"{pace:.0f} calls a minute: {ROWS / pace:.1f} minutes, at most {cap} dollars.")
