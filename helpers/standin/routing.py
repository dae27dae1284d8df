"""The documented routing rules, in one function: which endpoints stay, in which order, why the others are out.

Source of every rule, unless its docstring says otherwise: OpenRouter docs, guides/routing/provider-selection, as of
2026-08-22. Where no public page decides, the plan says `unknown` instead of guessing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from .endpoint import Endpoint

ROUTING_PAGE = "https://openrouter.ai/docs/guides/routing/provider-selection"
SORTS = ("price", "throughput", "latency", "exacto")
QUANTIZATIONS = ("int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32", "unknown")
FIELDS = (
    "order",
    "only",
    "ignore",
    "allow_fallbacks",
    "quantizations",
    "sort",
    "max_price",
    "data_collection",
    "zdr",
    "require_parameters",
    "preferred_min_throughput",
    "preferred_max_latency",
    "enforce_distillable_text",
)
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


@dataclass
class Plan:
    """What would happen to a request.

    `groups` holds the endpoints that stay: one group is tried after another, and within a group the order is
    not decided by any published rule. `notes` says what to know about the order.
    """

    groups: list[list[Endpoint]] = field(default_factory=list)
    out: list[Excluded] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    funnel: list[tuple[str, int]] = field(default_factory=list)
    failed_step: str | None = None
    error: tuple[int, str] | None = None
    attempts: int | None = None

    @property
    def kept(self) -> list[Endpoint]:
        """Every endpoint that stays, group after group."""
        return [endpoint for group in self.groups for endpoint in group]

    @property
    def first(self) -> list[Endpoint]:
        """The endpoints that may be tried first: one when the order is decided, several when it is drawn."""
        return self.groups[0] if self.groups else []

    @property
    def ordered(self) -> bool:
        """Whether the whole order of attempts is decided."""
        return all(len(group) == 1 for group in self.groups)


class BadPreference(ValueError):
    """A `provider` field of a wrong type or value, as one sentence that names the field."""


def plan(
    endpoints: Sequence[Endpoint | Mapping[str, Any]],
    provider: Mapping[str, Any] | None = None,
    model: str = "",
    models: Sequence[str] = (),
    account: Mapping[str, Any] | None = None,
    previous: str | None = None,
    **request: Any,
) -> Plan:
    """Apply the routing rules to the endpoints of one or several models.

    `endpoints`: elements of `data.endpoints` of GET /models/{id}/endpoints, or `Endpoint` objects.
    `provider`: the request's routing object. `model`: the id asked for, with its suffix (`:nitro`, `:floor`, `:exacto`).
    `models`: the fallback list, first model first. `account`: account-wide `only`, `ignore`, `zdr`.
    `previous`: the tag that served this session before (sticky routing). Any other field of the request
    (`tools`, `max_tokens`, `service_tier`, …) filters as the docs say.

    Raises `BadPreference` where the service would answer 400.
    """
    wants = check_preferences({} if provider is None else provider)
    rows = [_endpoint(e, model) for e in endpoints]
    result = Plan(funnel=[("Initial Endpoints", len(rows))])
    suffix = _suffix(model or "")
    rows = _filter(rows, wants, account or {}, suffix, request, result)
    if not rows:
        return result
    result.groups = _order(rows, wants, suffix, models, request, result)
    _stick(result, wants, previous, request)
    _limit(result, wants)
    return result


def _suffix(model: str) -> str:
    """The suffix that routing looks at; suffixes combine, and the last one that sorts wins (docs, model variants)."""
    found = model.split(":")[1:]
    return next((s for s in reversed(found) if s in ("nitro", "floor", "exacto")), found[-1] if found else "")


def _endpoint(row: Endpoint | Mapping[str, Any], model: str) -> Endpoint:
    if isinstance(row, Endpoint):
        return row
    if not isinstance(row, Mapping) or not (row.get("tag") or row.get("provider_name")):
        raise BadPreference(
            'plan takes the list of endpoints: reply["data"]["endpoints"] of GET /models/{id}/endpoints'
        )
    return Endpoint.from_public(row, model)


def check_preferences(provider: Mapping[str, Any]) -> dict[str, Any]:
    """Check types as the service does (unknown fields are ignored, wrong types refused); drop fields set to null."""
    if not isinstance(provider, Mapping):
        raise BadPreference(f"provider takes an object, not {provider!r}")
    wants = {k: v for k, v in provider.items() if k in FIELDS and v is not None}
    for name in ("order", "only", "ignore", "quantizations"):
        if name in wants and not (
            isinstance(wants[name], list | tuple) and all(isinstance(s, str) for s in wants[name])
        ):
            raise BadPreference(f"provider.{name} takes a list of strings, not {wants[name]!r}")
    for bad in [q for q in wants.get("quantizations", ()) if q not in QUANTIZATIONS]:
        raise BadPreference(f"provider.quantizations knows no {bad!r}; it takes {', '.join(QUANTIZATIONS)}")
    for name in ("allow_fallbacks", "zdr", "require_parameters", "enforce_distillable_text"):
        if name in wants and not isinstance(wants[name], bool):
            raise BadPreference(f"provider.{name} takes true or false, not {wants[name]!r}")
    if wants.get("data_collection", "allow") not in ("allow", "deny"):
        raise BadPreference(f"provider.data_collection takes 'allow' or 'deny', not {wants['data_collection']!r}")
    _check_sort(wants.get("sort"))
    for name in ("preferred_min_throughput", "preferred_max_latency"):
        if name in wants:
            wants[name] = _cutoffs(name, wants[name])
    if "max_price" in wants:
        wants["max_price"] = _ceilings(wants["max_price"])
    return wants


def _check_sort(sort: Any) -> None:
    by = sort.get("by") if isinstance(sort, Mapping) else sort
    if by is not None and by not in SORTS:
        raise BadPreference(f"provider.sort takes {', '.join(SORTS)}, not {by!r}")
    if isinstance(sort, Mapping) and sort.get("partition") not in (None, "model", "none"):
        raise BadPreference(f"provider.sort.partition takes 'model' or 'none', not {sort['partition']!r}")


def _cutoffs(name: str, value: Any) -> dict[str, float]:
    """A plain number is the cutoff for p50."""
    cutoffs = value if isinstance(value, Mapping) else {"p50": value}
    for key, number in cutoffs.items():
        if key not in ("p50", "p75", "p90", "p99") or isinstance(number, bool) or not isinstance(number, int | float):
            raise BadPreference(f"provider.{name} takes a number or {{p50, p75, p90, p99}}, not {value!r}")
    return dict(cutoffs)


def _ceilings(value: Any) -> dict[str, Decimal]:
    if not isinstance(value, Mapping):
        raise BadPreference(f"provider.max_price takes an object such as {{'prompt': 0.5}}, not {value!r}")
    ceilings = {}
    for kind, limit in value.items():
        try:
            ceilings[kind] = Decimal(str(limit))
            if not 0 <= ceilings[kind] < Decimal("Infinity"):
                raise InvalidOperation
        except InvalidOperation:
            raise BadPreference(f"provider.max_price.{kind} takes dollars per million tokens, not {limit!r}") from None
    return ceilings


# --- who stays -------------------------------------------------------------------------------------------------------

Verdict = tuple[str, str, bool | None]  # field, reason, keep (None: unknown)


def _filter(
    rows: list[Endpoint],
    wants: dict[str, Any],
    account: Mapping[str, Any],
    suffix: str,
    request: Mapping[str, Any],
    result: Plan,
) -> list[Endpoint]:
    """Run the filters one after another; the first that leaves nobody decides the error."""
    for step, judge in _filters(rows, wants, account, suffix, request):
        kept = []
        for endpoint in rows:
            verdict = judge(endpoint)
            if verdict is None or verdict[2]:
                kept.append(endpoint)
            elif verdict[2] is None:
                kept.append(endpoint)
                result.unknown.append(Unknown(endpoint, verdict[0], verdict[1]))
            else:
                result.out.append(Excluded(endpoint, verdict[0], verdict[1]))
        if not kept:
            result.failed_step = step
            result.error = (404, _refusal(step, rows, wants, suffix))
            return []
        if len(kept) < len(rows):
            result.funnel.append((step, len(kept)))
        rows = kept
    return rows


def _filters(
    rows: list[Endpoint], wants: dict[str, Any], account: Mapping[str, Any], suffix: str, request: Mapping[str, Any]
) -> list[tuple[str, Callable[[Endpoint], Verdict | None]]]:
    return [
        ("Filter by Tier Endpoint Rows", lambda e: _by_tier(e, rows, wants, suffix, request)),
        ("Filter by Allowed Providers", lambda e: _by_name(e, wants, account)),
        ("Filter by Quantization", lambda e: _by_quantization(e, wants)),
        ("Filter by Data Policy", lambda e: _by_policy(e, wants, account)),
        ("Filter by Distillation Permission", lambda e: _by_distillation(e, wants)),
        ("Filter by Max Price", lambda e: _by_price(e, wants)),
        ("Filter by Tool Support", lambda e: _by_tools(e, request)),
        ("Filter by Tool Choice", lambda e: _by_tool_choice(e, request)),
        ("Filter by Parameters", lambda e: _by_parameters(e, rows, wants, request)),
        ("Filter by Max Tokens", lambda e: _by_length(e, request)),
    ]


def _by_tier(
    e: Endpoint, rows: list[Endpoint], wants: dict[str, Any], suffix: str, request: Mapping[str, Any]
) -> Verdict | None:
    """Tier endpoints need an opt-in: their full tag, `service_tier`, or `:nitro` / `:floor` without `order`.

    `service_tier: "flex"` never falls back to the default tier, unless the model has no flex endpoint.
    """
    asked = request.get("service_tier")
    if asked == "flex" and e.tier != "flex" and any(other.tier == "flex" for other in rows):
        return "service_tier", "flex does not fall back to the default tier", False
    if not e.tier:
        return None
    named = e.tag.lower() in [n.lower() for n in (*wants.get("order", ()), *wants.get("only", ()))]
    opened = {":nitro": "priority", ":floor": "flex"}.get(":" + suffix) if "order" not in wants else None
    return (
        None if named or e.tier in (asked, opened) else ("service_tier", f"the {e.tier} tier was not asked for", False)
    )


def _by_name(e: Endpoint, wants: dict[str, Any], account: Mapping[str, Any]) -> Verdict | None:
    """`only` narrows within the account's list; `ignore` is merged with the account's."""

    def named(names: Iterable[str]) -> bool:
        return any(e.named_by(n) for n in names)

    if "only" in wants and not named(wants["only"]):
        return "only", "not in only", False
    if account.get("only") and not named(account["only"]):
        return "only", "not allowed account-wide", False
    if named(wants.get("ignore", ())):
        return "ignore", "ignored", False
    if named(account.get("ignore", ())):
        return "ignore", "ignored account-wide", False
    if "order" in wants and wants.get("allow_fallbacks") is False and not named(wants["order"]):
        return "order", "not in order, and allow_fallbacks is off", False
    return None


def _by_quantization(e: Endpoint, wants: dict[str, Any]) -> Verdict | None:
    if "quantizations" not in wants or e.quantization in wants["quantizations"]:
        return None
    return "quantizations", f"{e.quantization} is not in quantizations", False


def _by_policy(e: Endpoint, wants: dict[str, Any], account: Mapping[str, Any]) -> Verdict | None:
    """`zdr` can only add to the account's setting, never loosen it."""
    if wants.get("data_collection") == "deny" and e.trains_on_prompts is not False:
        known = e.trains_on_prompts is None
        return (
            "data_collection",
            "no public field says whether it collects prompts" if known else "may collect prompts",
            None if known else False,
        )
    if (wants.get("zdr") or account.get("zdr")) and e.zdr is not True:
        return (
            "zdr",
            "not looked up in GET /endpoints/zdr" if e.zdr is None else "keeps data for a time",
            None if e.zdr is None else False,
        )
    return None


