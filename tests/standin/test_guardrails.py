"""Guardrails: how they are kept, and what they do to the keys they are assigned to."""

from __future__ import annotations

from typing import Any

import pytest

from asking import GEMINI, HAIKU, MINI, user
from openrouter_standin import Faults, State, answer
from support import GLM

DAY_MS = 86_400_000


def call(state: State, method: str, path: str, body: Any = None, key: str = "management") -> dict[str, Any]:
    return answer({"method": method, "path": "/api/v1" + path, "body": body, "key": key}, state)


def guarded(state: State, **rules: Any) -> tuple[str, str]:
    """The hash of a new key, and the id of the guardrail that is assigned to it."""
    digest = call(state, "POST", "/keys", {"name": "guarded"})["body"]["data"]["hash"]
    made = call(state, "POST", "/guardrails", {"name": "rules", **rules})
    assert made["status"] == 201, made
    identity = made["body"]["data"]["id"]
    assigned = call(state, "POST", f"/guardrails/{identity}/assignments/keys", {"key_hashes": [digest]})
    assert assigned["body"] == {"assigned_count": 1}
    return digest, identity


def ask(state: State, key: str, **body: Any) -> dict[str, Any]:
    return call(
        state, "POST", "/chat/completions", {"model": MINI, "messages": user("Hi"), "max_tokens": 300, **body}, key
    )


def refused(response: dict[str, Any]) -> tuple[int, str, dict[str, Any]]:
    error = response["body"]["error"]
    return response["status"], error["message"], error.get("metadata") or {}


# --- kept ------------------------------------------------------------------------------------------------------------


def test_a_guardrail_from_creation_to_deletion() -> None:
    state = State()
    digest, identity = guarded(
        state, limit_usd=1, reset_interval="daily", allowed_models=[HAIKU], allowed_providers=["Anthropic"]
    )
    row = call(state, "GET", f"/guardrails/{identity}")["body"]["data"]
    assert (row["name"], row["limit_usd"], row["allowed_providers"]) == ("rules", 1, ["anthropic"])
    assert row["allowed_models"] == ["anthropic/claude-4.5-haiku-20251001"]
    assert row["updated_at"] is None and row["created_at"].startswith("2026-11-22")
    changed = call(
        state, "PATCH", f"/guardrails/{identity}", {"limit_usd": 2, "allowed_models": None, "enforce_zdr": True}
    )
    data = changed["body"]["data"]
    assert (data["limit_usd"], data["allowed_models"], data["enforce_zdr_google"]) == (2, None, True)
    assert data["updated_at"]
    listed = call(state, "GET", "/guardrails")["body"]
    assert listed == {"data": [data], "total_count": 1}
    (assignment,) = call(state, "GET", f"/guardrails/{identity}/assignments/keys")["body"]["data"]
    assert (assignment["key_hash"], assignment["guardrail_id"]) == (digest, identity)
    assert call(state, "GET", "/guardrails/assignments/keys")["body"]["total_count"] == 1
    assert call(state, "DELETE", f"/guardrails/{identity}")["body"] == {"deleted": True}
    assert call(state, "GET", f"/guardrails/{identity}")["status"] == 404
    assert call(state, "GET", "/guardrails/assignments/keys")["body"] == {"data": [], "total_count": 0}


def test_a_key_has_one_guardrail_at_most() -> None:
    state = State()
    digest, first = guarded(state)
    second = call(state, "POST", "/guardrails", {"name": "other"})["body"]["data"]["id"]
    call(state, "POST", f"/guardrails/{second}/assignments/keys", {"key_hashes": [digest, digest]})
    assert call(state, "GET", f"/guardrails/{first}/assignments/keys")["body"]["total_count"] == 0
    remove = {"key_hashes": [digest]}
    assert call(state, "POST", f"/guardrails/{first}/assignments/keys/remove", remove)["body"] == {
        "unassigned_count": 0
    }
    assert call(state, "POST", f"/guardrails/{second}/assignments/keys/remove", remove)["body"] == {
        "unassigned_count": 1
    }
    assert state.assignments == {}
    guarded(state)
    call(state, "DELETE", f"/keys/{next(iter(state.assignments))}")
    assert state.assignments == {}


