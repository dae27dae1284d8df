"""Where a request goes: the models it names, the plan, and one try after another until somebody answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from . import catalogue, errors, parts
from .endpoint import Endpoint
from .errors import Response, error
from .routing import PARAMETERS, Plan, plan
from .weather import Weather
from .world import World

ROUTED_BY = (*PARAMETERS, "max_tokens", "service_tier", "session_id")
"""The fields beside `provider` and the models that routing looks at."""
AUTO = ["openai/gpt-5-mini", "anthropic/claude-haiku-4.5", "google/gemini-2.5-flash"]
"""What openrouter/auto draws from here when the request allows everything: an invented short list."""
STICKY_MS = 600_000
"""A session goes on where it was for ten minutes after its last request (docs, prompt caching, 2026-08)."""
STRATEGIES = {"openrouter/auto": "auto", "openrouter/free": "free"}

Refusal = Callable[[Endpoint], Response | None]


class NoModel(ValueError):
    """The auto router has no model left: the sentence that OpenRouter answers (observed 2026-09)."""


@dataclass
class Route:
    """Where a request went: the plan, the endpoint that served it, every call made upstream, the last refusal."""

    plan: Plan
    served: Endpoint | None = None
    attempts: list[tuple[Endpoint, int]] = field(default_factory=list)
    refused: Response | None = None


def asked_models(body: Mapping[str, Any]) -> list[str]:
    """`model` first, then the fallback list, each once."""
    first = [body["model"]] if isinstance(body.get("model"), str) else []
    return list(dict.fromkeys([*first, *(body.get("models") or [])]))


def find_route(body: Mapping[str, Any], seed: str, world: World, weather: Weather, refusal: Refusal) -> Route:
    """Plan, then try one endpoint after another, as fallbacks allow.

    A provider that is down or rate-limited leads to the next endpoint. A request that a model cannot take (`refusal`)
    leads to the next model of the fallback list: another provider of the same model would refuse it too.
    """
    session = _session(body)
    tag, picked, until = world.sessions.get(session, ("", "", 0))
    previous = tag if until > world.clock_ms else None
    models = [
        picked if previous and model == session[0] else _choose(model, body, seed)
        for model in asked_models(body)
        if catalogue.find(model)
    ]
    endpoints = [e for model in models for e in catalogue.routable(model)]
    fields = {k: body[k] for k in ROUTED_BY if body.get(k) is not None}
    route = Route(
        plan(
            endpoints,
            provider=body.get("provider"),
            model=models[0],
            models=[catalogue.find(m)["id"] for m in models] if len(models) > 1 else (),
            previous=previous,
            **fields,
        )
    )
    given_up: set[str] = set()
    for endpoint in _draw(route.plan, seed)[: route.plan.attempts]:
        if endpoint.model in given_up:
            continue
        failed = _try(endpoint, weather, refusal)
        route.attempts.append((endpoint, failed["status"] if failed else 200))
        if failed is None:
            route.served = endpoint
            break
        route.refused = failed
        if failed["status"] in (400, 403, 404):
            given_up.add(endpoint.model)
    return route


def _try(endpoint: Endpoint, weather: Weather, refusal: Refusal) -> Response | None:
    status = weather.status_of(endpoint.slug)
    if status:
        return errors.provider_error(status, endpoint.provider, endpoint.model, weather)
    return refusal(endpoint)


def remember(body: Mapping[str, Any], route: Route, world: World, cached: bool) -> None:
    """Sticky routing: with a session_id after any success, without one after a prompt-cache hit (docs, 2026-08)."""
    if route.served and (body.get("session_id") or cached):
        served = route.served
        world.sessions[_session(body)] = (served.tag, served.model, world.clock_ms + STICKY_MS)


def _session(body: Mapping[str, Any]) -> tuple[str, str]:
    """The key of a conversation with a model: session_id, else prompt_cache_key, else its first system and first other
    message."""
    model = asked_models(body)[0]
    own = body.get("session_id") or body.get("prompt_cache_key")
    if own:
        return model, str(own)
    first = [m for m in body["messages"] if m["role"] in ("system", "developer")][:1]
    other = [m for m in body["messages"] if m["role"] not in ("system", "developer")][:1]
    return model, hash_of(repr([first, other]))


def _choose(model: str, body: Mapping[str, Any], seed: str) -> str:
    """What a router picks: openrouter/auto from the cheap side of the catalogue or from the models its plugin allows,
    openrouter/free any free model that has the features the request needs.

    Which model the real routers pick is not published; the stand-in draws. Raises `NoModel` when nothing is allowed.
    """
    router = model.partition(":")[0]
    if router == "openrouter/auto":
        return _pick(_allowed(body), seed)
    if router == "openrouter/free":
        needed = [p for p in ("tools", "response_format") if body.get(p)]
        free = [m for m in catalogue.models() if m["id"].endswith(":free") and not parts.not_taken(body, m)]
        fit = [m["id"] for m in free if all(p in m["supported_parameters"] for p in needed)]
        return _pick(fit, seed) if fit else model
    return model


def _allowed(body: Mapping[str, Any]) -> list[str]:
    """What the auto-router plugin leaves: `allowed_models` and `excluded_models` are patterns (docs, auto router)."""
    plugin = next((p for p in body.get("plugins") or [] if p.get("id") == "auto-router"), {})
    wanted, barred = (plugin.get(name) or [] for name in ("allowed_models", "excluded_models"))
    pool = [m["id"] for m in catalogue.models() if m["id"][0] != "~" and ":" not in m["id"]] if wanted else AUTO
    fit = [m for m in pool if not m.startswith("openrouter/") and (not wanted or _matches(m, wanted))]
    left = [m for m in fit if not _matches(m, barred)]
    if not left:
        raise NoModel("No models match your request and model restrictions")
    return left


def _matches(model: str, patterns: Any) -> bool:
    listed = patterns if isinstance(patterns, list) else [patterns]
    return any(fnmatch(model, str(pattern)) for pattern in listed)


def _draw(result: Plan, seed: str) -> list[Endpoint]:
    """One order of attempts: group after group, and within a group drawn evenly by a hash of the request.

    Real shares are not published, so the stand-in gives every endpoint of a group the same chance.
    """
    return [e for group in result.groups for e in sorted(group, key=lambda e: hash_of(seed + e.tag + e.model))]


def _pick(choices: list[str], seed: str) -> str:
    return min(choices, key=lambda choice: hash_of(seed + choice))


def hash_of(text: str) -> str:
    """A stable number for a text, as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def nobody(body: Mapping[str, Any], route: Route, request: Mapping[str, Any]) -> Response:
    """No endpoint was left (404), or every one that may be tried failed (the last one's error)."""
    metadata = router_metadata(body, route) if wants_metadata(request) else None
    if route.refused:
        if metadata:
            route.refused["body"]["openrouter_metadata"] = metadata
        return route.refused
    status, message = route.plan.error or (404, f"No endpoints found for {asked_models(body)[0]}.")
    detail: dict[str, Any] = {}
    if route.plan.failed_step == "Filter by Allowed Providers":
        detail["available_providers"] = list(dict.fromkeys(x.endpoint.slug for x in route.plan.out))
        detail["requested_providers"] = list((body.get("provider") or {}).get("only") or [])
    detail["routing_funnel"] = [{"step": step, "endpoint_count": n} for step, n in route.plan.funnel]
    detail["failed_routing_step"] = route.plan.failed_step
    return error(status, message, detail, openrouter_metadata=metadata)


