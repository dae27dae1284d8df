"""Answers to the exercises of 15-cost-and-limits: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

Rows = list[dict[str, Any]]
GOOD = {"name": "pupil 01", "limit": 2, "limit_reset": "weekly", "expires_at": "2026-12-18T18:00:00Z"}


def unedited(rows: Rows) -> list[tuple[str, float]]:
    return sorted(((row["external_user"], row["total_usage"]) for row in rows), key=lambda pair: -pair[1])


def sums(rows: Rows) -> dict[Any, list[float]]:
    found: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        found[row["external_user"]][0] += row["total_usage"]
        found[row["external_user"]][1] += int(row["request_count"])
    return found


def dearest(rows: Rows) -> list[tuple[Any, float]]:
    pairs = [(user, dollars / requests * 1000) for user, (dollars, requests) in sums(rows).items() if requests]
    return sorted(pairs, key=lambda pair: pair[1], reverse=True)


def with_pandas(rows: Rows) -> list[tuple[Any, float]]:
    """As the lesson adds up; a report may name no user."""
    import pandas as pd

    if not rows:
        return []
    frame = pd.DataFrame(rows).assign(count=lambda f: f["request_count"].astype(int))
    total = frame.groupby("external_user", dropna=False)[["total_usage", "count"]].sum().query("count > 0")
    each = (total["total_usage"] / total["count"] * 1000).sort_values(ascending=False)
    return list(each.items())


def as_lists(rows: Rows) -> list[list[Any]]:
    return [list(pair) for pair in dearest(rows)]


def as_tuple(rows: Rows) -> tuple[Any, ...]:
    return tuple(dearest(rows))


def rounded(rows: Rows) -> list[tuple[Any, float]]:
    return [(user, round(dollars, 6)) for user, dollars in dearest(rows)]


def by_money(rows: Rows) -> list[tuple[Any, float]]:
    found = sums(rows)
    return sorted(dearest(rows), key=lambda pair: -found[pair[0]][0])


def last_day(rows: Rows) -> list[tuple[Any, float]]:
    """Keeps each user's last row only."""
    return dearest(list({row["external_user"]: row for row in rows}.values()))


def mean_of_days(rows: Rows) -> list[tuple[Any, float]]:
    """The mean of the days' figures, which is another number."""
    each: dict[Any, list[float]] = defaultdict(list)
    for row in rows:
        if int(row["request_count"]):
            each[row["external_user"]].append(row["total_usage"] / int(row["request_count"]) * 1000)
    return sorted(((user, sum(days) / len(days)) for user, days in each.items()), key=lambda pair: -pair[1])


def divides_by_nothing(rows: Rows) -> list[tuple[Any, float]]:
    return [(user, dollars / requests * 1000) for user, (dollars, requests) in sums(rows).items()]


def without_free(rows: Rows) -> list[tuple[Any, float]]:
    return [pair for pair in dearest(rows) if pair[1]]


def without_nameless(rows: Rows) -> list[tuple[Any, float]]:
    return [pair for pair in dearest(rows) if pair[0]]


def as_text(rows: Rows) -> list[tuple[Any, str]]:
    return [(user, f"{dollars:.2f}") for user, dollars in dearest(rows)]


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "pupil_key": (
        {"name": "pupil 01", "limit": 60},
        [
            None,
            "2",
            {},
            {"limit": 2, "limit_reset": "weekly", "expires_at": "2026-12-18T18:00:00Z"},
            GOOD | {"limit": "2"},
            GOOD | {"limit": None},
            GOOD | {"limit": 60},
            GOOD | {"limit": 0.5},
            GOOD | {"limit_reset": None},
            GOOD | {"limit_reset": "daily"},
            GOOD | {"limit_reset": "monthly"},
            GOOD | {"limit_reset": "week"},
            GOOD | {"expires_at": None},
            GOOD | {"expires_at": "2026-12-18"},
            GOOD | {"expires_at": "2026-12-18T19:00:00+01:00"},
            GOOD | {"limit_usd": 2},
            GOOD | {"expires": "2026-12-18T18:00:00Z"},
            GOOD | {"expires_at": "2026-12-18T18:00:00"},
            GOOD | {"expires_at": "2027-12-18T18:00:00Z"},
        ],
        [
            GOOD,
            GOOD | {"limit": 2.0},
            GOOD | {"name": "Ada"},
            GOOD | {"expires_at": "2026-12-18T18:00:00+00:00"},
            GOOD | {"expires_at": "2026-12-18T18:00:00.000Z"},
            GOOD | {"include_byok_in_limit": True},
        ],
    ),
    "dear_users": (
        unedited,
        [None, [], list, lambda rows: None, lambda rows: 5, lambda rows: [], lambda rows: dict(dearest(rows)), lambda rows: dearest(rows)[::-1], by_money, last_day, mean_of_days, divides_by_nothing, without_free, without_nameless, as_text],
        [dearest, as_lists, as_tuple, rounded, with_pandas, lambda rows: dearest(rows), lambda rows, more=None: dearest(rows)],
    ),
}  # fmt: skip