def test_pages_of_guardrails() -> None:
    state = State()
    for name in "abc":
        call(state, "POST", "/guardrails", {"name": name})
    page = call(state, "GET", "/guardrails?offset=1&limit=1")["body"]
    assert ([g["name"] for g in page["data"]], page["total_count"]) == (["b"], 3)
    assert call(state, "GET", "/guardrails?workspace_id=none")["body"]["total_count"] == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "name takes"),
        ({"name": " "}, "name takes"),
        ({"name": "x", "limit": 5}, "there is no field limit"),
        ({"name": "x", "limit_usd": 5}, "must be given together"),
        ({"name": "x", "reset_interval": "daily"}, "must be given together"),
        ({"name": "x", "limit_usd": 0, "reset_interval": "daily"}, "limit_usd takes"),
        ({"name": "x", "limit_usd": 5, "reset_interval": "hourly"}, "reset_interval takes"),
        ({"name": "x", "allowed_models": []}, "at least one name"),
        ({"name": "x", "allowed_models": ["no/such"]}, "no model is called 'no/such'"),
        ({"name": "x", "ignored_providers": ["nobody"]}, "no provider is called 'nobody'"),
        ({"name": "x", "enforce_zdr": "yes"}, "true or false"),
        ({"name": "x", "include_byok_in_budgets": None}, "true or false"),
        ({"name": "x", "description": "x" * 1001}, "description takes"),
        ({"name": "x", "content_filters": [{"pattern": "x", "action": "block"}]}, "does not imitate content_filters"),
        ({"name": "x", "allowed_data_regions": ["us"]}, "does not imitate allowed_data_regions"),
        ("x", "Invalid JSON"),
    ],
)
def test_a_guardrail_that_cannot_be_says_what_is_wrong(body: Any, words: str) -> None:
    found = call(State(), "POST", "/guardrails", body)
    assert found["status"] == 400 and words in found["body"]["error"]["message"]


def test_what_cannot_be_done_to_a_guardrail() -> None:
    state = State()
    _, identity = guarded(state)
    path = f"/guardrails/{identity}"
    assert call(state, "GET", "/guardrails", key="session")["status"] == 403
    assert call(state, "PATCH", path, {})["status"] == 400
    assert call(state, "PATCH", path, {"limit_usd": 3})["status"] == 400
    assert call(state, "PATCH", path, {"workspace_id": "x"})["status"] == 400
    assert call(state, "PUT", path, {})["status"] == 405 == call(state, "DELETE", "/guardrails")["status"]
    assert call(state, "POST", path + "/assignments/keys", {"key_hashes": []})["status"] == 400
    assert call(state, "POST", path + "/assignments/keys", {"key_hashes": ["0" * 64]})["status"] == 404
    members = call(state, "GET", path + "/assignments/members")
    assert members["status"] == 400 and "members" in members["body"]["error"]["message"]
    assert call(state, "POST", "/guardrails", {"name": "x", "content_filters": None})["status"] == 201


# --- budgets ---------------------------------------------------------------------------------------------------------


def test_a_spent_budget_refuses_until_its_day_is_over() -> None:
    state = State()
    digest, _ = guarded(state, limit_usd=0.0001, reset_interval="daily")
    other = call(state, "POST", "/keys", {"name": "free"})["body"]["data"]["hash"]
    cost = 0.0
    while cost < 0.0001:
        found = ask(state, digest)
        assert found["status"] == 200, found["body"]
        cost += found["body"]["usage"]["cost"]
    status, text, metadata = refused(found := ask(state, digest))
    assert (status, text) == (403, "API key budget limit exceeded (daily limit). Contact your org admin.")
    assert metadata == {
        "limit_source": "openrouter_guardrail_budget",
        "scope": "api_key",
        "limit_usd": 0.0001,
        "spend_usd": pytest.approx(cost),
        "resets_at": "2026-11-23T00:00:00.000Z",
    }
    assert "retry-after" not in found["headers"]
    assert (
        call(state, "POST", "/embeddings", {"model": "openai/text-embedding-3-small", "input": "a"}, digest)["status"]
        == 403
    )
    assert ask(state, other)["status"] == 200
    state.advance(DAY_MS)
    assert ask(state, digest)["status"] == 200


