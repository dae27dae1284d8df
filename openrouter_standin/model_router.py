"""The models that choose a model: openrouter/auto and openrouter/free.

Which model the real routers pick is not published; the stand-in draws by a hash of the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import translate
from functools import lru_cache
from typing import Any

from . import catalogue, content_parts
from .chat_request import ChatRequest
from .errors import invalid, refusal
from .guardrails import blocks_model
from .ids import hash_of

MOST_PATTERNS, LONGEST_PATTERNS = 1024, 65_536
AUTO = ("openai/gpt-5-mini", "anthropic/claude-haiku-4.5", "google/gemini-2.5-flash")
"""What openrouter/auto draws from when the request allows everything: an invented short list."""
NO_MODEL = "No models match your request and model restrictions"
STRATEGIES = {"openrouter/auto": "auto", "openrouter/free": "free"}
"""What `openrouter_metadata` calls each router."""


def pick_model(model: str, chat: ChatRequest, guardrail: Mapping[str, Any] | None = None) -> str:
    """The model that a request for `model` means: a router's pick, any other model itself.

    openrouter/auto draws from a short list or from what its plugin allows; openrouter/free from the free models that have
    the features the request needs; of both, what the key's `guardrail` leaves. Raises `ApiError` when nothing is left (404, observed 2026-09).
    """
    router = model.partition(":")[0]
    if router == "openrouter/auto":
        return _draw(_permitted(_allowed(chat, guardrail), guardrail), chat.seed)
    if router == "openrouter/free":
        return _draw(_permitted(_free(chat) or [model], guardrail), chat.seed)
    return model


def _permitted(models: list[str], guardrail: Mapping[str, Any] | None) -> list[str]:
    left = [m for m in models if not (guardrail and blocks_model(guardrail, m))]
    if not left:
        raise refusal(404, NO_MODEL)
    return left


def _free(chat: ChatRequest) -> list[str]:
    needed = [p for p in ("tools", "response_format") if chat.body.get(p)]
    free = [m for m in catalogue.models() if m["id"].endswith(":free")]
    fit = [m for m in free if not content_parts.missing_input(chat.body, m)]
    return [m["id"] for m in fit if all(p in m["supported_parameters"] for p in needed)]


def _allowed(chat: ChatRequest, guardrail: Mapping[str, Any] | None) -> list[str]:
    """What the auto-router plugin leaves: `allowed_models` and `excluded_models` are patterns (docs, auto router)."""
    plugins = chat.body.get("plugins") or []
    plugin = next((p for p in plugins if p.get("id") == "auto-router"), {})
    wanted, barred = (plugin.get(name) or [] for name in ("allowed_models", "excluded_models"))
    pool: Sequence[str] = AUTO
    if wanted or (guardrail and guardrail["allowed_models"]):
        pool = [m["id"] for m in catalogue.models() if m["id"][0] != "~" and ":" not in m["id"]]
    fit = [m for m in pool if not m.startswith("openrouter/") and (not wanted or _matches(m, wanted))]
    left = [m for m in fit if not _matches(m, barred)]
    if not left:
        raise refusal(404, NO_MODEL)
    return left


def _matches(model: str, patterns: Any) -> bool:
    return _pattern_of(tuple(map(str, patterns if isinstance(patterns, list) else [patterns]))).match(model) is not None


@lru_cache(100)
def _pattern_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """All patterns as one. Raises `ApiError` for too many, or for one that is too long (OpenAPI, 2026-08-22)."""
    if len(patterns) > MOST_PATTERNS or sum(map(len, patterns)) > LONGEST_PATTERNS:
        raise invalid(
            f"the auto-router takes at most {MOST_PATTERNS} patterns of {LONGEST_PATTERNS} characters together"
        )
    return re.compile("|".join(map(translate, patterns)) or r"(?!)")


def _draw(choices: Sequence[str], seed: str) -> str:
    return min(choices, key=lambda choice: hash_of(seed + choice))