def _by_distillation(e: Endpoint, wants: dict[str, Any]) -> Verdict | None:
    if not wants.get("enforce_distillable_text") or e.distillable:
        return None
    if e.distillable is None:
        return "enforce_distillable_text", "no public field says whether the author allows it", None
    return "enforce_distillable_text", "its author has not allowed distillation", False


def _by_price(e: Endpoint, wants: dict[str, Any]) -> Verdict | None:
    """A hard limit on every price named. At exact equality docs (keep) and reports (404) differ: unknown."""
    for kind, limit in wants.get("max_price", {}).items():
        price = getattr(e, kind, None) if kind in ("prompt", "completion", "request", "image") else None
        if price is not None and price > limit:
            return "max_price", f"{kind} ${_money(price)} > ${_money(limit)}", False
        if price is not None and price == limit:
            return (
                "max_price",
                f"{kind} ${_money(price)} equals the limit: docs say it stays, reports say it goes",
                None,
            )
    return None


def _by_parameters(
    e: Endpoint, rows: list[Endpoint], wants: dict[str, Any], request: Mapping[str, Any]
) -> Verdict | None:
    """With `require_parameters` every field must be supported. response_format excludes on its own, but only when some
    endpoint of the model supports it."""
    if e.parameters is None:
        return None
    strict = wants.get("require_parameters") is True
    for name in PARAMETERS:
        if request.get(name) is None or name in e.parameters:
            continue
        supported_elsewhere = any(o.parameters and name in o.parameters for o in rows if o.model == e.model)
        if strict or (name in SOFT and supported_elsewhere):
            return "require_parameters" if strict else name, f"does not support {name}", False
    return None


