"""Which endpoints stay. One filter after another; the first that leaves no endpoint decides the error.

Each filter looks at one endpoint and answers `Excluded`, `Unknown` (no public fact decides: the endpoint stays) or None.
Source, unless a docstring says otherwise: OpenRouter docs, guides/routing/provider-selection, as of 2026-08-22.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..endpoint import Endpoint
from ..guardrails import LABELS, STEP, nothing_left, reasons_against
from .query import RoutingQuery

ROUTING_PAGE = "https://openrouter.ai/docs/guides/routing/provider-selection"
# Request fields that only some endpoints support. response_format filters on its own (when someone supports it),
# tools always; the rest only with require_parameters.
SOFT = ("response_format",)
PARAMETERS = (
    "temperature", "top_p", "top_k", "min_p", "top_a", "seed", "stop", "logprobs", "top_logprobs", "logit_bias",
    "frequency_penalty", "presence_penalty", "repetition_penalty", "tools", "tool_choice", "response_format",
    "reasoning", "verbosity", "prediction", "parallel_tool_calls", "max_completion_tokens",
)  # fmt: skip


@dataclass(frozen=True)
class Excluded:
    """One endpoint that is out: the field that caused it and the reason in words."""

    endpoint: Endpoint
    field: str
    reason: str


@dataclass(frozen=True)
class Unknown:
    """A question about an endpoint that no public fact answers. The endpoint stays in the plan."""

    endpoint: Endpoint
    field: str
    reason: str


Verdict = Excluded | Unknown | None
Filter = Callable[[Endpoint, Sequence[Endpoint], RoutingQuery], Verdict]
"""Takes one endpoint, all that are left, and what was asked."""


def by_tier(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """Tier endpoints need an opt-in: their full tag, `service_tier`, or `:nitro` / `:floor` without `order`.

    `service_tier: "flex"` never falls back to the default tier, unless the model has no flex endpoint. "fast" is another name
    for "priority"; "default" takes back what `:nitro` and `:floor` let in.
    """
    asked, wants = query.request.get("service_tier"), query.wants
    asked = "priority" if asked == "fast" else asked
    if asked == "flex" and e.tier != "flex" and any(other.tier == "flex" for other in rows):
        return Excluded(e, "service_tier", "flex does not fall back to the default tier")
    if not e.tier:
        return None
    tags = [n.strip().lower() for n in (*wants.get("order", ()), *wants.get("only", ())) if "/" in n]
    named = not e.names.isdisjoint(tags)
    opened = {"nitro": "priority", "floor": "flex"}.get(query.suffix)
    if "order" in wants or asked == "default":
        opened = None
    if named or e.tier in (asked, opened):
        return None
    return Excluded(e, "service_tier", f"the {e.tier} tier was not asked for")


def by_allowed(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """`only` narrows within the account's list."""
    if "only" in query.wants and not query.names(e, query.wants["only"]):
        return Excluded(e, "only", "not in only")
    if query.account.get("only") and not query.names(e, query.account["only"]):
        return Excluded(e, "only", "not allowed account-wide")
    return None


