"""Faults on demand: what goes wrong while a `Weather` is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Weather:
    """Each field is one fault; the default is a fine day.

    `down`: provider slugs that answer 502. `rate_limited`: slugs that answer 429.
    `retry_after`: seconds in the Retry-After header of a 429, or None for no header. `for_attempts`: how many requests the
    faults last (None: as long as the weather is on). `credits`: dollars left on the account. `free_used`: the free-model
    limit that is used up, "per-min" or "per-day". `break_after`: content chunks before a stream breaks. `error_in_200`: the whole body is an error although
    the status is 200. `certificate`: what a proxy that replaces certificates does to the connection.
    """

    down: Sequence[str] = ()
    rate_limited: Sequence[str] = ()
    retry_after: int | None = 1
    for_attempts: int | None = None
    credits: float | None = None
    free_used: str | None = None
    break_after: int | None = None
    error_in_200: bool = False
    certificate: bool = False
    seen: int = field(default=0, init=False)

    def passes(self) -> bool:
        """Count one request; true once the faults are over."""
        self.seen += 1
        return self.for_attempts is not None and self.seen > self.for_attempts

    def status_of(self, slug: str) -> int | None:
        """The error status a provider gives now, or None when it answers."""
        if slug in self.down or "*" in self.down:
            return 502
        if slug in self.rate_limited or "*" in self.rate_limited:
            return 429
        return None
