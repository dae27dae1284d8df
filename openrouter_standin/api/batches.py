"""The Batch API: POST, GET and DELETE of /batches, at /api/beta (since 2026-08) and at /api/v1 (since autumn 2026).

Sources: OpenRouter's pages batch-quickstart (2026-08 to autumn 2026) and guides/features/batch-api (autumn 2026); the official
SDK 1.3.84; public reports of live use, 2026-09. No file is uploaded and none is downloaded: requests come inline, and the
results stand in the batch itself. There is no cancel: POST …/cancel is a 404 (report of 2026-09), and the official SDK has
none; `cancelling`, `cancelled` and `expired` are never reached here. DELETE takes a batch that has ended.

Not known, and so the stand-in's own: the words of refusals other than "does not have a :batch endpoint", a duplicate
custom_id and max_tokens below 1; how long a phase takes; the model ids that are taken: the docs and OpenRouter's own tools send
the base slug, public clients the `:batch` id, and both were accepted, so both are here; whether the lists show the batches of
the key (docs, 2026-09) or of its workspace (SDK, 2026-10; so here); that a GET right after the POST may be a 404 for some
seconds, which is not imitated. Not imitated: callback_url, /v1/messages, and embeddings, for which no dated source has a
`:batch` entry. A look at a batch that has not ended lets a minute pass on the stand-in's clock, so a loop of looks ends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote

from .. import catalogue
from ..batch import TERMINAL, WINDOW_S, Batch
from ..endpoint import Endpoint
from ..errors import Response, bad_request, not_imitated, not_json, ok, refusal
from ..faults import Faults
from ..http_request import HttpRequest
from ..ids import base62, digest_of, seconds_of
from ..state import State
from ..validation import whole
from .batch_lines import RUNS, problem_of
from .credit_check import check_spending

BETA, ROUTE, SUFFIX = "/api/beta", "/batches", ":batch"
ENDPOINTS = ("/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/embeddings")
MOST_LINES, LONGEST_ID, LONGEST_PAGE, PAGE = 5_000, 256, 100, 20
"""Lines of a batch (docs, batch API, autumn 2026), characters of a custom_id (report, 2026-09), batches of a page."""
LISTED = ("validating", "in_progress", "completed", "failed", "expired", "cancelled")
LOOK_MS, KEPT_MS = 60_000, 30 * 86_400_000
"""What a look lets pass; what is kept for 30 days (docs, batch quickstart, 2026-08). Nominal milliseconds."""
VERTEX_S = 96 * 3600
"""How long Google Vertex may take (docs, batch API, autumn 2026)."""
PLENTY = 999_999_999.0
"""US dollars. Lines are run whatever is left, and the results are withheld from an account that owes (SDK 1.3.84)."""


def is_batch_route(route: str) -> bool:
    """Whether a route is one of the Batch API's."""
    rest = route.removeprefix(BETA)
    return rest == ROUTE or rest.startswith(f"{ROUTE}/")


def manage_batches(http: HttpRequest, state: State) -> Response:
    """Route one request; the path ends in the id of a batch, or in /batches."""
    identity = unquote(http.route.removeprefix(BETA).removeprefix(ROUTE).strip("/"))
    match http.method, bool(identity):
        case "POST", False:
            return _create(http, state)
        case "GET", False:
            return _list(http, state)
        case "GET", True:
            return _get(_batch(identity, http, state), state)
        case "DELETE", True:
            return _delete(_batch(identity, http, state), state)
    if identity.endswith("/cancel"):
        raise refusal(
            404, "A batch cannot be cancelled: the Batch API has no such route. Wait for its end.", user=False
        )
    raise refusal(405, "Method not allowed", user=False)


def check_sync(http: HttpRequest) -> None:
    """Raise 404 for a `:batch` entry that is asked at once (public clients, 2026-08 to 2026-10)."""
    model = http.body.get("model") if isinstance(http.body, Mapping) else None
    if isinstance(model, str) and model.endswith(SUFFIX) and catalogue.find(model):
        message = "This model is only available through the Batch API. Use the /api/v1/batches endpoint instead."
        raise refusal(404, message, user=False)


# --- submitting ------------------------------------------------------------------------------------------------------


