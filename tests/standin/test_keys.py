"""Keys: which are accepted, and how a management key makes others."""

from __future__ import annotations

from typing import Any

import pytest

from asking import MINI, ask_body, glm, user
from openrouter_standin import State, answer


def test_only_a_management_key_makes_keys_and_a_made_key_works_until_it_is_disabled() -> None:
    state = State()

    def call(method: str, path: str, body: Any = None, key: str = "management") -> dict[str, Any]:
        return answer({"method": method, "path": "/api/v1" + path, "body": body, "key": key}, state)

    assert call("GET", "/keys", key="session")["status"] == 401
    made = call("POST", "/keys", {"name": "mine", "limit": 3, "limit_reset": "daily"})
    assert made["status"] == 201
    digest = made["body"]["data"]["hash"]
    assert state.secrets[made["body"]["key"]] == digest
    assert call("GET", "/key", key=digest)["body"]["data"]["limit"] == 3
    assert (
        call("POST", "/chat/completions", {"model": MINI, "messages": user("Hi"), "max_tokens": 9}, key=digest)[
            "status"
        ]
        == 200
    )
    assert call("PATCH", f"/keys/{digest}", {"disabled": True})["body"]["data"]["disabled"] is True
    assert call("GET", "/key", key=digest)["status"] == 401
    assert call("GET", "/keys")["body"]["data"] == []
    assert len(call("GET", "/keys?include_disabled=true")["body"]["data"]) == 1
    assert call("DELETE", f"/keys/{digest}")["body"] == {"deleted": True}
    assert call("GET", f"/keys/{digest}")["status"] == 404
    assert [
        call("POST", "/keys", b)["status"]
        for b in ({}, {"name": ""}, {"name": "x", "limit": -1}, {"name": "x", "limit_reset": "hourly"}, "x")
    ] == [400] * 5


@pytest.mark.parametrize(("key", "text"), [("none", "No cookie auth credentials found"), ("other", "User not found.")])
def test_keys(key: str, text: str) -> None:
    assert ask_body(glm(), key=key)["body"]["error"] == {"message": text, "code": 401}
    assert answer({"method": "GET", "path": "/api/v1/models", "key": key}, State())["status"] == 200


@pytest.mark.parametrize("limit", [float("inf"), float("nan"), -1, "3", True, 10**400])
def test_a_limit_is_a_number_of_dollars(limit: Any) -> None:
    made = answer(
        {"method": "POST", "path": "/api/v1/keys", "body": {"name": "x", "limit": limit}, "key": "management"}, State()
    )
    assert made["status"] == 400


@pytest.mark.parametrize(
    "until", ["tomorrow", "2026-12-31", "2026-12-31T23:59Z", 5, "2026-13-31T23:59:59Z", "2026-12-31T23:59:59+01:00"]
)
def test_an_expiry_is_a_time_with_seconds(until: Any) -> None:
    body = {"name": "x", "expires_at": until}
    assert (
        answer({"method": "POST", "path": "/api/v1/keys", "body": body, "key": "management"}, State())["status"] == 400
    )


@pytest.mark.parametrize("path", ["/chat/completions", "/responses", "/embeddings", "/images"])
def test_a_management_key_calls_no_model(path: str) -> None:
    refused = answer({"method": "POST", "path": f"/api/v1{path}", "body": {}, "key": "management"}, State())
    assert (refused["status"], refused["body"]["error"]["message"]) == (401, "User not found.")


def test_a_key_ends_when_it_expires() -> None:
    state = State()
    body = {"name": "x", "expires_at": "2026-11-22T10:00:00Z"}
    made = answer({"method": "POST", "path": "/api/v1/keys", "body": body, "key": "management"}, state)["body"]
    ask = {"method": "GET", "path": "/api/v1/key", "key": made["data"]["hash"]}
    assert answer(ask, state)["status"] == 200
    state.advance(3_600_000)
    assert answer(ask, state)["status"] == 401