def _by_tools(e: Endpoint, request: Mapping[str, Any]) -> Verdict | None:
    """A request with function tools needs an endpoint that takes tools.

    The page calls tools a soft preference; 58 recorded requests of 2025 and 2026 for models without any such endpoint
    got this 404, so it is what happens here.
    """
    functions = [
        t for t in request.get("tools") or [] if not isinstance(t, Mapping) or t.get("type", "function") == "function"
    ]
    if not functions or e.parameters is None or "tools" in e.parameters:
        return None
    return "tools", "does not support tools", False


def _by_tool_choice(e: Endpoint, request: Mapping[str, Any]) -> Verdict | None:
    """A forced tool needs an endpoint that takes tool_choice (recorded 404 of 2025)."""
    forced = request.get("tools") and request.get("tool_choice") not in (None, "auto", "none")
    if not forced or e.parameters is None or "tool_choice" in e.parameters:
        return None
    return "tool_choice", "does not support this tool_choice", False


def _by_length(e: Endpoint, request: Mapping[str, Any]) -> Verdict | None:
    asked = request.get("max_tokens") or request.get("max_completion_tokens")
    if not isinstance(asked, int) or e.max_completion_tokens is None or asked <= e.max_completion_tokens:
        return None
    return "max_tokens", f"answers at most {e.max_completion_tokens:,} tokens, {asked:,} asked", False


