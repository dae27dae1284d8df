"""What the account used: GET /activity and POST /analytics/query, from what was charged and from a history handed in."""

from __future__ import annotations

from typing import Any

import pytest

from asking import MINI, ask
from openrouter_standin import State, answer

DAY_MS = 86_400_000
PAST = [
    {"date": "2026-11-20", "model": MINI, "provider": "openai", "requests": 3, "prompt_tokens": 300,
     "completion_tokens": 90, "reasoning_tokens": 30, "cost": 0.25, "user": "ada", "key": "shop"},
    {"date": "2026-11-20", "model": MINI, "provider": "azure", "requests": 1, "prompt_tokens": 100, "cost": 0.05, "user": "bob", "key": "shop"},
    {"date": "2026-11-21", "model": "anthropic/claude-haiku-4.5", "provider": "Anthropic", "requests": 2,
     "prompt_tokens": 40, "completion_tokens": 60, "cost": 0.5, "user": "ada", "key": "bot"},
    {"date": "2026-10-01", "model": MINI, "provider": "openai", "requests": 9, "cost": 9},
]  # fmt: skip


def call(state: State, method: str, path: str, body: Any = None, key: str = "management") -> dict[str, Any]:
    return answer({"method": method, "path": "/api/v1" + path, "body": body, "key": key}, state)


def rows(state: State, query: str = "") -> list[dict[str, Any]]:
    found = call(state, "GET", "/activity" + query)
    assert found["status"] == 200, found
    return found["body"]["data"]


def test_only_a_management_key_reads_activity() -> None:
    found = call(State(), "GET", "/activity", key="session")
    assert found["status"] == 403
    assert found["body"]["error"]["message"] == "Only management keys can perform this operation"


def test_a_day_is_listed_once_it_is_over_and_its_sums_are_what_was_charged() -> None:
    state = State()
    assert rows(state) == []
    said = [ask(state, user="ada", provider={"only": ["openai"]})["body"]["usage"] for _ in range(2)]
    assert rows(state) == []
    state.advance(DAY_MS)
    (row,) = rows(state)
    assert row == {
        "date": "2026-11-22",
        "model": MINI,
        "model_permaslug": row["model_permaslug"],
        "endpoint_id": row["endpoint_id"],
        "provider_name": "OpenAI",
        "usage": pytest.approx(sum(u["cost"] for u in said)),
        "byok_usage_inference": 0,
        "requests": 2,
        "prompt_tokens": sum(u["prompt_tokens"] for u in said),
        "completion_tokens": sum(u["completion_tokens"] for u in said),
        "reasoning_tokens": 0,
    }
    assert state.usage == pytest.approx(row["usage"])
    state.advance(30 * DAY_MS)
    assert rows(state) == []


def test_the_endpoint_id_is_the_one_of_the_generation_record() -> None:
    state = State()
    identity = ask(state)["body"]["id"]
    record = call(state, "GET", f"/generation?id={identity}", key="session")["body"]["data"]
    state.advance(DAY_MS)
    assert rows(state)[0]["endpoint_id"] == record["provider_responses"][0]["endpoint_id"]
    assert rows(state)[0]["model_permaslug"] == record["model"]


def test_a_past_can_be_handed_in() -> None:
    state = State(history=PAST)
    assert [(r["date"], r["provider_name"], r["requests"], r["usage"]) for r in rows(state)] == [
        ("2026-11-21", "Anthropic", 2, 0.5),
        ("2026-11-20", "Azure", 1, 0.05),
        ("2026-11-20", "OpenAI", 3, 0.25),
    ]
    assert [r["date"] for r in rows(state, "?date=2026-11-20")] == ["2026-11-20"] * 2
    assert state.usage == 0 and call(state, "GET", "/credits")["body"]["data"]["total_usage"] == 0


@pytest.mark.parametrize("date", ["2026-11-22", "2026-10-22", "yesterday", "2026-11-31", "2026-11-2", ""])
def test_a_date_is_one_of_the_last_thirty_completed_days(date: str) -> None:
    found = call(State(), "GET", f"/activity?date={date}")
    if date:  # an empty parameter is none
        assert found["status"] == 400
        assert found["body"]["error"]["message"] == "Date must be within the last 30 (completed) UTC days"


def test_activity_by_key_and_workspace() -> None:
    state = State()
    made = call(state, "POST", "/keys", {"name": "mine"})["body"]
    digest = made["data"]["hash"]
    ask(state)
    body = {"model": MINI, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 50}
    call(state, "POST", "/chat/completions", body, key=digest)
    state.advance(DAY_MS)
    assert sum(r["requests"] for r in rows(state)) == 2
    assert sum(r["requests"] for r in rows(state, f"?api_key_hash={digest}")) == 1
    assert rows(state, "?user_id=user_nobody") == [] == rows(state, "?workspace_id=none")
    assert {r["workspace_id"] for r in rows(state, "?group_by=workspace")} == {made["data"]["workspace_id"]}
    assert call(state, "GET", "/activity?group_by=model")["status"] == 400


@pytest.mark.parametrize(
    "row",
    [
        {"date": "2026-11-20", "model": MINI},
        {"date": "20 November", "model": MINI, "provider": "openai"},
        {"date": "2026-11-20", "model": "no/such", "provider": "openai"},
        {"date": "2026-11-20", "model": MINI, "provider": "nobody"},
        {"date": "2026-11-20", "model": MINI, "provider": "openai", "cost": -1},
        {"date": "2026-11-20", "model": MINI, "provider": "openai", "requests": 1.5},
        {"date": "2026-11-20", "model": MINI, "provider": "openai", "usage": 1},
        {"date": "2026-11-20", "model": MINI, "provider": "openai", "user": 5},
        "2026-11-20",
    ],
)
def test_a_row_of_the_past_that_cannot_be_is_named(row: Any) -> None:
    with pytest.raises(ValueError, match="history"):
        State(history=[row])


def test_every_kind_of_charge_is_listed() -> None:
    state = State()
    call(state, "POST", "/embeddings", {"model": "openai/text-embedding-3-small", "input": "one two"}, key="session")
    call(
        state,
        "POST",
        "/rerank",
        {"model": "voyageai/rerank-2.5-lite", "query": "a", "documents": ["a b"]},
        key="session",
    )
    call(state, "POST", "/responses", {"model": MINI, "input": "Hi", "max_output_tokens": 50}, key="session")
    state.advance(DAY_MS)
    assert len(rows(state)) == 3
    assert sum(r["usage"] for r in rows(state)) == pytest.approx(state.usage)
