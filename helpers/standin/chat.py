"""POST /chat/completions: check, route, try, and answer, plain or streamed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import catalogue, errors
from .endpoint import Endpoint
from .envelope import Reply, body_of, events_of
from .errors import Response, error
from .routing import PARAMETERS, BadPreference, Plan, plan
from .weather import Weather
from .words import Words, count, pieces, words_for
from .world import World

FINE = Weather()
ROUTED_BY = (*PARAMETERS, "max_tokens", "service_tier", "session_id")
"""The fields beside `provider` and the models that routing looks at."""


@dataclass
class Route:
    """Where a request went: the plan, the endpoint that served it, and every call that was made upstream."""

    plan: Plan
    served: Endpoint | None
    attempts: list[tuple[Endpoint, int]]


def chat(request: Mapping[str, Any], world: World) -> Response:
    """Answer one chat completion."""
    body = request.get("body")
    fingerprint = json.dumps([request.get("path"), body], sort_keys=True)
    seed = f"{fingerprint}#{world.repeat(fingerprint)}"
    weather = _weather_now(world)
    if weather.certificate:
        text = (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain"
        )
        return {"failure": "ConnectError", "message": text, "ms": 40}
    refused = _check(body) or _check_models(body) or _check_account(body, world, weather)
    if refused:
        return refused
    try:
        route = _route(body, seed, world, weather)
    except BadPreference as bad:
        return error(400, f"Invalid request: {bad}")
    if route.served is None:
        return _nobody(body, route, request, weather)
    return _answer(body, route, request, seed, world, weather)


def _weather_now(world: World) -> Weather:
    return FINE if world.weather is None or world.weather.passes() else world.weather


def _check(body: Any) -> Response | None:
    """Wrong types are refused, unknown fields ignored."""
    if not isinstance(body, Mapping):
        return error(400, "Invalid JSON in request body")
    if not isinstance(body.get("messages"), list) or not body["messages"]:
        return error(400, 'Input required: specify "prompt" or "messages"')
    if not all(isinstance(m, Mapping) and isinstance(m.get("role"), str) for m in body["messages"]):
        return error(400, "Invalid request: every message takes an object with a role")
    for name, (right, takes) in TYPES.items():
        if body.get(name) is not None and not right(body[name]):
            return error(400, f"Invalid request: {name} takes {takes}")
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _are_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


TEXT: tuple[Callable[[Any], bool], str] = (lambda v: isinstance(v, str), "a string")
OBJECT: tuple[Callable[[Any], bool], str] = (lambda v: isinstance(v, Mapping), "an object")
TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "model": TEXT,
    "models": (_are_strings, "a list of model ids"),
    "max_tokens": (_is_count, "a whole number of at least 1"),
    "max_completion_tokens": (_is_count, "a whole number of at least 1"),
    "stop": (lambda v: isinstance(v, str) or (_are_strings(v) and len(v) <= 4), "a string or up to four of them"),
    "stream": (lambda v: isinstance(v, bool), "true or false"),
    "temperature": (lambda v: _is_number(v) and 0 <= v <= 2, "a number from 0 to 2"),
    "top_p": (lambda v: _is_number(v) and 0 <= v <= 1, "a number from 0 to 1"),
    "tools": (lambda v: isinstance(v, list) and all(isinstance(t, Mapping) for t in v), "a list of objects"),
    "provider": OBJECT,
    "reasoning": OBJECT,
    "response_format": OBJECT,
    "service_tier": TEXT,
    "session_id": TEXT,
    "user": TEXT,
}
"""What each field takes: OpenRouter's OpenAPI, 2026-08-22."""


def asked_models(body: Mapping[str, Any]) -> list[str]:
    """`model` first, then the fallback list, each once."""
    first = [body["model"]] if isinstance(body.get("model"), str) else []
    return list(dict.fromkeys([*first, *(body.get("models") or [])]))


def _check_models(body: Mapping[str, Any]) -> Response | None:
    models = asked_models(body)
    if not models:
        return error(400, "No models provided")
    for model in models:
        if model in catalogue.RETIRED:
            return error(404, catalogue.RETIRED[model])
        if catalogue.find(model) is None:
            base = model.partition(":")[0]
            if catalogue.find(base):
                return error(404, f"No endpoints found for {model}.")
            return error(400, f"{model} is not a valid model ID")
    return None


def _check_account(body: Mapping[str, Any], world: World, weather: Weather) -> Response | None:
    """The credit check before routing: without max_tokens it assumes the model's maximum (docs, limits)."""
    model = asked_models(body)[0]
    if model.endswith(":free") and weather.free_used:
        return errors.free_limit(weather.free_used, world.now * 1000)
    row = catalogue.find(model)
    price = Decimal(row["pricing"]["completion"])
    credits = weather.credits if weather.credits is not None else world.credits - world.usage
    if price <= 0:
        return None
    wanted = limit_of(body) or row["top_provider"]["max_completion_tokens"] or 65536
    affordable = int(Decimal(str(credits)) / price)
    return errors.no_credit(credits, wanted, affordable) if wanted > affordable else None


def limit_of(body: Mapping[str, Any]) -> int | None:
    """The most tokens the answer may have, if the request says so."""
    return body.get("max_tokens") or body.get("max_completion_tokens")


# --- routing ---------------------------------------------------------------------------------------------------------


