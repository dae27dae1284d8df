"""OpenRouter's address for programs that run outside the kernel: offline a stand-in that listens on this machine."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any

from openrouter_standin import StandIn

from ..session import current

OPENROUTER = "https://openrouter.ai/api/v1"
SOONEST_S = 0.2
"""Seconds that an answer takes at most where nobody waits for it (`COOKBOOK_SPEED=0`, and mode ci)."""


class Service:
    """`url`: the base_url. `key`: the API key of the lesson, which fits it. `offline`: whether the stand-in answers.

    What is sent there does not pass the replay of the lesson: `helpers.calls()` does not know it, `asked` counts it.
    """

    def __init__(self, latency: float, credits: float) -> None:
        session = current()
        self.offline = session.mode != "live"
        self.url, self.key = OPENROUTER, session.key
        self._serving = ExitStack()
        if self.offline:
            seconds = latency if session.speed else min(latency, SOONEST_S)
            self._standin = self._serving.enter_context(StandIn(session.state.script, latency=seconds, key=self.key))
            self._standin.state.credits = self._standin.state.limit = credits
            self.url = self._standin.url
        self.running = True

    @property
    def asked(self) -> int | None:
        """How many requests came; live, nobody counts them here."""
        return self._standin.heard if self.offline else None

    def faults(self, **fields: Any) -> AbstractContextManager[Any]:
        """Inside the block these faults happen, see `helpers.faults`; live, none does."""
        return self._standin.faults(**fields) if self.offline else nullcontext()

    def stop(self) -> None:
        """Stop listening. Twice is harmless."""
        self._serving.close()
        self.running = False


def service(latency: float = 0.6, credits: float = 100.0) -> Service:
    """The service for other processes of the running lesson. Offline: `latency` in seconds of every answer, `credits` in US
    dollars of the account."""
    return current().server("service", lambda: Service(latency, credits))
