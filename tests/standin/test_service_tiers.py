"""Service tiers: which endpoint serves, at which price, and what the answer says of it (docs, service tiers, 2026-08)."""

from __future__ import annotations

from typing import Any

import pytest

from asking import MINI, ask, respond
from openrouter_standin import Faults, State, answer
from openrouter_standin.catalogue import endpoints

NANO, FLASH, ASTRA, HALF = "openai/gpt-5.4-mini", "google/gemini-3.5-flash", "openai/gpt-6-astra", "openai/gpt-5-mini"


def price_of(body: dict[str, Any]) -> float:
    """US dollars per prompt token."""
    return body["usage"]["cost_details"]["upstream_inference_prompt_cost"] / body["usage"]["prompt_tokens"]


def test_tier_endpoints_are_listed_with_their_price() -> None:
    prices = {e["tag"]: (e["pricing"]["prompt"], e["service_tier"]) for e in endpoints(NANO)}
    assert prices["openai"] == prices["azure"] == ("0.00000075", None)
    assert (float(prices["openai/flex"][0]), prices["openai/flex"][1]) == (0.000000375, "flex")
    assert (float(prices["openai/priority"][0]), prices["openai/priority"][1]) == (0.0000015, "priority")
    astra = {e["tag"]: e["pricing"] for e in endpoints(ASTRA)}
    assert float(astra["openai/fast"]["completion"]) == 0.0001
    assert float(astra["openai/fast"]["overrides"][0]["prompt"]) == 2 * float(astra["openai"]["overrides"][0]["prompt"])
    assert astra["openai/fast"]["web_search"] == astra["openai"]["web_search"]


@pytest.mark.parametrize(
    ("body", "tier", "factor"),
    [
        ({}, None, 1),
        ({"service_tier": "flex"}, "flex", 0.5),
        ({"service_tier": "priority"}, "priority", 2),
        ({"service_tier": "fast"}, "priority", 2),
        ({"provider": {"only": ["openai/flex"]}}, "flex", 0.5),
        ({"provider": {"only": ["openai/fast"]}}, "priority", 2),
        ({"provider": {"order": ["openai/priority"]}}, "priority", 2),
        ({"model": NANO + ":floor"}, "flex", 0.5),
        ({"model": NANO + ":nitro"}, "priority", 2),
        ({"model": NANO + ":floor", "service_tier": "default", "provider": {"only": ["openai"]}}, "default", 1),
        ({"service_tier": "auto", "provider": {"only": ["openai"]}}, "default", 1),
    ],
)
def test_the_answer_says_and_charges_the_tier_that_served(
    body: dict[str, Any], tier: str | None, factor: float
) -> None:
    state = State()
    found = ask(state, **{"model": NANO, **body})["body"]
    assert found["service_tier"] == tier
    assert price_of(found) == pytest.approx(0.00000075 * factor)
    record = answer({"method": "GET", "path": f"/api/v1/generation?id={found['id']}"}, state)["body"]["data"]
    assert record["service_tier"] == tier


def test_flex_never_falls_back_and_priority_does() -> None:
    down = Faults(down=["openai"])
    assert ask(faults=down, model=NANO, service_tier="flex")["status"] == 502
    found = ask(faults=down, model=NANO, service_tier="priority")["body"]
    assert (found["provider"], found["service_tier"]) == ("Azure", None)
    assert price_of(found) == pytest.approx(0.00000075)
    pinned = {"service_tier": "priority", "provider": {"allow_fallbacks": False}}
    assert ask(faults=down, model=NANO, **pinned)["status"] == 502


def test_a_model_without_tiers_is_served_as_always() -> None:
    found = ask(model=MINI, service_tier="flex", provider={"only": ["openai"]})["body"]
    assert found["service_tier"] == "default"
    assert ask(model=MINI)["body"]["service_tier"] is None
    assert ask(model=HALF, service_tier="priority", provider={"only": ["openai"]})["body"]["service_tier"] == "default"


def test_flex_goes_to_the_cheapest_and_is_slower() -> None:
    found = ask(model=FLASH, service_tier="flex")["body"]
    assert found["service_tier"] == "flex" and price_of(found) == pytest.approx(0.00000075)
    plain = ask(model=NANO, provider={"only": ["openai"]})
    assert ask(model=NANO, service_tier="flex")["ms"] > plain["ms"] > ask(model=NANO, service_tier="priority")["ms"]


def test_streams_and_responses_say_the_tier_too() -> None:
    events = ask(model=NANO, service_tier="flex", stream=True)["events"]
    assert any('"service_tier": "flex"' in text or '"service_tier":"flex"' in text for _, text in events)
    assert respond(model=NANO, service_tier="flex")["body"]["service_tier"] == "flex"
    assert respond(model=NANO)["body"]["service_tier"] == "default"