def _route(body: Mapping[str, Any], seed: str, world: World, weather: Weather) -> Route:
    """Plan, then try one endpoint after another, as fallbacks allow."""
    models = [_choose(model, body, seed) for model in asked_models(body)]
    endpoints = [e for model in models for e in catalogue.routable(model)]
    session = (models[0], body.get("session_id") or "")
    fields = {k: body[k] for k in ROUTED_BY if body.get(k) is not None}
    result = plan(
        endpoints,
        provider=body.get("provider"),
        model=models[0],
        models=[catalogue.find(m)["id"] for m in models] if len(models) > 1 else (),
        previous=world.sessions.get(session),
        **fields,
    )
    attempts: list[tuple[Endpoint, int]] = []
    for endpoint in _draw(result, seed)[: result.attempts]:
        status = weather.status_of(endpoint.slug) or 200
        attempts.append((endpoint, status))
        if status == 200:
            if session[1]:
                world.sessions[session] = endpoint.tag
            return Route(result, endpoint, attempts)
    return Route(result, None, attempts)


def _choose(model: str, body: Mapping[str, Any], seed: str) -> str:
    """What a router picks: openrouter/auto the cheap side of the catalogue, openrouter/free any free model.

    Which model the real routers pick is not published; the stand-in draws from a short list.
    """
    if model == "openrouter/auto":
        return _pick(["openai/gpt-5-mini", "anthropic/claude-haiku-4.5", "google/gemini-2.5-flash"], seed)
    if model == "openrouter/free":
        return _pick([m["id"] for m in catalogue.models() if m["id"].endswith(":free")], seed)
    return model


def _draw(result: Plan, seed: str) -> list[Endpoint]:
    """One order of attempts: group after group, and within a group drawn evenly by a hash of the request.

    Real shares are not published, so the stand-in gives every endpoint of a group the same chance.
    """
    return [e for group in result.groups for e in sorted(group, key=lambda e: _hash(seed + e.tag + e.model))]


def _pick(choices: list[str], seed: str) -> str:
    return min(choices, key=lambda choice: _hash(seed + choice))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _nobody(body: Mapping[str, Any], route: Route, request: Mapping[str, Any], weather: Weather) -> Response:
    """No endpoint was left (404), or every one that may be tried failed (the last one's error)."""
    metadata = router_metadata(body, route) if wants_metadata(request) else None
    if route.attempts:
        endpoint, status = route.attempts[-1]
        failed = errors.provider_error(status, endpoint.provider, endpoint.model, weather)
        if metadata:
            failed["body"]["openrouter_metadata"] = metadata
        return failed
    status, message = route.plan.error or (404, "No endpoints found")
    detail: dict[str, Any] = {}
    only = (body.get("provider") or {}).get("only")
    if route.plan.failed_step == "Filter by Allowed Providers":
        detail["available_providers"] = list(dict.fromkeys(x.endpoint.slug for x in route.plan.out))
        detail["requested_providers"] = list(only or [])
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
    strategy = {"openrouter/auto": "auto", "openrouter/free": "free"}.get(
        model, "latest" if model.startswith("~") else "direct"
    )
    everyone = route.plan.kept
    total = dict(route.plan.funnel).get("Initial Endpoints", 0)
    summary = f"available={len(everyone)}"
    if len(route.attempts) > 1:
        summary += f", attempts={len(route.attempts)}"
    if route.served:
        summary += f", selected={route.served.provider}"
    available = [{"provider": e.provider, "model": e.model, "selected": e is route.served} for e in everyone]
    metadata: dict[str, Any] = {
        "requested": model,
        "strategy": strategy,
        "region": "iad",
        "summary": summary,
        "attempt": len(route.attempts),
        "is_byok": False,
        "endpoints": {"total": total, "available": available},
    }
    if route.attempts:
        metadata["attempts"] = [
            {"provider": e.provider, "model": e.model, "status": status} for e, status in route.attempts
        ]
    return metadata


# --- the answer ------------------------------------------------------------------------------------------------------


def _answer(
    body: Mapping[str, Any], route: Route, request: Mapping[str, Any], seed: str, world: World, weather: Weather
) -> Response:
    endpoint = route.served
    row = catalogue.find(endpoint.model)
    said = words_for(row["id"], body["messages"])
    if weather.error_in_200:
        return error(502, "Provider returned error", {"raw": "", "provider_name": endpoint.provider}) | {"status": 200}
    said, stopped = _trim(said, body, row)
    reply = Reply.build(
        seed=seed,
        now=world.now,
        row=row,
        endpoint=endpoint,
        words=said,
        stopped=stopped,
        prompt_tokens=count(body["messages"]),
        metadata=router_metadata(body, route) if wants_metadata(request) else None,
    )
    world.usage += reply.cost
    world.clock_ms += reply.duration_ms
    world.generations[reply.id] = reply.generation(request)
    if body.get("stream"):
        return {
            "status": 200,
            "headers": reply.headers("text/event-stream"),
            "events": events_of(reply, weather.break_after),
        }
    return {
        "status": 200,
        "headers": reply.headers("application/json"),
        "ms": reply.duration_ms,
        "body": body_of(reply),
    }


def _trim(said: Words, body: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[Words, str]:
    """Apply reasoning settings, stop sequences and max_tokens; the second value is the finish reason.

    Reasoning counts against max_tokens: with a small limit a reasoning model may have nothing left to say.
    """
    reasoning = said.reasoning if row.get("reasoning") else ""
    if (body.get("reasoning") or {}).get("effort") == "none" and not row["reasoning"].get("mandatory"):
        reasoning = ""
    text = said.text
    stops = body.get("stop") or []
    for stop in [stops] if isinstance(stops, str) else stops:
        text = text.split(stop)[0] if stop else text
    limit = limit_of(body)
    if limit is None:
        return Words(text, reasoning), "stop"
    thought = pieces(reasoning)
    left = max(0, limit - len(thought))
    cut = len(thought) > limit or len(pieces(text)) > left
    return Words("".join(pieces(text)[:left]), "".join(thought[:limit])), "length" if cut else "stop"
