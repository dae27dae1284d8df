"""Answers to the exercises of 22-batch-at-scale: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

GOOD = {"at_once": 16, "per_minute": 800, "cap": 0.35}


def way(rows: int, seconds: float, at_once: int, hours: float) -> str:
    if hours >= 24:
        return "batch"
    return "now" if rows * seconds / at_once <= hours * 3600 else "no"


def by_match(rows: int, seconds: float, at_once: int, hours: float) -> str:
    match hours >= 24, rows * seconds <= hours * 3600 * at_once:
        case True, _:
            return "batch"
        case _, True:
            return "now"
        case _:
            return "no"


class Way:
    def __call__(self, rows: int, seconds: float, at_once: int, hours: float) -> str:
        return way(rows, seconds, at_once, hours)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "chosen": (
        lambda rows, seconds, at_once, hours: "now" if rows * seconds < hours * 3600 else "no",
        [
            None,
            "batch",
            lambda rows: "now",
            lambda rows, seconds, at_once, hours: None,
            lambda rows, seconds, at_once, hours: True,
            lambda rows, seconds, at_once, hours: "batch",
            lambda rows, seconds, at_once, hours: "now",
            lambda rows, seconds, at_once, hours: way(rows, seconds, 1, hours),
            lambda rows, seconds, at_once, hours: way(rows, seconds, at_once, hours * 60),
            lambda rows, seconds, at_once, hours: way(rows, seconds * 60, at_once, hours),
            lambda rows, seconds, at_once, hours: way(rows, seconds, at_once, min(hours, 23)),
            lambda rows, seconds, at_once, hours: way(rows, seconds, at_once, hours + 0.1),
            lambda rows, seconds, at_once, hours: (
                "batch" if hours > 24 else way(rows, seconds, at_once, min(hours, 23.99))
            ),
            lambda rows, seconds, at_once, hours: way(rows / (rows - 1), seconds, at_once, hours),
        ],
        [
            way,
            by_match,
            Way(),
            lambda rows, seconds, at_once, hours: way(rows, seconds, at_once, float(hours)),
            lambda *job: way(*job),
            lambda r, s, k, h: "batch" if h >= 24 else ("no", "now")[r * s / k <= h * 3600],
        ],
    ),
    "settings_fit": (
        {"at_once": 128, "per_minute": None, "cap": 1.0},
        [
            None,
            16,
            {},
            {"at_once": 16},
            {**GOOD, "tries": 3},
            {**GOOD, "at_once": 0},
            {**GOOD, "at_once": 2},
            {**GOOD, "at_once": "16"},
            {**GOOD, "per_minute": None},
            {**GOOD, "per_minute": 1000},
            {**GOOD, "per_minute": 400},
            {**GOOD, "per_minute": 0},
            {**GOOD, "cap": 0.5},
            {**GOOD, "cap": 0.2},
            {**GOOD, "cap": "0.35"},
        ],
        [
            GOOD,
            {**GOOD, "at_once": 6},
            {**GOOD, "at_once": 128},
            {**GOOD, "per_minute": 900},
            {**GOOD, "per_minute": 500},
            {**GOOD, "cap": 0.30},
            {**GOOD, "cap": 0.40},
        ],
    ),
}