def _refusal(step: str, rows: list[Endpoint], wants: dict[str, Any], suffix: str) -> str:
    """The service's sentence for an empty list of candidates, as recorded or documented for each step."""
    if step == "Filter by Allowed Providers":
        serving = ", ".join(dict.fromkeys(e.slug for e in rows))
        text = "No allowed providers are available for the selected model."
        if "only" in wants:
            text += (
                f" Providers serving {rows[0].model}: {serving}, but your request's provider.only preference"
                f" permits only: {', '.join(wants['only'])}."
            )
        return text
    if step == "Filter by Data Policy":
        kind = (
            "Free model training"
            if suffix == "free"
            else "Zero data retention"
            if wants.get("zdr")
            else "Paid model training"
        )
        return (
            f"No endpoints found matching your data policy ({kind}). Configure: https://openrouter.ai/settings/privacy"
        )
    if step == "Filter by Tool Support":
        return "No endpoints found that support tool use. To learn more about provider routing, visit: " + ROUTING_PAGE
    if step == "Filter by Tool Choice":
        return (
            "No endpoints found that support the provided 'tool_choice' value. To learn more about provider routing,"
            " visit: " + ROUTING_PAGE
        )
    if step == "Filter by Max Price":
        return "No endpoints found that satisfy the max price for this request"
    return (
        "No endpoints found that can handle the requested parameters. To learn more about provider routing, visit: "
        + ROUTING_PAGE
    )


# --- in which order --------------------------------------------------------------------------------------------------

DEFAULT_NOTE = (
    "No order is decided: by default each request draws an endpoint at random (docs, traffic routing, autumn 2026)."
)


def _order(
    rows: list[Endpoint],
    wants: dict[str, Any],
    suffix: str,
    models: Sequence[str],
    request: Mapping[str, Any],
    result: Plan,
) -> list[list[Endpoint]]:
    """Groups in the order of attempts. Several models: the first model's endpoints first, unless partition is none."""
    by, partition = _sort_of(wants, suffix)
    names = list(dict.fromkeys([*models, *(e.model for e in rows)])) if models else []
    if not names or partition == "none":
        groups = _order_one(rows, wants, by, request, result)
    else:
        groups = [
            g for name in names for g in _order_one([e for e in rows if e.model == name], wants, by, request, result)
        ]
    own = [e for g in groups for e in g if e.byok]
    if own:  # an own key at a provider is used first
        groups = [own] + [left for g in groups if (left := [e for e in g if not e.byok])]
    return groups


def _sort_of(wants: dict[str, Any], suffix: str) -> tuple[str | None, str]:
    """`(by, partition)`; an explicit sort wins over a suffix."""
    sort = wants.get("sort")
    if isinstance(sort, Mapping):
        by, partition = sort.get("by"), sort.get("partition") or "model"
    else:
        by, partition = sort, "model"
    return by or {"nitro": "throughput", "floor": "price", "exacto": "exacto"}.get(suffix), partition


def _order_one(
    rows: list[Endpoint], wants: dict[str, Any], by: str | None, request: Mapping[str, Any], result: Plan
) -> list[list[Endpoint]]:
    if "order" in wants:
        return _by_list(rows, wants["order"], result)
    if by is None and request.get("tools"):
        _note(result, "With tools, Auto Exacto orders by tool-call quality on its own; its scores are not published.")
        by = "exacto"
    groups = _sorted(rows, by, result)
    if request.get("service_tier") == "priority":
        groups = [
            [e] for e in sorted((e for e in rows if e.tier == "priority"), key=lambda e: -e.throughput.get("p50", 0))
        ]
        groups += _sorted([e for e in rows if e.tier != "priority"], by, result)
    groups = [g for g in groups if g]
    return _demote(groups, wants)


