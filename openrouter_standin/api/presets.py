"""/presets: list, read and make presets. A preset is made from a request (OpenAPI, 2026-08-22)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import USER, Response, not_json, ok, refusal
from ..http_request import HttpRequest
from ..ids import iso, uuid_of
from ..state import State
from ..tokens import text_of
from ..validation import SYSTEM_ROLES

KEPT = ("model", "models", "provider", "temperature", "top_p", "top_k", "min_p", "top_a", "frequency_penalty",
        "presence_penalty", "repetition_penalty", "max_tokens", "stop", "seed", "reasoning", "plugins", "tools",
        "tool_choice", "response_format", "verbosity")  # fmt: skip
"""The fields of a request that a preset keeps; others are ignored."""


def manage_presets(http: HttpRequest, state: State) -> Response:
    """Route one request: the list, one preset by its slug, or a request to make one from."""
    slug, _, rest = http.route.removeprefix("/presets").strip("/").partition("/")
    if http.method == "GET" and not slug:
        rows = [_row(name, preset) for name, preset in state.presets.items()]
        return ok({"data": rows, "total_count": len(rows)})
    if http.method == "GET" and not rest:
        if slug not in state.presets:
            raise refusal(404, "Resource not found", user=False)
        return ok({"data": _whole(slug, state.presets[slug])})
    if http.method == "POST" and rest == "chat/completions":
        return _make(slug, http.body, state)
    raise refusal(404, f"The stand-in has no {http.method} {http.route}", user=False)


def _make(slug: str, body: Any, state: State) -> Response:
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    messages = body.get("messages")
    said = [m for m in messages if isinstance(m, Mapping)] if isinstance(messages, list) else []
    prompts = [text_of(m.get("content")) for m in said if m.get("role") in SYSTEM_ROLES]
    config = {name: body[name] for name in KEPT if body.get(name) is not None}
    version = state.presets.get(slug, {}).get("version", 0) + 1
    made = {"config": config, "system_prompt": "\n".join(prompts) or None, "version": version, "at": iso(state.now)}
    state.presets[slug] = made
    return ok({"data": _whole(slug, made)})


def _row(slug: str, preset: Mapping[str, Any]) -> dict[str, Any]:
    at = preset.get("at")
    return {
        "created_at": at,
        "creator_user_id": USER,
        "description": None,
        "designated_version_id": uuid_of(f"version {slug}"),
        "id": uuid_of(f"preset {slug}"),
        "name": slug,
        "slug": slug,
        "status": "active",
        "status_updated_at": None,
        "updated_at": at,
        "workspace_id": "00000000-0000-4000-8000-000000000000",
    }


def _whole(slug: str, preset: Mapping[str, Any]) -> dict[str, Any]:
    version = {
        "config": preset.get("config") or {},
        "created_at": preset.get("at"),
        "creator_id": USER,
        "id": uuid_of(f"version {slug}"),
        "preset_id": uuid_of(f"preset {slug}"),
        "system_prompt": preset.get("system_prompt"),
        "updated_at": preset.get("at"),
        "version": preset.get("version", 1),
    }
    return {**_row(slug, preset), "designated_version": version}
