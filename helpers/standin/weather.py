"""Faults on demand: what goes wrong while a `Weather` is on."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import catalogue

BREAKS = ("documented", "bare", "finish-stop", "no-choices", "then-usage", "finish-only")
"""How a stream breaks: as the docs show it; an event with nothing but the error (2025-10); an error beside the finish
reason "stop" (2025-11); beside no choices (2026-07); followed by usage and [DONE] (2025-11); with the finish reason "error"
and no error object (2026-09)."""


@dataclass
class Weather:
    """Each field is one fault; the default is a fine day.

    `down`: provider slugs that answer 502. `rate_limited`: slugs that answer 429.
    `retry_after`: seconds in the Retry-After header of a 429, or None for no header. `for_attempts`: how many requests the
    faults last (None: as long as the weather is on). `credits`: dollars left on the account. `free_used`: the free-model
    limit that is used up, "per-min" or "per-day". `break_after`: chunks before a stream breaks; 0: the error is all that
    comes. `break_as`: in which of the recorded forms, see `BREAKS`. `error_in_200`: the whole body is an error although the
    status is 200. `certificate`: what a proxy that replaces certificates does to the connection. `slow`: provider slugs
    that take eight times as long. `status`: any other documented error status, from 408 to 529. `flagged`: the reason why
    moderation refuses the prompt. `in_flight`: whether running requests hold all the credits.
    """

    down: Sequence[str] = ()
    rate_limited: Sequence[str] = ()
    retry_after: int | None = 1
    for_attempts: int | None = None
    credits: float | None = None
    free_used: str | None = None
    break_after: int | None = None
    break_as: str = "documented"
    error_in_200: bool = False
    certificate: bool = False
    slow: Sequence[str] = ()
    status: int | None = None
    flagged: str | None = None
    in_flight: bool = False
    seen: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """One sentence for a fault that cannot be meant. Provider names count like slugs."""
        for name in ("down", "rate_limited", "slow"):
            setattr(self, name, _slugs(name, getattr(self, name)))
        if self.break_as not in BREAKS:
            raise ValueError(f"break_as takes one of {', '.join(BREAKS)}, not {self.break_as!r}")
        if self.status not in (None, 408, 413, 422, 500, 503, 524, 529):
            raise ValueError(f"status takes 408, 413, 422, 500, 503, 524 or 529, not {self.status!r}")
        if self.free_used not in (None, "per-min", "per-day"):
            raise ValueError(f"free_used takes 'per-min' or 'per-day', not {self.free_used!r}")
        for name in ("retry_after", "for_attempts", "break_after"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
                raise ValueError(f"{name} takes a whole number of at least 0, not {value!r}")
        dollars = isinstance(self.credits, int | float) and not isinstance(self.credits, bool)
        if self.credits is not None and not (dollars and 0 <= self.credits < 1e9):
            raise ValueError(f"credits takes dollars, 0 or more, not {self.credits!r}")

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


def _slugs(name: str, value: str | Sequence[str]) -> tuple[str, ...]:
    """The slugs. A name that no provider has is a slip: its fault would happen to nobody."""
    listed = (value,) if isinstance(value, str) else value
    if not isinstance(listed, Sequence) or not all(isinstance(v, str) for v in listed):
        raise ValueError(f"{name} takes provider slugs such as ['together'], or ['*'] for all, not {value!r}")
    slugs = []
    for text in listed:
        slug = text if text == "*" else catalogue.slug_of(text)
        if slug is None:
            near = difflib.get_close_matches(text.lower(), catalogue.slugs().values(), 1)
            raise ValueError(f"{name} names no provider: {text!r}{f'. Is it {near[0]!r}?' if near else ''}")
        slugs.append(slug)
    return tuple(slugs)
