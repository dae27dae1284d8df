"""A web search that a request asks for, parsed once: which engine, how much, where, at what price.

Source: OpenRouter docs, guides/features/server-tools/web-search, 2026-11 (parameters, engines, domain filters, prices).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from .errors import invalid

RESULTS = 5
"""Pages of one search, unless the request says otherwise."""
INCLUDED, FURTHER = 10, Decimal("0.001")
"""Results in the price of a search of Exa or Parallel, and US dollars for each one more."""
MODES = ("instant", "fast", "auto", "deep-lite", "deep", "deep-reasoning", "turbo", "basic", "advanced")
EXA = {"deep-lite": "0.012", "deep": "0.012", "deep-reasoning": "0.015"}
PARALLEL = {"turbo": "0.001", "fast": "0.001"}
FLAT = {"exa": "0.007", "parallel": "0.005", "perplexity": "0.005", "firecrawl": "0"}
"""US dollars a search in the usual mode. Firecrawl takes its own credits."""
ONE_LIST = ("Parallel", "Firecrawl", "Anthropic", "xAI")
"""Who refuses allowed_domains beside excluded_domains."""
NO_LIST = ("Google", "Google AI Studio")


@dataclass(frozen=True)
class SearchRequest:
    """`served_by`: what searches, "native" or an engine. `most`: pages of one search; `uses`: searches at most; `total`: pages
    of all searches at most."""

    served_by: str
    mode: str = ""
    most: int = RESULTS
    uses: int | None = None
    total: int | None = None
    allowed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Mapping[str, Any], provider: str, has_native: bool) -> SearchRequest:
        """From the parameters of the server tool, or from the older plugin. `provider`: who serves the model; `has_native`:
        whether that provider searches by itself. Raises `ApiError` for domain lists that the engine refuses."""
        allowed = _texts(settings, "allowed_domains", "include_domains")
        excluded = _texts(settings, "excluded_domains", "exclude_domains")
        engine = str(settings.get("engine") or "auto")
        served = ("native" if has_native else "exa") if engine in ("auto", "native") else engine
        if served == "native" and provider in NO_LIST and (allowed or excluded):
            if engine == "native":
                raise invalid(f"{provider}'s own web search takes no allowed_domains and no excluded_domains")
            served = "exa"
        if allowed and excluded and (provider if served == "native" else served.capitalize()) in ONE_LIST:
            raise invalid("this engine takes allowed_domains or excluded_domains, not both")
        if (served == "perplexity" and allowed) or (served == "native" and provider == "OpenAI"):
            excluded = ()  # Perplexity lets the allowed ones win, OpenAI's own search knows only those
        mode = settings.get("mode") or ""
        if mode and mode not in MODES:
            raise invalid(f"mode takes one of {', '.join(MODES)}")
        total = _number(settings, "max_total_results")
        uses = _number(settings, "max_uses")
        if served == "native" and provider != "Anthropic":
            uses = None
        most = RESULTS if served == "native" else _number(settings, "max_results") or RESULTS
        return cls(served, mode, most, uses, total, allowed, excluded)

    def runs(self, wanted: int) -> int:
        """How many of the searches that the model wants are run."""
        return wanted if self.uses is None else min(wanted, self.uses)

    def may_read(self, url: str) -> bool:
        """Whether this page's domain passes the two lists; a listed domain stands for its subdomains too."""
        host = urlsplit(url).hostname or ""
        listed = [any(_within(host, domain) for domain in names) for names in (self.allowed, self.excluded)]
        return (listed[0] or not self.allowed) and not listed[1]

    def price(self, native: Decimal, results: int) -> Decimal:
        """US dollars of one search that found so many pages. `native`: the price of the provider's own search."""
        if self.served_by == "native":
            return native
        modes = {"exa": EXA, "parallel": PARALLEL}.get(self.served_by, {})
        price = Decimal(modes.get(self.mode) or FLAT[self.served_by])
        return price + (FURTHER * max(0, results - INCLUDED) if modes else 0)


def _within(host: str, domain: str) -> bool:
    return host == domain.lower() or host.endswith("." + domain.lower())


def _texts(settings: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    found = next((settings[name] for name in names if settings.get(name)), ())
    if not isinstance(found, list | tuple) or not all(isinstance(domain, str) for domain in found):
        raise invalid(f"{names[0]} takes a list of domains such as example.com")
    return tuple(found)


def _number(settings: Mapping[str, Any], name: str) -> int | None:
    value = settings.get(name)
    if value is None:
        return None
    highest = 25 if name == "max_results" else 10**6
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= highest:
        raise invalid(f"{name} takes a whole number from 1 to {highest}")
    return value
