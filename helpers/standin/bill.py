"""What an answer costs: tokens times the endpoint's prices, to the last digit, and the `usage` object that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import search
from .caching import Cached
from .endpoint import Endpoint

ZERO = Decimal(0)


@dataclass(frozen=True)
class Counts:
    """Everything that is counted. `prompt` holds cached, written and audio tokens too; `completion` holds `reasoning`."""

    prompt: int
    completion: int
    reasoning: int = 0
    audio: int = 0
    searches: int = 0
    cached: Cached = field(default_factory=Cached)


def prices(pricing: Mapping[str, Any], prompt: int) -> dict[str, Decimal]:
    """Dollars per token or unit, with the overrides that this prompt's length earns (later entries win per price)."""
    found = {k: v for k, v in pricing.items() if k not in ("overrides", "discount")}
    for override in pricing.get("overrides") or []:
        # the other documented condition is a time of day (UTC); no model of the dated catalogue has one
        if prompt >= (override.get("min_prompt_tokens") or 0) and "utc_start" not in override:
            found |= {k: v for k, v in override.items() if k != "min_prompt_tokens"}
    left = 1 - Decimal(str(pricing.get("discount") or 0))
    return {k: Decimal(str(v)) * left for k, v in found.items() if v is not None}


def cost(pricing: Mapping[str, Any], counts: Counts) -> tuple[Decimal, Decimal, Decimal]:
    """US dollars for the prompt, the completion and server tools."""
    p, c = prices(pricing, counts.prompt), counts.cached
    writing = "input_cache_write_1h" if c.ttl == "1h" and "input_cache_write_1h" in p else "input_cache_write"
    plain = counts.prompt - c.read - c.written - counts.audio
    asked = (
        max(plain, 0) * p.get("prompt", ZERO)
        + c.read * p.get("input_cache_read", p.get("prompt", ZERO))
        + c.written * p.get(writing, p.get("prompt", ZERO))
        + counts.audio * p.get("audio", p.get("prompt", ZERO))
        + p.get("request", ZERO)
    )
    said = counts.completion * p.get("completion", ZERO)
    return asked, said, counts.searches * search.price(pricing) if counts.searches else ZERO


def usage(endpoint: Endpoint, counts: Counts) -> dict[str, Any]:
    """`usage` with every sub-field. Key order as recorded in 2026; `server_tool_cost` since October 2026."""
    asked, said, tools = cost(endpoint.pricing, counts)
    detail: dict[str, Any] = {
        "upstream_inference_cost": float(asked + said),
        "upstream_inference_prompt_cost": float(asked),
        "upstream_inference_completions_cost": float(said),
    }
    made: dict[str, Any] = {
        "prompt_tokens": counts.prompt,
        "completion_tokens": counts.completion,
        "total_tokens": counts.prompt + counts.completion,
        "cost": float(asked + said + tools),
        "is_byok": False,
        "prompt_tokens_details": {
            "cached_tokens": counts.cached.read,
            "cache_write_tokens": counts.cached.written,
            "audio_tokens": counts.audio,
            "video_tokens": 0,
        },
        "cost_details": detail,
        "completion_tokens_details": {"reasoning_tokens": counts.reasoning, "image_tokens": 0, "audio_tokens": 0},
    }
    if counts.searches:
        detail["server_tool_cost"] = float(tools)
        n = counts.searches
        made["server_tool_use_details"] = {
            "web_search_requests": n,
            "tool_calls_requested": n,
            "tool_calls_executed": n,
        }
    return made


def nothing_charged(usage: Mapping[str, Any]) -> dict[str, Any]:
    """The same object with every number zero: what a hit of the response cache shows."""
    return {
        k: nothing_charged(v) if isinstance(v, Mapping) else v if isinstance(v, bool) else 0 for k, v in usage.items()
    }
