"""The checkers of 19-web-search: a search answered by the stand-in, and a price compared with the published list."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from typing import Any

from openrouter_standin import State
from openrouter_standin.output.script import Line, Script
from openrouter_standin.output.web_search import Page
from openrouter_standin.search_request import INCLUDED, SearchRequest

from .sending import ask
from .verdict import Verdict, judged, not_yet, right, shown, tried

MODEL, QUESTION = "openai/gpt-4o-mini", "What is the latest stable Ruby version?"
OWN, BLOG = "https://www.ruby-lang.org/en/downloads/", "https://ruby-lang.org.blog.example/"
FOREIGN = ("https://www.python.org/", "https://news.example/ruby", "https://example.org/", "https://notruby-lang.org/")
READABLE = (OWN, "https://docs.ruby-lang.org/en/", "https://ruby-lang.org/")
FIELDS = ("engine", "mode", "max_results", "max_uses", "max_total_results", "search_context_size", "max_characters",
          "user_location", "allowed_domains", "excluded_domains")  # fmt: skip
"""What the docs name (web search, 2026-11)."""
CEILING = 0.002
"""US dollars for searching, in one request."""
SEARCHES = (
    ({}, 1), ({"engine": "exa"}, 3), ({"mode": "deep"}, 2), ({"engine": "exa", "mode": "deep-reasoning"}, 1),
    ({"engine": "parallel"}, 2), ({"engine": "parallel", "mode": "turbo"}, 5), ({"engine": "exa", "max_uses": 2}, 5),
    ({"max_uses": 9}, 4), ({"max_results": 14}, 1), ({"engine": "parallel", "mode": "fast", "max_results": 25}, 3),
    ({"engine": "exa", "max_results": 12, "max_uses": 1, "mode": "deep-lite"}, 4), ({"max_results": 10}, 2), ({}, 0),
    ({"engine": "exa", "mode": "instant"}, 2), ({"engine": "parallel", "mode": "advanced", "max_uses": 3}, 3),
)  # fmt: skip
"""Parameters, and how often the model would search."""


@judged
def help_page(answer: Any) -> Verdict:
    """Parameters that read one domain, search twice at most and stay below the ceiling, for a model that wants three."""
    if not isinstance(answer, Mapping):
        return not_yet(f"parameters is a dict, not {shown(answer)}.")
    if "type" in answer or "parameters" in answer:
        return not_yet("give what stands under parameters, without the tool around it.")
    unknown = [name for name in answer if name not in FIELDS]
    if unknown:
        return not_yet(f"no page names a field {shown(unknown[0])}: what is not known is passed over in silence.")
    tool = {"type": "openrouter:web_search", "parameters": dict(answer)}
    body = {"model": MODEL, "max_tokens": 300, "messages": [{"role": "user", "content": QUESTION}], "tools": [tool]}
    pages = [Page(OWN, "Download Ruby", "latest stable version"), Page(BLOG, "Ruby blog", "latest stable version")]
    script = Script([Line(QUESTION, f"4.0.6 {{{OWN}}}.", searches=3, not_found="nothing")], web=pages)
    reply = ask(body, state=State(script=script))
    if isinstance(reply, Verdict):
        return reply
    usage, request = reply["usage"], SearchRequest.of(answer, "OpenAI", has_native=False)
    used = usage["server_tool_use_details"]["web_search_requests"]
    paid = float(used * request.price(Decimal(0), request.most))
    for url in (BLOG, *FOREIGN):
        if request.may_read(url):
            return not_yet(f"it may read {url} as well. Which field names the domains that are allowed?")
    for url in READABLE:
        if not request.may_read(url):
            return not_yet(
                f"it may not read {url}: a domain is written without https://, and stands for its subdomains."
            )
    if used > 2:
        return not_yet(f"a model that wants to search three times searches {used} times. Which field limits that?")
    if request.served_by == "firecrawl":
        return not_yet("Firecrawl bills an account of yours there, and the help page has none: take another engine.")
    if paid > CEILING:
        return not_yet(
            f"{used} searches cost up to {paid} dollars, and the help page pays {CEILING}. Which row is cheaper?"
        )
    return right(f"{used} searches of ruby-lang.org alone, for {paid} dollars.")


@judged
def most_of(answer: Any) -> Verdict:
    """A function that says what the searches of a request cost at most."""
    if not callable(answer):
        return not_yet(f"most is a function that takes parameters and searches, not {shown(answer)}.")
    for parameters, searches in SEARCHES:
        request = SearchRequest.of(parameters, "OpenAI", has_native=False)
        ran = request.runs(searches)
        expected = float(ran * request.price(Decimal(0), request.most))
        found = tried(f"most({parameters}, {searches}) raises", answer, dict(parameters), searches)
        if not isinstance(found, Real) or isinstance(found, bool):
            return not_yet(f"most({parameters}, {searches}) gives {shown(found)}, not a number of dollars.")
        if abs(float(found) - expected) > 1e-9:
            return not_yet(f"most({parameters}, {searches}) gives {shown(found)}; {_why(request, searches, ran)}.")
    return right(f"{len(SEARCHES)} requests, each at the most that its searches can cost.")


def _why(request: SearchRequest, searches: int, ran: int) -> str:
    """What to look at when a price is wrong; the price itself is the reader's to find."""
    if ran < searches:
        return f"of the {searches} searches only {ran} run"
    if request.most > INCLUDED:
        return f"{request.most} results are {request.most - INCLUDED} more than the price of a search includes"
    mode = f" in the mode {request.mode}" if request.mode else " without a mode"
    return f"look up {request.served_by}{mode} in the table, and count {ran} searches"