def wants_metadata(request: Mapping[str, Any]) -> bool:
    """Whether the request carries X-OpenRouter-Metadata: enabled (or its older name)."""
    headers = {k.lower(): v for k, v in (request.get("headers") or {}).items()}
    return "enabled" in (headers.get("x-openrouter-metadata"), headers.get("x-openrouter-experimental-metadata"))


def router_metadata(body: Mapping[str, Any], route: Route) -> dict[str, Any]:
    """`openrouter_metadata` (docs, router metadata). What `strategy` says for a fallback is not documented: "direct"."""
    model = asked_models(body)[0]
    everyone = route.plan.kept
    summary = f"available={len(everyone)}"
    if len(route.attempts) > 1:
        summary += f", attempts={len(route.attempts)}"
    if route.served:
        summary += f", selected={route.served.provider}"
    available = [{"provider": e.provider, "model": e.model, "selected": e is route.served} for e in everyone]
    metadata: dict[str, Any] = {
        "requested": model,
        "strategy": STRATEGIES.get(model.partition(":")[0], "latest" if model.startswith("~") else "direct"),
        "region": "iad",
        "summary": summary,
        "attempt": len(route.attempts),
        "is_byok": False,
        "endpoints": {"total": dict(route.plan.funnel).get("Initial Endpoints", 0), "available": available},
    }
    if route.attempts:
        metadata["attempts"] = [
            {"provider": e.provider, "model": e.model, "status": status} for e, status in route.attempts
        ]
    return metadata
