"""Two caches. The prompt cache of a provider makes a repeated beginning cheaper; the response cache repeats an answer.

Sources: OpenRouter docs, best-practices/prompt-caching and features/response-caching, 2026-08. How long a provider keeps
a prefix is published as a range; here five minutes, an hour for `ttl: "1h"`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .endpoint import Endpoint
from .fields import whole
from .parts import message_tokens, tokens_beside

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
    """What a world remembers: prefixes until when (ms), and whole answers by request (from when, until when)."""

    prefixes: dict[str, float] = field(default_factory=dict)
    answers: dict[str, tuple[int, int, Any]] = field(default_factory=dict)


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
    ttl = next((ttl for _, ttl in marks if ttl), "5m")
    ends = {end for end, _ in marks}
    read = longest = 0
    for end, (size, key) in enumerate(_prefixes(body, endpoint), 1):
        if size < LEAST or (explicit and end not in ends):
            continue
        longest = size
        if caches.prefixes.get(key, 0) > now_ms:
            read = size
        caches.prefixes[key] = now_ms + KEEP_MS.get(ttl, KEEP_MS["5m"])
    charged = explicit or "input_cache_write" in endpoint.pricing
    return Cached(read, longest - read if charged else 0, ttl)


def _prefixes(body: Mapping[str, Any], endpoint: Endpoint) -> Iterator[tuple[int, str]]:
    """Size and key of the prompt up to each message, in one pass: a conversation may have thousands."""
    size, key = tokens_beside(body), _hash([endpoint.tag, endpoint.model, body.get("tools")])
    for message in body["messages"]:
        size, key = size + message_tokens(message), _hash([key, message])
        yield size, key


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


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


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
    seconds = min(max(whole(headers.get("x-openrouter-cache-ttl", ""), 300), 1), 86_400)
    return Wish(headers.get("x-openrouter-cache") == "true", seconds, headers.get("x-openrouter-cache-clear") == "true")


def find_answer(caches: Caches, request: Mapping[str, Any], wants: Wish, now_ms: int) -> tuple[int, Any] | None:
    """`(age in seconds, the kept reply)` of the same request with the same key, if the entry still lives."""
    kept = None if wants.clear else caches.answers.get(_same(request))
    if kept is None or now_ms > kept[1]:
        return None
    return (now_ms - kept[0]) // 1000, kept[2]


def keep_answer(caches: Caches, request: Mapping[str, Any], reply: Any, wants: Wish, now_ms: int) -> None:
    """Remember a reply for the next request that is the same; it lives as long as this one's ttl says."""
    caches.answers[_same(request)] = (now_ms, now_ms + wants.ttl * 1000, reply)


def _same(request: Mapping[str, Any]) -> str:
    """What must be equal: the key, the path and the body (docs: body, model, key and streaming)."""
    return _hash([request.get("key"), request.get("path"), request.get("body")])
