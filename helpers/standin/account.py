"""GET routes: the catalogue, one model's endpoints, providers, the key, credits, a generation; and embeddings."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import struct
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from . import catalogue
from .envelope import base62
from .errors import FREE_A_DAY, Response, error, of_weather, ok
from .keys import charge
from .recall import recalled
from .words import pieces
from .world import World


def one_model(model: str) -> Response:
    """One catalogue row, or 404."""
    row = catalogue.find(model)
    return ok({"data": row}) if row else error(404, f"Model {model} not found", user=False)


def endpoints(path: str) -> Response:
    """The endpoints of one model. A catalogue suffix that the model does not have: 200 with an empty list."""
    model = unquote(path)
    row = catalogue.find(model) or catalogue.find(model.partition(":")[0])
    if row is None:
        return error(404, f"Model {model} not found", user=False)
    listed = catalogue.endpoints(model) if catalogue.find(model) else []
    fields = {k: row[k] for k in ("id", "name", "created") if k in row}
    return ok({"data": {**fields, "description": "", "architecture": row["architecture"], "endpoints": listed}})


def zdr() -> Response:
    """The endpoints that keep nothing. No dated public source at hand says which real ones do: the marks are invented
    (see data/hosts.json)."""
    ids = [catalogue.GLM, *(m["id"] for m in catalogue.models())]
    return ok({"data": [e for i in ids for e in catalogue.endpoints(i) if catalogue.keeps_nothing(e["tag"])]}, 200)


def providers() -> Response:
    return ok(
        {
            "data": [
                {**row, "privacy_policy_url": None, "terms_of_service_url": None, "status_page_url": None}
                for row in catalogue.load("providers.json")["data"]
            ]
        }
    )


def key(world: World, made_here: Mapping[str, Any] | None = None) -> Response:
    """What the key may still spend. Fields as documented for GET /key, autumn 2026.

    `made_here`: the row of a key that POST /keys made; then label, limit and usage are its own.
    """
    spent = round(world.usage, 10)
    data = {
        "label": "course key (stand-in)",
        "is_management_key": False,
        "is_provisioning_key": False,
        "limit": world.limit,
        "limit_reset": "weekly",
        "limit_remaining": max(0.0, round(world.limit - spent, 10)),
        "include_byok_in_limit": False,
        "usage": spent,
        "usage_daily": spent,
        "usage_weekly": spent,
        "usage_monthly": spent,
        "byok_usage": 0,
        "byok_usage_daily": 0,
        "byok_usage_weekly": 0,
        "byok_usage_monthly": 0,
        "is_free_tier": False,
        "expires_at": None,
        "creator_user_id": None,
        "organization_id": None,
        "workspace_id": None,
        "allowed_data_regions": ["global"],
        "budgets": [],
        "effective_budget": None,
        "free_model_daily_requests": {
            "used": len(world.free_times),
            "limit": FREE_A_DAY,
            "remaining": max(0, FREE_A_DAY - len(world.free_times)),
        },
        "rate_limit": {"requests": -1, "interval": "10s", "note": "This field is deprecated and safe to ignore."},
    }
    return ok({"data": data | {k: made_here[k] for k in data if k in made_here} if made_here else data})


def credits(world: World) -> Response:
    return ok({"data": {"total_credits": world.credits, "total_usage": round(world.usage, 10)}})


def generation(identity: str, world: World) -> Response:
    """One generation, as soon as it is made. (The real service needs a minute or more: see CONTRIBUTING.)"""
    found = world.generations.get(identity) or recalled(identity, world.recorded)
    return ok({"data": found}) if found else error(404, f"Generation {identity} not found")


def unread(body: Any, world: World) -> Response | None:
    """What refuses a request of a plain POST route before anything in it is read: the weather, or no JSON object."""
    refused = of_weather(world.weather) if world.weather else None
    return refused or (None if isinstance(body, Mapping) else error(400, "Invalid JSON in request body", user=False))


def embeddings(request: Mapping[str, Any], world: World) -> Response:
    """Vectors in which texts that share words are near each other: made by hashing words, by no model."""
    body = request.get("body")
    refused = unread(body, world)
    if refused:
        return refused
    model, given, size = body.get("model"), body.get("input"), body.get("dimensions") or 1536
    if model not in list(catalogue.EMBEDDING_MODELS):
        return error(400, f"Model {model} does not exist", user=False)
    texts = [given] if isinstance(given, str) else given
    form = body.get("encoding_format") or "float"
    if form not in ("float", "base64"):
        return error(400, "Invalid request: encoding_format takes float or base64", user=False)
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) for t in texts):
        return error(400, "Invalid request: input takes a text or a list of texts", user=False)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= 1536:
        return error(400, "Invalid request: dimensions takes a whole number from 1 to 1536", user=False)
    tokens = sum(len(pieces(str(t))) for t in texts)
    cost = float(tokens * Decimal(catalogue.EMBEDDING_MODELS[model]))
    charge(request.get("key", ""), cost, world)
    digest = hashlib.sha256(repr(texts).encode()).digest()
    detail = {
        "upstream_inference_cost": cost,
        "upstream_inference_prompt_cost": cost,
        "upstream_inference_completions_cost": 0,
    }
    usage = {"prompt_tokens": tokens, "total_tokens": tokens, "cost": cost, "is_byok": False, "cost_details": detail}
    rows = [
        {"object": "embedding", "embedding": _written(_vector(str(t), size), form), "index": n}
        for n, t in enumerate(texts)
    ]
    body = {"object": "list", "data": rows, "model": model.split("/")[1], "usage": usage, "provider": "OpenAI"}
    return ok({**body, "id": f"gen-emb-{world.now}-{base62(digest, 20)}"}, 180)


def _written(vector: list[float], form: str) -> list[float] | str:
    """The numbers, or base64 of them as 32-bit floats, little end first (what the OpenAI SDK asks for by default)."""
    return vector if form == "float" else base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _vector(text: str, size: int) -> list[float]:
    values = [0.0] * size
    for word in re.findall(r"\w+", text.lower()):
        digest = hashlib.sha256(word.encode()).digest()
        for n in range(0, 24, 3):
            values[int.from_bytes(digest[n : n + 2], "big") % size] += 1 if digest[n + 2] % 2 else -1
    length = math.sqrt(sum(v * v for v in values)) or 1.0
    return [round(v / length, 6) for v in values]
