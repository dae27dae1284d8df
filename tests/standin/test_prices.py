"""Cost is tokens times price to the last digit, for every kind of answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from asking import MINI, ask, ask_body, glm, respond, user
from openrouter_standin import Faults, State, answer
from openrouter_standin.billing.prices import prices_at
from openrouter_standin.catalogue import by_id, models
from support import GLM


@pytest.mark.parametrize("way", [{"tools": [{"type": "openrouter:web_search"}]}, {"plugins": [{"id": "web"}]}, {"model": MINI + ":online"}])  # fmt: skip
def test_web_search_cites_and_charges(way: dict[str, Any]) -> None:
    body = ask(messages=user("Say hello in one sentence."), **way)["body"]
    said = body["choices"][0]["message"]
    citation = said["annotations"][0]["url_citation"]
    assert said["content"][citation["start_index"] : citation["end_index"]] == "([example.org](https://example.org/))"
    assert body["usage"]["server_tool_use_details"]["web_search_requests"] == 1
    without = ask(messages=user("Say hello in one sentence."))["body"]["usage"]
    assert body["usage"]["cost"] - without["cost"] > 0.005
    assert body["usage"]["cost_details"]["server_tool_cost"] > 0


# --- caches and prices -----------------------------------------------------------------------------------------------


def test_long_prompts_earn_their_conditional_price() -> None:
    row = next(r for r in models() if r["pricing"].get("overrides"))
    override = row["pricing"]["overrides"][0]
    least = override["min_prompt_tokens"]
    assert prices_at(row["pricing"], least)["prompt"] == Decimal(override["prompt"])
    assert prices_at(row["pricing"], least - 1)["prompt"] == Decimal(row["pricing"]["prompt"])
    assert prices_at({"prompt": "0.5", "discount": 0.5}, 1)["prompt"] == Decimal("0.25")


# --- the Responses API -----------------------------------------------------------------------------------------------


def test_embeddings_and_searches_are_charged_everywhere() -> None:
    state = State()
    body = {"model": "openai/text-embedding-3-small", "input": "word " * 3000}
    cost = answer({"method": "POST", "path": "/api/v1/embeddings", "body": body}, state)["body"]["usage"]["cost"]
    assert state.usage == cost > 0
    asked = {"method": "POST", "path": "/api/v1/embeddings", "body": body}
    assert answer(asked, state, Faults(status=503))["status"] == 503
    searched = respond(tools=[{"type": "web_search"}])["body"]["usage"]
    assert searched["cost_details"]["server_tool_cost"] > 0.005 and "server_tool_use_details" in searched


@pytest.mark.parametrize(
    "model",
    ["openai/gpt-4o-mini", "anthropic/claude-haiku-4.5", "mistralai/mistral-nemo", "google/gemma-4-31b-it:free", GLM],
)
def test_cost_is_tokens_times_price_to_the_last_digit(model: str) -> None:
    body = ask_body({**glm(), "model": model})["body"]
    usage = body["usage"]
    if model == GLM:
        from openrouter_standin.catalogue import endpoints

        price = next(e["pricing"] for e in endpoints(GLM) if e["provider_name"] == body["provider"])
    else:
        price = by_id()[model]["pricing"]
    exact = (
        Decimal(price["prompt"]) * usage["prompt_tokens"] + Decimal(price["completion"]) * usage["completion_tokens"]
    )
    if body["provider"] not in ("BaseTen", "Fireworks"):  # two endpoints with two prices
        assert Decimal(repr(usage["cost"])) == exact.normalize()
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
