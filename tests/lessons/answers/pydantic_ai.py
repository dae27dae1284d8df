"""Answers to the exercises of 32-pydantic-ai: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

PAIR = {"order": ["together", "fireworks"], "allow_fallbacks": False}
EXACT = r"^[A-Z]-\d+$"


def made_class(**fields: Any) -> type:
    from pydantic import create_model

    return create_model("Refund", **fields)


def order_is(pattern: str) -> Any:
    from pydantic import Field

    return (str, Field(pattern=pattern))


def euros_from(low: int | None, high: int | None, kind: Any = int, default: Any = ...) -> Any:
    from pydantic import Field

    return (kind, Field(default, ge=low, le=high))


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "settings_arrive": (
        {"max_tokens": 1000, "extra_body": {"order": ["together", "fireworks"]}},
        [
            {"openrouter_order": ["together"]},
            {"openrouter_provider": PAIR},
            {"openrouter_provider": {"order": ["together", "fireworks"]}, "openrouter_reasoning": {"effort": "low"}},
            {"openrouter_provider": {"order": ["fireworks", "together"], "allow_fallbacks": False}},
            {"openrouter_provider": {"provider": {}}},
            {"extra_body": {"provider": PAIR, "reasoning": {"effort": "low"}}},
            {"openrouter_provider": PAIR, "openrouter_reasoning": {"effort": "low", "max_tokens": 100}},
            {"openrouter_provider": PAIR, "openrouter_reasoning": {"effort": "low", "enabled": False}},
            {("a",): 1},
            {"openrouter_provider": {"only": ["together", "fireworks"], "sort": "latency"}, "openrouter_reasoning": {"effort": "low"}},
        ],
        [
            {"openrouter_provider": PAIR, "openrouter_reasoning": {"effort": "low"}},
            {"openrouter_provider": {"order": ["together", "fireworks"], "only": ["together", "fireworks"]}, "openrouter_reasoning": {"effort": "low"}},
            {"openrouter_provider": PAIR, "thinking": "low"},
        ],
    ),
    "refund_class": (
        made_class(order=(str, ...), euros=(int, ...)),
        [
            made_class(order=order_is(EXACT), euros=(int, ...)),
            made_class(order=(str, ...), euros=euros_from(1, 100)),
            made_class(order=order_is(EXACT), euros=euros_from(None, 100)),
            *(made_class(order=order_is(p), euros=euros_from(1, 100)) for p in (r"[A-Z]-\d+", r"^[A-Z]-\d+", r"^[A-Za-z]-\d+$", r"^[A-Z]+-\d+$", r"^[A-Z]-\d*$", "^[A-Z]-.+$", "^B", r"^[A-Z]-?[0-9]+$", r"^[A-Z].[0-9]+$", r"^[A-Z][- ][0-9]+$", r"^[A-Z]\W*[0-9]+$", r"^[A-Z]-[0-9]{1,6}$", r"^[A-Z]-+[0-9]+$", r"^[A-Z]-[0-9-]+$", r"^[A-Z]-.*[0-9]$")),
            made_class(order=order_is(EXACT), amount=euros_from(1, 100)),
            made_class(order=order_is(EXACT), euros=euros_from(1, 100, float)),
            made_class(order=order_is(EXACT), euros=euros_from(1, 100, int | None)),
            made_class(order=order_is(EXACT), euros=euros_from(1, 100, default=5)),
            made_class(order=("Ordr", ...), euros=euros_from(1, 100)),
            {"order": "A-17"},
        ],
        [
            made_class(order=order_is(EXACT), euros=euros_from(1, 100)),
            made_class(order=order_is("^[A-Z]-[0-9]{1,9}$"), euros=euros_from(1, 100)),
        ],
    ),
}  # fmt: skip