def by_ignored(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """`ignore` is merged with the account's."""
    if "ignore" in query.wants and query.names(e, query.wants["ignore"]):
        return Excluded(e, "ignore", "ignored")
    if query.account.get("ignore") and query.names(e, query.account["ignore"]):
        return Excluded(e, "ignore", "ignored account-wide")
    return None


def by_fallback(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """With `order` and without fallbacks only what `order` names is tried."""
    if (
        "order" in query.wants
        and query.wants.get("allow_fallbacks") is False
        and not query.names(e, query.wants["order"])
    ):
        return Excluded(e, "order", "not in order, and allow_fallbacks is off")
    return None


def by_quantization(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    if "quantizations" not in query.wants or e.quantization in query.wants["quantizations"]:
        return None
    return Excluded(e, "quantizations", f"{e.quantization} is not in quantizations")


def by_policy(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """`zdr` can only add to the account's setting, never loosen it. The service knows more than the public lists: a
    policy that it does not know counts as one that trains and keeps (docs, zero data retention, 2026-10)."""
    unknown = []
    if query.wants.get("data_collection") == "deny" and e.trains_on_prompts is not False:
        if e.trains_on_prompts:
            return Excluded(e, "data_collection", "may collect prompts")
        unknown.append(("data_collection", "no public field says whether it collects prompts"))
    if (query.wants.get("zdr") or query.account.get("zdr")) and e.zdr is not True:
        if e.zdr is False:
            return Excluded(e, "zdr", "keeps data for a time")
        unknown.append(("zdr", "not looked up in GET /endpoints/zdr"))
    if not unknown:
        return None
    return Unknown(e, " and ".join(field for field, _ in unknown), ", and ".join(reason for _, reason in unknown))


def by_distillation(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    if not query.wants.get("enforce_distillable_text") or e.distillable:
        return None
    if e.distillable is None:
        return Unknown(e, "enforce_distillable_text", "no public field says whether the author allows it")
    return Excluded(e, "enforce_distillable_text", "its author has not allowed distillation")


def by_price(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """A hard limit on every price named. At exact equality docs (keep) and reports (404) differ: unknown."""
    for kind, limit in query.wants.get("max_price", {}).items():
        price = getattr(e, kind, None) if kind in ("prompt", "completion", "request", "image") else None
        if price is not None and price > limit:
            return Excluded(e, "max_price", f"{kind} ${_money(price)} > ${_money(limit)}")
        if price is not None and price == limit:
            reason = f"{kind} ${_money(price)} equals the limit: docs say it stays, reports say it goes"
            return Unknown(e, "max_price", reason)
    return None


def by_guardrail(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """What the guardrail of the key takes out. It comes after the price: a public log of 2026-09 says so."""
    rules = query.account.get("guardrail")
    reasons = list(reasons_against(e, rules)) if rules else []
    return Excluded(e, "guardrail", ", ".join(LABELS[reason] for reason in reasons)) if reasons else None


def by_tools(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """A request with function tools needs an endpoint that takes tools; a forced one also needs `tool_choice`.

    The page calls tools a soft preference; 58 recorded requests of 2025 and 2026 for models without any such endpoint
    got a 404, so it is what happens here. `tool_choice`: recorded 404 of 2025.
    """
    if not query.functions or e.parameters is None:
        return None
    if "tools" not in e.parameters:
        return Excluded(e, "tools", "does not support tools")
    forced = query.request.get("tool_choice") not in (None, "auto", "none")
    if forced and "tool_choice" not in e.parameters:
        return Excluded(e, "tool_choice", "does not support this tool_choice")
    return None


def by_parameters(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    """With `require_parameters` every field must be supported. response_format excludes on its own, but only when some
    endpoint of the model supports it."""
    if e.parameters is None:
        return None
    strict = query.wants.get("require_parameters") is True
    for name in PARAMETERS:
        if query.request.get(name) is None or name in e.parameters:
            continue
        supported_elsewhere = any(o.parameters and name in o.parameters for o in rows if o.model == e.model)
        if strict or (name in SOFT and supported_elsewhere):
            return Excluded(e, "require_parameters" if strict else name, f"does not support {name}")
    return None


def by_length(e: Endpoint, rows: Sequence[Endpoint], query: RoutingQuery) -> Verdict:
    asked = query.request.get("max_tokens") or query.request.get("max_completion_tokens")
    if not isinstance(asked, int) or e.max_completion_tokens is None or asked <= e.max_completion_tokens:
        return None
    return Excluded(e, "max_tokens", f"answers at most {e.max_completion_tokens:,} tokens, {asked:,} asked")


FALLBACK = "Filter by Fallback"
FILTERS: tuple[tuple[str, Filter], ...] = (
    ("Filter by Tier Endpoint Rows", by_tier),
    ("Filter by Allowed Providers", by_allowed),
    ("Filter by Ignored Providers", by_ignored),
    ("Filter by Quantization", by_quantization),
    ("Filter by Data Policy", by_policy),
    ("Filter by Distillation Permission", by_distillation),
    ("Filter by Max Price", by_price),
    (STEP, by_guardrail),
    ("Filter by Tool Compatibility", by_tools),
    ("Filter by Parameters", by_parameters),
    ("Filter by Max Tokens", by_length),
    (FALLBACK, by_fallback),
)
"""In the order in which the routing funnel of `openrouter_metadata` names them."""
LEARN_MORE = f" To learn more about provider routing, visit: {ROUTING_PAGE}"


def message_of(step: str, rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    """The service's sentence when this step leaves none of `rows`, as recorded, documented or logged (to October 2026)."""
    return SENTENCES.get(step, _parameters_not_met)(rows, query)


def _parameters_not_met(rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    return f"No endpoints found that can handle the requested parameters.{LEARN_MORE}"


def _all_ignored(rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    page = "https://openrouter.ai/settings/privacy"
    return f"All providers have been ignored. To change your default ignored providers, visit: {page}"


def _no_quantization(rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    wanted = ",".join(query.wants["quantizations"])
    return f"No endpoints found for the request with quantization: {wanted}.{LEARN_MORE}"


def _policy_not_met(rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    zero = "Zero data retention" if query.wants.get("zdr") else "Paid model training"
    kind = "Free model training" if query.suffix == "free" else zero
    return f"No endpoints found matching your data policy ({kind}). Configure: https://openrouter.ai/settings/privacy"


def _too_dear(rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    return "No endpoints found that satisfy the max price for this request"


def _no_tools(rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    """Names a tool to try without since April 2026 (Kilo#9006)."""
    if any(e.parameters and "tools" in e.parameters for e in rows):
        return f"No endpoints found that support the provided 'tool_choice' value.{LEARN_MORE}"
    return f'No endpoints found that support tool use. Try disabling "{query.functions[0]}".{LEARN_MORE}'


def _not_in_order(rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    """Logs since October 2026 go on with which step removed which endpoint; those before it end here."""
    return f"No endpoints found for {query.model or rows[0].model}."


def _not_allowed(rows: Sequence[Endpoint], query: RoutingQuery) -> str:
    text = "No allowed providers are available for the selected model."
    if "only" in query.wants:
        serving = ", ".join(dict.fromkeys(e.slug for e in rows))
        text += (
            f" Providers serving {rows[0].model}: {serving}, but your request's provider.only preference"
            f" permits only: {', '.join(query.wants['only'])}."
        )
    return text


SENTENCES: dict[str, Callable[[Sequence[Endpoint], RoutingQuery], str]] = {
    "Filter by Allowed Providers": _not_allowed,
    "Filter by Ignored Providers": _all_ignored,
    "Filter by Quantization": _no_quantization,
    "Filter by Data Policy": _policy_not_met,
    "Filter by Max Price": _too_dear,
    STEP: lambda rows, query: nothing_left(rows, query.account["guardrail"]),
    "Filter by Tool Compatibility": _no_tools,
    FALLBACK: _not_in_order,
}


def _money(value: Decimal) -> str:
    return format(value.normalize(), "f")
