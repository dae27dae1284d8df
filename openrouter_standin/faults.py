"""Faults on demand: what goes wrong with the requests that a `Faults` belongs to."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import catalogue
from .errors import (
    ApiError,
    in_flight_full,
    provider_down,
    provider_rate_limited,
    provider_refused,
    refusal,
    request_too_heavy,
)
from .upstream.table import table

BREAKS = ("documented", "bare", "finish-stop", "no-choices", "then-usage", "finish-only")
"""How a stream breaks: as the docs show it; an event with nothing but the error (2025-10); an error beside the finish
reason "stop" (2025-11); beside no choices (2026-07); followed by usage and [DONE] (2025-11); with the finish reason "error"
and no error object (2026-09)."""

STATUSES = {
    408: "Request timed out. Please try again.",
    413: "Request payload is too large.",
    422: "The request was well-formed but cannot be processed.",
    500: "Internal Server Error",
    503: "No available provider meets your routing requirements",
    524: "The edge timed out waiting for a response.",
    529: "The provider is overloaded. Please try again later.",
}
"""Documented statuses that no request can earn by itself. The sentences are the stand-in's own."""


@dataclass(eq=False)
class Faults:
    """Each field is one fault; by default nothing goes wrong.

    `down`: provider slugs that answer 502. `rate_limited`: slugs that answer 429.
    `retry_after`: seconds in the Retry-After header of a 429, or None for no header. `for_attempts`: how many requests the
    faults last (None: without end). `credits`: dollars left on the account, `never_paid`: whether it never bought any. `free_used`: the free-model
    limit that is used up, "per-min" or "per-day". `break_after`: chunks before a stream breaks; 0: the error is all that
    comes. `break_as`: in which of the recorded forms, see `BREAKS`. `error_in_200`: the whole body is an error although the
    status is 200. `certificate`: what a proxy that replaces certificates does to the connection. `slow`: provider slugs
    that take eight times as long. `status`: any other documented error status, see `STATUSES`. `flagged`: the reason why
    moderation refuses the prompt. `in_flight`: whether running requests hold all the credits; `too_heavy`: whether this
    request alone may cost more than the budget for running requests, so that waiting is of no use. `refused`: what every
    provider says to the request: the name of a row of data/refusals.toml, or a sentence of your own (then with 400).
    `filtered`: whether the answer ends early, with the finish reason "content_filter". `malformed_call`: whether the answer is a 200
    with the finish reason "error" and nothing in it, because the model wrote a tool call that nobody can read. `later`:
    seconds that pass on the stand-in's clock before each request, so that a cache or a session ends; nobody waits.

    Raises `ValueError` with one sentence for a fault that cannot happen.
    """

    down: Sequence[str] = ()
    rate_limited: Sequence[str] = ()
    retry_after: int | None = 1
    for_attempts: int | None = None
    credits: float | None = None
    never_paid: bool = False
    free_used: str | None = None
    break_after: int | None = None
    break_as: str = "documented"
    error_in_200: bool = False
    certificate: bool = False
    slow: Sequence[str] = ()
    status: int | None = None
    flagged: str | None = None
    in_flight: bool = False
    too_heavy: bool = False
    refused: str | None = None
    filtered: bool = False
    malformed_call: bool = False
    later: int = 0
    seen: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        for name in ("down", "rate_limited", "slow"):
            setattr(self, name, _slugs(name, getattr(self, name)))
        if self.break_as not in BREAKS:
            raise ValueError(f"break_as takes one of {', '.join(BREAKS)}, not {self.break_as!r}")
        if self.status is not None and self.status not in STATUSES:
            raise ValueError(f"status takes one of {', '.join(map(str, STATUSES))}, not {self.status!r}")
        if self.refused is not None and self._refusal() is None:
            near = difflib.get_close_matches(str(self.refused), table(), 1)
            raise ValueError(
                f"refused takes the name of a row of data/refusals.toml or a sentence, not {self.refused!r}"
                + (f". Is it {near[0]!r}?" if near else "")
            )
        if self.free_used not in (None, "per-min", "per-day"):
            raise ValueError(f"free_used takes 'per-min' or 'per-day', not {self.free_used!r}")
        for name in (
            "error_in_200",
            "certificate",
            "in_flight",
            "too_heavy",
            "never_paid",
            "filtered",
            "malformed_call",
        ):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} takes True or False, not {getattr(self, name)!r}")
        for name in ("retry_after", "for_attempts", "break_after", "later"):
            value = getattr(self, name)
            if value is None and name != "later":
                continue
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1e9:
                raise ValueError(f"{name} takes a whole number from 0 to 999,999,999, not {value!r}")
        dollars = isinstance(self.credits, int | float) and not isinstance(self.credits, bool)
        if self.credits is not None and not (dollars and 0 <= self.credits < 1e9):
            raise ValueError(f"credits takes dollars, 0 or more, not {self.credits!r}")

    def for_next_request(self) -> Faults:
        """The faults of the next request: these, or none once `for_attempts` requests have met them."""
        self.seen += 1
        return NO_FAULTS if self.for_attempts is not None and self.seen > self.for_attempts else self

    def refuse(self) -> None:
        """Raise what hits a request before anything in it is read: a broken connection, a status, a moderation flag."""
        if self.certificate:
            text = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain"
            raise ApiError({"failure": "ConnectError", "message": text, "ms": 40})
        if self.flagged:
            metadata = {
                "reasons": [self.flagged],
                "flagged_input": "the flagged text, at most 100 characters of it",
                "provider_name": "OpenAI",
                "model_slug": "openai/omni-moderation-latest",
            }
            raise refusal(403, "Your input was flagged", metadata)
        if self.in_flight:
            raise in_flight_full()
        if self.too_heavy:
            raise request_too_heavy()
        if self.status is not None:
            raise refusal(self.status, STATUSES[self.status])

    def refuse_at(self, slug: str, provider: str, model: str) -> None:
        """Raise the error that this provider gives now, if it gives one."""
        if slug in self.down or "*" in self.down:
            raise provider_down(provider)
        if slug in self.rate_limited or "*" in self.rate_limited:
            raise provider_rate_limited(provider, model, self.retry_after)
        if self.refused is not None:
            raise provider_refused(*self._refusal(), provider)

    def _refusal(self) -> tuple[int, str] | None:
        """Status and words of `refused`; None when it is neither a row's name nor a sentence."""
        if not isinstance(self.refused, str):
            return None
        row = table().get(self.refused)
        if row:
            return row.status, row.said({})
        return (400, self.refused) if " " in self.refused.strip() else None

    def slowness_of(self, slug: str) -> int:
        """How many times slower than its figures a provider is."""
        return 8 if slug in self.slow or "*" in self.slow else 1


def _slugs(name: str, value: str | Sequence[str]) -> tuple[str, ...]:
    """The slugs. A name that no provider has is a slip: its fault would never happen."""
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


NO_FAULTS = Faults()
