"""What routing would do (`plan`) and what it did (`route`), as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import openrouter_standin
from openrouter_standin.routing.filters import Unknown
from openrouter_standin.routing.planner import Plan
from openrouter_standin.routing.preferences import BadPreference

from ..session import current
from .markup import Table, usd
from .receipt import body_of, entry_of


class ShownPlan(Table):
    """A plan drawn as a table; the plan's own attributes (`kept`, `out`, `unknown`, `first`, `error`, …) are on it."""

    def __init__(self, result: Plan) -> None:
        self.plan = result
        kept, out = _kept(result), _out(result)
        super().__init__(
            ["place", "provider (tag)", "$/M prompt", "$/M completion", "latency", "tokens/s", "why out"],
            [*kept, *out],
            faint=range(len(kept), len(kept) + len(out)),
            caption=_headline(result),
            notes=_notes(result),
        )

    def __getattr__(self, name: str) -> Any:
        if name == "plan":
            raise AttributeError(name)
        return getattr(self.plan, name)


def plan(
    endpoints: Sequence[Mapping[str, Any]], provider: Mapping[str, Any] | None = None, model: str = "", **request: Any
) -> ShownPlan:
    """The documented routing rules applied to a model's endpoints: what stays, in which order, why each other is out.

    `endpoints`: `data.endpoints` of GET /models/{id}/endpoints. `provider`: the routing object of the request.
    `model`: the id with its suffix. Other fields of the request (`models`, `tools`, `max_tokens`, …) count too.
    """
    try:
        return ShownPlan(openrouter_standin.plan(endpoints, provider=provider, model=model, **request))
    except BadPreference as problem:
        raise BadPreference(current().scrubber.text(str(problem))) from None


def attempts(response: Any) -> Table:
    """`openrouter_metadata` drawn: who was considered, who was tried, who answered.

    It is there when the request had the header `X-OpenRouter-Metadata: enabled`. Takes a response or a caught error.
    """
    body = body_of(response, entry_of(response))
    found = body.get("openrouter_metadata")
    if not found:
        return Table([""], [["No openrouter_metadata here: send the header X-OpenRouter-Metadata: enabled."]])
    tried = found.get("attempts") or []
    left = list(enumerate(tried, 1))
    rows = []
    # the endpoint that answered first: a provider may have two endpoints, and an attempt belongs to one
    for e in sorted(found["endpoints"]["available"], key=lambda e: not e["selected"]):
        who = (e["provider"], e["model"])
        mine = next(((n, a["status"]) for n, a in left if (a["provider"], a["model"]) == who), None)
        left = [(n, a) for n, a in left if mine is None or n != mine[0]]
        number, status = mine or ("", None)
        fate = "chosen" if e["selected"] else f"tried, status {status}" if mine and status != 200 else "considered"
        rows.append([number, e["provider"], e["model"], fate])
    rows.sort(key=lambda row: (row[0] == "", row[0]))
    untried = [r for r in rows if r[0] == ""]
    if len(untried) > 4:
        rows = [r for r in rows if r[0] != ""] + [["", f"{len(untried)} more", "", "considered"]]
    total = found["endpoints"]["total"]
    caption = f"Route of {found['requested']}: {total} endpoints, {len(found['endpoints']['available'])} considered, {len(tried)} tried"
    return Table(["attempt", "provider", "model", "what happened"], rows, caption=caption)


def _headline(result: Plan) -> str:
    out = len({x.endpoint.tag for x in result.out})
    if not result.kept:
        return (
            f"Nobody is left: {out} endpoints out. The answer is {result.error[0]}."
            if result.error
            else "Nobody is left."
        )
    unsure = len({u.endpoint.tag for u in result.unknown})
    stay = f"{len(result.kept)} endpoints stay" + (f" ({unsure} of them unknown)" if unsure else "")
    return f"{stay}, {out} are out" + (", in this order" if result.ordered else "")


def _kept(result: Plan) -> list[list[Any]]:
    rows, place = [], 1
    for group in result.groups:
        label = str(place) if len(group) == 1 else f"{place} to {place + len(group) - 1}, drawn"
        shown = group if len(group) <= 8 else group[:5]
        rows += [[label, named(e), *figures(e)] for e in shown]
        if len(shown) < len(group):
            rows.append([label, f"and {len(group) - len(shown)} more"])
        place += len(group)
    return rows if len(rows) <= 14 else [*rows[:12], ["…", f"and {len(rows) - 12} more"]]


def named(e: Any) -> str:
    """An endpoint's provider as answers name it, and its tag as requests do."""
    return f"{e.provider} ({e.tag})"


def figures(e: Any) -> list[str]:
    """An endpoint's prices, latency and throughput, as a table shows them."""
    latency, speed = e.latency.get("p50"), e.throughput.get("p50")
    return [
        usd(e.prompt),
        usd(e.completion),
        "" if latency is None else f"{latency:.2f} s",
        "" if speed is None else f"{speed:g}",
    ]


def _out(result: Plan) -> list[list[Any]]:
    """The excluded, gathered by field: up to three of them named with their reasons."""
    rows = []
    for field in dict.fromkeys(x.field for x in result.out):
        group = [x for x in result.out if x.field == field]
        shown = group if len(group) <= 4 else group[:3]
        rows += [["out", named(x.endpoint), *figures(x.endpoint), x.reason] for x in shown]
        if len(group) > len(shown):
            rows.append(["out", f"and {len(group) - len(shown)} more", "", "", "", "", f"by {field}"])
    return rows


def _notes(result: Plan) -> list[str]:
    notes = list(result.notes)
    by_reason: dict[tuple[str, str], list[Unknown]] = {}
    for u in result.unknown:
        by_reason.setdefault((u.field, u.reason), []).append(u)
    for (field, reason), group in by_reason.items():
        names = ", ".join(u.endpoint.provider for u in group[:3]) + (
            f" and {len(group) - 3} more" if len(group) > 3 else ""
        )
        notes.append(f"Unknown ({field}): {reason}. Kept here: {names}.")
    if result.error:
        notes.append(f"{result.error[0]}: {result.error[1]}")
    return notes
