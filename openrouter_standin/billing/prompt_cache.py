"""The prompt cache of a provider: the beginning of a prompt that was sent before is cheaper.

Source: OpenRouter docs, best-practices/prompt-caching, 2026-08. How long a provider keeps a beginning is published as a
range; here five minutes, an hour for `ttl: "1h"`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..chat_request import ChatRequest
from ..content_parts import message_tokens, tokens_beside
from ..endpoint import Endpoint
from ..ids import hash_of_json
from ..recent import Recent

LEAST = 1024
"""Tokens that a prefix needs before any provider caches it (the smallest documented minimum)."""
KEEP_MS = {"5m": 300_000, "1h": 3_600_000}


@dataclass(frozen=True)
class Cached:
    """What of the prompt was read from the cache, and what was written to it at which `ttl`. Tokens."""

    read: int = 0
    written: int = 0
    ttl: str = "5m"


class PromptCache:
    """The beginnings of prompts that providers keep, for one `State`: until when (nominal ms), by hash."""

    def __init__(self) -> None:
        self._until: Recent[str, float] = Recent(20_000)

    def use(self, chat: ChatRequest, endpoint: Endpoint, now_ms: int) -> Cached:
        """Read the longest known beginning and remember the new ones.

        Anthropic and Alibaba cache what `cache_control` marks and charge for writing; the others cache on their own.
        """
        if "input_cache_read" not in endpoint.pricing:
            return Cached()
        marks = _marks(chat.body)
        explicit = endpoint.model.split("/")[0].lstrip("~") in ("anthropic", "qwen")
        if explicit and not marks:
            return Cached()
        ttl = next((ttl for _, ttl in marks if ttl), "5m")
        ends = {end for end, _ in marks}
        read = longest = 0
        for end, (size, key) in enumerate(_prefixes(chat.body, endpoint), 1):
            if size < LEAST or (explicit and end not in ends):
                continue
            longest = size
            if self._until.get(key, 0) > now_ms:
                read = size
            self._until[key] = now_ms + KEEP_MS.get(ttl, KEEP_MS["5m"])
        charged = explicit or "input_cache_write" in endpoint.pricing
        return Cached(read, longest - read if charged else 0, ttl)


def _prefixes(body: Mapping[str, Any], endpoint: Endpoint) -> Iterator[tuple[int, str]]:
    """Size and key of the prompt up to each message, in one pass: a conversation may have thousands."""
    size, key = tokens_beside(body), hash_of_json([endpoint.tag, endpoint.model, body.get("tools")])
    for message in body["messages"]:
        size, key = size + message_tokens(message), hash_of_json([key, message])
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
