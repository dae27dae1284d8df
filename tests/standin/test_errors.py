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
