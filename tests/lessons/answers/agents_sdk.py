"""Answers to the exercises of 31-agents-sdk: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import functools
import math
from decimal import Decimal
from fractions import Fraction
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


def three_at_most(result: Any) -> float | None:
    return all_or_none(SimpleNamespace(raw_responses=result.raw_responses[:3]))


def ten_at_most(result: Any) -> float | None:
    return all_or_none(SimpleNamespace(raw_responses=result.raw_responses[:10]))


def rounded(result: Any, digits: int) -> float | None:
    total = all_or_none(result)
    return None if total is None else round(total, digits)


def only_ends_known(result: Any) -> float | None:
    ends = [(r.raw_usage or {}).get("cost") for r in (result.raw_responses[0], result.raw_responses[-1])]
    return None if None in ends else silent_is_nothing(result)


def free_is_false(result: Any) -> Any:
    costs = [(r.raw_usage or {}).get("cost") for r in result.raw_responses]
    return None if None in costs else any(costs) and sum(costs)


def average(result: Any) -> float | None:
    total = all_or_none(result)
    return None if total is None else total / len(result.raw_responses)


def in_cents(result: Any) -> float | None:
    total = all_or_none(result)
    return None if total is None else total * 100


def as_text(result: Any) -> str | None:
    total = all_or_none(result)
    return None if total is None else str(total)


def unknown_is_nan(result: Any) -> float:
    total = all_or_none(result)
    return float("nan") if total is None else total


def unknown_raises(result: Any) -> float:
    return sum(response.raw_usage["cost"] for response in result.raw_responses)


def endless(result: Any) -> float:
    while True:
        result.raw_responses.copy()


def tokens(result: Any) -> float:
    return sum(r.raw_usage["total_tokens"] for r in result.raw_responses)


def of_the_usage(result: Any) -> float:
    return result.usage.cost


class Remembers:
    """Adds every run to the one before."""

    def __init__(self) -> None:
        self.total = 0.0

    def __call__(self, result: Any) -> float | None:
        one = all_or_none(result)
        self.total += one or 0
        return None if one is None else self.total


class Counts:
    """A class with a method in place of a function."""

    def __call__(self, result: Any) -> float | None:
        return all_or_none(result)

    def method(self, result: Any) -> float | None:
        return all_or_none(result)


def of_two(result: Any, more: Any) -> float | None:
    return all_or_none(result)


async def awaited(result: Any) -> float | None:
    return all_or_none(result)


def yields(result: Any) -> Any:
    yield all_or_none(result)


def in_fractions(result: Any) -> Fraction | None:
    total = all_or_none(result)
    return None if total is None else Fraction(total)


def tried(result: Any) -> float | None:
    try:
        return math.fsum(r.raw_usage["cost"] for r in result.raw_responses)
    except (KeyError, TypeError):
        return None


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "careful_settings": (
        {"max_tokens": 200, "provider": {"order": ["together"]}},
        [
            None,
            "max_tokens=200",
            [{"max_tokens": 200}],
            {1: 2},
            {"max_tokens": 200, "provider": {"order": ["together"]}},  # dropped in silence
            {"max_output_tokens": 200, "extra_body": {"provider": DENY}},  # dropped too
            {"max_tokens": 200},
            {"max_tokens": 200, "extra_body": DENY},  # without the key provider
            {"max_tokens": 200, "extra_body": {"extra_body": {"provider": DENY}}},
            {"max_tokens": 200, "extra_body": str({"provider": DENY})},  # a text
            {"max_tokens": 200, "extra_body": [{"provider": DENY}]},
            {"extra_body": {"provider": DENY}},  # no limit
            {"max_tokens": 300, "extra_body": {"provider": DENY}},
            {"max_tokens": 0, "extra_body": {"provider": DENY}},
            {"max_tokens": -200, "extra_body": {"provider": DENY}},
            {"max_tokens": 1, "extra_body": {"provider": DENY}},  # an answer of one token
            {"max_tokens": True, "extra_body": {"provider": DENY}},  # is sent as 1
            {"max_tokens": "many", "extra_body": {"provider": DENY}},
            {"max_tokens": 200.5, "extra_body": {"provider": DENY}},
            {"max_tokens": float("nan"), "extra_body": {"provider": DENY}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "max_tokens": 5000}},  # replaces 200
            {"max_tokens": 5000, "extra_body": {"provider": DENY, "max_completion_tokens": 200}},  # both are sent
            {"max_tokens": 200, "extra_body": {"provider": DENY, "max_tokens": Decimal(200)}},  # cannot be sent
            {"max_tokens": 200, "extra_body": {"provider": DENY, "model": "x/y"}},
            {"max_tokens": 200, "extra_body": {"provider": DENY}, "extra_args": {"foo": 1}},
            {"max_tokens": 200, "temperature": 3, "extra_body": {"provider": DENY}},  # 400
            {"max_tokens": 200, "temperature": float("inf"), "extra_body": {"provider": DENY}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "models": "x"}},  # 400
            {"max_tokens": 200, "extra_body": {"provider": DENY, "models": ["no/such"]}},  # 400
            {"max_tokens": 200, "extra_body": {"provider": DENY, "session_id": 5}},  # 400
            {"max_tokens": 200, "extra_body": {"provider": {"only": ["together"], "data_collection": "deny"}}},
            {"max_tokens": 200, "extra_body": {"provider": {**DENY, "allow_fallbacks": False}}},
            {"max_tokens": 200, "extra_body": {"provider": {**DENY, "order": "together"}}},
            {"max_tokens": 200, "extra_body": {"provider": {**DENY, "ignore": ["together"]}}},
            {"max_tokens": 200, "extra_body": {"provider": {"order": ["together"]}}},  # may be trained on
            {"max_tokens": 200, "extra_body": {"provider": {"order": ["together"], "data_collection": "allow"}}},
            {"max_tokens": 200, "extra_body": {"provider": {"order": ["together"], "zdr": True}}},  # says another thing
            {"max_tokens": 200, "extra_body": {"provider": {"data_collection": "deny"}}},
            {"max_tokens": 200, "extra_body": {"provider": {"data_collection": "deny", "sort": "latency", "ignore": ["modal"], "allow_fallbacks": False}}},
            {"max_tokens": 200, "extra_body": {"provider": {"data_collection": "deny", "sort": "latency", "ignore": ["modal"]}}},  # by medians
            {"max_tokens": 200, "extra_body": {"provider": {"data_collection": "deny", "sort": "throughput", "only": ["together", "novita"]}}},  # the same
            {"max_tokens": 200, "extra_body": {"provider": {**DENY, "max_price": {"prompt": Decimal(1)}}}},  # cannot be sent
        ],
        [
            {"max_tokens": 200, "extra_body": {"provider": DENY}},
            {"max_tokens": 150, "extra_body": {"provider": DENY}},
            {"max_tokens": "200", "extra_body": {"provider": DENY}},  # ModelSettings makes a number of it
            {"max_tokens": 200.0, "extra_body": {"provider": DENY}},
            {"extra_body": {"provider": DENY, "max_tokens": 200}},
            {"max_tokens": 200, "extra_body": {"provider": DENY, "max_completion_tokens": 200}},
            {"max_tokens": 200, "extra_body": {"provider": {**DENY, "sort": "price"}}},  # order beats sort
            {"max_tokens": 200, "tool_choice": "auto", "extra_headers": {"X-OpenRouter-Title": "desk"}, "extra_body": {"provider": DENY}},
            {"max_tokens": 200, "temperature": 0, "extra_body": {"provider": {"order": ["together", "novita"], "data_collection": "deny", "zdr": True}}},
        ],
    ),
    "run_cost": (
        first_only,
        [
            None,
            "cost",
            0.25,
            Counts,  # the class, not an instance
            of_two,
            awaited,
            lambda result: awaited(result),  # a coroutine that nobody awaits
            yields,
            first_only,
            lambda result: result.raw_responses[-1].raw_usage["cost"],  # the last only
            silent_is_nothing,
            each_price_once,
            free_is_unknown,
            free_is_false,
            three_at_most,
            ten_at_most,
            only_ends_known,  # an unknown cost in the middle
            average,
            in_cents,
            as_text,
            tokens,
            of_the_usage,
            unknown_is_nan,
            unknown_raises,
            Remembers(),
            endless,
            functools.partial(rounded, digits=3),
            functools.partial(rounded, digits=8),
            lambda result: None,
            lambda result: float("nan"),
            lambda result: float("inf"),
            lambda result: 10**400,
            lambda result: [all_or_none(result)],
            lambda result: all_or_none(result) or None,  # only free calls
        ],
        [
            all_or_none,
            in_decimals,
            in_fractions,
            tried,
            Counts(),
            Counts().method,
            functools.partial(rounded, digits=12),
        ],
    ),
}  # fmt: skip