def _by_list(rows: list[Endpoint], order: Sequence[str], result: Plan) -> list[list[Endpoint]]:
    """The listed providers in turn, then the rest. Several endpoints behind one slug have no documented order."""
    groups, left = [], list(rows)
    for name in order:
        meant = [e for e in left if e.named_by(name)]
        if meant:
            groups.append(meant)
            left = [e for e in left if e not in meant]
        else:
            _note(result, f"{name!r} in order serves no endpoint that is left: skipped.")
    return groups + ([left] if left else [])


def _sorted(rows: list[Endpoint], by: str | None, result: Plan) -> list[list[Endpoint]]:
    """One group per distinct value, best first; endpoints without the figure go last, together."""
    if by in (None, "exacto"):
        _note(
            result, DEFAULT_NOTE if by is None else "sort exacto: by quality scores that OpenRouter does not publish."
        )
        stable = [e for e in rows if not e.outage]
        return [g for g in (stable, [e for e in rows if e.outage]) if g]
    key: dict[str, Callable[[Endpoint], Any]] = {
        "price": lambda e: e.prompt,
        "throughput": lambda e: -e.throughput["p50"] if "p50" in e.throughput else None,
        "latency": lambda e: e.latency.get("p50"),
    }
    if by == "price" and _prices_disagree(rows):
        _note(
            result,
            "sort price: which price counts is not documented; here by the prompt price, then the completion price.",
        )
    values: dict[Any, list[Endpoint]] = {}
    for e in rows:
        value = key[by](e)
        values.setdefault((value, e.completion or 0) if by == "price" and value is not None else value, []).append(e)
    known = sorted(v for v in values if v is not None)
    return [values[v] for v in known] + ([values[None]] if None in values else [])


def _prices_disagree(rows: list[Endpoint]) -> bool:
    by_prompt = sorted(rows, key=lambda e: (e.prompt or 0, e.completion or 0))
    completions = [e.completion or 0 for e in by_prompt]
    return completions != sorted(completions)


def _demote(groups: list[list[Endpoint]], wants: dict[str, Any]) -> list[list[Endpoint]]:
    """Preferred throughput and latency move an endpoint to the end; they never exclude it."""
    slow = [e for g in groups for e in g if _too_slow(e, wants)]
    if not slow:
        return groups
    fast = [left for g in groups if (left := [e for e in g if e not in slow])]
    return fast + [left for g in groups if (left := [e for e in g if e in slow])]


def _too_slow(e: Endpoint, wants: dict[str, Any]) -> bool:
    floor, ceiling = wants.get("preferred_min_throughput", {}), wants.get("preferred_max_latency", {})
    return any(p in e.throughput and e.throughput[p] < v for p, v in floor.items()) or any(
        p in e.latency and e.latency[p] > v for p, v in ceiling.items()
    )


def _stick(result: Plan, wants: dict[str, Any], previous: str | None, request: Mapping[str, Any]) -> None:
    """Sticky routing: the endpoint that served this conversation before goes first; `order` beats it. Only
    where cached reads are cheaper (docs, prompt caching; the session_id paragraph does not repeat it)."""
    if previous is None or "order" in wants:
        return
    session = bool(request.get("session_id"))
    keep = [e for e in result.kept if e.tag == previous and _reads_cheaper(e, unknown=session)]
    if keep:
        result.groups = [keep] + [left for g in result.groups if (left := [e for e in g if e not in keep])]
        why = "session_id" if session else "prompt cache"
        _note(result, f"{why}: {keep[0].provider} served this session before and goes first.")


def _reads_cheaper(e: Endpoint, unknown: bool) -> bool:
    """Whether cached input costs less here; `unknown` where no price says so."""
    return unknown if e.cache_read is None or e.prompt is None else e.cache_read < e.prompt


def _limit(result: Plan, wants: dict[str, Any]) -> None:
    """`allow_fallbacks: false` without `order`: one attempt only."""
    if wants.get("allow_fallbacks") is False and "order" not in wants:
        result.attempts = 1
        _note(result, "allow_fallbacks is off: one endpoint is tried, and its error is yours.")


def _note(result: Plan, text: str) -> None:
    if text not in result.notes:
        result.notes.append(text)


def _money(value: Decimal) -> str:
    return format(value.normalize(), "f")