def test_get_key_shows_every_layer_and_which_blocks_first() -> None:
    state = State()
    digest, identity = guarded(state, limit_usd=0.5, reset_interval="monthly")
    spent = ask(state, digest)["body"]["usage"]["cost"]
    data = call(state, "GET", "/key", key=digest)["body"]["data"]
    assert data["budgets"] == [
        {
            "scope": "api_key",
            "limit_usd": 0.5,
            "spend_usd": pytest.approx(spent),
            "remaining_usd": pytest.approx(0.5 - spent),
            "reset_interval": "monthly",
            "resets_at": "2026-12-01T00:00:00.000Z",
            "include_byok": False,
            "budget_id": None,
            "guardrail_id": identity,
        }
    ]
    assert data["effective_budget"] == data["budgets"][0]
    call(state, "PATCH", f"/keys/{digest}", {"limit": 0.2, "limit_reset": "weekly"})
    layers = call(state, "GET", "/key", key=digest)["body"]["data"]
    assert [layer["scope"] for layer in layers["budgets"]] == ["api_key", "key_limit"]
    assert layers["effective_budget"]["scope"] == "key_limit"
    assert layers["effective_budget"]["resets_at"] == "2026-11-23T00:00:00.000Z"  # 22 November 2026 is a Sunday
    assert call(state, "GET", "/key", key="session")["body"]["data"]["budgets"] == []


def test_a_budget_is_each_keys_own() -> None:
    state = State()
    digest, identity = guarded(state, limit_usd=0.00001, reset_interval="weekly")
    second = call(state, "POST", "/keys", {"name": "second"})["body"]["data"]["hash"]
    call(state, "POST", f"/guardrails/{identity}/assignments/keys", {"key_hashes": [second]})
    ask(state, digest)
    ask(state, digest)
    assert ask(state, digest)["status"] == 403
    assert ask(state, second)["status"] == 200


def test_spending_begins_anew_with_each_day_week_and_month() -> None:
    state = State()
    digest = call(state, "POST", "/keys", {"name": "x", "limit": 0.00001, "limit_reset": "daily"})["body"]["data"][
        "hash"
    ]
    body = {"model": "openai/text-embedding-3-small", "input": "word " * 1000}
    call(state, "POST", "/embeddings", body, digest)
    assert call(state, "POST", "/embeddings", body, digest)["status"] == 403
    row = call(state, "GET", f"/keys/{digest}")["body"]["data"]
    assert row["limit_remaining"] == 0 and row["usage_daily"] == row["usage_monthly"] == row["usage"] > 0
    state.advance(DAY_MS)  # Monday
    row = call(state, "GET", f"/keys/{digest}")["body"]["data"]
    assert (row["usage_daily"], row["usage_weekly"], row["limit_remaining"]) == (0, 0, 0.00001)
    assert row["usage_monthly"] == row["usage"] > 0
    assert call(state, "POST", "/embeddings", body, digest)["status"] == 200
    own = State(credits=10, usage=5)
    assert ask(own, "session")["status"] == 403
    own.advance(DAY_MS)
    assert ask(own, "session")["status"] == 200


# --- models, providers, data -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "body", "reason", "words"),
    [
        ({"allowed_models": [HAIKU]}, {}, "model-ignored-by-guardrail", "Model blocked by guardrail: 2 endpoints excluded"),
        ({"ignored_models": [MINI]}, {}, "model-ignored-by-guardrail", "Model blocked by guardrail: 2 endpoints excluded"),
        ({"allowed_providers": ["anthropic"]}, {}, "provider-not-allowed-by-guardrail", "Provider not allowed by guardrail"),
        ({"ignored_providers": ["openai", "azure"]}, {}, "provider-ignored-by-guardrail", "Provider blocked by guardrail"),
        ({"enforce_zdr_openai": True}, {"provider": {"only": ["openai"]}}, "zdr-violation-by-guardrail", "ZDR violation (guardrail): 1 endpoint excluded"),
        ({"enforce_zdr": True}, {"provider": {"only": ["openai"]}}, "zdr-violation-by-guardrail", "ZDR violation (guardrail): 1 endpoint excluded"),
        ({"enable_free_model_training": False}, {"model": "google/gemma-4-31b-it:free"}, "free-model-training-violation-by-guardrail", "Free model training violation (guardrail)"),
    ],
)  # fmt: skip
def test_what_a_guardrail_takes_out_is_said(
    rules: dict[str, Any], body: dict[str, Any], reason: str, words: str
) -> None:
    state = State()
    digest, _ = guarded(state, **rules)
    status, text, metadata = refused(ask(state, digest, **body))
    assert status == 404 and words in text
    assert text.startswith(f"0 endpoints out of {metadata['input_endpoint_count']} requested are available matching your guardrail restrictions and data policy.")  # fmt: skip
    assert [r["reason"] for r in metadata["ineligibility_reasons"]] == [reason]
    assert metadata["ineligibility_reasons"][0]["endpoint_count"] == metadata["input_endpoint_count"]
    assert metadata["failed_routing_step"] == "Filter by Guardrails"
    assert metadata["routing_funnel"][0]["step"] == "Initial Endpoints"
    assert ask(state, "session", **body)["status"] == 200


