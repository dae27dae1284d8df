"""One job of the Batch API: what was sent, when each of its phases begins, and how its lines came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .endpoint import Endpoint
from .faults import Faults

CHECKED_MS, WRITTEN_MS, DONE_MS = 5_000, 240_000, 300_000
"""Nominal milliseconds from submission: the lines are checked (4 seconds, measured 2026-09 by a public report), all of them are
answered, the results can be read. Most batches end in minutes (docs, batch API, autumn 2026)."""
WINDOW_S = 86_400
TERMINAL = ("completed", "failed", "expired", "cancelled")


@dataclass
class Batch:
    """`model`: as it was sent. `requests`: the lines, as they were sent. `served`: the one endpoint that runs all of them.
    `problem`: why the check of the lines fails, if it does. `born_ms`: on the stand-in's clock. `created`: Unix seconds.
    `taken`: whether the lines have been run, or are being run."""

    id: str
    endpoint: str
    model: str
    requests: Sequence[Mapping[str, Any]]
    served: Endpoint
    key: str
    faults: Faults
    problem: str | None
    born_ms: int
    created: int
    taken: bool = False
    results: list[dict[str, Any]] | None = None
    usage: dict[str, Any] | None = field(default=None)

    @property
    def due_ms(self) -> int:
        """When its lines are run, on the stand-in's clock."""
        return self.born_ms + DONE_MS

    def status_at(self, clock_ms: int) -> str:
        """Validating, in_progress, finalizing, and completed or failed."""
        age = clock_ms - self.born_ms
        if age < CHECKED_MS:
            return "validating"
        if self.problem:
            return "failed"
        if self.results is not None:
            return "completed"
        return "in_progress" if age < WRITTEN_MS else "finalizing"

    def finalized_at(self, clock_ms: int) -> int | None:
        """Unix seconds at which it ended; None before."""
        status = self.status_at(clock_ms)
        ended = {"failed": CHECKED_MS, "completed": DONE_MS}.get(status)
        return None if ended is None else self.created + ended // 1000
