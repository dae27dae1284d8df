"""Web search: when a request asks for it, what it costs, and the citations under the answer.

Source: OpenRouter docs, guides/features/server-tools/web-search, 2026-08; counters as recorded in 2026-08.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

TOOLS = ("openrouter:web_search", "web_search", "web_search_preview")
"""The server tool, and the names that the Responses API knows it by."""
EXA = Decimal("0.007")
"""Dollars per search with the default engine, ten results included, where the provider has no search of its own."""


def searches(body: Mapping[str, Any]) -> int:
    """How often this request searches: once when the server tool, the older plugin or the `:online` suffix is there."""
    tools = any(t.get("type") in TOOLS for t in body.get("tools") or [])
    plugin = any(p.get("id") == "web" and p.get("enabled") is not False for p in body.get("plugins") or [])
    online = "online" in str(body.get("model", "")).split(":")[1:]
    return 1 if (tools or plugin or online) and body.get("tool_choice") != "none" else 0


def price(pricing: Mapping[str, Any]) -> Decimal:
    """Dollars per search: the provider's own price where the catalogue has one, else Exa's."""
    return Decimal(pricing["web_search"]) if Decimal(pricing.get("web_search") or 0) > 0 else EXA


def cited(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text with a citation at its end, and the annotation that points at it. The page is an example, not a find."""
    link = "([example.org](https://example.org/))"
    whole = f"{text} {link}"
    citation = {
        "end_index": len(whole),
        "start_index": len(whole) - len(link),
        "title": "Example page; the stand-in searched nothing",
        "url": "https://example.org/",
    }
    return whole, [{"type": "url_citation", "url_citation": citation}]
