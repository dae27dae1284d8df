"""GET /key, /credits and /generation: the key, the money, one answer's record."""

from __future__ import annotations

from typing import Any

from ..billing.spending import INTERVALS
from ..errors import FREE_A_DAY, Response, ok, refusal
from ..http_request import HttpRequest
from ..state import OWN_KEY, State


def get_key(http: HttpRequest, state: State) -> Response:
    """What the key may still spend. Fields as documented for GET /key, autumn 2026.

    Of a key that POST /keys made, label, limit and usage are its own, and `budgets` lists every layer that is checked: its
    guardrail's, then its own limit (official SDK, 2026-10). Any other key lists none here; its limit holds all the same.
    """
    state.refresh(http.key)
    made_here = state.keys.get(http.key)
    spent = {interval: round(state.spent_within(http.key, interval), 10) for interval in INTERVALS}
    left, _ = state.key_budget(http.key)
    budgets = state.budgets_of(http.key) if made_here else []
    account = state.account_of(http.key)
    data = {
        "label": OWN_KEY,
        "is_management_key": False,
        "is_provisioning_key": False,
        "limit": state.limit,
        "limit_reset": state.limit_reset,
        "limit_remaining": None if left is None else round(left, 10),
        "include_byok_in_limit": False,
        "usage": round(state.usage, 10),
        **{f"usage_{interval}": dollars for interval, dollars in spent.items()},
        "byok_usage": 0,
        "byok_usage_daily": 0,
        "byok_usage_weekly": 0,
        "byok_usage_monthly": 0,
        "is_free_tier": not account.paid,
        "expires_at": None,
        "creator_user_id": None,
        "organization_id": None,
        "workspace_id": None,
        "allowed_data_regions": ["global"],
        "budgets": budgets,
        "effective_budget": _first_to_block(budgets),
        "free_model_daily_requests": {
            "used": len(account.free_times),
            "limit": FREE_A_DAY,
            "remaining": max(0, FREE_A_DAY - len(account.free_times)),
        },
        "rate_limit": {"requests": -1, "interval": "10s", "note": "This field is deprecated and safe to ignore."},
    }
    return ok({"data": data | {k: made_here[k] for k in data if k in made_here} if made_here else data})


def _first_to_block(budgets: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The layer that is spent, else the one with the least left; None when nothing is limited (official SDK, 2026-10)."""
    spent = [layer for layer in budgets if layer["remaining_usd"] <= 0]
    return spent[0] if spent else min(budgets, key=lambda layer: layer["remaining_usd"], default=None)


def get_credits(http: HttpRequest, state: State) -> Response:
    """What was bought and what is spent, in US dollars, by the account whose key asks."""
    account = state.account_of(http.key)
    return ok({"data": {"total_credits": account.credits, "total_usage": round(account.usage, 10)}})


def get_generation(http: HttpRequest, state: State) -> Response:
    """One generation, as soon as it is made. (The real service needs a minute or more.)"""
    identity = http.query.get("id", "")
    found = state.generation(identity)
    if not found:
        raise refusal(404, f"Generation {identity} not found")
    return ok({"data": found})
