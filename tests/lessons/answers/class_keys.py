"""Answers to the exercises of 90-class-keys: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

Rows = list[dict[str, Any]]
PREFIX = "class of 30 June: "
GOOD = {"limit": 0.3, "limit_reset": "daily", "expires_at": "2026-12-06T18:00:00Z"}


def unedited(rows: Rows) -> list[str]:
    return [row["name"] for row in rows if row["usage"] > 0.75 * row["limit"]]


def short(rows: Rows) -> list[str]:
    found = []
    for row in rows:
        if row["disabled"] or row["limit"] is None or not row["name"].startswith(PREFIX):
            continue
        if row["limit_remaining"] / row["limit"] < 0.25:
            found.append(row["name"].removeprefix(PREFIX))
    return found


def by_daily_usage(rows: Rows) -> list[str]:
    ours = [row for row in rows if row["name"].startswith(PREFIX) and row["limit"] and not row["disabled"]]
    return [row["name"][len(PREFIX) :] for row in ours if row["usage_daily"] > 0.75 * row["limit"]]


def with_pandas(rows: Rows) -> list[str]:
    import pandas as pd

    if not rows:
        return []
    frame = pd.DataFrame(rows)
    ours = frame[frame["name"].str.startswith(PREFIX) & ~frame["disabled"] & frame["limit"].notna()]
    return list(ours[ours["limit_remaining"] < ours["limit"] / 4]["name"].str.removeprefix(PREFIX))


def by_whole_life(rows: Rows) -> list[str]:
    """Looks at what the key ever spent, which midnight does not change."""
    return [
        row["name"].removeprefix(PREFIX)
        for row in rows
        if row["name"].startswith(PREFIX)
        and not row["disabled"]
        and row["limit"]
        and row["usage"] > 0.75 * row["limit"]
    ]


def of_every_program(rows: Rows) -> list[str]:
    return [
        row["name"].removeprefix(PREFIX)
        for row in rows
        if row["limit"] and not row["disabled"] and row["limit_remaining"] < 0.25 * row["limit"]
    ]


def of_every_class(rows: Rows) -> list[str]:
    return [
        row["name"].split(": ")[-1]
        for row in rows
        if row["name"].startswith("class") and row["limit"] and not row["disabled"] and row["limit_remaining"] < 0.2
    ]


def with_disabled(rows: Rows) -> list[str]:
    ours = [row for row in rows if row["name"].startswith(PREFIX) and row["limit"]]
    return [row["name"].removeprefix(PREFIX) for row in ours if row["limit_remaining"] < 0.25 * row["limit"]]


def in_dollars(rows: Rows) -> list[str]:
    """Less than 20 cents left, whatever the limit is."""
    ours = [row for row in rows if row["name"].startswith(PREFIX) and row["limit"] and not row["disabled"]]
    return [row["name"].removeprefix(PREFIX) for row in ours if row["limit_remaining"] < 0.2]


def falls_over_none(rows: Rows) -> list[str]:
    ours = [row for row in rows if row["name"].startswith(PREFIX) and not row["disabled"]]
    return [row["name"].removeprefix(PREFIX) for row in ours if row["limit_remaining"] < 0.25 * row["limit"]]


def a_fifth(rows: Rows) -> list[str]:
    return [row for row in short(rows) if next(r for r in rows if r["name"] == PREFIX + row)["limit_remaining"] < 0.1]


def stripped_by_letters(rows: Rows) -> list[str]:
    """`lstrip` takes letters away, not a text: of June nothing is left."""
    return [(PREFIX + name).lstrip(PREFIX) for name in short(rows)]


def whole_names(rows: Rows) -> list[str]:
    return [PREFIX + name for name in short(rows)]


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "affordable": (
        {"limit": 0.5, "limit_reset": "daily", "expires_at": "2026-12-07T18:00:00Z"},
        [
            None,
            "0.3 a day",
            {},
            [],
            GOOD | {"limit": "0.3"},
            GOOD | {"limit": None},
            GOOD | {"limit": 0.5},
            GOOD | {"limit": 0.32},
            GOOD | {"limit": 0.19},
            GOOD | {"limit": -1},
            GOOD | {"limit_reset": None, "limit": 0.6},
            GOOD | {"limit_reset": "weekly", "limit": 0.6},
            GOOD | {"limit_reset": "monthly"},
            GOOD | {"limit_reset": "day"},
            GOOD | {"expires_at": None},
            GOOD | {"expires_at": "2026-12-06"},
            GOOD | {"expires_at": "2026-12-06T17:00:00Z"},
            GOOD | {"expires_at": "2026-12-07T00:00:00Z"},
            GOOD | {"expires": "2026-12-06T18:00:00Z"},
            GOOD | {"limit_usd": 0.3},
        ],
        [
            GOOD,
            GOOD | {"limit": 0.2},
            GOOD | {"limit": 0.25},
            GOOD | {"limit": 0.3125},
            GOOD | {"name": "Ada"},
            GOOD | {"expires_at": "2026-12-06T18:00:00+00:00"},
            GOOD | {"include_byok_in_limit": True},
        ],
    ),
    "who_is_stuck": (
        unedited,
        [None, [], list, lambda rows: None, lambda rows: "Ada", lambda rows: [], lambda rows: ["Ada"], by_whole_life, of_every_program, of_every_class, with_disabled, in_dollars, falls_over_none, whole_names, a_fifth, stripped_by_letters],
        [short, by_daily_usage, with_pandas, lambda rows: tuple(short(rows)), lambda rows: set(short(rows)), lambda rows: short(rows)[::-1], lambda rows, share=0.25: short(rows)],
    ),
}  # fmt: skip
