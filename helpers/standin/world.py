"""What the stand-in remembers between requests: a clock, an account, sessions, generations. Reset by every start."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .caching import Caches
from .weather import Weather

EPOCH = calendar.timegm((2026, 11, 22, 9, 0, 0))
"""The stand-in's clock starts here every time, so that two recordings are the same bytes."""


@dataclass
class World:
    """`clock_ms` moves with the nominal duration of each answer, never with the wall clock. `recorded`: exchanges whose
    answers are replayed elsewhere."""

    clock_ms: int = 0
    credits: float = 10.0
    usage: float = 0.0
    limit: float = 5.0
    free_times: list[int] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    sessions: dict[tuple[str, str], tuple[str, str, int]] = field(default_factory=dict)
    generations: dict[str, dict[str, Any]] = field(default_factory=dict)
    caches: Caches = field(default_factory=Caches)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    keys_made: int = 0
    weather: Weather | None = None
    recorded: Sequence[Mapping[str, Any]] = ()

    @property
    def now(self) -> int:
        """Unix seconds on the stand-in's clock."""
        return EPOCH + self.clock_ms // 1000

    def repeat(self, fingerprint: str) -> int:
        """How often this very request came before."""
        seen = self.asked.get(fingerprint, 0)
        self.asked[fingerprint] = seen + 1
        return seen
