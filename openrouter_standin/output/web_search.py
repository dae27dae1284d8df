"""Web search: which pages are found, and the citations in an answer. What a search costs: see search_request.

The only pages are those of the script; no request leaves this machine. Source: OpenRouter docs,
guides/features/server-tools/web-search, 2026-11; counters and the place of a citation as recorded in 2026-08.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from ..search_request import SearchRequest

MARK = re.compile(r"\s*\{(https?://[^\s{}]+)\}")
"""Where the words of a script cite a page: {https://…}."""


@dataclass(frozen=True)
class Page:
    """A page of the script's own small web."""

    url: str
    title: str
    text: str


EXAMPLE = Page("https://example.org/", "Example page; the stand-in searched nothing", "")
"""What is cited where the script has no pages."""


@dataclass(frozen=True)
class Found:
    """`searches` that ran of those `wanted`, the `pages` that they found, best first, and the `price` of them all in US
    dollars. `served_by`: "native" or an engine."""

    wanted: int
    searches: int
    pages: tuple[Page, ...]
    price: Decimal
    served_by: str

    @property
    def text(self) -> str:
        """What the model reads: it counts as prompt tokens."""
        return "\n".join(f"{page.title}\n{page.url}\n{page.text}" for page in self.pages if page is not EXAMPLE)


def native_price(pricing: Mapping[str, Any]) -> Decimal:
    """US dollars of a search by the provider itself; 0 where it has none."""
    return max(Decimal(str(pricing.get("web_search") or 0)), Decimal(0))


def find(asked: str, wanted: int, request: SearchRequest, web: Sequence[Page], native: Decimal) -> Found:
    """Search the pages for the words of a prompt. `wanted`: how often the model would search; `native`: the price of the
    provider's own search."""
    ran = request.runs(wanted)
    ranked = _ranked(asked, [page for page in web if request.may_read(page.url)]) if web else [EXAMPLE]
    pages = tuple(ranked[: ran * request.most][: request.total])
    price = ran * request.price(native, min(request.most, len(pages)))
    return Found(wanted, ran, pages, price, request.served_by)


def cited(text: str, found: Found, otherwise: str, in_text: bool = True) -> tuple[str, list[dict[str, Any]]]:
    """The text with a link for each page it cites, and the annotations that point at the links.

    `otherwise`: said instead when one of these pages was not found. `in_text`: a form, which must stay JSON, has the
    annotations alone.
    """
    pages = {page.url: page for page in found.pages}
    marked = MARK.findall(text)
    if any(url not in pages for url in marked):
        return otherwise, []
    if not marked:
        return cited_at_end(text, found, in_text)
    written, notes, end = "", [], 0
    for mark in MARK.finditer(text):
        written, note = _with_link(written + text[end : mark.start()], pages[mark[1]], found, in_text)
        notes.append(note)
        end = mark.end()
    return written + text[end:], notes


def cited_at_end(text: str, found: Found, in_text: bool = True) -> tuple[str, list[dict[str, Any]]]:
    """The text with the best page cited after it."""
    if not found.pages:
        return text, []
    whole, note = _with_link(text, found.pages[0], found, in_text)
    return whole, [note]


def _with_link(text: str, page: Page, found: Found, in_text: bool) -> tuple[str, dict[str, Any]]:
    """The text with a link behind it, and the annotation that points at the link. An engine quotes the page; no recorded
    answer of a provider's own search does."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    before, link = (f"{text} ", f"([{host}]({page.url}))") if in_text else (text, "")
    quoted = {"content": page.text} if page.text and found.served_by != "native" else {}
    citation = {
        "end_index": len(before) + len(link),
        "start_index": len(before),
        "title": page.title,
        "url": page.url,
    }
    return before + link, {"type": "url_citation", "url_citation": citation | quoted}


def _ranked(asked: str, pages: Sequence[Page]) -> list[Page]:
    """The pages that share a word with the prompt, those with the rarest shared words first."""
    words = [set(_words(page.title + " " + page.text)) for page in pages]
    weight = {w: math.log((1 + len(pages)) / sum(w in own for own in words)) for w in set(_words(asked)) if any(w in own for own in words)}  # fmt: skip
    scores = [(sum(weight[w] for w in own if w in weight), -n) for n, own in enumerate(words)]
    return [pages[-n] for score, n in sorted(scores, reverse=True) if score > 0]


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if len(word) > 3]
