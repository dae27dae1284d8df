"""What a kernel may spend: reserved when a request is sent, settled when its answer says what it cost."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from openrouter_standin.billing.worst_case import worst_case

FLOOR = 0.01
"""US dollars that are reserved at least: more than any call of the lessons costs."""


class BudgetSpent(BaseException):
    """The budget of this kernel is spent. A BaseException on purpose: an SDK would retry anything else."""


class Budget:
    """One sum for a kernel, whatever lesson is started in it. Threads may share it. US dollars."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.spent = 0.0
        self.reserved = 0.0

    def reserve(self, request: Mapping[str, Any], limit: float) -> float:
        """Set aside what this request may cost, or raise `BudgetSpent`. Returns the amount; 0 for what costs nothing."""
        if request["method"] != "POST":
            return 0.0
        worst = worst_case(request.get("body"))
        with self._lock:
            left = limit - self.spent - self.reserved
            # alone, a request may use up a small budget, as long as the catalogue says that it fits
            amount = max(worst, FLOOR) if self.reserved > 1e-9 else max(worst, min(FLOOR, left))
            if left <= 1e-9 or amount > left + 1e-9:
                raise BudgetSpent(self._sentence(limit, worst if worst > left > 0 else None))
            self.reserved += amount
        return amount

    def settle(self, amount: float, cost: float | None) -> None:
        """The answer is here. `cost`: what it says; None, when it says nothing that can be a cost, keeps what was
        reserved."""
        with self._lock:
            self.reserved -= amount
            self.spent += amount if cost is None else cost

    def _sentence(self, limit: float, worst: float | None) -> str:
        running = (
            f" (and ${self.reserved:.4f} reserved for calls without an answer yet)" if self.reserved > 1e-9 else ""
        )
        asks = "" if worst is None else f" It may cost up to ${worst:.2f}: give it a max_tokens, or"
        return (
            f"This kernel has spent about ${self.spent:.4f}{running} of its ${limit:.2f}: the request was not sent."
            f"{asks or ' To go on,'} raise COOKBOOK_BUDGET_USD and restart the kernel."
        )


KERNEL = Budget()
"""The budget of this process."""
