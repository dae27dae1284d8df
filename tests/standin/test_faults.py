"""Faults on demand: each happens as asked, and ends as asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

import helpers
from asking import GEMINI, HAIKU, MINI, TOOLS, ask, ask_body, chunks, glm
from openrouter_standin import Faults, State, answer, catalogue
from openrouter_standin.faults import BREAKS
from support import GLM, LESSON


@pytest.mark.parametrize("form", BREAKS)
@pytest.mark.parametrize("after", [0, 3])
def test_streams_break_in_every_recorded_way(form: str, after: int) -> None:
    events = ask(faults=Faults(break_after=after, break_as=form), stream=True)["events"]
    found = [json.loads(t[6:]) for _, t in events if t.startswith("data: {")]
    whole = [
        c
        for c in found
        if c.get("choices") and not c.get("error") and c["choices"][0]["finish_reason"] is None and "usage" not in c
    ]
    assert len(whole) == after
    assert form == "finish-only" or any("error" in c for c in found)
    assert (events[-1][1] == "data: [DONE]") == (form in ("then-usage", "finish-only"))


@pytest.mark.parametrize(("faults", "status", "text"), [
    ({"status": 408}, 408, "timed out"), ({"status": 413}, 413, "too large"), ({"status": 422}, 422, "cannot be processed"), ({"status": 500}, 500, "Internal"),
    ({"status": 503}, 503, "No available provider"), ({"status": 524}, 524, "edge"), ({"status": 529}, 529, "overloaded"),
    ({"flagged": "violence"}, 403, "flagged"), ({"in_flight": True}, 402, "in-flight"),
])  # fmt: skip
def test_statuses_on_demand(faults: dict[str, Any], status: int, text: str) -> None:
    refused = ask(faults=Faults(**faults))
    assert (refused["status"], refused["body"]["error"]["code"]) == (status, status)
    assert text in refused["body"]["error"]["message"]


def test_a_slow_provider_takes_its_time() -> None:
    only = {"provider": {"only": ["openai"]}}
    assert ask(faults=Faults(slow=["openai"]), **only)["ms"] > 6 * ask(**only)["ms"]


def test_a_dead_provider_and_fallbacks() -> None:
    down = Faults(down=["together"])
    dead = ask_body(glm(provider={"order": ["together"], "allow_fallbacks": False}), faults=down)
    assert (dead["status"], dead["body"]["error"]["metadata"]["provider_name"]) == (502, "Together")
    alive = ask_body(glm(provider={"order": ["together"]}), faults=down, headers={"x-openrouter-metadata": "enabled"})[
        "body"
    ]
    assert [a["status"] for a in alive["openrouter_metadata"]["attempts"]] == [502, 200]
    assert alive["provider"] != "Together"


def test_rate_limits_with_and_without_retry_after_and_for_a_while() -> None:
    once = Faults(rate_limited=["*"], retry_after=7, for_attempts=1)
    limited = ask_body(glm(), faults=once)
    assert (limited["status"], limited["headers"]["retry-after"]) == (429, "7")
    assert ask_body(glm(), faults=once)["status"] == 200
    assert "retry-after" not in ask_body(glm(), faults=Faults(rate_limited=["*"], retry_after=None))["headers"]


def test_a_stream_that_breaks_and_an_error_inside_a_200() -> None:
    events = ask_body(glm(stream=True), faults=Faults(break_after=3))["events"]
    chunks = [json.loads(t[6:]) for _, t in events if t.startswith("data: {")]
    assert len(chunks) == 4
    assert chunks[-1]["error"]["code"] == 502
    assert chunks[-1]["choices"][0]["finish_reason"] == "error"
    hidden = ask_body(glm(), faults=Faults(error_in_200=True))
    assert (hidden["status"], hidden["body"]["error"]["code"]) == (200, 502)
    assert "choices" not in hidden["body"]


@pytest.mark.parametrize(
    "faults",
    [
        {"down": 5},
        {"down": None},
        {"down": ["together", "grok"]},
        {"credits": "0"},
        {"credits": -1},
        {"for_attempts": "2"},
        {"break_after": -1},
        {"free_used": "per-month"},
        {"later": -1},
        {"later": None},
    ],
)
def test_a_fault_that_cannot_happen_is_one_sentence(faults: dict) -> None:
    helpers.start(LESSON)
    with pytest.raises(ValueError, match=next(iter(faults))), helpers.faults(**faults):
        pass


def test_faults_know_every_provider_that_a_list_names() -> None:
    names = {n for hosts in catalogue.load("hosts.json")["by_author"].values() for n in hosts}
    for endpoint in catalogue.endpoints(GLM):
        slug = endpoint["tag"].split("/")[0]
        for text in (slug, endpoint["tag"], endpoint["provider_name"]):
            assert Faults(down=text).down == (slug,)
    assert all(Faults(slow=[name, "*"]).slow == (catalogue.slugs()[name], "*") for name in names)


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_a_filter_ends_an_answer_early() -> None:
    for model, native in ((HAIKU, "refusal"), ("google/gemini-2.5-flash", "SAFETY"), (MINI, "content_filter")):
        choice = ask(model=model, faults=Faults(filtered=True))["body"]["choices"][0]
        assert (choice["finish_reason"], choice["native_finish_reason"]) == ("content_filter", native)
    last = chunks(ask(stream=True, faults=Faults(filtered=True)))[-1]
    assert last["choices"][0]["finish_reason"] == "content_filter"


def test_a_malformed_call_is_a_200_with_nothing_in_it_and_costs_nothing() -> None:
    body = ask(model=GEMINI, tools=TOOLS, faults=Faults(malformed_call=True))["body"]
    choice = body["choices"][0]
    assert (choice["finish_reason"], choice["native_finish_reason"]) == ("error", "MALFORMED_FUNCTION_CALL")
    assert choice["message"]["content"] is None and "tool_calls" not in choice["message"]
    assert (body["usage"]["completion_tokens"], body["usage"]["cost"]) == (0, 0)
    last = chunks(ask(model=GEMINI, stream=True, faults=Faults(malformed_call=True)))[-1]
    assert last["choices"][0]["finish_reason"] == "error"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/images", {"model": "google/gemini-3.1-flash-image", "prompt": "A lighthouse"}),
        ("/videos", {"model": "google/veo-3.1-lite", "prompt": "Waves", "duration": 4}),
        ("/embeddings", {"model": "openai/text-embedding-3-small", "input": "Hi"}),
    ],
)
def test_time_passes_before_every_kind_of_request(path: str, body: dict[str, Any]) -> None:
    state = State()
    answered = answer({"method": "POST", "path": f"/api/v1{path}", "body": body}, state, Faults(later=600))
    assert answered["status"] in (200, 202) and state.clock_ms >= 600_000
