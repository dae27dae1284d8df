"""What two hunts found, as a kind each: what took long, what gave a 500, what a client may send and could not."""

from __future__ import annotations

import time
from typing import Any

import pytest

from asking import GEMINI, MINI, TOOLS, ask, respond, user
from openrouter_standin import Faults, State, answer

T = [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}},
     {"type": "function", "name": "g", "parameters": {"type": "object", "properties": {}}}]  # fmt: skip


@pytest.mark.parametrize(
    "model", [GEMINI, "deepseek/deepseek-v4-flash", MINI, "anthropic/claude-haiku-4.5", "openai/gpt-5-mini"]
)
@pytest.mark.parametrize("prompt", ["Please call f.", "Please call f and g."])
def test_what_responses_gave_can_be_sent_back_as_it_is(model: str, prompt: str) -> None:
    asked = {"role": "user", "content": prompt}
    first = respond(model=model, input=[asked], tools=T)["body"]["output"]
    calls = [item for item in first if item["type"] == "function_call"]
    assert len(calls) == (2 if " and " in prompt else 1)
    results = [{"type": "function_call_output", "call_id": c["call_id"], "output": "7"} for c in calls]
    second = respond(model=model, input=[asked, *first, *results], tools=T)
    assert second["status"] == 200, second["body"]


def form(schema: Any) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}}


ODD = {
    "modalities that are no list": lambda: respond(modalities=5),
    "a count beyond every float": lambda: ask(**form({"type": "array", "minItems": 10**310})),
    "a step next to nothing": lambda: ask(**form({"type": "number", "multipleOf": 1e-320})),
    "a ratio of 5,000 digits": lambda: ask(
        model="google/gemini-2.5-flash-image", modalities=["image"], image_config={"aspect_ratio": "9" * 5000 + ":1"}
    ),
    "half a character with logprobs": lambda: ask(
        State(), model="openai/gpt-4o-mini", logprobs=True, messages=user("\ud800"), tools=[TOOLS[0]]
    ),
    "a price next to nothing": lambda: answer(
        {"method": "GET", "path": "/api/v1/models?min_price=1e-99999999999999999999"}, State()
    ),
    "a very long id": lambda: ask(model="x" + ":nitro" * 100_000),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_values_give_no_500(name: str) -> None:
    assert ODD[name]()["status"] in (200, 400, 404)


def test_a_wait_beyond_every_float_is_no_fault() -> None:
    with pytest.raises(ValueError, match="retry_after takes a whole number from 0"):
        Faults(rate_limited=["*"], retry_after=10**310)


SLOW = {
    "a pattern and a long word": lambda: ask(
        messages=user("Say " + "Aa" * 5000), **form({"type": "string", "pattern": "a*a*b"})
    ),
    "a very long id": ODD["a very long id"],
}


@pytest.mark.parametrize("name", SLOW)
def test_nothing_takes_long(name: str) -> None:
    """Two seconds are a hundred times what is promised, and a tenth of what these took."""
    began = time.process_time()
    SLOW[name]()
    assert time.process_time() - began < 2
