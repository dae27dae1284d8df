"""The refusals that a request earns."""

from __future__ import annotations

from typing import Any

import pytest

import helpers
from asking import HAIKU, MINI, TOOLS, ask, ask_body, glm, user
from openrouter_standin import Faults, State
from openrouter_standin.catalogue import models
from support import GLM, LESSON, client, hello


@pytest.mark.parametrize(("body", "text"), [
    ({"tools": [{"type": "function"}]}, "tools[0].function needs a name"),
    ({"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "nobody"}}}, "tool_choice names 'nobody'"),
    ({"tool_choice": "required"}, "there are no tools"),
    ({"tools": TOOLS, "tool_choice": "sometimes"}, "tool_choice takes"),
    ({"messages": [{"role": "tool", "content": "x"}]}, "tool_call_id"),
    ({"response_format": {"type": "json_schema"}}, "json_schema takes an object"),
    ({"response_format": {"type": "xml"}}, "response_format takes"),
    ({"reasoning": {"effort": "huge"}}, "reasoning.effort takes"),
    ({"reasoning": {"effort": "low", "max_tokens": 5}}, "not both"),
    ({"messages": user([{"type": "picture"}])}, "of type 'picture'"),
    ({"messages": user([{"type": "image_url", "image_url": {"url": "cat.png"}}])}, "image_url.url takes"),
    ({"messages": user([{"type": "input_audio", "input_audio": {"data": "https://x.org/a.wav"}}])}, "base64"),
])  # fmt: skip
def test_a_wrong_form_is_named(body: dict[str, Any], text: str) -> None:
    refused = ask(**body)
    assert (refused["status"], refused["body"]["error"]["code"]) == (400, 400)
    assert text in refused["body"]["error"]["message"]


def test_tools_need_an_endpoint_that_takes_them() -> None:
    silent = next(r["id"] for r in models() if "tools" not in r["supported_parameters"] and ":" not in r["id"])
    refused = ask(model=silent, tools=TOOLS)
    assert refused["status"] == 404
    assert refused["body"]["error"]["message"].startswith("No endpoints found that support tool use.")
    assert ask(model=silent, models=[MINI], tools=TOOLS)["body"]["model"] == MINI


def test_errors_that_a_request_earns() -> None:
    long = ask(model=HAIKU, messages=user("word " * 210_000))
    assert (long["status"], "maximum context length is 200000 tokens" in long["body"]["error"]["message"]) == (
        400,
        True,
    )
    assert (
        ask(model=HAIKU, models=["openai/gpt-4.1-mini"], messages=user("word " * 210_000))["body"]["model"]
        == "openai/gpt-4.1-mini"
    )
    squeezed = ask(
        model=HAIKU, messages=user("word " * 210_000), plugins=[{"id": "context-compression"}], max_tokens=50
    )
    assert squeezed["status"] == 200
    spent = State(usage=5.0)
    assert ask(spent)["body"]["error"]["message"].startswith("Key limit exceeded (weekly limit).")
    state = State()
    free = [ask(state, model="openai/gpt-oss-20b:free", max_tokens=n + 5)["status"] for n in range(21)]
    assert free == [200] * 20 + [429]
    state.clock_ms += 60_000 * 60
    assert [ask(state, model="openai/gpt-oss-20b:free", max_tokens=n + 5)["status"] for n in range(20)] == [200] * 20
    state.clock_ms += 60_000 * 60
    last = [ask(state, model="openai/gpt-oss-20b:free", max_tokens=n + 5) for n in range(11)]
    assert last[-1]["body"]["error"]["message"].startswith("Rate limit exceeded: free-models-per-day.")


ERRORS = [
    ("nothing", None, 400, "Invalid JSON"),
    ("no messages", {"model": GLM}, 400, "Input required"),
    ("a message without a role", {"model": GLM, "messages": [{"content": "x"}]}, 400, "role"),
    ("a wrong max_tokens", glm(max_tokens="many"), 400, "max_tokens"),
    ("an id that never was", {**glm(), "model": "openai/gpt-9"}, 400, "openai/gpt-9 is not a valid model ID"),
    ("a retired id", {**glm(), "model": "openrouter/horizon-beta"}, 404, "The alpha period for this model has ended."),
    (
        "a variant that is not there",
        {**glm(), "model": "openai/gpt-5.5:free"},
        404,
        "No endpoints found for openai/gpt-5.5:free.",
    ),
    ("no model", {"messages": glm()["messages"]}, 400, "No models provided"),
    ("a wrong provider field", glm(provider={"order": "together"}), 400, "provider.order"),
]


@pytest.mark.parametrize(("name", "body", "status", "text"), ERRORS, ids=[e[0] for e in ERRORS])
def test_errors(name: str, body: Any, status: int, text: str) -> None:
    response = ask_body(body)
    assert response["status"] == status == response["body"]["error"]["code"]
    assert text in response["body"]["error"]["message"]


def test_money() -> None:
    assert "never purchased credits" in ask_body(glm(), faults=Faults(credits=0))["body"]["error"]["message"]
    short = ask_body({**glm(), "model": "openai/gpt-5.5", "max_tokens": 65536}, faults=Faults(credits=1.0))
    assert short["status"] == 402
    assert "You requested up to 65536 tokens, but can only afford 33333." in short["body"]["error"]["message"]
    assert ask_body({**glm(), "model": "openai/gpt-oss-20b:free"}, faults=Faults(credits=0))["status"] == 200
    daily = ask_body({**glm(), "model": "openai/gpt-oss-20b:free"}, faults=Faults(free_used="per-day"))
    assert daily["headers"]["x-ratelimit-limit"] == "50"
    assert int(daily["headers"]["x-ratelimit-reset"]) % 86_400_000 == 0
    assert daily["body"]["error"]["metadata"]["headers"]["X-RateLimit-Remaining"] == "0"


@pytest.mark.parametrize(
    "more", [{"stop": [""]}, {"extra_body": {"previous": "x"}}, {"extra_body": {"account": {"only": ["x"]}}}]
)
def test_odd_but_harmless_fields_are_answered(more: dict) -> None:
    helpers.start(LESSON)
    assert client().chat.completions.create(**hello(max_tokens=60), **more).choices


# --- limits, money and keys, autumn 2026 -------------------------------------------------------------------------------


def error_of(**body: Any) -> tuple[int, str, dict[str, Any]]:
    refused = ask(**body)
    error = refused["body"]["error"]
    return refused["status"], error["message"], error.get("metadata") or {}


def test_three_fallback_models_are_the_most_and_it_is_said_before_money_is_looked_at() -> None:
    four = ["openai/gpt-5-mini", "openai/gpt-5-nano", "openai/gpt-4.1-mini", HAIKU]
    assert error_of(models=four, faults=Faults(credits=0))[:2] == (400, "'models' array must have 3 items or fewer.")
    assert ask(models=four[:3])["status"] == 200


@pytest.mark.parametrize(("reset", "named"), [("monthly", "monthly"), ("daily", "daily"), (None, "total")])
def test_a_key_that_is_low_names_its_limit(reset: str | None, named: str) -> None:
    low = State(usage=4.95, limit=5.0, limit_reset=reset, credits=100)
    refused = ask(low, model="openai/gpt-5.5", max_tokens=26_000)
    error = refused["body"]["error"]
    assert refused["status"] == 402
    assert error["message"].endswith(
        f"visit https://openrouter.ai/settings/keys and create a key with a higher {named} limit"
    )
    assert error["metadata"]["limit_source"] == "openrouter_key_limit" and error["metadata"]["remedy_hint"]
    spent = ask(State(usage=5.0, limit=5.0, limit_reset=reset))["body"]["error"]
    assert spent["message"].startswith(f"Key limit exceeded ({named} limit).") and spent["code"] == 403


def test_a_long_prompt_and_little_credit() -> None:
    long = {"model": "openai/gpt-5.5", "messages": user("word " * 60_000), "max_tokens": 20}
    status, text, metadata = error_of(**long, faults=Faults(credits=0.02))
    assert status == 402 and text.startswith("Prompt tokens limit exceeded: 60006 > 4000. To increase, visit")
    assert metadata["limit_source"] == "openrouter_credits"


def test_an_account_that_never_paid_is_sent_to_a_paid_one() -> None:
    dear = {"model": "openai/gpt-5.5", "max_tokens": 20_000}
    _, paid, metadata = error_of(**dear, faults=Faults(credits=0.1))
    _, free, _ = error_of(**dear, faults=Faults(credits=0.1, never_paid=True))
    assert paid.endswith("and add more credits") and free.endswith("and upgrade to a paid account")
    assert set(metadata) == {"limit_source", "remedy_hint", "provider_name"}


@pytest.mark.parametrize(("key", "text"), [
    ("none", "No cookie auth credentials found"), ("malformed", "Missing Authentication header"), ("other", "User not found.")])  # fmt: skip
def test_a_key_is_refused_by_its_form(key: str, text: str) -> None:
    refused = ask_body(glm(), key=key)
    assert (refused["status"], refused["body"]["error"]["message"]) == (401, text)


@pytest.mark.parametrize("token", ["abc", "sk-proj-0123", "Basic dXNlcjpwYXNz", "standin"])
def test_a_key_of_another_form_is_malformed(token: str) -> None:
    assert State().owner_of(token, None) == "malformed"
    assert State().owner_of(token, token) == "session"


ROUTED = [
    ("tools", {"model": "perplexity/sonar-pro", "tools": TOOLS}, 'tool use. Try disabling "get_weather". To learn more',
     "Filter by Tool Compatibility"),
    ("ignore", {"provider": {"ignore": ["openai", "azure"]}}, "All providers have been ignored. To change your default",
     "Filter by Ignored Providers"),
    ("quantizations", {"provider": {"quantizations": ["int4"]}}, "No endpoints found for the request with quantization: int4",
     "Filter by Quantization"),
    ("order", {"model": GLM, "provider": {"order": ["openai"], "allow_fallbacks": False}}, f"No endpoints found for {GLM}.",
     None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "text", "step"), ROUTED, ids=[row[0] for row in ROUTED])
def test_routing_errors_name_their_step_and_no_account(name: str, body: dict, text: str, step: str | None) -> None:
    refused = ask(**body)
    error = refused["body"]["error"]
    assert refused["status"] == 404 and text in error["message"] and "user_id" not in refused["body"]
    funnel = error["metadata"]["routing_funnel"]
    assert funnel[0]["step"] == "Initial Endpoints"
    assert error["metadata"].get("failed_routing_step") == step
    if step is None:
        assert funnel[-1] == {"step": "Filter by Fallback", "endpoint_count": 0}


def test_limits_say_where_they_come_from() -> None:
    upstream = error_of(faults=Faults(rate_limited=["*"], retry_after=9))[2]
    assert upstream["limit_source"] == "upstream_provider_shared_pool" and upstream["retry_after_seconds"] == 9
    assert (upstream["is_byok"], upstream["provider_error_code"]) == (False, "429") and upstream["remedy_hint"]
    free = error_of(model="openai/gpt-oss-20b:free", faults=Faults(free_used="per-day"))[2]
    assert free["limit_source"] == "openrouter_free_tier_daily" and free["remedy_hint"]


def test_reasoning_that_cannot_be_switched_off() -> None:
    assert error_of(model="openai/gpt-5-mini", reasoning={"enabled": False})[2] == {"provider_name": None}
    for model in ("anthropic/claude-opus-5.5", "anthropic/claude-sonnet-5.5"):
        assert error_of(model=model, reasoning={"effort": "none"})[0] == 400
    assert ask(model="anthropic/claude-haiku-5.5", reasoning={"enabled": False})["status"] == 200


def test_claude_drops_its_reasoning_when_a_tool_is_forced() -> None:
    forced = ask(model=HAIKU, tools=TOOLS, tool_choice="required", reasoning={"effort": "high"})["body"]
    assert forced["choices"][0]["message"]["reasoning"] is None
    assert forced["usage"]["completion_tokens_details"]["reasoning_tokens"] == 0
