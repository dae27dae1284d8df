"""Presets: settings that are kept under a name and merged into the requests that name it.

Source: OpenRouter docs, guides/features/presets, and OpenAPI, 2026-08-22. What the service says to an unknown preset is in no
public page: the sentence is the stand-in's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import refusal
from .validation import SYSTEM_ROLES

MARK = "@preset/"


def merged(body: Any, presets: Mapping[str, Mapping[str, Any]]) -> Any:
    """The request with what its preset says. Fields of the request win over fields of the preset (shallow merge); the
    preset's system prompt goes first when the request has none of its own.

    `presets`: by slug, each `{"config": {...}, "system_prompt": text or None}`. A preset is named by `preset`, or in the
    model: `@preset/slug`, `author/model@preset/slug`. Raises `ApiError` when there is no such preset.
    """
    if not isinstance(body, Mapping):
        return body
    model, slug = _named(body)
    if slug is None:
        return body
    if slug not in presets:
        raise refusal(
            404, f"No preset {slug!r} in this account. (What the service says here is not known.)", user=False
        )
    preset = presets[slug]
    own = {name: value for name, value in body.items() if name != "preset" and value is not None}
    own.pop("model", None)
    config = {name: value for name, value in (preset.get("config") or {}).items() if name != "stream"}
    made = {**config, **own, **({"model": model} if model else {})}
    prompt, messages = preset.get("system_prompt"), body.get("messages")
    if prompt and isinstance(messages, list) and not any(_is_system(m) for m in messages):
        made["messages"] = [{"role": "system", "content": prompt}, *messages]
    return made


def _named(body: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The model without its preset, and the slug of the preset, each None when there is none."""
    model, slug = body.get("model"), body.get("preset")
    if isinstance(model, str) and MARK in model:
        model, _, slug = model.partition(MARK)
    return (model if isinstance(model, str) and model else None), (slug if isinstance(slug, str) else None)


def _is_system(message: Any) -> bool:
    return isinstance(message, Mapping) and message.get("role") in SYSTEM_ROLES
