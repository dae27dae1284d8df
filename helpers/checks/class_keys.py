"""The checkers of 90-class-keys: rules that a class can afford, and a function that finds who will be stuck."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from .cost_and_limits import FIELDS
from .sending import ask
from .verdict import Unfit, Verdict, judged, not_yet, right, shown, tried

BEGINS, ENDS = datetime(2026, 12, 5, 9, tzinfo=UTC), datetime(2026, 12, 6, 18, tzinfo=UTC)
PEOPLE, DOLLARS, NEEDED_A_DAY = 40, 25, 0.2


@judged
def affordable(answer: Any) -> Verdict:
    """The rules of one key of a class of two days; the stand-in makes the key."""
    if not isinstance(answer, dict):
        raise Unfit(f"RULES is a dict, not {shown(answer)}.")
    unknown = sorted(answer.keys() - FIELDS, key=str)
    if unknown:
        return not_yet(f"{shown(unknown[0])} is no field of POST /keys: it would be passed over in silence.")
    made = ask({"name": "one participant", **answer}, "/keys", key="management")
    if isinstance(made, Verdict):
        return made
    row = made["data"]
    if row["expires_at"] is None:
        return not_yet("this key works after the class too: when does it end?")
    ends = datetime.fromisoformat(row["expires_at"])
    if ends != ENDS:
        way = "before" if ends < ENDS else "after"
        return not_yet(f"this key ends on {ends.astimezone(UTC):%d %B %Y at %H:%M} UTC, {way} the class.")
    return _within_the_account(row["limit"], row["limit_reset"])


def _within_the_account(limit: float | None, reset: str | None) -> Verdict:
    """Whether a limit that ends with the class is enough for each day, and not too much for the account."""
    if limit is None:
        return not_yet("this key has no limit: one participant may spend the whole account.")
    if reset != "daily":
        return not_yet(
            f"with limit_reset {reset!r} one who spends {limit} US dollars on the first day has nothing on the second."
        )
    if limit < NEEDED_A_DAY:
        return not_yet(f"{limit} US dollars a day are less than the {NEEDED_A_DAY} that each one needs.")
    days = (ENDS.date() - BEGINS.date()).days + 1
    most = PEOPLE * limit * days
    if most > DOLLARS:
        return not_yet(
            f"{PEOPLE} people × {limit} US dollars × {days} days are {most:.2f}, and the account holds {DOLLARS}."
        )
    return right(f"at most {most:.2f} US dollars, {limit} a day for each, and nothing works after the class.")


Row = dict[str, Any]
CLASS = "class of 30 June: "


def _row(name: str, limit: float | None, left: float | None, usage: float, disabled: bool = False) -> Row:
    return {
        "hash": f"{abs(hash(name)):x}",
        "name": name,
        "limit": limit,
        "limit_remaining": left,
        "limit_reset": "daily",
        "usage": usage,
        "usage_daily": 0 if limit is None or left is None else limit - left,
        "disabled": disabled,
        "label": "sk-or-v1-abc...123",
        "created_at": "2027-06-29T18:00:00Z",
        "updated_at": None,
        "expires_at": "2027-06-30T18:00:00Z",
        "include_byok_in_limit": False,
    }


CASES: tuple[tuple[str, list[Row], list[str]], ...] = (
    ("one with little left", [_row(f"{CLASS}Ada", 1.0, 0.1, 0.9)], ["Ada"]),
    ("one with much left", [_row(f"{CLASS}Ada", 1.0, 0.9, 0.1)], []),
    ("one with nothing left", [_row(f"{CLASS}Ada", 1.0, 0.0, 1.0)], ["Ada"]),
    ("a raised limit", [_row(f"{CLASS}Ada", 4.0, 0.5, 3.5), _row(f"{CLASS}Ben", 4.0, 3.0, 1.0)], ["Ada"]),
    ("the second day", [_row(f"{CLASS}Ada", 1.0, 1.0, 0.95)], []),
    ("a key without a limit", [_row(f"{CLASS}Teacher", None, None, 30.0), _row(f"{CLASS}Ben", 1.0, 0.1, 0.9)], ["Ben"]),
    ("a key of another program", [_row("night job", 1.0, 0.0, 1.0), _row(f"{CLASS}Ada", 1.0, 0.1, 0.9)], ["Ada"]),
    ("a disabled key", [_row(f"{CLASS}Ada", 1.0, 0.0, 1.0, disabled=True)], []),
    ("another class", [_row("class of 30 July: Ada", 1.0, 0.0, 1.0)], []),
    ("a class of the same evening", [_row("class of 30 June evening: Ada", 1.0, 0.0, 1.0)], []),
    ("a name that begins like the class", [_row(f"{CLASS}June", 1.0, 0.1, 0.9)], ["June"]),
    ("a name with a colon", [_row(f"{CLASS}Ann: B", 1.0, 0.1, 0.9)], ["Ann: B"]),
    (
        "just under a quarter, and just above",
        [_row(f"{CLASS}Ada", 0.5, 0.12, 0.38), _row(f"{CLASS}Ben", 0.5, 0.13, 0.37)],
        ["Ada"],
    ),
    ("an empty list", [], []),
)
"""What a list holds, its rows, and who is short."""


@judged
def who_is_stuck(answer: Any) -> Verdict:
    """A function that reads a list of keys."""
    if not callable(answer):
        raise Unfit(f"running_short is a function that takes rows, not {shown(answer)}.")
    for what, rows, wanted in CASES:
        found = tried(f"{what}: your function raises", answer, copy.deepcopy(rows))
        if isinstance(found, str) or not isinstance(found, list | tuple | set):
            return not_yet(f"{what}: running_short gives {shown(found)}, and a list of names was asked for.")
        if sorted(map(str, found)) != sorted(wanted):
            return not_yet(f"{what}: your list is {shown(list(found))}, and {shown(wanted)} was asked for.")
    return right(f"{len(CASES)} lists read: those who have little left today, of this class alone.")
