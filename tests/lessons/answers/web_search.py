"""Answers to the exercises of 19-web-search: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

GOOD = {"engine": "parallel", "mode": "fast", "max_uses": 2, "allowed_domains": ["ruby-lang.org"]}
MODES = {"deep": 0.012, "deep-lite": 0.012, "deep-reasoning": 0.015}


def most(parameters: dict[str, Any], searches: int) -> float:
    if parameters.get("engine") == "parallel":
        price = 0.001 if parameters.get("mode") in ("turbo", "fast") else 0.005
    else:
        price = MODES.get(parameters.get("mode", ""), 0.007)
    price += 0.001 * max(0, parameters.get("max_results", 5) - 10)
    return price * min(searches, parameters.get("max_uses", searches))


def in_thousandths(parameters: dict[str, Any], searches: int) -> float:
    table = {"exa": {"deep": 12, "deep-lite": 12, "deep-reasoning": 15}, "parallel": {"turbo": 1, "fast": 1}}
    engine = parameters.get("engine") or "exa"
    price = table[engine].get(parameters.get("mode"), {"exa": 7, "parallel": 5}[engine])
    more = max(parameters.get("max_results", 0), 10) - 10
    return min(searches, parameters.get("max_uses") or searches) * (price + more) / 1000


class Most:
    def __call__(self, parameters: dict[str, Any], searches: int) -> float:
        return most(parameters, searches)


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "help_page": (
        {"engine": "exa", "max_results": 5},
        [
            None,
            [],
            "parallel",
            {},
            {"type": "openrouter:web_search", "parameters": GOOD},
            {**GOOD, "engine": "exa"},
            {**GOOD, "mode": "basic"},
            {k: v for k, v in GOOD.items() if k != "mode"},
            {k: v for k, v in GOOD.items() if k != "max_uses"},
            {k: v for k, v in GOOD.items() if k != "allowed_domains"},
            {**GOOD, "max_uses": 3},
            {**GOOD, "max_uses": 0},
            {**GOOD, "allowed_domains": ["https://ruby-lang.org"]},
            {**GOOD, "allowed_domains": "ruby-lang.org"},
            {**GOOD, "engine": "firecrawl"},
            {**GOOD, "engine": "bing"},
            {**GOOD, "excluded_domains": ["blog.example"]},
            {**GOOD, "max_results": 50},
            {**GOOD, "max_results": 25},
            {**GOOD, "max_result": 3},
            {**GOOD, "mode": "warp"},
            {**GOOD, "allowed_domains": ["www.ruby-lang.org"]},
            {**GOOD, "allowed_domains": ["ruby-lang.org", "python.org"]},
            {**GOOD, "allowed_domains": ["org"]},
            {k: v for k, v in GOOD.items() if k != "allowed_domains"} | {"excluded_domains": ["blog.example"]},
        ],
        [
            GOOD,
            {**GOOD, "mode": "turbo"},
            {**GOOD, "max_uses": 1},
            {**GOOD, "allowed_domains": ["Ruby-Lang.org"]},
            {**GOOD, "max_results": 10},
            {**GOOD, "allowed_domains": ["ruby-lang.org", "docs.ruby-lang.org"]},
            {"engine": "perplexity", "allowed_domains": ["ruby-lang.org"], "max_uses": 1} | GOOD,
        ],
    ),
    "most_of": (
        lambda parameters, searches: 0.007 * searches,
        [
            None,
            0.007,
            lambda parameters: 0.007,
            lambda parameters, searches: None,
            lambda parameters, searches: "0.007",
            lambda parameters, searches: True,
            lambda parameters, searches: parameters["engine"],
            lambda parameters, searches: 0.0,
            lambda parameters, searches: most({**parameters, "mode": "auto"}, searches),
            lambda parameters, searches: most({**parameters, "max_uses": searches}, searches),
            lambda parameters, searches: most({**parameters, "max_results": 5}, searches),
            lambda parameters, searches: most({**parameters, "engine": "exa"}, searches),
            lambda parameters, searches: most(parameters, searches) * 100,
            lambda parameters, searches: most(parameters, max(searches, 1)),
        ],
        [
            most,
            in_thousandths,
            Most(),
            lambda parameters, searches: most(dict(parameters), searches),
            lambda p, s: sum(most({**p, "max_uses": 1}, 1) for _ in range(min(s, p.get("max_uses", s)))),
            lambda *both: most(*both),
        ],
    ),
}
