"""Answers to the exercises of 00-start-here: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "nightly_cost": (None, ["0.173", True, 0.00000173, 17.3, 0.5, 0.01], [0.173, 0.1730000001, 0.175, Decimal("0.173"), Fraction(173, 1000)]),
    "workshop_key": (
        {"name": "workshop seat", "limit": 15, "limit_reset": None},
        [{"name": "s"}, {"name": "s", "limit": 0.5, "limit_reset": None}, {"name": "s", "limit": 0.5, "limit_reset": "daily"}, {"name": "s", "limit": 0.5, "limit_reset": "hourly"},
         {"limit": 0.5, "limit_reset": "weekly"}, {"name": "s", "limit": 0, "limit_reset": "weekly"}, 0.5, {"name": "s", "limit": 0.4, "limit_reset": "monthly"},
         {"name": 5, "limit": 0.5, "limit_reset": "weekly"}, {"name": "  ", "limit": 0.5, "limit_reset": "weekly"}, {"name": ["x"], "limit": 0.5, "limit_reset": "weekly"},
         {"name": "s", "limit": 0.5, "limit_reset": "weekly", "disabled": True}, {"name": "s", "limit": 1e-12, "limit_reset": "weekly"},
         {"name": "s", "limit": 0.5, "limit_reset": "weekly", "expires_at": "2026-01-01T00:00:00Z"}],
        [{"name": "s", "limit": 0.5, "limit_reset": "weekly"}, {"name": "s", "limit": 0.07, "limit_reset": "daily"}],
    ),
}  # fmt: skip


def more(checker: str) -> tuple[Any, ...]:
    """What the lesson hands the checker beside the answer."""
    return (SimpleNamespace(usage=SimpleNamespace(cost=0.00000173)),) if checker == "nightly_cost" else ()
