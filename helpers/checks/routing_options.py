"""The checkers of 03-routing-options: each asks the plan what would happen with the reader's `provider` object."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import openrouter_standin
from openrouter_standin import Endpoint, catalogue
from openrouter_standin.routing.planner import Plan
from openrouter_standin.routing.preferences import FIELDS, BadPreference

from ..show.markup import number, usd
from .sending import MESSAGES, ask
from .verdict import Verdict, judged, not_yet, right, shown

GLM = "z-ai/glm-5.3-flash"
"""The model of the exercises: it has 33 endpoints."""
NIGHT_CAP = Decimal("0.095")


@judged
def cheap_but_precise(answer: Any) -> Verdict:
    """Every endpoint that stays asks at most 9.5 cents per million prompt tokens, at a known precision above 4 bits."""
    plan = plan_of(answer)
    if isinstance(plan, Verdict):
        return plan
    asked = plan.first if plan.attempts == 1 and by_price_alone(answer) else plan.kept
    dearest = max(asked, key=lambda e: e.prompt)
    if dearest.prompt > NIGHT_CAP:
        return not_yet(
            f"with this object {many(plan)} and the dearest asks {usd(dearest.prompt)} per million prompt tokens."
            f" {unit_hint(answer) or 'Which field draws a line on price?'}"
        )
    listed = [q for q in answer.get("quantizations") or () if "4" in q]
    if listed:
        return not_yet(
            f"your list lets {listed[0]} in, which is 4-bit: no endpoint need have it today, but one may tomorrow."
        )
    coarse = [e for e in asked if "4" in e.quantization]
    if coarse:
        return not_yet(
            f"{names(coarse)} would still be asked, at {coarse[0].quantization}. Which field lists precisions?"
        )
    secret = [e for e in asked if e.quantization == "unknown"]
    if secret:
        return not_yet(f"{names(secret)} does not publish its precision: it may be 4-bit too.")
    left = "are left" if len({e.provider for e in asked}) > 1 else "is left"
    return right(f"{names(asked)} {left}; the dearest asks {usd(dearest.prompt)}.{only_today(answer)}")


@judged
def keep_private(answer: Any) -> Verdict:
    """Training and storing are both forbidden, whatever the account's settings are."""
    plan = plan_of(answer, some_left=False)
    if isinstance(plan, Verdict):
        return plan
    deny, zdr = answer.get("data_collection") == "deny", answer.get("zdr") is True
    if answer.get("data_collection") == "allow":
        return not_yet("data_collection 'allow' is the default: providers may store letters and train on them.")
    if answer.get("zdr") is False and not deny:
        return not_yet("zdr: False changes nothing; it can only add a rule, and here it adds none.")
    if not deny and not zdr:
        return not_yet("with this object nothing is forbidden: a letter may be stored and trained on.")
    if not zdr:
        return not_yet(
            "training is out, but a provider may still keep the letters for a time. Which field asks for zero retention?"
        )
    if not deny:
        return not_yet(
            "keeping is out; training has a field of its own. Say both, so that neither rule depends on how a policy is worded."
        )
    if not plan.kept:
        return not_yet(f"the privacy is right, but another field leaves no endpoint: {plan.error[1].rstrip('.')}.")
    return right(
        "only endpoints whose policy is neither to train on prompts nor to keep them are asked; if none is left, the call fails with a 404."
    )


def plan_of(answer: Any, some_left: bool = True) -> Plan | Verdict:
    """The plan for the 33 endpoints, or what is wrong with the object; with `some_left`, an endpoint must be left."""
    if not isinstance(answer, dict):
        return not_yet(f"the provider object is a dict such as {{'sort': 'price'}}, not {shown(answer)}.")
    if "provider" in answer:
        return not_yet("write the inside of the provider object only; 'provider' itself stands in extra_body.")
    unknown = [key for key in answer if key not in FIELDS]
    if unknown:
        return not_yet(
            f"{shown(unknown[0])} is not a field of the provider object, and OpenRouter would ignore it silently."
        )
    slip = misspelt(answer)
    if slip:
        return not_yet(slip)
    try:
        plan = openrouter_standin.plan(_endpoints(), provider=answer, model=GLM)
    except BadPreference as problem:
        return not_yet(f"OpenRouter would refuse this: {problem}.")
    if not plan.kept:
        return (
            not_yet(f"no endpoint is left: {plan.error[1].rstrip('.')}. {unit_hint(answer)}".rstrip())
            if some_left
            else plan
        )
    reply = ask(request_with(answer))
    return reply if isinstance(reply, Verdict) else plan


