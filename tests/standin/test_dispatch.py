"""From a plan to an endpoint: fallbacks, sticky sessions, routers, metadata."""

from __future__ import annotations

from typing import Any

import pytest

import helpers
from asking import LONG, MINI, ask, ask_body, glm, user
from openrouter_standin import Faults, State, plan
from openrouter_standin.catalogue import routable
from openrouter_standin.routing.preferences import BadPreference
from support import GLM, LESSON, SECRET, client


def test_sessions_stick_after_a_cache_hit() -> None:
    state, asked = State(), {"model": MINI, "messages": user(LONG)}
    seen = [ask(state, **asked, seed=n)["body"] for n in range(12)]
    hit = next(n for n, b in enumerate(seen) if b["usage"]["prompt_tokens_details"]["cached_tokens"])
    assert {b["provider"] for b in seen[hit:]} == {seen[hit]["provider"]}


def test_the_auto_router_keeps_to_what_its_plugin_allows() -> None:
    def auto(**plugin: Any) -> dict[str, Any]:
        return ask(model="openrouter/auto", plugins=[{"id": "auto-router", **plugin}])

    assert auto(allowed_models=["mistralai/*"])["body"]["model"].startswith("mistralai/")
    assert auto(excluded_models=["openai/*", "google/*"])["body"]["model"] == "anthropic/claude-haiku-4.5"
    nobody = auto(allowed_models=["openai/*"], excluded_models=["*"])
    assert (nobody["status"], nobody["body"]["error"]["message"]) == (
        404,
        "No models match your request and model restrictions",
    )


def test_sessions_end_after_ten_minutes_and_hold_for_routers() -> None:
    state = State()
    auto = {
        (b["model"], b["provider"])
        for b in (ask(state, model="openrouter/auto", session_id="s", seed=n)["body"] for n in range(8))
    }
    assert len(auto) == 1
    state.clock_ms += 600_001
    drawn = [ask(state, model="openrouter/auto", session_id=f"t{n}")["body"]["model"] for n in range(12)]
    assert len(set(drawn)) > 1


def test_metadata_only_when_it_is_asked_for() -> None:
    assert "openrouter_metadata" not in ask_body(glm())["body"]
    found = ask_body(
        glm(provider={"order": ["together", "fireworks"], "allow_fallbacks": False}),
        headers={"X-OpenRouter-Metadata": "enabled"},
    )["body"]["openrouter_metadata"]
    assert found["endpoints"]["total"] == 33
    assert [e["provider"] for e in found["endpoints"]["available"]] == ["Together", "Fireworks", "Fireworks"]
    assert found["summary"] == "available=3, selected=Together"
    assert found["attempts"] == [{"provider": "Together", "model": f"{GLM}-20260826", "status": 200}]
    refused = ask_body(glm(provider={"only": ["azure"]}), headers={"x-openrouter-metadata": "enabled"})["body"]
    assert refused["openrouter_metadata"]["attempt"] == 0
    assert refused["error"]["metadata"]["requested_providers"] == ["azure"]
    assert "novita" in refused["error"]["metadata"]["available_providers"]


def test_sessions_stick_and_models_fall_back() -> None:
    state = State()
    first = ask_body(glm(session_id="s"), state)["body"]["provider"]
    assert {ask_body(glm(session_id="s", max_tokens=n), state)["body"]["provider"] for n in range(40, 50)} == {first}
    spread = {ask_body(glm(max_tokens=n), state)["body"]["provider"] for n in range(40, 60)}
    assert len(spread) > 5
    down = Faults(down=["deepinfra", "novita", "groq"])
    body = ask_body(
        {**glm(), "model": "meta-llama/llama-3.1-8b-instruct", "models": ["mistralai/mistral-small-2603"]}, faults=down
    )["body"]
    assert body["model"] == "mistralai/mistral-small-2603"


def test_aliases_and_routers_answer_as_a_real_model() -> None:
    assert (
        ask_body({**glm(), "model": "~anthropic/claude-sonnet-latest"})["body"]["model"]
        == "anthropic/claude-sonnet-5.5"
    )
    assert not ask_body({**glm(), "model": "openrouter/auto"})["body"]["model"].startswith("openrouter/")
    assert ask_body({**glm(), "model": "openrouter/free"})["body"]["model"].endswith(":free")
    assert ask_body({**glm(), "model": GLM + ":nitro"})["body"]["provider"] == "BaseTen"


@pytest.mark.parametrize("price", ["NaN", "Infinity", -1])
def test_a_price_that_is_none(price: Any) -> None:
    with pytest.raises(BadPreference, match="max_price"):
        plan(routable(GLM), {"max_price": {"prompt": price}})


def test_plan_of_the_whole_reply_says_what_it_takes() -> None:
    helpers.start(LESSON)
    reply = client().get(f"/models/{GLM}/endpoints", cast_to=object)
    for wrong in (reply, reply["data"], [{}]):
        with pytest.raises(ValueError, match="list of endpoints"):
            helpers.plan(wrong)
    with pytest.raises(ValueError, match="sort") as caught:
        helpers.plan(reply["data"]["endpoints"], {"sort": SECRET})
    assert SECRET not in str(caught.value)
