"""The prompt cache of a provider: the beginning of a prompt that was sent before is cheaper.

Source: OpenRouter docs, best-practices/prompt-caching, 2026-08-22. The numbers of each family are in
data/prompt_caches.toml. What is nominal here: the token counts, and that a beginning is kept for exactly its lifetime.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..chat_request import ChatRequest
from ..endpoint import Endpoint
from ..recent import Recent
from .cache_rules import CacheRules, milliseconds, rules_for
from .prefixes import Block, blocks, is_system, size_of, steps

LOOK_BACK = 20
"""Blocks, the marked one included, in which a mark finds what was cached before (Anthropic's and Alibaba's pages, 2026)."""
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Cached:
    """What of the prompt was read from the cache, and what was written to it. Tokens.

    `hour`: how many of the written ones are kept for an hour, which has a price of its own. `storage`: whether the price of
    writing is paid on top of the input price (Google: five minutes of storage), and not instead of it.
    """

    read: int = 0
    written: int = 0
    hour: int = 0
    storage: bool = False


@dataclass(frozen=True)
class Kept:
    """A beginning in the cache: tokens, until when it is kept, and how long a use prolongs that (nominal ms)."""

    size: int
    until_ms: int
    keep_ms: int


class PromptCache:
    """The beginnings of prompts that providers keep, for one `State`, by what stands for them."""

    def __init__(self) -> None:
        self._kept: Recent[str, Kept] = Recent(100_000)

    def use(self, chat: ChatRequest, endpoint: Endpoint, now_ms: int) -> Cached:
        """Read the longest known beginning, and keep the new ones.

        Anthropic and Alibaba keep what the request marks and charge for writing. The others keep the beginnings of every
        long prompt. Gemini keeps what the last mark says where there is one. GPT-5.6 and later do both, and charge.
        """
        rules = rules_for(endpoint.model)
        if "input_cache_read" not in endpoint.pricing or chat.prompt_tokens_at(endpoint.model) < rules.least:
            return Cached()
        listed = blocks(chat.body, endpoint) if rules.mode != "automatic" else []
        marks = _marks(listed, chat, endpoint, rules)
        if rules.mode == "marked" or (rules.mode == "last mark" and marks):
            return self._by_marks(listed, marks, chat, endpoint, now_ms)
        return self._by_itself(listed, marks, chat, endpoint, now_ms)

    def _by_marks(
        self, listed: list[Block], marks: dict[int, int], chat: ChatRequest, endpoint: Endpoint, now_ms: int
    ) -> Cached:
        """`marks`: place of a marked block in the list, and for how long it is kept (nominal ms)."""
        rules, read = rules_for(endpoint.model), 0
        only_last = rules.mode == "last mark"
        for place in marks:
            nearest = reversed(listed[max(0, place + 1 - (1 if only_last else LOOK_BACK)) : place + 1])
            read = max(read, self._read((block.key for block in nearest), now_ms, prolong=not only_last))
        sizes = {place: size_of(listed[place], chat, endpoint) for place in marks}
        long_enough = {place: size for place, size in sizes.items() if size >= rules.least}
        for place, size in long_enough.items():
            if not self._lives(listed[place].key, now_ms):
                self._kept[listed[place].key] = Kept(size, now_ms + marks[place], marks[place])
        hour = max((size for place, size in long_enough.items() if marks[place] >= HOUR_MS), default=0)
        written = max([*long_enough.values(), read]) - read
        return Cached(read, written, min(max(hour - read, 0), written), storage=only_last)

    def _by_itself(
        self, listed: list[Block], marks: dict[int, int], chat: ChatRequest, endpoint: Endpoint, now_ms: int
    ) -> Cached:
        rules = rules_for(endpoint.model)
        marked = self._by_marks(listed, marks, chat, endpoint, now_ms)
        if rules.mode == "both" and _only_marks(chat):
            return marked
        keep_ms, most = _keep_ms(chat, rules), chat.prompt_tokens_at(endpoint.model)
        found = [(size, key) for size, key in steps(chat, endpoint) if rules.least <= size <= most]
        read = max(marked.read, self._read((key for _, key in reversed(found)), now_ms))
        for size, key in found:
            self._kept[key] = Kept(size, now_ms + keep_ms, keep_ms)
        if rules.mode != "both" or "input_cache_write" not in endpoint.pricing:
            return Cached(read)
        longest = max([marked.read + marked.written, *(size for size, _ in found)])
        return Cached(read, max(longest - read, 0))

    def _read(self, keys: Iterable[str], now_ms: int, prolong: bool = True) -> int:
        """Tokens of the first of these beginnings that is kept. Its use prolongs its life."""
        for key in keys:
            if self._lives(key, now_ms):
                kept = self._kept[key]
                if prolong:
                    self._kept[key] = Kept(kept.size, now_ms + kept.keep_ms, kept.keep_ms)
                return kept.size
        return 0

    def _lives(self, key: str, now_ms: int) -> bool:
        kept = self._kept.get(key)
        return kept is not None and kept.until_ms > now_ms


def _marks(listed: list[Block], chat: ChatRequest, endpoint: Endpoint, rules: CacheRules) -> dict[int, int]:
    """The places of the marked blocks, and for how long each is kept (nominal ms).

    A mark at the top level of the request stands for the last block; only Claude takes it. Only Claude knows an hour.
    """
    claude = endpoint.model.startswith("anthropic/")
    if rules.mode == "last mark":
        return _last_mark(listed, chat, rules)
    found = {place: block.mark for place, block in enumerate(listed) if block.mark is not None}
    top: Any = chat.body.get("cache_control")
    if claude and isinstance(top, Mapping):
        found.setdefault(len(listed) - 1, top)
    hour = {place for place, mark in found.items() if claude and mark.get("ttl") == "1h"}
    return {place: HOUR_MS if place in hour else _keep_ms(chat, rules) for place in sorted(found)}


def _last_mark(listed: list[Block], chat: ChatRequest, rules: CacheRules) -> dict[int, int]:
    """Gemini's one mark: the last in a message. In the first system message it stands for the end of that message, because
    Gemini has one system instruction and cannot cache a part of it."""
    marked = [place for place, block in enumerate(listed) if block.mark is not None and block.tool < 0]
    if not marked:
        return {}
    last = marked[-1]
    if is_system(listed[last], chat.body):
        last = max(place for place, block in enumerate(listed) if block.message == 0)
    return {last: rules.keep_ms}


def _only_marks(chat: ChatRequest) -> bool:
    """Whether the request switches off what OpenAI would cache by itself."""
    options = chat.body.get("prompt_cache_options")
    return isinstance(options, Mapping) and options.get("mode") == "explicit"


def _keep_ms(chat: ChatRequest, rules: CacheRules) -> int:
    """The family's lifetime; for GPT-5.6 and later the one that the request asks for, at least 30 minutes."""
    options = chat.body.get("prompt_cache_options") if rules.mode == "both" else None
    asked = milliseconds(options.get("ttl")) if isinstance(options, Mapping) else None
    return max(rules.keep_ms, asked or 0)
