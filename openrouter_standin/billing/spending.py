"""What a key has spent in the running UTC day, week and month. Weeks begin on Monday (OpenAPI, 2026-08-22, GET /key)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

INTERVALS = ("daily", "weekly", "monthly")
RESETS = (*INTERVALS, None)
"""When a limit begins anew; None: never."""


def window_of(interval: str, now: int) -> tuple[int, int]:
    """Unix seconds at which the running window began and at which the next one begins. Midnight UTC is the border."""
    day = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if interval == "daily":
        start, end = day, day + timedelta(days=1)
    elif interval == "weekly":
        start = day - timedelta(days=day.weekday())
        end = start + timedelta(days=7)
    else:
        start = day.replace(day=1)
        end = (start + timedelta(days=32)).replace(day=1)
    return int(start.timestamp()), int(end.timestamp())


class Spending:
    """US dollars of one key, by interval."""

    def __init__(self) -> None:
        self._since: dict[str, int] = dict.fromkeys(INTERVALS, 0)
        self._spent: dict[str, float] = dict.fromkeys(INTERVALS, 0.0)

    def add(self, cost: float, now: int) -> None:
        """Count a cost in US dollars. `now`: Unix seconds."""
        for interval in INTERVALS:
            self._spent[interval] = self.within(interval, now) + cost
            self._since[interval] = window_of(interval, now)[0]

    def within(self, interval: str, now: int) -> float:
        """US dollars spent in the running window; 0 once a new one has begun."""
        return self._spent[interval] if self._since[interval] == window_of(interval, now)[0] else 0.0
