"""The checkers of 15-cost-and-limits: a body for POST /keys, and a function that reads a report."""

from __future__ import annotations

import copy
import math
from datetime import UTC, datetime
from typing import Any

from .sending import ask
from .verdict import Unfit, Verdict, is_number, judged, not_yet, right, shown, tried

ENDS = datetime(2026, 12, 18, 18, tzinfo=UTC)
DOLLARS_A_WEEK = 2
FIELDS = {
    "name",
    "limit",
    "limit_reset",
    "include_byok_in_limit",
    "expires_at",
    "workspace_id",
    "creator_user_id",
    "external",
}
"""What POST /keys takes (OpenAPI, 2026-08-22; official SDK, 2026-10)."""


@judged
def pupil_key(answer: Any) -> Verdict:
    """The body of POST /keys for one of thirty pupils; the stand-in makes the key."""
    unknown = sorted(answer.keys() - FIELDS) if isinstance(answer, dict) else []
    if unknown:
        whose = " (guardrails have it)" if unknown[0] in ("limit_usd", "reset_interval") else ""
        return not_yet(f"{shown(unknown[0])} is no field of POST /keys{whose}: it would be passed over in silence.")
    made = ask(answer, "/keys", key="management")
    if isinstance(made, Verdict):
        return made
    row = made["data"]
    if row["limit"] is None:
        return not_yet("this key has no limit: a pupil may spend the whole account.")
    if row["limit_reset"] != "weekly":
        lasts = {None: "once and for all", "daily": "each day", "monthly": "each month"}[row["limit_reset"]]
        return not_yet(f"this key may spend {row['limit']} US dollars {lasts}: the limit must begin anew each week.")
    if row["limit"] != DOLLARS_A_WEEK:
        return not_yet(f"a pupil may spend {row['limit']} US dollars a week, and {DOLLARS_A_WEEK} were asked for.")
    if row["expires_at"] is None:
        return not_yet("this key works after the course too: when does it end?")
    ends = datetime.fromisoformat(row["expires_at"])
    if ends != ENDS:
        return not_yet(
            f"this key ends on {ends.astimezone(UTC):%d %B %Y at %H:%M:%S} UTC, not on 18 December at 18:00."
        )
    return right("two US dollars a week, until the course ends. The key is in the answer, this once.")


Row = dict[str, Any]


def _row(day: int, user: str | None, requests: int, dollars: float) -> Row:
    return {
        "date__day": f"2026-11-{day:02}T00:00:00.000Z",
        "external_user": user,
        "request_count": str(requests),
        "total_usage": dollars,
    }


CASES: tuple[tuple[str, list[Row], list[tuple[str | None, float]]], ...] = (
    ("one user, one day", [_row(8, "mail", 50, 0.1)], [("mail", 2.0)]),
    ("two users", [_row(8, "mail", 50, 0.1), _row(8, "website", 1000, 0.5)], [("mail", 2.0), ("website", 0.5)]),
    ("much money, many requests", [_row(8, "night-job", 90_000, 9.0), _row(8, "mail", 10, 0.02)], [("mail", 2.0), ("night-job", 0.1)]),
    ("two days of the same user", [_row(8, "mail", 100, 0.3), _row(9, "mail", 300, 0.1)], [("mail", 1.0)]),
    ("a user without requests", [_row(8, "mail", 0, 0.0), _row(8, "website", 100, 0.1)], [("website", 1.0)]),
    ("a user without requests on one day", [_row(8, "mail", 0, 0.0), _row(9, "mail", 10, 0.02)], [("mail", 2.0)]),
    ("requests that cost nothing", [_row(8, "free", 40, 0.0), _row(8, "mail", 10, 0.02)], [("mail", 2.0), ("free", 0.0)]),
    ("requests that name no user", [_row(8, None, 10, 0.05), _row(8, "mail", 10, 0.02)], [(None, 5.0), ("mail", 2.0)]),
    ("an empty report", [], []),
)  # fmt: skip
"""What a report holds, its rows, users and their US dollars per 1,000 requests."""


@judged
def dear_users(answer: Any) -> Verdict:
    """A function that says what 1,000 requests of each user cost, the dearest first."""
    if not callable(answer):
        raise Unfit(f"dearest is a function that takes rows, not {shown(answer)}.")
    for what, rows, wanted in CASES:
        found = tried(f"{what}: your function raises", answer, copy.deepcopy(rows))
        if not isinstance(found, list | tuple) or not all(isinstance(p, list | tuple) and len(p) == 2 for p in found):
            return not_yet(f"{what}: dearest gives {shown(found)}, and a list of pairs was asked for.")
        found = [(user if user == user else None, dollars) for user, dollars in found]  # pandas writes None as NaN
        users, right_users = [user for user, _ in found], [user for user, _ in wanted]
        if sorted(map(str, users)) != sorted(map(str, right_users)):
            return not_yet(f"{what}: your list is about {shown(users)}, and the report about {shown(right_users)}.")
        for user, dollars in wanted:
            said = next(value for name, value in found if name == user)
            if not is_number(said) or not math.isclose(said, dollars, rel_tol=1e-6, abs_tol=1e-9):
                return not_yet(f"{what}: 1,000 requests of {user} cost {dollars}, and your list says {shown(said)}.")
        if users != right_users:
            return not_yet(f"{what}: the dearest comes first: {shown(right_users)}.")
    return right(f"{len(CASES)} reports read: who costs much for what they ask, not who asks much.")
