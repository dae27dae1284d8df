"""What was used, as sums: one line for each hour, model, provider, key and user. /activity and /analytics/query read it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from .. import catalogue
from ..endpoint import Endpoint
from ..ids import hash_of, seconds_of
from ..recent import Recent

HOUR_S = 3600
LINES = 20_000
"""Lines that are kept; a new one drops the one that was not added to for the longest time."""
COUNTS = ("requests", "prompt_tokens", "completion_tokens", "reasoning_tokens", "cached_tokens")
"""What a row of earlier usage counts, beside its cost."""
LONGEST_USER = 256
"""Characters of a user's name that are kept."""


@dataclass(frozen=True)
class Line:
    """What the sums are kept apart by. `hour`: Unix seconds at which it began. `tag`: the endpoint's. `key`: the hash of the
    API key, `key_name`: how a report names it. `user`: the request's `user` field, or an empty text."""

    hour: int
    model: str
    tag: str
    provider: str
    key: str
    key_name: str
    user: str


@dataclass
class Sums:
    """Everything that is added up. `cost`, `upstream`, `web`: US dollars that were charged, that providers asked, and that
    web searches cost. `completion_tokens` hold `reasoning_tokens`, `prompt_tokens` hold `cached_tokens`. `repeated`: requests
    that the response cache answered."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    cached_tokens: int = 0
    repeated: int = 0
    cost: float = 0.0
    upstream: float = 0.0
    web: float = 0.0

    def add(self, other: Sums) -> None:
        """Add another line's sums to these."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @classmethod
    def of_usage(cls, usage: Mapping[str, Any], repeated: bool = False) -> Sums:
        """The sums of one answer. `usage`: its usage object, or that of embeddings and reranking."""
        detail = usage.get("cost_details") or {}
        cost = usage.get("cost") or 0.0
        return cls(
            requests=1,
            prompt_tokens=usage.get("prompt_tokens", usage.get("total_tokens")) or 0,
            completion_tokens=usage.get("completion_tokens") or 0,
            reasoning_tokens=(usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0,
            cached_tokens=(usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
            repeated=int(repeated),
            cost=cost,
            upstream=detail.get("upstream_inference_cost", cost) or 0.0,
            web=detail.get("server_tool_cost") or 0.0,
        )


@dataclass(frozen=True)
class PastUsage:
    """Usage of an earlier time that a caller hands in: `State(history=[PastUsage("2026-11-20", "openai/gpt-4o-mini", "openai")])`.

    `date`: a UTC day (2026-11-20), or a time in it (2026-11-20T14:00:00Z). `model`: its id. `provider`: slug, tag or display
    name. `cost`: US dollars. `user`: what the requests had in their `user` field. `key`: the name of the API key.
    `reasoning_tokens` are part of `completion_tokens`, `cached_tokens` of `prompt_tokens`.
    Raises `ValueError` with one sentence for a row that cannot be.
    """

    date: str
    model: str
    provider: str
    requests: int = 1
    prompt_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    cached_tokens: int = 0
    cost: float = 0.0
    user: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.date, str) or self._seconds() is None:
            raise ValueError(f"history: date takes a day such as 2026-11-20, not {self.date!r}")
        if not isinstance(self.model, str) or catalogue.find(self.model) is None:
            raise ValueError(f"history: no model is called {self.model!r}")
        if not isinstance(self.provider, str) or catalogue.slug_of(self.provider) is None:
            raise ValueError(f"history: no provider is called {self.provider!r}")
        for name in (*COUNTS, "cost"):
            value, kinds = getattr(self, name), (int, float) if name == "cost" else int
            if not isinstance(value, kinds) or isinstance(value, bool) or not 0 <= value < 1e15:
                raise ValueError(f"history: {name} takes a number, 0 or more, not {value!r}")
        for name in ("user", "key"):
            if not isinstance(getattr(self, name), str | None):
                raise ValueError(f"history: {name} takes a text, not {getattr(self, name)!r}")

    @classmethod
    def of(cls, row: PastUsage | Mapping[str, Any]) -> PastUsage:
        """From a dict with the same names."""
        if isinstance(row, PastUsage):
            return row
        known = [each.name for each in fields(cls)]
        if not isinstance(row, Mapping) or not {"date", "model", "provider"} <= set(row) <= set(known):
            raise ValueError(f"history: a row is a dict with date, model, provider and some of {', '.join(known[3:])}")
        return cls(**row)

    def _seconds(self) -> float | None:
        return seconds_of(f"{self.date}T00:00:00Z" if len(self.date) == 10 else self.date)

    def line(self, own_key: tuple[str, str]) -> Line:
        """Where its sums belong. `own_key`: hash and name of the key that made the requests when the row names none."""
        slug = catalogue.slug_of(self.provider) or ""
        tag = self.provider if "/" in self.provider else slug
        key, name = own_key if self.key is None else (hash_of(self.key), self.key)
        hour = int(self._seconds() or 0) // HOUR_S * HOUR_S
        return Line(hour, catalogue.find(self.model)["id"], tag, catalogue.name_of(slug), key, name, _short(self.user))

    def sums(self) -> Sums:
        """What it adds."""
        return Sums(**{name: getattr(self, name) for name in COUNTS}, cost=float(self.cost), upstream=float(self.cost))


class Ledger:
    """The sums. Memory is bounded: see `LINES`. Threads may share it."""

    def __init__(self) -> None:
        self._lines: Recent[Line, Sums] = Recent(LINES)
        self._lock = threading.Lock()

    def add_past(self, history: Sequence[PastUsage | Mapping[str, Any]], own_key: tuple[str, str]) -> None:
        """Add earlier usage. `own_key`: as for `PastUsage.line`. Raises `ValueError` for a row that cannot be."""
        if isinstance(history, str | Mapping) or not isinstance(history, Sequence):
            raise ValueError(f"history takes a list of rows, not {type(history).__name__}")
        for row in list(map(PastUsage.of, history)):
            self._add(row.line(own_key), row.sums())

    def record(self, now: int, served: Endpoint, key: tuple[str, str], user: Any, sums: Sums) -> None:
        """Add one answer. `now`: Unix seconds. `served`: the endpoint that gave it. `key`: hash and name of the key."""
        hour = now // HOUR_S * HOUR_S
        self._add(Line(hour, served.model, served.tag, served.provider, *key, _short(user)), sums)

    def _add(self, line: Line, sums: Sums) -> None:
        with self._lock:
            known = self._lines.get(line, Sums())
            known.add(sums)
            self._lines[line] = known

    def lines(self, start: float, end: float) -> Iterator[tuple[Line, Sums]]:
        """The lines of the hours that begin in this time, Unix seconds, `end` left out."""
        with self._lock:
            chosen = [(line, replace(sums)) for line, sums in self._lines.items() if start <= line.hour < end]
        yield from chosen


def _short(user: Any) -> str:
    return user[:LONGEST_USER] if isinstance(user, str) else ""