PRICES = ("prompt", "completion", "request", "image", "audio")


def misspelt(provider: dict[str, Any]) -> str:
    """A sentence for a price that `max_price` does not know, or a provider that does not exist; both pass in silence."""
    ceilings = provider.get("max_price")
    for kind in ceilings if isinstance(ceilings, dict) else ():
        if kind not in PRICES:
            return f"max_price knows no {shown(kind)}, and OpenRouter would ignore it: it takes {', '.join(PRICES)}."
    for field in ("order", "only", "ignore"):
        names = provider.get(field)
        for name in names if isinstance(names, list | tuple) else ():
            if isinstance(name, str) and catalogue.slug_of(name) is None:
                close = get_close_matches(name.lower(), catalogue.slugs().values(), n=1)
                if close:
                    return f"no provider is called {shown(name)} ({field}). Is it {close[0]!r}?"
    return ""


def only_today(provider: dict[str, Any]) -> str:
    """What to add to a verdict where the outcome is right, but no field promises the price of tomorrow."""
    return "" if "max_price" in provider else " That is today: without max_price a provider may ask more tomorrow."


def _endpoints() -> list[Endpoint]:
    """The 33 endpoints as a reader gets them: nobody knows who keeps nothing."""
    return [Endpoint.from_public(row) for row in catalogue.endpoints(GLM)]


def unit_hint(provider: dict[str, Any]) -> str:
    """A sentence where a `max_price` looks like cents, or like dollars per token; else nothing."""
    ceilings = provider.get("max_price")
    endpoints = _endpoints()
    for kind, ceiling in (ceilings if isinstance(ceilings, dict) else {}).items():
        prices = [price for e in endpoints if (price := getattr(e, kind, None)) is not None]
        if not prices:
            continue
        limit, dearest = float(ceiling), float(max(prices))
        if limit > 4 * dearest:
            return f"max_price counts dollars per million tokens, and {usd(limit)} is above all: {number(limit)} cents are {number(limit / 100)}."
        if 0 < limit < dearest / 10_000:
            return f"max_price counts dollars per million tokens, and {number(limit)} is a price per token: write {number(limit * 1_000_000)}."
    return ""


def request_with(provider: dict[str, Any]) -> dict[str, Any]:
    """The request of the exercises, with this provider object."""
    return {"model": GLM, "max_tokens": 200, "messages": MESSAGES, "provider": provider}


def sort_of(provider: dict[str, Any]) -> Any:
    """The figure that this object sorts by, or None."""
    sort = provider.get("sort")
    return sort.get("by") if isinstance(sort, dict) else sort


def by_price_alone(provider: dict[str, Any]) -> bool:
    """Whether the first endpoint is the cheapest, and no measured figure can put another before it."""
    cutoffs = (provider.get("preferred_min_throughput"), provider.get("preferred_max_latency"))
    return sort_of(provider) == "price" and cutoffs == (None, None)


FIGURES = "Together is first here only by the figures of 30 September 2026, and figures change. Which field names a favourite?"


def only_by_figures(provider: dict[str, Any], *favourites: str) -> bool:
    """Whether these slugs come first by measured figures alone: they would not if everyone behind them were better."""
    rows = [_with_rank(e, _rank(e.slug, favourites)) for e in _endpoints()]
    plan = openrouter_standin.plan(rows, provider=provider, model=GLM)
    return list(dict.fromkeys(e.slug for e in plan.kept))[: len(favourites)] != list(favourites)


def _rank(slug: str, favourites: tuple[str, ...]) -> int:
    return favourites.index(slug) if slug in favourites else len(favourites)


def _with_rank(endpoint: Any, rank: int) -> Any:
    """The endpoint with made-up figures: the higher its rank, the cheaper and quicker it is."""
    return replace(
        endpoint,
        prompt=endpoint.prompt / 10**rank,
        completion=endpoint.completion / 10**rank,
        latency=dict.fromkeys(endpoint.latency, 1000 / 10 ** (6 * rank)),
        throughput=dict.fromkeys(endpoint.throughput, 10 ** (6 * rank) / 1000),
    )


def many(plan: Plan) -> str:
    return f"all {len(plan.kept)} endpoints stay," if not plan.out else f"{len(plan.kept)} endpoints stay,"


def names(endpoints: list[Any]) -> str:
    names = list(dict.fromkeys(e.provider for e in endpoints))
    if len(names) > 5:
        return f"{', '.join(names[:4])} and {len(names) - 4} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