def _create(http: HttpRequest, state: State) -> Response:
    """Take a batch: 202. That its lines are right is found out later."""
    body = http.body
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    entry = _check(body)
    _check_lines(body)
    faults = state.meet(http.faults)
    check_spending(http.key, state, faults)
    seed = state.seed_of(http.path, body)
    batch = Batch(
        id=f"batch-{state.now}-{base62(digest_of(seed), 20)}",
        endpoint=body["endpoint"],
        model=body["model"],
        requests=json.loads(json.dumps(body["requests"])),  # a caller in process may change its own later
        served=_endpoint_for(entry, body.get("provider") or {}),
        key=http.key,
        faults=_for_lines(faults),
        problem=problem_of(body["endpoint"], entry, body["requests"]),
        born_ms=state.clock_ms,
        created=state.now,
    )
    state.keep_batch(batch)
    return ok(_shown(batch, state), 300, status=202)


def _for_lines(faults: Faults) -> Faults:
    """The faults that the lines meet, counted anew: those in force when the batch was sent."""
    return replace(faults, credits=PLENTY, status=None, later=0)


def _check(body: Mapping[str, Any]) -> str:
    """The id of the `:batch` entry that is meant. Raises `ApiError` for a wrong form."""
    names = list(body)
    if "requests" not in body or any(n not in names[: names.index("requests")] for n in ("endpoint", "model")):
        raise bad_request("endpoint and model must come before requests in the body, which is read as it arrives")
    if body["endpoint"] not in ENDPOINTS:
        raise bad_request(f"endpoint takes {', '.join(ENDPOINTS)}")
    if body.get("completion_window", "24h") != "24h":
        raise bad_request("completion_window takes 24h")
    if body.get("callback_url") is not None:
        raise not_imitated("callback_url", "Ask for the batch until it has ended.")
    provider = body.get("provider")
    if not isinstance(provider, Mapping | None) or set(provider or ()) - {"only", "allow_fallbacks"}:
        raise bad_request("provider of a batch takes only and allow_fallbacks")
    model = body["model"]
    entry = f"{str(model).removesuffix(SUFFIX)}{SUFFIX}"
    if not isinstance(model, str) or not catalogue.find(entry):
        raise refusal(400, f"Model '{model}' does not have a :batch endpoint.", user=False)
    if body["endpoint"] not in RUNS:
        raise not_imitated(f"{body['endpoint']} in a batch", f"It imitates {' and '.join(RUNS)}.")
    return entry


def _check_lines(body: Mapping[str, Any]) -> None:
    """Raise `ApiError` for lines of a wrong form."""
    lines = body["requests"]
    if not isinstance(lines, list) or not 1 <= len(lines) <= MOST_LINES:
        raise bad_request(f"requests takes a list of 1 to {MOST_LINES} objects with custom_id and body")
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not isinstance(line, Mapping) or not isinstance(line.get("body"), Mapping):
            raise bad_request(f"requests: line {number} takes an object with custom_id and body")
        name = line.get("custom_id")
        if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_ID:
            raise bad_request(f"custom_id: line {number} takes a text of 1 to {LONGEST_ID} characters")
        if name in seen:
            raise refusal(422, f"Request at line {number} has a duplicate custom_id '{name}'", user=False)
        seen.add(name)
        if line["body"].get("model") not in (None, body["model"]):
            raise bad_request(f"requests: line {number} has another model than the batch; leave it out")


def _endpoint_for(entry: str, provider: Mapping[str, Any]) -> Endpoint:
    """The one endpoint that runs a batch: the cheapest that `provider.only` lets (docs, batch quickstart, autumn 2026)."""
    only = provider.get("only") or []
    if not isinstance(only, list) or not all(isinstance(name, str) for name in only):
        raise bad_request("provider.only takes a list of slugs")
    listed = [e for e in catalogue.routable(entry) if not only or any(e.named_by(name) for name in only)]
    if not listed:
        raise refusal(404, f"No batch endpoints found for {entry} at {', '.join(only)}.", user=False)
    return min(listed, key=lambda e: (e.prompt or 0) + (e.completion or 0))


# --- reading ---------------------------------------------------------------------------------------------------------


def _batch(identity: str, http: HttpRequest, state: State) -> Batch:
    batch = state.batch(identity)
    mine = batch and state.account_of(batch.key) is state.account_of(http.key)
    if not batch or not mine or state.clock_ms - batch.born_ms > KEPT_MS:
        raise refusal(404, f"Batch job {identity} not found.", user=False)
    return batch


