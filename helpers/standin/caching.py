"""Two caches. The prompt cache of a provider makes a repeated beginning cheaper; the response cache repeats an answer.

Sources: OpenRouter docs, best-practices/prompt-caching and features/response-caching, 2026-08. How long a provider keeps
a prefix is published as a range; here five minutes, an hour for `ttl: "1h"`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .endpoint import Endpoint
from .parts import prompt_tokens

LEAST = 1024
"""Tokens that a prefix needs before anybody caches it (the smallest documented minimum)."""
KEEP_MS = {"5m": 300_000, "1h": 3_600_000}


@dataclass(frozen=True)
class Cached:
    """What of the prompt was read from the cache, and what was written to it at which `ttl`. Tokens."""

    read: int = 0
    written: int = 0
    ttl: str = "5m"


@dataclass
class Caches:
    """What a world remembers: prefixes until when (ms), and whole answers by request."""

    prefixes: dict[str, float] = field(default_factory=dict)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)


def use_prompt_cache(caches: Caches, body: Mapping[str, Any], endpoint: Endpoint, now_ms: int) -> Cached:
    """Read the longest known prefix and remember the new ones.

    Anthropic and Alibaba cache what `cache_control` marks and charge for writing; the others cache on their own.
    """
    if "input_cache_read" not in endpoint.pricing:
        return Cached()
    marks = _marks(body)
    explicit = endpoint.model.split("/")[0].lstrip("~") in ("anthropic", "qwen")
    if explicit and not marks:
        return Cached()
    messages = body["messages"]
    ends = [end for end, _ in marks] if explicit else list(range(1, len(messages) + 1))
    ttl = next((ttl for _, ttl in marks if ttl), "5m")
    known = {end: _key(body, endpoint, end) for end in ends}
    sizes = {end: prompt_tokens({**body, "messages": messages[:end]}) for end in ends}
    read = max((sizes[e] for e in ends if sizes[e] >= LEAST and caches.prefixes.get(known[e], 0) > now_ms), default=0)
    longest = max((sizes[e] for e in ends if sizes[e] >= LEAST), default=0)
    for end in ends:
        if sizes[end] >= LEAST:
            caches.prefixes[known[end]] = now_ms + KEEP_MS.get(ttl, KEEP_MS["5m"])
    charged = explicit or "input_cache_write" in endpoint.pricing
    return Cached(read, max(0, longest - read) if charged else 0, ttl)


def _marks(body: Mapping[str, Any]) -> list[tuple[int, str | None]]:
    """Where `cache_control` stands: after which message, with which ttl. At the top level it means the last message."""
    top, found = body.get("cache_control"), []
    if isinstance(top, Mapping):
        found.append((len(body["messages"]), top.get("ttl")))
    for n, message in enumerate(body["messages"], 1):
        content = message.get("content")
        for part in content if isinstance(content, list) else []:
            mark = part.get("cache_control")
            if isinstance(mark, Mapping):
                found.append((n, mark.get("ttl")))
    return found


def _key(body: Mapping[str, Any], endpoint: Endpoint, end: int) -> str:
    return _hash([endpoint.tag, endpoint.model, body.get("tools"), body["messages"][:end]])


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


# --- the response cache ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """What the request headers say about the response cache. `ttl`: seconds, 1 to 86400."""

    on: bool
    ttl: int
    clear: bool


def wish(request: Mapping[str, Any]) -> Wish:
    """X-OpenRouter-Cache, X-OpenRouter-Cache-TTL and X-OpenRouter-Cache-Clear."""
    headers = {k.lower(): str(v) for k, v in (request.get("headers") or {}).items()}
    ttl = headers.get("x-openrouter-cache-ttl", "300")
    seconds = min(max(int(ttl), 1), 86_400) if ttl.isdigit() else 300
    return Wish(headers.get("x-openrouter-cache") == "true", seconds, headers.get("x-openrouter-cache-clear") == "true")


def find_answer(caches: Caches, body: Mapping[str, Any], wants: Wish, now_ms: int) -> tuple[int, Any] | None:
    """`(age in seconds, the kept reply)` of the same request, if it is young enough."""
    kept = None if wants.clear else caches.answers.get(_hash(body))
    if kept is None or now_ms - kept[0] > wants.ttl * 1000:
        return None
    return (now_ms - kept[0]) // 1000, kept[1]


def keep_answer(caches: Caches, body: Mapping[str, Any], reply: Any, now_ms: int) -> None:
    """Remember a reply for the next request of the same words."""
    caches.answers[_hash(body)] = (now_ms, reply)
