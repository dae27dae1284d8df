"""Answers to the exercises of 31-agents-sdk: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

DENY = {"order": ["together"], "data_collection": "deny"}


def first_only(result: Any) -> float:
    return result.raw_responses[0].raw_usage["cost"]


def silent_is_nothing(result: Any) -> float:
    return sum((r.raw_usage or {}).get("cost") or 0 for r in result.raw_responses)


def each_price_once(result: Any) -> float | None:
    costs = {(r.raw_usage or {}).get("cost") for r in result.raw_responses}
    return None if None in costs else sum(costs)


def free_is_unknown(result: Any) -> float | None:
    costs = [(r.raw_usage or {}).get("cost") for r in result.raw_responses]
    return sum(costs) if all(costs) else None


def all_or_none(result: Any) -> float | None:
    costs = [(r.raw_usage or {}).get("cost") for r in result.raw_responses]
    return None if None in costs else sum(costs)


def in_decimals(result: Any) -> Decimal | None:
    total = Decimal(0)
    for response in result.raw_responses:
        if response.raw_usage is None or "cost" not in response.raw_usage:
            return None
        total += Decimal(str(response.raw_usage["cost"]))
    return total


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "careful_settings": (
        {"max_tokens": 200, "provider": {"order": ["together"]}},
        [
            {"max_tokens": 200, "provider": {"order": ["together"]}},
            {"max_tokens": 200},
            {"extra_body": {"provider": DENY}},
            {"max_tokens": 300, "extra_body": {"provider": {"order": ["together"]}}},
            {"max_tokens": 200, "extra_body": {"provider": {"only": ["together"], "data_collection": "deny"}}},
            {"max_tokens": 200, "extra_body": {"provider": {"order": ["together"]}}},
            {"max_tokens": 200, "extra_body": {"provider": {"data_collection": "deny"}}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "max_tokens": 5000}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "model": "x/y"}},
            {"max_tokens": 200, "extra_body": {"provider": DENY}, "extra_args": {"foo": 1}},
            {1: 2},
            {"max_tokens": 200, "extra_body": {"provider": {"data_collection": "deny", "sort": "latency", "ignore": ["modal"], "allow_fallbacks": False}}},
            {"max_tokens": 200, "extra_body": {"provider": {"data_collection": "deny", "sort": "latency", "ignore": ["modal"]}}},
            {"max_tokens": 5000, "extra_body": {"max_completion_tokens": 200, "provider": DENY}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "models": "x"}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "session_id": 5}},
        ],
        [
            {"max_tokens": 200, "extra_body": {"provider": DENY}},
            {"max_tokens": 150, "extra_body": {"provider": DENY}},
            {"extra_body": {"provider": DENY, "max_tokens": 200}},
            {"max_tokens": 200, "temperature": 0, "extra_body": {"provider": {"order": ["together", "novita"], "data_collection": "deny", "zdr": True}}},
        ],
    ),
    "run_cost": (
        first_only,
        [first_only, silent_is_nothing, each_price_once, free_is_unknown, lambda result: None, lambda result: float("nan"), lambda result: 10**400, "cost",
         lambda result: all_or_none(result) or None,
         lambda result: all_or_none(SimpleNamespace(raw_responses=result.raw_responses[:3])),
         lambda result: None if all_or_none(result) is None else round(all_or_none(result), 3),
         lambda result: sum((r.raw_usage or {}).get("cost", 0) for r in result.raw_responses) if result.raw_responses[0].raw_usage and result.raw_responses[-1].raw_usage and "cost" in result.raw_responses[0].raw_usage and "cost" in result.raw_responses[-1].raw_usage else None],
        [all_or_none, in_decimals],
    ),
}  # fmt: skip
