"""POST /chat/completions: check, route, try, and answer, plain or streamed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import caching, catalogue, errors, fields, parts, reasoning, search
from .bill import Counts
from .endpoint import Endpoint
from .envelope import Reply, body_of, events_of, generation, reply
from .errors import Response, error
from .keys import charge
from .route import NoModel, Route, asked_models, find_route, hash_of, nobody, remember, router_metadata, wants_metadata
from .routing import BadPreference
from .said import Said, limit_of, say
from .weather import Weather
from .world import World

FINE = Weather()


@dataclass(frozen=True)
class Answered:
    """A reply with what is needed to write it down: as chat completion here, as a response in responses.py."""

    reply: Reply
    weather: Weather
    headers: dict[str, str]

    def whole(self, body: Any) -> Response:
        """The response with this body."""
        headers = {**self.reply.headers("application/json"), **self.headers}
        return {"status": 200, "headers": headers, "ms": self.reply.duration_ms, "body": body}

    def streamed(self, events: list[list[Any]]) -> Response:
        """The response with these events."""
        headers = {**self.reply.headers("text/event-stream"), **self.headers}
        return {"status": 200, "headers": headers, "events": events}


def chat(request: Mapping[str, Any], world: World) -> Response:
    """Answer one chat completion."""
    found = ask(request, world)
    if not isinstance(found, Answered):
        return found
    if request["body"].get("stream"):
        return found.streamed(events_of(found.reply, found.weather))
    return found.whole(body_of(found.reply))


def ask(request: Mapping[str, Any], world: World) -> Answered | Response:
    """Everything up to the reply: refusals of the form, the models, the account; the route; the words and their cost."""
    body = request.get("body")
    fingerprint = json.dumps([request.get("path"), body], sort_keys=True)
    seed = f"{fingerprint}#{world.repeat(hash_of(fingerprint))}"
    weather = FINE if world.weather is None or world.weather.passes() else world.weather
    refused = errors.of_weather(weather) or fields.check(body) or _check_models(body) or _check_parts(body)
    if refused:
        return refused
    wish = caching.wish(request)
    if wish.on:
        kept = caching.find_answer(world.caches, request, wish, world.clock_ms)
        if kept:
            return _again(kept, request, seed, wish, world)
    refused = _check_account(body, request.get("key", ""), world, weather)
    if refused:
        return refused
    answered = _answer(request, body, seed, world, weather)
    if wish.on and isinstance(answered, Answered):
        if weather.break_after is None:  # partial answers are never kept
            caching.keep_answer(world.caches, request, answered.reply, wish, world.clock_ms)
        answered.headers.update({"x-openrouter-cache-status": "MISS", "x-openrouter-cache-ttl": str(wish.ttl)})
    return answered


def _answer(
    request: Mapping[str, Any], body: Mapping[str, Any], seed: str, world: World, weather: Weather
) -> Answered | Response:
    tokens = parts.prompt_tokens(body)
    try:
        route = find_route(body, seed, world, weather, lambda e: _refusal(e, body, tokens))
    except BadPreference as bad:
        return error(400, f"Invalid request: {bad}")
    except NoModel as nothing:
        return error(404, str(nothing))
    if route.served is None:
        return nobody(body, route, request)
    if weather.error_in_200:
        return error(502, "Provider returned error", {"raw": "", "provider_name": route.served.provider}) | {
            "status": 200
        }
    return Answered(_reply(request, body, tokens, seed, route, world, weather), weather, {})


def _reply(
    request: Mapping[str, Any],
    body: Mapping[str, Any],
    tokens: int,
    seed: str,
    route: Route,
    world: World,
    weather: Weather,
) -> Reply:
    endpoint, row = route.served, catalogue.find(route.served.model)
    said = say(body, row, endpoint, seed)
    counts = _counts(body, tokens, said, endpoint, world)
    made = reply(
        body,
        seed=seed,
        now=world.now,
        row=row,
        endpoint=endpoint,
        said=said,
        counts=counts,
        metadata=router_metadata(body, route) if wants_metadata(request) else None,
        slow=8 if endpoint.slug in weather.slow or "*" in weather.slow else 1,
    )
    remember(body, route, world, counts.cached.read > 0)
    charge(request.get("key", ""), made.cost, world)
    world.clock_ms += made.duration_ms
    world.generations[made.id] = generation(made, request)
    return made


def _counts(body: Mapping[str, Any], tokens: int, said: Said, endpoint: Endpoint, world: World) -> Counts:
    return Counts(
        prompt=tokens,
        completion=said.tokens,
        reasoning=said.reasoning_tokens,
        audio=parts.audio_tokens(body),
        searches=search.searches(body),
        cached=caching.use_prompt_cache(world.caches, body, endpoint, world.clock_ms),
    )


def _again(
    kept: tuple[int, Reply], request: Mapping[str, Any], seed: str, wish: caching.Wish, world: World
) -> Answered:
    age, source = kept
    again = source.again(world.now, seed, wants_metadata(request))
    world.generations[again.id] = {**generation(again, request), "response_cache_source_id": source.id}
    headers = {
        "x-openrouter-cache-status": "HIT",
        "x-openrouter-cache-age": str(age),
        "x-openrouter-cache-ttl": str(wish.ttl),
        "x-openrouter-cache-source-id": source.id,
    }
    return Answered(again, FINE, headers)


# --- refusals --------------------------------------------------------------------------------------------------------


def _check_models(body: Mapping[str, Any]) -> Response | None:
    models = asked_models(body)
    if not models:
        return error(400, "No models provided")
    for model in models:
        former = catalogue.former(model)
        if former and "status" in former and not any(catalogue.find(m) for m in models):
            return error(former["status"], former["message"], former.get("metadata"))
        if catalogue.find(model) is None and not former:
            base = model.partition(":")[0]
            if catalogue.find(base):
                return error(404, f"No endpoints found for {model}.")
            return error(400, f"{model} is not a valid model ID")
    return None


def _check_parts(body: Mapping[str, Any]) -> Response | None:
    wrong = parts.malformed(body)
    return error(400, wrong) if wrong else None


def _check_account(body: Mapping[str, Any], key: str, world: World, weather: Weather) -> Response | None:
    """The checks before routing: the free-model limits, the key's limit, and whether the credits could pay.

    Without max_tokens the credit check assumes the model's maximum (docs, limits).
    """
    model = asked_models(body)[0]
    row = catalogue.find(model)
    if row is None:
        return None
    if model.endswith(":free") or model == "openrouter/free":
        return _check_free(world, weather)
    made_here = world.keys.get(key)
    if made_here["limit_remaining"] == 0 if made_here else world.usage >= world.limit:
        return errors.key_limit()
    price = Decimal(row["pricing"]["completion"])
    credits = weather.credits if weather.credits is not None else world.credits - world.usage
    if price <= 0:
        return None
    wanted = limit_of(body) or row["top_provider"]["max_completion_tokens"] or 65536
    affordable = int(Decimal(str(credits)) / price)
    return errors.no_credit(credits, wanted, affordable) if wanted > affordable else None


def _check_free(world: World, weather: Weather) -> Response | None:
    """Count a request to a free model, or refuse it."""
    now = world.clock_ms
    in_a_minute = sum(now - t < 60_000 for t in world.free_times)
    used = weather.free_used or ("per-day" if len(world.free_times) >= errors.FREE_A_DAY else None)
    used = used or ("per-min" if in_a_minute >= errors.FREE_A_MINUTE else None)
    if used:
        world.clock_ms += 20_000  # nobody asks again at once: the stand-in's clock goes on as if they had waited
        return errors.free_limit(used, world.now * 1000)
    world.free_times.append(now)
    return None


def _refusal(endpoint: Endpoint, body: Mapping[str, Any], tokens: int) -> Response | None:
    """What this model refuses: a modality it does not have, a conversation that is too long, settings it cannot take."""
    row = catalogue.find(endpoint.model)
    missing = parts.not_taken(body, row)
    if missing:
        return error(404, f"No endpoints found that support {missing} input")
    context = row["context_length"] or tokens
    compressed = any(
        p.get("id") == "context-compression" and p.get("enabled") is not False for p in body.get("plugins") or []
    )
    if tokens > context and not compressed:
        return errors.too_long(context, tokens)
    if body.get("temperature") is not None and endpoint.model in catalogue.NO_TEMPERATURE:
        return errors.unsupported("temperature", endpoint.provider)
    try:
        reasoning.thinking(body, row, None)
    except ValueError as problem:
        return error(400, str(problem))
    return None
