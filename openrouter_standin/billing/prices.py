"""What an answer costs: tokens times the endpoint's prices, to the last digit. US dollars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .prompt_cache import Cached

ZERO = Decimal(0)


@dataclass(frozen=True)
class Counts:
    """Everything that is counted. `prompt` holds cached, written and audio tokens too; `completion` holds `reasoning`,
    `pictures` and `speech`. `searches` of the web: those that ran, of those `wanted`. `searching`, `reading`: US dollars for
    them and for parsing files."""

    prompt: int
    completion: int
    reasoning: int = 0
    audio: int = 0
    searches: int = 0
    wanted: int = 0
    searching: Decimal = ZERO
    pictures: int = 0
    speech: int = 0
    reading: Decimal = ZERO
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
    five, hour = _writing_prices(p, c)
    plain = counts.prompt - c.read - c.written - counts.audio
    asked = (
        max(plain, 0) * p.get("prompt", ZERO)
        + c.read * p.get("input_cache_read", p.get("prompt", ZERO))
        + (c.written - c.hour) * five
        + c.hour * hour
        + counts.audio * p.get("audio", p.get("prompt", ZERO))
        + p.get("request", ZERO)
    )
    price = p.get("completion", ZERO)
    said = (
        (counts.completion - counts.pictures - counts.speech) * price
        + counts.pictures * p.get("image_output", price)
        + counts.speech * p.get("audio_output", price)
    )
    return asked, said, counts.searching


def _writing_prices(p: Mapping[str, Decimal], cached: Cached) -> tuple[Decimal, Decimal]:
    """Dollars per token written to the cache, for the usual time and for an hour.

    Google's price list gives the storage of five minutes, which is paid on top of the input price (docs, prompt caching,
    2026-08); all others give the whole price.
    """
    price = p.get("prompt", ZERO)
    five = p.get("input_cache_write", price) + (price if cached.storage and "input_cache_write" in p else ZERO)
    return five, p.get("input_cache_write_1h", five)


def cache_discount(pricing: Mapping[str, Any], usage: Mapping[str, Any]) -> float | None:
    """US dollars that the prompt cache saved on an answer with this `usage`: negative where writing cost more than reading
    saved (docs, prompt caching, 2026-08). None where nothing was read or written.

    It is what the prompt would have cost without a cache, less what it did cost.
    """
    detail = usage.get("prompt_tokens_details") or {}
    cost = (usage.get("cost_details") or {}).get("upstream_inference_prompt_cost")
    if cost is None or not (detail.get("cached_tokens") or detail.get("cache_write_tokens")):
        return None
    whole, _, _ = cost_of(pricing, Counts(usage["prompt_tokens"], 0, audio=detail.get("audio_tokens") or 0))
    return float(whole - Decimal(repr(cost)))