def _get(batch: Batch, state: State) -> Response:
    shown = _shown(batch, state)
    if shown["status"] not in TERMINAL:
        state.advance(LOOK_MS)
        return ok(shown)
    account = state.account_of(batch.key)
    if batch.results is not None and account.credits < account.usage:
        error = {"code": 402, "message": "Add credits to read the results of this batch. It is not run again."}
        return ok(shown | {"error": error}, status=402)
    return ok(shown | {"results": batch.results})


def _shown(batch: Batch, state: State) -> dict[str, Any]:
    """The batch as it is listed, without its results. Fields and their order: docs and SDK."""
    clock, total = state.clock_ms, len(batch.requests)
    status = batch.status_at(clock)
    results = batch.results or []
    failed = total if status == "failed" else sum(line["error"] is not None for line in results)
    wait = VERTEX_S if batch.served.slug == "google-vertex" else WINDOW_S
    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": batch.endpoint,
        "model": batch.model,
        "provider": None if status in ("validating", "failed") else batch.served.provider,
        "completion_window": "24h",
        "status": status,
        "created_at": batch.created,
        "expires_at": batch.created + wait,
        "finalized_at": batch.finalized_at(clock),
        "request_counts": {"total": total, "completed": len(results) - failed if results else 0, "failed": failed},
        "usage": batch.usage,
        "results": None,
        "error": {"message": batch.problem} if status == "failed" else None,
    }


def _delete(batch: Batch, state: State) -> Response:
    status = batch.status_at(state.clock_ms)
    if status not in TERMINAL:
        raise refusal(409, f"Batch {batch.id} is {status}: only a batch that has ended can be deleted", user=False)
    state.forget_batch(batch.id)
    upstream = {"provider": batch.served.provider, "status": "deleted"}
    deletion = {"openrouter": "deleted"} | ({"upstream": upstream} if status == "completed" else {})
    return ok({"id": batch.id, "object": "batch", "deletion": deletion})


def _list(http: HttpRequest, state: State) -> Response:
    """The account's batches, newest first, without their results."""
    query = parse_qs(http.path.partition("?")[2])
    size = whole(query.get("limit", [str(PAGE)])[-1], 0)
    if not 1 <= size <= LONGEST_PAGE:
        raise bad_request(f"limit takes a whole number from 1 to {LONGEST_PAGE}")
    for status in query.get("status", []):
        if status not in LISTED:
            raise bad_request(f"status takes {', '.join(LISTED)}")
    since, until = _time_of(query, "created_after"), _time_of(query, "created_before")
    if since is not None and until is not None and since >= until:
        raise bad_request("created_after must be earlier than created_before")
    account = state.account_of(http.key)
    mine = [b for b in reversed(state.batches()) if state.account_of(b.key) is account]
    mine = [b for b in mine if state.clock_ms - b.born_ms <= KEPT_MS]
    after = query.get("after", [None])[-1]
    if after is not None:
        place = next((n for n, b in enumerate(mine) if b.id == after), None)
        if place is None:
            raise bad_request(f"after takes the id of a batch, not {after!r}")
        mine = mine[place + 1 :]
    rows = [
        _shown(b, state) for b in mine if (since is None or b.created > since) and (until is None or b.created < until)
    ]
    if query.get("status"):
        rows = [row for row in rows if _listed_as(row["status"]) in query["status"]]
    page = rows[:size]
    ends = {"first_id": page[0]["id"] if page else None, "last_id": page[-1]["id"] if page else None}
    return ok({"object": "list", "data": page, **ends, "has_more": len(rows) > size})


def _listed_as(status: str) -> str:
    """A transient status is kept as in_progress (SDK 1.3.84)."""
    return "in_progress" if status == "finalizing" else status


def _time_of(query: Mapping[str, list[str]], name: str) -> float | None:
    """Unix seconds of a filter: a number, or a day or a time in ISO 8601, in UTC where it names no zone."""
    text = query.get(name, [""])[-1]
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    zoned = f"{text}T00:00:00Z" if len(text) == 10 else text
    found = seconds_of(zoned if zoned.endswith("Z") or "+" in zoned[10:] or "-" in zoned[10:] else f"{zoned}Z")
    if found is None:
        raise bad_request(f"{name} takes Unix seconds or a time such as 2026-11-22T09:00:00Z")
    return found
