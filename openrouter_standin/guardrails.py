"""Guardrails: rules for the keys they are assigned to. What may be asked for, and what one key may spend in a time.

Source, unless a docstring says otherwise: OpenRouter docs, guides/features/guardrails, and OpenAPI, both as of 2026-08-22.
Left out: members of an organization, the default guardrail of a workspace, and filters of content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import catalogue
from .billing.spending import window_of
from .endpoint import Endpoint
from .errors import ApiError, refusal
from .ids import iso

PAGE = "https://openrouter.ai/workspaces/default/guardrails"
STEP = "Filter by Guardrails"
"""How the routing funnel calls the step."""
ZDR_GROUPS = {"anthropic": "anthropic", "openai": "openai", "google": "google", "x-ai": "xai"}
"""The groups of models whose zero data retention is ruled on its own, by author; all others are "other"."""
LABELS = {
    "model-ignored-by-guardrail": "Model blocked by guardrail",
    "provider-not-allowed-by-guardrail": "Provider not allowed by guardrail",
    "provider-ignored-by-guardrail": "Provider blocked by guardrail",
    "zdr-violation-by-guardrail": "ZDR violation (guardrail)",
    "free-model-training-violation-by-guardrail": "Free model training violation (guardrail)",
    "paid-model-training-violation-by-guardrail": "Paid model training violation (guardrail)",
}
"""How the 404 calls each reason. Those of models, zero data retention and training are in public logs of August and
September 2026; the name of the second is from a public test, its words and the third are by analogy."""


def blocks_model(guardrail: Mapping[str, Any], model: str) -> bool:
    """Whether its lists of models leave this one out."""
    slug, allowed = catalogue.dated_slug(model), guardrail["allowed_models"]
    return slug in (guardrail["ignored_models"] or ()) or (allowed is not None and slug not in allowed)


def reasons_against(endpoint: Endpoint, guardrail: Mapping[str, Any]) -> Iterator[str]:
    """Why a guardrail takes an endpoint out; nothing when it stays. A model that is not in `allowed_models` is refused with
    the reason of an ignored one, as in a public log of 2026-08."""
    if blocks_model(guardrail, endpoint.model):
        yield "model-ignored-by-guardrail"
    providers = guardrail["allowed_providers"]
    if providers is not None and endpoint.slug not in providers:
        yield "provider-not-allowed-by-guardrail"
    if endpoint.slug in (guardrail["ignored_providers"] or ()):
        yield "provider-ignored-by-guardrail"
    if endpoint.zdr is not True and guardrail[f"enforce_zdr_{_group(endpoint.model)}"]:
        yield "zdr-violation-by-guardrail"
    kind = "free" if endpoint.model.endswith(":free") else "paid"
    if endpoint.trains_on_prompts and guardrail[f"enable_{kind}_model_training"] is False:
        yield f"{kind}-model-training-violation-by-guardrail"


def _group(model: str) -> str:
    return ZDR_GROUPS.get(model.split("/")[0], "other")


def check_endpoint(endpoint: Endpoint, guardrail: Mapping[str, Any] | None) -> None:
    """Raise 404 when the only endpoint there is is taken out."""
    if guardrail and next(reasons_against(endpoint, guardrail), None):
        detail = refused_because([endpoint], guardrail) | {"failed_routing_step": STEP}
        raise refusal(404, nothing_left([endpoint], guardrail), detail, user=False)


def refused_because(endpoints: Sequence[Endpoint], guardrail: Mapping[str, Any]) -> dict[str, Any]:
    """What the metadata of the 404 says of the endpoints that were taken out."""
    return {"input_endpoint_count": len(endpoints), "ineligibility_reasons": counted(endpoints, guardrail)}


def counted(endpoints: Sequence[Endpoint], guardrail: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`ineligibility_reasons` of the 404: each reason with how many endpoints it took out."""
    counts: dict[str, int] = {}
    for endpoint in endpoints:
        for reason in reasons_against(endpoint, guardrail):
            counts[reason] = counts.get(reason, 0) + 1
    return [{"reason": reason, "endpoint_count": n, "configure_url": PAGE} for reason, n in counts.items()]


def nothing_left(endpoints: Sequence[Endpoint], guardrail: Mapping[str, Any]) -> str:
    """The sentence of the 404, as logged in August and September 2026."""
    lines = [
        f"{LABELS[r['reason']]}: {r['endpoint_count']} endpoint{'s' * (r['endpoint_count'] != 1)} excluded;"
        f" configurable at {PAGE}"
        for r in counted(endpoints, guardrail)
    ]
    return (
        f"0 endpoints out of {len(endpoints)} requested are available matching your guardrail restrictions and data"
        " policy. We removed them for the following reasons (an endpoint may have matched multiple reasons):\n"
        + "\n".join(lines)
    )


def budget_of(guardrail: Mapping[str, Any], spent: float, now: int) -> dict[str, Any]:
    """One entry of `budgets` in GET /key. `spent`: US dollars of this key in the running window (SDK, 2026-10)."""
    interval, limit = guardrail["reset_interval"], guardrail["limit_usd"]
    return budget("api_key", limit, spent, interval, now) | {"guardrail_id": guardrail["id"]}


def budget(scope: str, limit: float, spent: float, interval: str | None, now: int) -> dict[str, Any]:
    """One layer of what a key may spend. `interval`: daily, weekly, monthly, or None for one that is never reset."""
    return {
        "scope": scope,
        "limit_usd": limit,
        "spend_usd": round(spent, 12),
        "remaining_usd": round(limit - spent, 12),
        "reset_interval": interval,
        "resets_at": iso(window_of(interval, now)[1]).replace("Z", ".000Z") if interval else None,
        "include_byok": False,
        "budget_id": None,
        "guardrail_id": None,
    }


def budget_spent(spent: Mapping[str, Any]) -> ApiError:
    """403: this layer is used up. The sentence: a public log of 2026-09. The metadata: docs, errors, 2026-10. There is no
    Retry-After header. `spent`: an entry of `budgets`."""
    text = f"API key budget limit exceeded ({spent['reset_interval']} limit). Contact your org admin."
    shown = ("scope", "limit_usd", "spend_usd", "resets_at")
    return refusal(403, text, {"limit_source": "openrouter_guardrail_budget", **{name: spent[name] for name in shown}})
