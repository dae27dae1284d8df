"""The Batch API: a job and its phases, half the price, lines that fail, lists, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import openai
import pytest
from openai.types import Batch

import helpers
from asking import GEMINI, HAIKU, MINI, RESPONSES, refused, user
from openrouter_standin import Faults, StandIn, State, answer
from openrouter_standin.billing.worst_case import worst_case
from openrouter_standin.output.script import Line, Script
from support import LESSON, client

BETA, V1 = "/api/beta/batches", "/api/v1/batches"
MINUTE = 60_000


def lines(*texts: str, **more: Any) -> list[dict[str, Any]]:
    return [
        {"custom_id": f"line-{n}", "body": {"messages": user(text), "max_tokens": 50, **more}}
        for n, text in enumerate(texts)
    ]


def batch_of(*texts: str, **more: Any) -> dict[str, Any]:
    return {
        "endpoint": "/v1/chat/completions",
        "model": MINI,
        "requests": lines(*texts or ("One", "Two", "Three")),
        **more,
    }


def submit(
    state: State, body: Any = None, path: str = BETA, faults: Faults | None = None, **more: Any
) -> dict[str, Any]:
    return answer({"method": "POST", "path": path, "body": body or batch_of(), **more}, state, faults)


def get(state: State, path: str, method: str = "GET", **more: Any) -> dict[str, Any]:
    return answer({"method": method, "path": path, **more}, state)


def done(state: State, body: Any = None, **more: Any) -> dict[str, Any]:
    """A batch that has ended."""
    taken = submit(state, body, **more)
    assert taken["status"] == 202, taken["body"]
    state.advance(10 * MINUTE)
    return get(state, f"{BETA}/{taken['body']['id']}")["body"]


# --- a job -----------------------------------------------------------------------------------------------------------


def test_a_batch_is_validated_run_and_written_on_the_stand_ins_clock() -> None:
    state = State()
    taken = submit(state)
    job = taken["body"]
    assert (taken["status"], job["status"], job["object"], job["completion_window"]) == (
        202,
        "validating",
        "batch",
        "24h",
    )
    assert job["request_counts"] == {"total": 3, "completed": 0, "failed": 0}
    assert (job["results"], job["usage"], job["error"], job["finalized_at"], job["provider"]) == (None,) * 5
    seen = []
    for moved in (0, 5_000, 0, MINUTE, 0):  # a look lets a minute pass
        state.advance(moved)
        seen.append(get(state, f"{BETA}/{job['id']}")["body"]["status"])
    assert seen == ["validating", "in_progress", "in_progress", "finalizing", "completed"]
    assert get(state, f"{V1}/{job['id']}")["body"]["finalized_at"] == job["created_at"] + 300


def test_a_loop_of_looks_ends() -> None:
    state = State()
    identity = submit(state)["body"]["id"]
    looks = [get(state, f"{BETA}/{identity}")["body"]["status"] for _ in range(8)]
    assert looks[0] == "validating" and looks[-1] == "completed"


def test_each_result_is_what_chat_would_say_at_half_the_price() -> None:
    words = Script([Line("One", "Uno", model="openai/gpt-4o-mini"), Line("Two", "Dos"), Line("Three", "Tres")])
    state, other = State(script=words), State(script=words)
    job = done(state)
    assert (job["status"], job["provider"], job["error"]) == ("completed", "OpenAI", None)
    assert job["request_counts"] == {"total": 3, "completed": 3, "failed": 0}
    said = {}
    for line in job["results"]:
        assert set(line) == {"id", "custom_id", "response", "error"} and line["error"] is None
        assert line["id"].startswith("batch_req_") and line["response"]["status_code"] == 200
        said[line["custom_id"]] = line["response"]["body"]
    assert {k: v["choices"][0]["message"]["content"] for k, v in said.items()} == {
        "line-0": "Uno", "line-1": "Dos", "line-2": "Tres"}  # fmt: skip
    assert all(body["id"].startswith("gen-batch-") and body["model"] == f"{MINI}:batch" for body in said.values())
    sync = answer({"method": "POST", "path": "/api/v1/chat/completions",
                   "body": {"model": MINI, **batch_of()["requests"][0]["body"]}}, other)["body"]  # fmt: skip
    assert said["line-0"]["usage"]["prompt_tokens"] == sync["usage"]["prompt_tokens"]
    assert said["line-0"]["usage"]["cost"] == pytest.approx(sync["usage"]["cost"] / 2)
    assert job["usage"]["cost"] == pytest.approx(sum(body["usage"]["cost"] for body in said.values()))
    record = get(state, f"/api/v1/generation?id={said['line-1']['id']}")["body"]["data"]
    assert record["total_cost"] == said["line-1"]["usage"]["cost"]


def test_results_come_in_another_order_than_the_requests() -> None:
    for count in (2, 3, 10):
        names = [line["custom_id"] for line in done(State(), batch_of(*map(str, range(count))))["results"]]
        sent = [f"line-{n}" for n in range(count)]
        assert names != sent and sorted(names) == sorted(sent)


def test_it_is_charged_once_when_it_is_due_whoever_looks() -> None:
    state = State()
    identity = submit(state)["body"]["id"]
    assert state.usage == 0
    state.advance(5 * MINUTE)
    used = get(state, "/api/v1/credits")["body"]["data"]["total_usage"]
    assert used > 0
    costs = [get(state, f"{BETA}/{identity}")["body"]["usage"]["cost"] for _ in range(3)]
    assert costs == [pytest.approx(used)] * 3 and state.usage == pytest.approx(used)
    assert state.clock_ms == 5 * MINUTE, "the lines do not move the clock"


def test_it_is_charged_to_the_key_that_sent_it() -> None:
    state = State()
    made = answer({"method": "POST", "path": "/api/v1/keys", "body": {"name": "night"}, "key": "management"}, state)
    key = made["body"]["data"]["hash"]
    submit(state, key=key)
    state.advance(10 * MINUTE)
    used = get(state, "/api/v1/key", key=key)["body"]["data"]["usage"]
    assert used > 0 and used == pytest.approx(state.usage)
    assert submit(state, key="none")["status"] == submit(state, key="management")["status"] == 401


def test_the_responses_api_in_a_batch() -> None:
    body = {"endpoint": "/v1/responses", "model": MINI, "requests": [
        {"custom_id": "a", "body": {"input": "Hi", "max_output_tokens": 50}}]}  # fmt: skip
    state = State(script=Script([Line("Hi", "Hello")]))
    (line,) = done(state, body)["results"]
    assert line["response"]["body"]["output"][-1]["content"][0]["text"] == "Hello"
    sync = answer({"method": "POST", "path": RESPONSES, "body": {"model": MINI, **body["requests"][0]["body"]}}, state)
    assert line["response"]["body"]["usage"]["cost"] == pytest.approx(sync["body"]["usage"]["cost"] / 2)


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_line_fails_alone_and_is_not_charged() -> None:
    state = State()
    job = done(state, faults=Faults(down=["openai"], for_attempts=1))
    assert (job["status"], job["request_counts"]) == ("completed", {"total": 3, "completed": 2, "failed": 1})
    (failed,) = [line for line in job["results"] if line["error"]]
    assert failed["custom_id"] == "line-0" and failed["response"] is None
    assert set(failed["error"]) == {"message", "type", "param"} and "upstream" in failed["error"]["message"]
    assert job["usage"]["cost"] == pytest.approx(state.usage) and state.usage > 0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"max_tokens": -5}, "sets 'max_tokens' below 1; each batched request must allow at least 1 output token."),
        ({"messages": []}, "is not valid"),
        ({"messages": [{"role": "bot", "content": "x"}]}, "role"),
        ({"stream": True}, "no streams"),
        ({"modalities": ["text", "image"]}, "other output than text"),
        ({"tools": [{"type": "openrouter:web_search"}]}, "searches the web"),
        ({"messages": user("word " * 300_000)}, "maximum context length is 128000 tokens"),
        ({"messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]}, "part"),
    ],
)  # fmt: skip
def test_one_wrong_line_fails_the_whole_batch_after_it_was_taken(body: dict[str, Any], told: str) -> None:
    state, sent = State(), batch_of()
    sent["requests"][1]["body"] |= body
    taken = submit(state, sent)
    assert (taken["status"], taken["body"]["status"]) == (202, "validating")
    state.advance(5_000)
    job = get(state, f"{BETA}/{taken['body']['id']}")["body"]
    assert (job["status"], job["results"], job["usage"]) == ("failed", None, None)
    assert job["request_counts"] == {"total": 3, "completed": 0, "failed": 3}
    assert job["error"]["message"].startswith("Batch request 'line-1' ") and told in job["error"]["message"]
    state.advance(10 * MINUTE)
    assert get(state, "/api/v1/credits")["body"]["data"]["total_usage"] == 0


def test_a_google_batch_has_one_response_format() -> None:
    state = State()
    sent = batch_of(model=GEMINI)
    sent["requests"][2]["body"]["response_format"] = {"type": "json_object"}
    assert "line-2" in done(state, sent)["error"]["message"]
    assert done(state, {**sent, "model": HAIKU})["status"] == "completed"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"requests": lines("x"), "endpoint": "/v1/chat/completions", "model": MINI}, 400, "before requests"),
        ({"endpoint": "/v1/chat/completions", "requests": lines("x")}, 400, "before requests"),
        ({"endpoint": "/v1/chat/completions", "model": MINI}, 400, "before requests"),
        (batch_of(endpoint="/v1/images"), 400, "endpoint takes"),
        (batch_of(endpoint="/v1/messages"), 400, "does not imitate /v1/messages in a batch"),
        (batch_of(model="openai/gpt-4o-nano"), 400, "Model 'openai/gpt-4o-nano' does not have a :batch endpoint."),
        (batch_of(model="z-ai/glm-5.3-flash"), 400, "does not have a :batch endpoint."),
        (batch_of(completion_window="1h"), 400, "completion_window takes 24h"),
        (batch_of(requests=[]), 400, "requests takes a list of 1 to 5000"),
        (batch_of(requests=[{"custom_id": "a"}]), 400, "line 1"),
        (batch_of(requests=[{"body": {}}]), 400, "custom_id"),
        (batch_of(requests=[*lines("x"), *lines("y")]), 422, "Request at line 2 has a duplicate custom_id 'line-0'"),
        (batch_of(requests=lines("x", model=HAIKU)), 400, "another model"),
        ({**batch_of(), "callback_url": "https://app.example"}, 400, "does not imitate callback_url"),
        ({**batch_of(), "provider": {"order": ["openai"]}}, 400, "only and allow_fallbacks"),
        ({**batch_of(), "provider": {"only": ["groq"]}}, 404, "No batch endpoints found"),
    ],
)
def test_what_is_not_taken(body: dict[str, Any], status: int, told: str) -> None:
    response = submit(State(), body)
    assert response["status"] == status and told in refused(response)[1]


def test_the_base_slug_and_the_batch_id_are_taken_alike() -> None:
    for model in (MINI, f"{MINI}:batch"):
        job = done(State(), batch_of(model=model))
        assert (job["status"], job["model"]) == ("completed", model)


def test_a_provider_can_be_chosen_and_runs_all_lines() -> None:
    state = State()
    sent = {
        "endpoint": "/v1/chat/completions",
        "model": MINI,
        "provider": {"only": ["azure"]},
        "requests": lines("a", "b"),
    }
    job = done(state, sent)
    assert job["provider"] == "Azure"
    assert {line["response"]["body"]["provider"] for line in job["results"]} == {"Azure"}


def test_a_batch_entry_is_not_asked_at_once() -> None:
    body = {"model": f"{MINI}:batch", "messages": user("Hi")}
    response = answer({"method": "POST", "path": "/api/v1/chat/completions", "body": body}, State())
    assert response["status"] == 404 and "only available through the Batch API" in refused(response)[1]


def test_without_credits_none_is_taken_and_who_owes_cannot_read_the_results() -> None:
    assert submit(State(credits=0))["status"] == 402
    state = State(credits=0.00001)
    identity = submit(state)["body"]["id"]
    state.advance(10 * MINUTE)
    withheld = get(state, f"{BETA}/{identity}")
    assert (
        withheld["status"] == 402 and withheld["body"]["results"] is None and withheld["body"]["error"]["code"] == 402
    )
    spent = state.usage
    state.credits = 5
    assert len(get(state, f"{BETA}/{identity}")["body"]["results"]) == 3 and state.usage == spent


# --- lists, ends and other accounts ----------------------------------------------------------------------------------


def test_the_list_is_newest_first_in_pages_without_results() -> None:
    state, made = State(), []
    for _ in range(3):
        made.append(submit(state)["body"]["id"])
        state.advance(1_000)
    first = get(state, f"{BETA}?limit=2")["body"]
    assert [row["id"] for row in first["data"]] == made[:0:-1]
    assert (first["first_id"], first["last_id"], first["has_more"]) == (made[2], made[1], True)
    rest = get(state, f"{BETA}?limit=2&after={first['last_id']}")["body"]
    assert ([row["id"] for row in rest["data"]], rest["has_more"]) == ([made[0]], False)
    state.advance(10 * MINUTE)
    ended = get(state, f"{BETA}?status=completed&status=failed")["body"]["data"]
    assert len(ended) == 3 and all(row["results"] is None and row["usage"]["cost"] > 0 for row in ended)
    assert get(state, f"{BETA}?status=validating")["body"]["data"] == []
    born = ended[1]["created_at"]
    assert [row["id"] for row in get(state, f"{BETA}?created_after={born}")["body"]["data"]] == [made[2]]
    assert len(get(state, f"{BETA}?created_before=2026-11-23")["body"]["data"]) == 3
    for wrong in ("limit=0", "limit=101", "status=finalizing", "after=batch-none", "created_after=soon",
                  "created_after=2026-11-23&created_before=2026-11-22"):  # fmt: skip
        assert get(state, f"{BETA}?{wrong}")["status"] == 400


def test_there_is_no_cancel_and_only_what_has_ended_is_deleted() -> None:
    state = State()
    identity = submit(state)["body"]["id"]
    assert get(state, f"{BETA}/{identity}/cancel", "POST")["status"] == 404
    assert get(state, f"{BETA}/{identity}", "DELETE")["status"] == 409
    state.advance(10 * MINUTE)
    deleted = get(state, f"{BETA}/{identity}", "DELETE")["body"]
    assert deleted == {"id": identity, "object": "batch", "deletion": {
        "openrouter": "deleted", "upstream": {"provider": "OpenAI", "status": "deleted"}}}  # fmt: skip
    assert refused(get(state, f"{BETA}/{identity}")) == (404, f"Batch job {identity} not found.")
    assert state.usage > 0, "what it cost stays charged"
    assert get(state, BETA, "PATCH")["status"] == 405


def test_results_are_kept_thirty_days() -> None:
    state = State()
    identity = submit(state)["body"]["id"]
    state.advance(30 * 24 * 60 * MINUTE)
    assert get(state, f"{BETA}/{identity}")["status"] == 200
    state.advance(1)
    assert get(state, f"{BETA}/{identity}")["status"] == 404


def test_what_a_batch_may_cost_is_the_sum_of_its_lines() -> None:
    one = worst_case({"model": MINI, **batch_of()["requests"][0]["body"]})
    assert worst_case(batch_of("One", "One")) == pytest.approx(2 * one) and one > 0


# --- the SDK, and the course's replay --------------------------------------------------------------------------------


def test_the_openai_sdk_sends_and_reads_a_batch() -> None:
    with StandIn(script={"One": "Uno"}) as standin:
        sdk = openai.OpenAI(base_url=standin.url, api_key=standin.key, max_retries=0)
        beta = standin.url.replace("/api/v1", "/api/beta")
        batch = sdk.post(f"{beta}/batches", body=batch_of("One"), cast_to=Batch)
        assert batch.status == "validating"
        while batch.status not in ("completed", "failed", "expired", "cancelled"):
            batch = sdk.batches.retrieve(batch.id)  # GET /api/v1/batches/{id}
        (line,) = batch.results  # type: ignore[attr-defined]
        assert line["response"]["body"]["choices"][0]["message"]["content"] == "Uno"
        assert [row.id for row in sdk.batches.list(limit=1)] == [batch.id]
        with pytest.raises(openai.NotFoundError, match="no such route"):
            sdk.batches.cancel(batch.id)
        assert standin.requests[0].path == BETA


def run_batch() -> list[str]:
    """What a program of the course would do."""
    sdk = client(max_retries=0)
    url = "https://openrouter.ai/api/beta/batches"
    batch = sdk.post(url, body=batch_of("One", "Two"), cast_to=Batch)
    seen = [batch.status]
    while seen[-1] != "completed":
        batch = sdk.get(f"{url}/{batch.id}", cast_to=Batch)
        seen.append(batch.status)
    return [*seen, *(line["custom_id"] for line in batch.results)]  # type: ignore[attr-defined]


def test_another_base_path_is_recorded_and_replayed_like_others(
    record: Callable[[str], None], recorded: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with StandIn() as standin:
        monkeypatch.setenv("OPENROUTER_API_KEY", standin.key)
        record(standin.url)
        first = run_batch()
        helpers.stop()
    paths = [exchange["request"]["path"] for exchange in recorded()["exchanges"]]
    assert paths[0] == BETA and all(path.startswith(f"{BETA}/batch-") for path in paths[1:])
    assert first[0] == "validating" and first[-2:] == ["line-1", "line-0"]
    monkeypatch.setenv("COOKBOOK_MODE", "ci")
    monkeypatch.delenv("OPENROUTER_API_KEY")
    helpers.start(LESSON)
    assert os.environ["OPENROUTER_API_KEY"] and run_batch() == first


def test_what_was_not_recorded_is_answered_by_the_stand_in(
    tape: Callable[..., None], recorded: Callable[[], dict[str, Any]]
) -> None:
    tape([])
    assert run_batch()[-2:] == ["line-1", "line-0"]