def test_what_a_guardrail_leaves_is_served() -> None:
    state = State()
    digest, identity = guarded(state, allowed_providers=["azure"], enforce_zdr_openai=True)
    assert {ask(state, digest)["body"]["provider"] for _ in range(5)} == {"Azure"}
    assert ask(state, digest, model=HAIKU)["status"] == 404
    call(state, "PATCH", f"/guardrails/{identity}", {"allowed_providers": None})
    assert ask(state, digest, model=HAIKU)["status"] == 200  # only OpenAI's models must keep nothing
    call(state, "PATCH", f"/guardrails/{identity}", {"allowed_models": [GEMINI, GLM], "enforce_zdr": None})
    found = ask(state, digest, models=[MINI, GEMINI])
    assert found["body"]["model"] == GEMINI
    assert ask(state, digest, model="openrouter/auto")["body"]["model"] in (GEMINI, GLM)


def test_routers_and_embeddings_keep_to_the_guardrail() -> None:
    state = State()
    digest, identity = guarded(state, ignored_models=["openai/gpt-5-mini", HAIKU, "google/gemini-2.5-flash"])
    status, text, _ = refused(ask(state, digest, model="openrouter/auto"))
    assert (status, text) == (404, "No models match your request and model restrictions")
    call(state, "PATCH", f"/guardrails/{identity}", {"ignored_models": None, "ignored_providers": ["openai"]})
    body = {"model": "openai/text-embedding-3-small", "input": "a"}
    assert refused(call(state, "POST", "/embeddings", body, digest))[2]["failed_routing_step"] == "Filter by Guardrails"
    call(state, "PATCH", f"/guardrails/{identity}", {"allowed_models": [body["model"]], "ignored_providers": None})
    assert call(state, "POST", "/embeddings", body, digest)["status"] == 200


def test_the_same_steps_give_the_same_bytes() -> None:
    def steps() -> str:
        state = State()
        digest, _ = guarded(state, limit_usd=0.001, reset_interval="daily", allowed_providers=["azure"])
        return repr([ask(state, digest), ask(state, digest, model=HAIKU), call(state, "GET", "/key", key=digest)])

    assert steps() == steps()


# --- in-flight requests ----------------------------------------------------------------------------------------------


def test_a_request_alone_may_be_more_than_the_budget_in_flight() -> None:
    state, asked = State(), {"model": MINI, "messages": user("Hi"), "max_tokens": 300}
    request = {"method": "POST", "path": "/api/v1/chat/completions", "body": asked}
    waiting = answer(request, state, Faults(in_flight=True))
    status, text, metadata = refused(waiting)
    assert status == 402 and "given your current in-flight requests" in text
    assert (metadata["limit_source"], metadata["reason"]) == (
        "openrouter_in_flight_budget",
        "in_flight_budget_exhausted",
    )
    assert waiting["headers"]["retry-after"] == "120" and metadata["remedy_hint"]
    hopeless = answer(request, state, Faults(too_heavy=True))
    status, text, metadata = refused(hopeless)
    assert (status, metadata["limit_source"], metadata["reason"]) == (
        402,
        "openrouter_credits",
        "weight_exceeds_budget",
    )
    assert "retry-after" not in hopeless["headers"] and metadata["remedy_hint"]
    with pytest.raises(ValueError, match="too_heavy takes True or False"):
        Faults(too_heavy=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/images", {"model": "google/gemini-3.1-flash-image", "prompt": "A lighthouse"}),
        ("/videos", {"model": "google/veo-3.1-lite", "prompt": "Waves", "duration": 4}),
    ],
)
def test_pictures_and_films_keep_to_it(path: str, body: dict[str, Any]) -> None:
    state = State()
    digest, _ = guarded(state, allowed_providers=["openai"])
    status, message, metadata = refused(call(state, "POST", path, body, digest))
    assert status == 404 and "guardrail restrictions" in message
    assert metadata["failed_routing_step"] == "Filter by Guardrails"
    assert state.usage == 0
