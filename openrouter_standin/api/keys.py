"""/keys: create, list, read, change and delete API keys. Only a management key may (docs, provisioning keys, 2026-08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..billing.spending import RESETS
from ..errors import USER, WORKSPACE, Response, bad_request, no_management_key, not_json, ok, refusal
from ..http_request import HttpRequest
from ..ids import hash_of, is_time, iso
from ..state import SPANS, State, left_of
from ..validation import is_number, whole

PAGE = 100
"""Keys that one answer lists at most (docs, management API keys, 2026-08)."""
MADE_WITH = ("limit", "limit_reset", "include_byok_in_limit", "expires_at", "workspace_id")
CHANGEABLE = ("name", "disabled", "limit", "limit_reset", "include_byok_in_limit")


def manage_keys(http: HttpRequest, state: State) -> Response:
    """Route one request; the path ends in the hash of a key, or in /keys for the list. Answers hold copies of rows: they stay
    as they were when a key changes later."""
    http.check_management(no_management_key)
    digest = http.route.removeprefix("/keys").strip("/")
    if digest and digest not in state.own_keys:
        raise refusal(404, "API key not found", user=False)
    body = http.body or {}
    if http.method in ("POST", "PATCH"):
        _check(body, http.method)
    with state.lock:
        return _changed(http, digest, body, state)


def _changed(http: HttpRequest, digest: str, body: Mapping[str, Any], state: State) -> Response:
    for known in state.keys:
        state.refresh(known)
    match http.method, bool(digest):
        case "GET", False:
            return _list(http.query, state)
        case "POST", False:
            return _create(body, state)
        case "GET", True:
            return ok({"data": dict(state.keys[digest])})
        case "PATCH", True:
            return _change(state.keys[digest], body, state)
        case "DELETE", True:
            state.forget_key(digest)
            return ok({"deleted": True})
    raise refusal(405, "Method not allowed", user=False)


def _check(body: Any, method: str) -> None:
    """Raise `ApiError` for a body of a wrong form."""
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    if (method == "POST" or "name" in body) and not (isinstance(body.get("name"), str) and body["name"].strip()):
        raise bad_request("name takes a text")
    if method == "PATCH" and not any(name in body for name in CHANGEABLE):
        raise refusal(400, "No update fields provided", user=False)
    limit = body.get("limit")
    if limit is not None and not (is_number(limit) and limit >= 0):
        raise bad_request("limit takes dollars, 0 or more")
    if body.get("limit_reset") not in RESETS:
        raise bad_request("limit_reset takes daily, weekly, monthly or null")
    until = body.get("expires_at")
    if until is not None and not (is_time(until) and until.endswith(("Z", "+00:00"))):
        raise bad_request("expires_at takes a time in UTC with seconds, such as 2026-12-31T23:59:59Z")
    for name in ("disabled", "include_byok_in_limit"):
        if not isinstance(body.get(name), bool | None):
            raise bad_request(f"{name} takes true or false")


def _list(query: Mapping[str, str], state: State) -> Response:
    rows = [k for k in state.own_keys.values() if query.get("include_disabled") == "true" or not k["disabled"]]
    return ok({"data": [dict(row) for row in rows[whole(query.get("offset", ""), 0) :][:PAGE]]})


def _create(body: Mapping[str, Any], state: State) -> Response:
    """The key itself is shown this once."""
    row, secret = make_key(state, **{k: body[k] for k in ("name", *MADE_WITH) if k in body})
    return ok({"data": dict(row), "key": secret}, status=201)


def make_key(
    state: State,
    name: str,
    owner: str = USER,
    limit: float | None = None,
    limit_reset: str | None = None,
    include_byok_in_limit: bool | None = False,
    expires_at: str | None = None,
    workspace_id: str | None = None,
) -> tuple[dict[str, Any], str]:
    """What is listed of a new key, and the key itself, which is plainly made up. `owner`: the id of the user who pays."""
    state.keys_made += 1
    secret = f"sk-or-v1-standin-{state.keys_made:04d}"
    digest = hash_of(secret)
    spent = {f"{kind}{span}": 0 for kind in ("usage", "byok_usage") for span in SPANS}
    row = {
        "hash": digest,
        "name": name,
        "label": f"{secret[:12]}...{secret[-3:]}",
        "disabled": False,
        "limit": limit,
        "limit_remaining": limit,
        "limit_reset": limit_reset,
        "include_byok_in_limit": include_byok_in_limit,
        **spent,
        "created_at": iso(state.now),
        "updated_at": None,
        "expires_at": expires_at,
        "creator_user_id": owner,
        "last_used_at": None,
        "external_user": None,
        "workspace_id": workspace_id or WORKSPACE,
    }
    return row, state.adopt_key(row, secret)


def _change(row: dict[str, Any], body: Mapping[str, Any], state: State) -> Response:
    row |= {k: body[k] for k in CHANGEABLE if k in body}
    row |= {"limit_remaining": left_of(row), "updated_at": iso(state.now)}
    return ok({"data": dict(row)})
