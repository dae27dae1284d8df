"""/guardrails: create, list, read, change and delete them, and assign keys to them. For management keys (OpenAPI, 2026-08-22)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import catalogue
from ..billing.spending import RESETS
from ..errors import USER, WORKSPACE, Response, bad_request, not_imitated, not_json, ok, refusal
from ..http_request import HttpRequest
from ..ids import iso, uuid_of
from ..state import State
from ..validation import is_number, whole

LISTS = ("allowed_models", "ignored_models", "allowed_providers", "ignored_providers")
ZDR = ("enforce_zdr_anthropic", "enforce_zdr_openai", "enforce_zdr_google", "enforce_zdr_xai", "enforce_zdr_other")
SWITCHES = (
    *ZDR,
    "enforce_zdr",
    "enable_free_model_training",
    "enable_paid_model_training",
    "enable_free_model_publication",
)
"""`enable_free_model_publication` is kept and shown, and changes nothing: no endpoint here publishes prompts."""
PLAIN = ("name", "description", "limit_usd", "reset_interval", "include_byok_in_budgets", "workspace_id")
NOT_HERE = ("content_filters", "content_filter_builtins", "allowed_data_regions", "allow_safety_retention_google",
            "allow_safety_retention_other")  # fmt: skip
"""In the OpenAPI, or in the official SDK of October 2026."""
MOST = 100
"""Records on one page at most."""


def manage_guardrails(http: HttpRequest, state: State) -> Response:
    """Route one request by the parts of its path behind /guardrails."""
    http.check_management()
    parts = http.route.strip("/").split("/")[1:]
    if "members" in parts:
        raise not_imitated("guardrails of members", "Assign keys: it has one user.")
    if http.method in ("POST", "PATCH") and not isinstance(http.body, Mapping):
        raise not_json(user=False)
    with state.lock:
        match http.method, parts:
            case "GET", []:
                mine = http.query.get("workspace_id", WORKSPACE)
                return _page([g for g in state.guardrails.values() if g["workspace_id"] == mine], http.query)
            case "POST", []:
                return ok({"data": _create(http.body, state)}, status=201)
            case "GET", ["assignments", "keys"]:
                return _page(list(state.assignments.values()), http.query)
            case method, [identity, *more]:
                return _of_one(method, _found(identity, state), more, http, state)
    raise refusal(405, "Method not allowed", user=False)


def _found(identity: str, state: State) -> dict[str, Any]:
    if identity not in state.guardrails:
        raise refusal(404, "Guardrail not found", user=False)
    return state.guardrails[identity]


def _of_one(method: str, row: dict[str, Any], more: list[str], http: HttpRequest, state: State) -> Response:
    match method, more:
        case "GET", []:
            return ok({"data": row})
        case "PATCH", []:
            return ok({"data": _change(row, http.body, state)})
        case "DELETE", []:
            del state.guardrails[row["id"]]
            for digest in [d for d, a in state.assignments.items() if a["guardrail_id"] == row["id"]]:
                del state.assignments[digest]
            return ok({"deleted": True})
        case "GET", ["assignments", "keys"]:
            return _page([a for a in state.assignments.values() if a["guardrail_id"] == row["id"]], http.query)
        case "POST", ["assignments", "keys"]:
            return ok({"assigned_count": _assign(row, http.body, state)})
        case "POST", ["assignments", "keys", "remove"]:
            return ok({"unassigned_count": _unassign(row, http.body, state)})
    raise refusal(405, "Method not allowed", user=False)


def _page(rows: list[dict[str, Any]], query: Mapping[str, str]) -> Response:
    skipped, most = whole(query.get("offset", ""), 0), whole(query.get("limit", ""), 50)
    return ok({"data": rows[skipped:][: min(most, MOST)], "total_count": len(rows)})


# --- one guardrail ---------------------------------------------------------------------------------------------------


def _create(body: Mapping[str, Any], state: State) -> dict[str, Any]:
    """It rules nothing until a key is assigned to it."""
    given = _checked(body, (*PLAIN, *LISTS, *SWITCHES))
    if "name" not in given:
        raise bad_request("name takes 1 to 200 characters")
    state.guardrails_made += 1
    row: dict[str, Any] = {"id": uuid_of(f"guardrail {state.guardrails_made}"), "name": "", "description": None}
    row |= {"limit_usd": None, "reset_interval": None, "include_byok_in_budgets": False}
    row |= dict.fromkeys((*LISTS, *SWITCHES))
    row |= {"content_filters": None, "content_filter_builtins": None, "workspace_id": WORKSPACE}
    row |= given | {"created_at": iso(state.now), "updated_at": None}
    _check_budget(row)
    state.guardrails[row["id"]] = row
    return row


def _change(row: dict[str, Any], body: Mapping[str, Any], state: State) -> dict[str, Any]:
    """Lists are replaced, not added to."""
    given = _checked(body, (*PLAIN[:-1], *LISTS, *SWITCHES))
    if not given:
        raise refusal(400, "No update fields provided", user=False)
    _check_budget(row | given)
    row |= given | {"updated_at": iso(state.now)}
    return row


def _checked(body: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """The fields in the form in which they are kept. Raises `ApiError` for a field that is not known or of a wrong form."""
    for name, value in body.items():
        if name in NOT_HERE:
            if value is not None:
                raise not_imitated(name)
        elif name not in known:
            raise bad_request(f"there is no field {name}; a guardrail takes {', '.join(known)}")
    given = {name: _value(name, value) for name, value in body.items() if name not in NOT_HERE}
    if "enforce_zdr" in given:
        given |= {name: given["enforce_zdr"] for name in ZDR if name not in given}
    return given


def _value(name: str, value: Any) -> Any:
    if name in LISTS:
        return None if value is None else _names(name, value)
    if name in SWITCHES or name == "include_byok_in_budgets":
        if not isinstance(value, bool) and (value is not None or name == "include_byok_in_budgets"):
            raise bad_request(f"{name} takes true or false")
    elif name == "limit_usd":
        if value is not None and not (is_number(value) and value > 0):
            raise bad_request("limit_usd takes dollars, more than 0")
    elif name == "reset_interval":
        if value not in RESETS:
            raise bad_request("reset_interval takes daily, weekly, monthly or null")
    elif name == "workspace_id":
        if value != WORKSPACE:
            raise not_imitated("other workspaces than the default one")
    else:
        _check_text(name, value)
    return value


def _check_text(name: str, value: Any) -> None:
    most = 200 if name == "name" else 1000
    if value is None and name == "description":
        return
    if not isinstance(value, str) or len(value) > most or (name == "name" and not value.strip()):
        raise bad_request(f"{name} takes 1 to {most} characters")


def _names(where: str, listed: Any) -> list[str]:
    """Models as dated slugs (an id is accepted too), providers as slugs."""
    if not isinstance(listed, list) or not listed or not all(isinstance(v, str) for v in listed):
        raise bad_request(f"{where} takes a list of at least one name, or null for no rule")
    found = []
    for name in listed:
        models = where.endswith("_models")
        known = not models or catalogue.find(name) or name in catalogue.embedding_models()
        slug = catalogue.dated_slug(name) if models else catalogue.slug_of(name)
        if not known or slug is None:
            raise bad_request(f"{where}: no {'model' if models else 'provider'} is called {name!r}")
        found.append(slug)
    return list(dict.fromkeys(found))


def _check_budget(row: Mapping[str, Any]) -> None:
    """A limit and its interval come together (official SDK, 2026-10)."""
    if (row["limit_usd"] is None) != (row["reset_interval"] is None):
        raise bad_request("limit_usd and reset_interval must be given together")


# --- the keys it is assigned to --------------------------------------------------------------------------------------


def _assign(row: Mapping[str, Any], body: Mapping[str, Any], state: State) -> int:
    """A key has one guardrail at most: the new one replaces the one before."""
    digests = _hashes(body, state)
    for digest in digests:
        key = state.keys[digest]
        state.assignments[digest] = {
            "id": uuid_of(row["id"] + digest),
            "key_hash": digest,
            "guardrail_id": row["id"],
            "key_name": key["name"],
            "key_label": key["label"],
            "assigned_by": USER,
            "created_at": iso(state.now),
        }
    return len(digests)


def _unassign(row: Mapping[str, Any], body: Mapping[str, Any], state: State) -> int:
    mine = [d for d in _hashes(body, state) if state.assignments.get(d, {}).get("guardrail_id") == row["id"]]
    for digest in mine:
        del state.assignments[digest]
    return len(mine)


def _hashes(body: Mapping[str, Any], state: State) -> list[str]:
    listed = body.get("key_hashes")
    if not isinstance(listed, list) or not listed or not all(isinstance(v, str) and v for v in listed):
        raise bad_request("key_hashes takes a list of at least one hash of a key")
    missing = [digest for digest in listed if digest not in state.own_keys]
    if missing:
        raise refusal(404, f"API key not found: {missing[0]}", user=False)
    return list(dict.fromkeys(listed))
