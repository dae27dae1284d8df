"""Web search: the citations under an answer. What a search costs: see billing/prices.

Source: OpenRouter docs, guides/features/server-tools/web-search, 2026-08; counters as recorded in 2026-08.
"""

from __future__ import annotations

from typing import Any


def cited(text: str, in_text: bool = True) -> tuple[str, list[dict[str, Any]]]:
    """The text with a citation at its end, and the annotation that points at it. The page is an example, not a find.

    `in_text`: a form, which must stay JSON, has the annotation alone.
    """
    link = "([example.org](https://example.org/))" if in_text else ""
    whole = f"{text} {link}" if in_text else text
    citation = {
        "end_index": len(whole),
        "start_index": len(whole) - len(link),
        "title": "Example page; the stand-in searched nothing",
        "url": "https://example.org/",
    }
    return whole, [{"type": "url_citation", "url_citation": citation}]
