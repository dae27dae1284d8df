"""GET /activity: what the account used on each completed UTC day, by model and endpoint (OpenAPI, 2026-08-22)."""

from __future__ import annotations

from typing import Any

from .. import catalogue
from ..billing.ledger import Line, Sums
from ..billing.report import DAY_S
from ..errors import USER, WORKSPACE, Response, bad_request, ok, refusal
from ..http_request import HttpRequest
from ..ids import day_of, uuid_of
from ..state import State

DAYS = 30
OUTSIDE = "Date must be within the last 30 (completed) UTC days"
"""Recorded in public projects of 2026 for today's date and for older days."""


def get_activity(http: HttpRequest, state: State) -> Response:
    """Rows of the last 30 completed days, the newest day first. The running day comes once it is over."""
    http.check_management()
    query = http.query
    if query.get("group_by") not in (None, "workspace"):
        raise bad_request("group_by takes workspace")
    today = state.now // DAY_S * DAY_S
    lines = state.ledger.lines(today - DAYS * DAY_S, today)
    if "date" in query:
        day = _checked(query["date"], today)
        lines = (each for each in lines if day_of(each[0].hour) == day)
    wanted = [each for each in lines if _asked_for(each[0], query)]
    apart = {"workspace_id": WORKSPACE} if query.get("group_by") else {}
    return ok({"data": [row | apart for row in _rows(wanted)]})


def _checked(date: str, today: int) -> str:
    """The day that is asked for. Raises `ApiError` for one that is no day, or not among the last 30."""
    if date not in {day_of(today - n * DAY_S) for n in range(1, DAYS + 1)}:
        raise refusal(400, OUTSIDE, user=False)
    return date


def _asked_for(line: Line, query: Any) -> bool:
    """The stand-in has one user and one workspace: another one used nothing."""
    return (
        query.get("api_key_hash", line.key) == line.key
        and query.get("user_id", USER) == USER
        and query.get("workspace_id", WORKSPACE) == WORKSPACE
    )


def _rows(lines: list[tuple[Line, Sums]]) -> list[dict[str, Any]]:
    grouped: dict[tuple[str, str, str, str], Sums] = {}
    for line, sums in lines:
        grouped.setdefault((day_of(line.hour), line.model, line.tag, line.provider), Sums()).add(sums)
    newest_first = sorted(sorted(grouped), key=lambda group: group[0], reverse=True)
    return [_row(*group, grouped[group]) for group in newest_first]


def _row(date: str, model: str, tag: str, provider: str, sums: Sums) -> dict[str, Any]:
    """Usage is in US dollars. `cached_tokens`: in the official SDK of October 2026, not in the OpenAPI of August. Nothing is paid with a provider's own key here."""
    return {
        "date": date,
        "model": model,
        "model_permaslug": catalogue.dated_slug(model),
        "endpoint_id": uuid_of(tag + model),
        "provider_name": provider,
        "usage": round(sums.cost, 12),
        "byok_usage_inference": 0,
        "requests": sums.requests,
        "prompt_tokens": sums.prompt_tokens,
        "completion_tokens": sums.completion_tokens,
        "reasoning_tokens": sums.reasoning_tokens,
        "cached_tokens": sums.cached_tokens,
    }
