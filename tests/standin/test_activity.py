"""What the account used: GET /activity and POST /analytics/query, from what was charged and from a history handed in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from asking import MINI, ask
from openrouter_standin import Endpoint, PastUsage, StandIn, State, answer
from openrouter_standin.billing.ledger import LINES, Sums

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
        "cached_tokens": 0,
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


# --- POST /analytics/query -------------------------------------------------------------------------------------------


def report(state: State, **query: Any) -> list[dict[str, Any]]:
    found = call(state, "POST", "/analytics/query", {"metrics": ["total_usage"], **query})
    assert found["status"] == 200, found
    return found["body"]["data"]["data"]


def test_spend_by_key_user_model_provider_and_day() -> None:
    state = State(history=PAST)
    assert report(state, dimensions=["api_key_id"]) == [
        {"api_key_id": "bot", "total_usage": 0.5},
        {"api_key_id": "shop", "total_usage": 0.3},
    ]
    assert report(state, dimensions=["external_user"], metrics=["request_count", "tokens_total"]) == [
        {"external_user": "ada", "request_count": "5", "tokens_total": "490"},
        {"external_user": "bob", "request_count": "1", "tokens_total": "100"},
    ]
    assert [r["model"] for r in report(state, dimensions=["model"])] == [
        "anthropic/claude-4.5-haiku-20251001",
        "openai/gpt-4o-mini",
    ]
    assert [(r["provider"], r["total_usage"]) for r in report(state, dimensions=["provider"])] == [
        ("Anthropic", 0.5),
        ("OpenAI", 0.25),
        ("Azure", 0.05),
    ]
    assert report(state, granularity="day") == [
        {"date__day": "2026-11-21T00:00:00.000Z", "total_usage": 0.5},
        {"date__day": "2026-11-20T00:00:00.000Z", "total_usage": 0.3},
    ]
    assert report(state, granularity="week") == [{"date__week": "2026-11-16T00:00:00.000Z", "total_usage": 0.8}]
    whole = {"start": "2026-09-01T00:00:00Z", "end": "2026-11-22T00:00:00Z"}
    assert [r["date__month"][:7] for r in report(state, granularity="month", time_range=whole)] == [
        "2026-11",
        "2026-10",
    ]
    assert report(state) == [{"total_usage": 0.8}]
    assert report(State()) == [{"total_usage": 0}] and report(State(), granularity="day") == []


def test_what_is_charged_now_is_in_the_report_at_once() -> None:
    state = State()
    cost = ask(state, user="ada")["body"]["usage"]["cost"]
    ask(state)
    (mine,) = report(
        state, dimensions=["external_user"], filters=[{"field": "external_user", "operator": "eq", "value": "ada"}]
    )
    assert mine == {"external_user": "ada", "total_usage": pytest.approx(cost)}
    assert report(state)[0]["total_usage"] == pytest.approx(state.usage)
    unset = {"field": "external_user", "operator": "not_in", "value": ["ada"], "include_unset": True}
    assert report(state, filters=[unset], metrics=["request_count"]) == [{"request_count": "1"}]
    assert report(state, filters=[unset | {"include_unset": False}], metrics=["request_count"]) == [
        {"request_count": "0"}
    ]


def test_filters_order_and_limits() -> None:
    state = State(history=PAST)
    made = [
        report(state, filters=[{"field": "model", "operator": "eq", "value": "anthropic/claude-haiku-4.5"}])[0][
            "total_usage"
        ],
        report(state, filters=[{"field": "provider", "operator": "in", "value": ["Azure", "OpenAI"]}])[0][
            "total_usage"
        ],
        report(state, filters=[{"field": "provider", "operator": "gte", "value": "B"}])[0]["total_usage"],
    ]
    assert made == [0.5, 0.3, 0.25]
    by_count = {"field": "request_count", "direction": "asc"}
    assert [r["provider"] for r in report(state, dimensions=["provider"], order_by=by_count)] == [
        "Azure",
        "Anthropic",
        "OpenAI",
    ]
    found = call(
        state, "POST", "/analytics/query", {"metrics": ["total_usage"], "dimensions": ["provider"], "limit": 1}
    )
    assert found["body"]["data"]["metadata"] == {"query_time_ms": 42, "row_count": 1, "truncated": True}
    daily = report(state, dimensions=["external_user"], granularity="day", group_limit=1)
    assert [r["external_user"] for r in daily] == ["ada", "bob"]


def test_a_hash_that_no_key_has_is_named_in_a_warning() -> None:
    made = {"metrics": ["request_count"], "filters": [{"field": "api_key_id", "operator": "eq", "value": "f" * 64}]}
    found = call(State(history=PAST), "POST", "/analytics/query", made)["body"]["data"]
    assert found["warnings"] == [f"Could not resolve api_key_id hash: {'f' * 64}"]
    assert found["data"] == [{"request_count": "0"}]


def test_a_repeated_answer_is_counted_and_costs_nothing() -> None:
    state = State()
    for _ in range(2):
        ask(state, headers={"X-OpenRouter-Cache": "true"})
    wanted = ["request_count", "response_cached_count", "response_cached_rate", "total_usage"]
    (row,) = report(state, metrics=wanted)
    assert row == {
        "request_count": "2",
        "response_cached_count": "1",
        "response_cached_rate": 0.5,
        "total_usage": pytest.approx(state.usage),
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"metrics": []}, "at least one"),
        ({"metrics": ["spend"]}, "GET /analytics/meta"),
        ({"metrics": ["p90_latency"]}, "does not imitate metrics 'p90_latency'"),
        ({"dimensions": ["country"]}, "does not imitate dimensions 'country'"),
        ({"dimensions": ["model", "user", "provider"]}, "at most 2"),
        ({"granularity": "minute"}, "does not imitate granularity 'minute'"),
        ({"classifier_dimensions": {"classifier_id": "x"}}, "does not imitate classifier_dimensions"),
        ({"group_by": ["model"]}, "there is no field group_by"),
        ({"filters": [{"field": "model", "operator": "like", "value": "x"}]}, "filters.operator"),
        ({"filters": [{"field": "model", "operator": "in", "value": "x"}]}, "a list with in"),
        ({"time_range": {"start": "2026-11-02", "end": "2026-11-03"}}, "time_range takes"),
        ({"time_range": {"start": "2026-11-03T00:00:00Z", "end": "2026-11-02T00:00:00Z"}}, "before"),
        ({"time_range": {"start": "2026-09-03T00:00:00Z", "end": "2026-11-02T00:00:00Z"}, "dimensions": ["provider"]}, "31 days"),
        ({"order_by": {"field": "tokens_total", "direction": "asc"}}, "order_by"),
        ({"order_by": {"field": "date", "direction": "asc"}}, "order_by"),
        ({"limit": 0}, "limit"),
        ({"limit": 10_001}, "limit"),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_says_what_is_wrong(query: dict[str, Any], words: str) -> None:
    found = call(State(), "POST", "/analytics/query", {"metrics": ["total_usage"], **query})
    assert found["status"] == 400 and words in found["body"]["error"]["message"]


def test_meta_lists_what_a_query_takes() -> None:
    data = call(State(), "GET", "/analytics/meta")["body"]["data"]
    everything = {"metrics": [m["name"] for m in data["metrics"]]}
    for step in data["granularities"]:
        for dimension in data["dimensions"]:
            report(State(history=PAST), **everything, dimensions=[dimension["name"]], granularity=step["name"])
    assert {o["name"]: o["value_type"] for o in data["operators"]}["not_in"] == "array"
    for method, path in (("GET", "/analytics/meta"), ("POST", "/analytics/query")):
        assert call(State(), method, path, {"metrics": ["total_usage"]}, key="session")["status"] == 403


# --- how a past is handed in -----------------------------------------------------------------------------------------


def test_a_past_can_be_added_later_and_in_two_forms() -> None:
    state = State(history=[PastUsage("2026-11-20T14:30:00Z", MINI, "OpenAI", requests=2, cost=0.5)])
    state.add_history([{"date": "2026-11-20", "model": MINI, "provider": "openai", "cost": 0.25}])
    (row,) = rows(state)
    assert (row["requests"], row["usage"]) == (3, 0.75)
    assert [r["date__hour"][11:13] for r in report(state, granularity="hour")] == ["14", "00"]
    with pytest.raises(ValueError, match="a list of rows"):
        state.add_history({"date": "2026-11-20"})  # type: ignore[arg-type]


def test_the_sums_are_bounded() -> None:
    state = State()
    sums = Sums(requests=1)
    served = Endpoint(tag="openai", provider="OpenAI", model=MINI)
    for n in range(LINES + 50):
        state.ledger.record(state.now, served, ("a", "a"), f"user {n}" + "x" * 1000, sums)
    kept = list(state.ledger.lines(0, float("inf")))
    assert len(kept) == LINES and max(len(line.user) for line, _ in kept) == 256


def test_a_server_takes_a_past_too() -> None:
    with StandIn(history=PAST) as standin:
        assert len(rows(standin.state)) == 3


def test_the_command_says_what_is_wrong_with_a_past(tmp_path: Path) -> None:
    file = tmp_path / "past.json"

    def said() -> str:
        command = [sys.executable, "-m", "openrouter_standin", "--port", "0", "--history", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 2
        return done.stderr

    assert "--history: there is no file" in said()
    file.write_text('[{"date": "x", "model": "openai/gpt-4o-mini", "provider": "openai"}]')
    assert "date takes a day" in said()


def test_pictures_and_films_are_in_the_reports_at_what_they_were_charged() -> None:
    state = State()
    painter, maker = "google/gemini-3.1-flash-image", "google/veo-3.1-lite"
    painted = call(state, "POST", "/images", {"model": painter, "prompt": "A lighthouse"}, key="session")["body"]
    job = call(state, "POST", "/videos", {"model": maker, "prompt": "Waves", "duration": 4}, key="session")["body"]
    for _ in range(4):
        call(state, "GET", f"/videos/{job['id']}", key="session")
    state.advance(DAY_MS)
    used = {row["model"]: (row["requests"], row["usage"]) for row in rows(state)}
    assert used == {painter: (1, pytest.approx(painted["usage"]["cost"])), maker: (1, pytest.approx(0.2))}
    assert sum(usage for _, usage in used.values()) == pytest.approx(state.usage)
