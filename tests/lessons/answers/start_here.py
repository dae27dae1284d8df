"""Answers to the exercises of 00-start-here: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "nightly_cost": (None, ["0.173", True, 0.00000173, 17.3, 0.5, 0.01], [0.173, 0.1730000001, 0.175]),
    "workshop_key": (
        {"name": "workshop seat", "limit": 15, "limit_reset": None},
        [{"name": "s"}, {"name": "s", "limit": 0.5, "limit_reset": None}, {"name": "s", "limit": 0.5, "limit_reset": "daily"}, {"name": "s", "limit": 0.5, "limit_reset": "hourly"},
         {"limit": 0.5, "limit_reset": "weekly"}, {"name": "s", "limit": 0, "limit_reset": "weekly"}, 0.5, {"name": "s", "limit": 0.4, "limit_reset": "monthly"}],
        [{"name": "s", "limit": 0.5, "limit_reset": "weekly"}, {"name": "s", "limit": 0.07, "limit_reset": "daily"}],
    ),
}  # fmt: skip


def more(checker: str) -> tuple[Any, ...]:
    """What the lesson hands the checker beside the answer."""
    return (SimpleNamespace(usage=SimpleNamespace(cost=0.00000173)),) if checker == "nightly_cost" else ()
