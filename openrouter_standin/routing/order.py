"""In which order the endpoints that stay are tried.

A group is tried after another; within a group no published rule decides. Source, unless a docstring says otherwise:
OpenRouter docs, guides/routing/provider-selection, as of 2026-08-22.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..endpoint import Endpoint
from .preferences import sort_of
from .query import RoutingQuery

Groups = list[list[Endpoint]]
NAMED = 20
"""Names without an endpoint that are noted, at most."""
DEFAULT_NOTE = (
    "No order is decided: by default each request draws an endpoint at random (docs, traffic routing, autumn 2026)."
)


def groups_of(rows: Sequence[Endpoint], query: RoutingQuery, note: Callable[[str], None]) -> Groups:
    """Groups in the order of attempts. Several models: the first model's endpoints first, unless partition is none.

    `note`: takes a sentence on what to know about the order.
    """
    by, partition = sort_of(query.wants, query.suffix)
    names = list(dict.fromkeys([*query.models, *(e.model for e in rows)])) if query.models else []
    if not names or partition == "none":
        groups = _of_one_model(rows, by, query, note)
    else:
        groups = [g for name in names for g in _of_one_model([e for e in rows if e.model == name], by, query, note)]
    own = [e for g in groups for e in g if e.byok]
    return to_front(groups, own)  # an own key at a provider is used first


def to_front(groups: Groups, first: Sequence[Endpoint]) -> Groups:
    """These endpoints as the first group; the others stay as they are."""
    if not first:
        return groups
    return [list(first)] + [left for g in groups if (left := [e for e in g if e not in first])]


def _of_one_model(rows: Sequence[Endpoint], by: str | None, query: RoutingQuery, note: Callable[[str], None]) -> Groups:
    if "order" in query.wants:
        return _by_list(rows, query.wants["order"], note)
    if by is None and query.request.get("tools"):
        note("With tools, Auto Exacto orders by tool-call quality on its own; its scores are not published.")
        by = "exacto"
    asked = query.request.get("service_tier")
    if asked == "flex" and all(e.tier == "flex" for e in rows):
        by = by or "price"
    groups = _sorted(rows, by, note)
    if asked in ("priority", "fast"):
        paid_first = sorted((e for e in rows if e.tier == "priority"), key=lambda e: -e.throughput.get("p50", 0))
        groups = [[e] for e in paid_first] + _sorted([e for e in rows if e.tier != "priority"], by, note)
    return _slow_last([g for g in groups if g], query.wants)


def _by_list(rows: Sequence[Endpoint], order: Sequence[str], note: Callable[[str], None]) -> Groups:
    """The listed providers in turn, then the rest. Several endpoints behind one slug have no documented order."""
    groups, left = [], list(rows)
    listed = list(dict.fromkeys(name.strip().lower() for name in order))
    known = frozenset().union(*(e.names for e in rows))
    for name in [name for name in listed if name in known]:
        meant = [e for e in left if name in e.names]
        if meant:
            groups.append(meant)
            left = [e for e in left if e not in meant]
    for name in [name for name in order if name.strip().lower() not in known][:NAMED]:
        note(f"{name!r} in order serves no endpoint that is left: skipped.")
    return groups + ([left] if left else [])


def _sorted(rows: Sequence[Endpoint], by: str | None, note: Callable[[str], None]) -> Groups:
    """One group per distinct value, best first; endpoints without the figure go last, together."""
    if by in (None, "exacto"):
        note(DEFAULT_NOTE if by is None else "sort exacto: by quality scores that OpenRouter does not publish.")
        stable = [e for e in rows if not e.outage]
        return [g for g in (stable, [e for e in rows if e.outage]) if g]
    if by == "price" and _prices_disagree(rows):
        note("sort price: which price counts is not documented; here by the prompt price, then the completion price.")
    values: dict[Any, list[Endpoint]] = {}
    for e in rows:
        values.setdefault(SORT_VALUES[by](e), []).append(e)
    known = sorted(v for v in values if v is not None)
    return [values[v] for v in known] + ([values[None]] if None in values else [])


SORT_VALUES: Mapping[str, Callable[[Endpoint], Any]] = {
    "price": lambda e: None if e.prompt is None else (e.prompt, e.completion or 0),
    "throughput": lambda e: -e.throughput["p50"] if "p50" in e.throughput else None,
    "latency": lambda e: e.latency.get("p50"),
}
"""What each sort compares, smallest first; None: the figure is not known."""


def _prices_disagree(rows: Sequence[Endpoint]) -> bool:
    by_prompt = sorted(rows, key=lambda e: (e.prompt or 0, e.completion or 0))
    completions = [e.completion or 0 for e in by_prompt]
    return completions != sorted(completions)


def _slow_last(groups: Groups, wants: Mapping[str, Any]) -> Groups:
    """Preferred throughput and latency move an endpoint to the end; they never exclude it."""
    slow = [e for g in groups for e in g if _too_slow(e, wants)]
    if not slow:
        return groups
    fast = [left for g in groups if (left := [e for e in g if e not in slow])]
    return fast + [left for g in groups if (left := [e for e in g if e in slow])]


def _too_slow(e: Endpoint, wants: Mapping[str, Any]) -> bool:
    floor, ceiling = wants.get("preferred_min_throughput", {}), wants.get("preferred_max_latency", {})
    return any(p in e.throughput and e.throughput[p] < v for p, v in floor.items()) or any(
        p in e.latency and e.latency[p] > v for p, v in ceiling.items()
    )
