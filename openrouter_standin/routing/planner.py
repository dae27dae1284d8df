"""`plan`: the documented routing rules as one function: which endpoints stay, in which order, why the others are out.

Where no public page decides, the plan says `unknown` instead of guessing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..endpoint import Endpoint
from .filters import FALLBACK, FILTERS, Excluded, Unknown, message_of
from .order import groups_of, to_front
from .preferences import BadPreference, check_preferences, passed_over, sort_suffix
from .query import RoutingQuery

INITIAL = "Initial Endpoints"
"""The first step of the funnel: everything that serves the models."""


@dataclass
class Plan:
    """What would happen to a request.

    `groups` holds the endpoints that stay: one group is tried after another, and within a group the order is
    not decided by any published rule. `notes` says what to know about the order. `funnel`: how many endpoints each step
    left. `attempts`: how many are tried at most (None: all). `error`: status and sentence when no endpoint stays.
    """

    groups: list[list[Endpoint]] = field(default_factory=list)
    out: list[Excluded] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    funnel: list[tuple[str, int]] = field(default_factory=list)
    failed_step: str | None = None
    error: tuple[int, str] | None = None
    attempts: int | None = None

    @property
    def kept(self) -> list[Endpoint]:
        """Every endpoint that stays, group after group."""
        return [endpoint for group in self.groups for endpoint in group]

    @property
    def first(self) -> list[Endpoint]:
        """The endpoints that may be tried first: one when the order is decided, several when it is drawn."""
        return self.groups[0] if self.groups else []

    @property
    def ordered(self) -> bool:
        """Whether the whole order of attempts is decided."""
        return all(len(group) == 1 for group in self.groups)

    def note(self, sentence: str) -> None:
        """Say this once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def plan(
    endpoints: Sequence[Endpoint | Mapping[str, Any]],
    provider: Mapping[str, Any] | None = None,
    model: str = "",
    models: Sequence[str] = (),
    account: Mapping[str, Any] | None = None,
    previous: str | None = None,
    **request: Any,
) -> Plan:
    """Apply the routing rules to the endpoints of one or several models.

    `endpoints`: elements of `data.endpoints` of GET /models/{id}/endpoints, or `Endpoint` objects.
    `provider`: the request's routing object. `model`: the id asked for, with its suffix (`:nitro`, `:floor`, `:exacto`).
    `models`: the fallback list, first model first. `account`: account-wide `only`, `ignore`, `zdr`, and `guardrail`: one as GET /guardrails shows it.
    `previous`: the tag that served this session before (sticky routing). Any other field of the request
    (`tools`, `max_tokens`, `service_tier`, …) filters as the docs say.

    Raises `BadPreference` where the service would answer 400.
    """
    wants = check_preferences({} if provider is None else provider)
    rows = [_endpoint(e, model) for e in endpoints]
    query = RoutingQuery(wants, account or {}, sort_suffix(model or ""), model or "", models, request)
    result = Plan(funnel=[(INITIAL, len(rows))], notes=passed_over(provider or {}, request))
    rows = _filtered(rows, query, result)
    if rows:
        result.groups = groups_of(rows, query, result.note)
        _stick(result, query, previous)
        _limit(result, wants)
    return result


def _endpoint(row: Endpoint | Mapping[str, Any], model: str) -> Endpoint:
    if isinstance(row, Endpoint):
        return row
    if not isinstance(row, Mapping) or not (row.get("tag") or row.get("provider_name")):
        raise BadPreference(
            'plan takes the list of endpoints: reply["data"]["endpoints"] of GET /models/{id}/endpoints'
        )
    return Endpoint.from_public(row, model)


def _filtered(rows: list[Endpoint], query: RoutingQuery, result: Plan) -> list[Endpoint]:
    """The endpoints that every filter keeps; what the filters said goes into the plan."""
    for step, judge in FILTERS:
        kept = []
        for endpoint in rows:
            verdict = judge(endpoint, rows, query)
            if isinstance(verdict, Excluded):
                result.out.append(verdict)
                continue
            if isinstance(verdict, Unknown):
                result.unknown.append(verdict)
            kept.append(endpoint)
        if not kept:
            if step == FALLBACK:  # the one step that the funnel itself shows empty (log of 2026-09)
                result.funnel.append((step, 0))
            else:
                result.failed_step = step
            result.error = (404, message_of(step, rows, query))
            return []
        if len(kept) < len(rows):
            result.funnel.append((step, len(kept)))
        rows = kept
    return rows


def _stick(result: Plan, query: RoutingQuery, previous: str | None) -> None:
    """Sticky routing: the endpoint that served this conversation before goes first; `order` beats it. Only
    where cached reads are cheaper (docs, prompt caching; the session_id paragraph does not repeat it)."""
    if previous is None or "order" in query.wants:
        return
    session = bool(query.request.get("session_id"))
    keep = [e for e in result.kept if e.tag == previous and _reads_cheaper(e, unknown=session)]
    if keep:
        result.groups = to_front(result.groups, keep)
        why = "session_id" if session else "prompt cache"
        result.note(f"{why}: {keep[0].provider} served this session before and goes first.")


def _reads_cheaper(e: Endpoint, unknown: bool) -> bool:
    """Whether cached input costs less here; `unknown` where no price says so."""
    return unknown if e.cache_read is None or e.prompt is None else e.cache_read < e.prompt


def _limit(result: Plan, wants: Mapping[str, Any]) -> None:
    """`allow_fallbacks: false` without `order`: one attempt only."""
    if wants.get("allow_fallbacks") is False and "order" not in wants:
        result.attempts = 1
        result.note("allow_fallbacks is off: one endpoint is tried, and its error is yours.")
