"""One endpoint: a model at one provider, read from the shape that GET /models/…/endpoints has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

MILLION = 1_000_000
TIERS = {"flex": "flex", "priority": "priority", "fast": "priority"}
"""What the end of a tag says of the tier. Lists of October 2026 name OpenAI's priority endpoints `openai/fast`; the older
tag goes on to mean the same."""


@dataclass(frozen=True)
class Endpoint:
    """What routing looks at. Prices are US dollars per million tokens, latency is seconds.

    A value of `None` means that no public source gives it: routing then answers "unknown". `pricing` is the endpoint's
    price list as published: strings in dollars per token or unit.
    """

    tag: str
    provider: str
    model: str = ""
    quantization: str = "unknown"
    prompt: Decimal | None = None
    completion: Decimal | None = None
    request: Decimal | None = None
    image: Decimal | None = None
    cache_read: Decimal | None = None
    latency: Mapping[str, float] = field(default_factory=dict)
    throughput: Mapping[str, float] = field(default_factory=dict)
    parameters: frozenset[str] | None = None
    max_completion_tokens: int | None = None
    trains_on_prompts: bool | None = None
    zdr: bool | None = None
    distillable: bool | None = None
    pricing: Mapping[str, Any] = field(default_factory=dict)
    outage: bool = False
    byok: bool = False

    @property
    def slug(self) -> str:
        """The provider's base slug: `deepinfra` for the tag `deepinfra/fp4`."""
        return self.tag.split("/")[0]

    @property
    def tier(self) -> str | None:
        """`flex` or `priority` for a service-tier endpoint, else `None`."""
        last = self.tag.rsplit("/", 1)[-1]
        return TIERS.get(last) if "/" in self.tag else None

    @cached_property
    def names(self) -> frozenset[str]:
        """What an entry of `order`, `only` or `ignore` may call this endpoint, in lower case.

        A base slug means every variant, a full tag one endpoint (OpenRouter docs, provider
        selection, 2026-08). A display name works too (seen in recorded requests), but is not documented.
        """
        if not self.tier:
            return frozenset((self.tag.lower(), self.provider.lower(), self.slug.lower()))
        base = self.tag.lower().rpartition("/")[0]
        tags = (f"{base}/{word}" for word, tier in TIERS.items() if tier == self.tier)
        return frozenset((self.provider.lower(), *tags))

    def named_by(self, name: str) -> bool:
        """Whether an entry of `order`, `only` or `ignore` means this endpoint."""
        return name.strip().lower() in self.names

    @classmethod
    def from_public(cls, row: Mapping[str, Any], model: str = "") -> Endpoint:
        """Read one element of `data.endpoints`, whose prices are strings in dollars per token.

        Keys that only this course knows (`trains_on_prompts`, `zdr`, `distillable`) are read when they are there.
        """
        pricing = row.get("pricing") or {}
        parameters = row.get("supported_parameters")
        return cls(
            tag=row.get("tag") or row["provider_name"].lower().replace(" ", "-"),
            provider=row.get("provider_name") or row["tag"],
            model=row.get("model_id") or model,
            quantization=row.get("quantization") or "unknown",
            prompt=per_million(pricing.get("prompt")),
            completion=per_million(pricing.get("completion")),
            request=None if pricing.get("request") is None else Decimal(pricing["request"]),
            image=None if pricing.get("image") is None else Decimal(pricing["image"]),
            cache_read=per_million(pricing.get("input_cache_read")),
            latency={p: v / 1000 for p, v in (row.get("latency_last_30m") or {}).items() if v is not None},
            throughput={p: v for p, v in (row.get("throughput_last_30m") or {}).items() if v is not None},
            parameters=None if parameters is None else frozenset(parameters),
            max_completion_tokens=row.get("max_completion_tokens"),
            trains_on_prompts=row.get("trains_on_prompts"),
            zdr=row.get("zdr"),
            distillable=row.get("distillable"),
            pricing=pricing,
            outage=(row.get("status") or 0) < 0,
        )


def per_million(price: str | None) -> Decimal | None:
    """Dollars per million tokens from the catalogue's string in dollars per token."""
    return None if price is None else Decimal(price) * MILLION
