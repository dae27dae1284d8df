"""/keys: create, list, read, change and delete API keys. Only a management key may (docs, provisioning keys, 2026-08)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .envelope import iso
from .errors import USER, Response, error, ok
from .fields import is_number, whole
from .world import World

MANAGEMENT = "sk-or-v1-management"
"""A key that begins so may call /keys."""
RESETS = ("daily", "weekly", "monthly", None)
CHANGEABLE = ("name", "disabled", "limit", "limit_reset", "include_byok_in_limit")


def keys(request: Mapping[str, Any], method: str, digest: str, query: Mapping[str, str], world: World) -> Response:
    """Route one request; `digest` is the hash in the path, empty for the list."""
    if digest and digest not in world.keys:
        return error(404, "API key not found", user=False)
    body = request.get("body") or {}
    if method in ("POST", "PATCH"):
        wrong = _wrong(body, method)
        if wrong:
            return error(400, wrong, user=False)
    match method, bool(digest):
        case "GET", False:
            return _list(query, world)
        case "POST", False:
            return _create(body, world)
        case "GET", True:
            return ok({"data": world.keys[digest]})
        case "PATCH", True:
            return _change(world.keys[digest], body, world)
        case "DELETE", True:
            del world.keys[digest]
            return ok({"deleted": True})
    return error(405, "Method not allowed", user=False)


def _wrong(body: Any, method: str) -> str | None:
    if not isinstance(body, Mapping):
        return "Invalid JSON in request body"
    if (method == "POST" or "name" in body) and not (isinstance(body.get("name"), str) and body["name"].strip()):
        return "Invalid request: name takes a text"
    if method == "PATCH" and not any(name in body for name in CHANGEABLE):
        return "No update fields provided"
    limit = body.get("limit")
    if limit is not None and not (is_number(limit) and limit >= 0):
        return "Invalid request: limit takes dollars, 0 or more"
    if body.get("limit_reset") not in RESETS:
        return "Invalid request: limit_reset takes daily, weekly, monthly or null"
    for name in ("disabled", "include_byok_in_limit"):
        if not isinstance(body.get(name), bool | None):
            return f"Invalid request: {name} takes true or false"
    return None


def _list(query: Mapping[str, str], world: World) -> Response:
    rows = [k for k in world.keys.values() if query.get("include_disabled") == "true" or not k["disabled"]]
    return ok({"data": rows[whole(query.get("offset", ""), 0) :][:100]})


def _create(body: Mapping[str, Any], world: World) -> Response:
    """The key itself is shown this once. It is plainly made up."""
    world.keys_made += 1
    secret = f"sk-or-v1-standin-{world.keys_made:04d}"
    digest = hashlib.sha256(secret.encode()).hexdigest()
    limit = body.get("limit")
    spent = {f"{kind}{span}": 0 for kind in ("usage", "byok_usage") for span in ("", "_daily", "_weekly", "_monthly")}
    row = {
        "hash": digest,
        "name": body["name"],
        "label": f"{secret[:12]}...{secret[-3:]}",
        "disabled": False,
        "limit": limit,
        "limit_remaining": limit,
        "limit_reset": body.get("limit_reset"),
        "include_byok_in_limit": body.get("include_byok_in_limit", False),
        **spent,
        "created_at": iso(world.now),
        "updated_at": None,
        "expires_at": body.get("expires_at"),
        "creator_user_id": USER,
        "last_used_at": None,
        "external_user": None,
        "workspace_id": body.get("workspace_id") or "00000000-0000-4000-8000-000000000000",
    }
    world.keys[digest] = row
    world.secrets[secret] = digest
    return ok({"data": row, "key": secret}, status=201)


def _change(row: dict[str, Any], body: Mapping[str, Any], world: World) -> Response:
    row |= {k: body[k] for k in CHANGEABLE if k in body}
    row |= {"limit_remaining": _left(row), "updated_at": iso(world.now)}
    return ok({"data": row})


def charge(key: str, cost: float, world: World) -> None:
    """Put a cost on the account, and on the key that made the request if POST /keys made it."""
    world.usage += cost
    row = world.keys.get(key)
    if row is not None:
        row |= {f"usage{span}": row[f"usage{span}"] + cost for span in ("", "_daily", "_weekly", "_monthly")}
        row |= {"limit_remaining": _left(row), "last_used_at": iso(world.now)}


def _left(row: Mapping[str, Any]) -> float | None:
    return None if row["limit"] is None else max(0.0, row["limit"] - row["usage"])
