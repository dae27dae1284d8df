"""What an answer costs: tokens times the endpoint's prices, to the last digit. US dollars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .prompt_cache import Cached

ZERO = Decimal(0)
ENGINES = {"exa": Decimal("0.007"), "parallel": Decimal("0.005"), "perplexity": Decimal("0.005"), "firecrawl": ZERO}
"""Dollars per web search, ten results included; Firecrawl takes its own credits (docs, web search, 2026-08)."""


@dataclass(frozen=True)
class Counts:
    """Everything that is counted. `prompt` holds cached, written and audio tokens too; `completion` holds `reasoning`,
    `pictures` and `speech`. `engine`: what searches the web."""

    prompt: int
    completion: int
    reasoning: int = 0
    audio: int = 0
    searches: int = 0
    engine: str = "auto"
    pictures: int = 0
    speech: int = 0
    cached: Cached = field(default_factory=Cached)


def prices_at(pricing: Mapping[str, Any], prompt: int) -> dict[str, Decimal]:
    """Dollars per token or unit, with the overrides that this prompt's length earns (later entries win per price)."""
    found = {k: v for k, v in pricing.items() if k not in ("overrides", "discount")}
    for override in pricing.get("overrides") or []:
        # the other documented condition is a time of day (UTC); no model of the dated catalogue has one
        if prompt >= (override.get("min_prompt_tokens") or 0) and "utc_start" not in override:
            found |= {k: v for k, v in override.items() if k != "min_prompt_tokens"}
    left = 1 - Decimal(str(pricing.get("discount") or 0))
    return {k: Decimal(str(v)) * left for k, v in found.items() if v is not None}


def cost_of(pricing: Mapping[str, Any], counts: Counts) -> tuple[Decimal, Decimal, Decimal]:
    """US dollars for the prompt, the completion and server tools."""
    p, c = prices_at(pricing, counts.prompt), counts.cached
    writing = "input_cache_write_1h" if c.ttl == "1h" and "input_cache_write_1h" in p else "input_cache_write"
    plain = counts.prompt - c.read - c.written - counts.audio
    asked = (
        max(plain, 0) * p.get("prompt", ZERO)
        + c.read * p.get("input_cache_read", p.get("prompt", ZERO))
        + c.written * p.get(writing, p.get("prompt", ZERO))
        + counts.audio * p.get("audio", p.get("prompt", ZERO))
        + p.get("request", ZERO)
    )
    price = p.get("completion", ZERO)
    said = (
        (counts.completion - counts.pictures - counts.speech) * price
        + counts.pictures * p.get("image_output", price)
        + counts.speech * p.get("audio_output", price)
    )
    return asked, said, counts.searches * search_price(pricing, counts.engine) if counts.searches else ZERO


def search_price(pricing: Mapping[str, Any], engine: str) -> Decimal:
    """Dollars per search. Without an engine of the request's own: the provider's price where it has a search, else Exa's."""
    if engine in ENGINES:
        return ENGINES[engine]
    return Decimal(pricing["web_search"]) if Decimal(pricing.get("web_search") or 0) > 0 else ENGINES["exa"]
