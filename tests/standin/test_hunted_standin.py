"""What two hunts found, as a kind each: what took long, what gave a 500, what a client may send and could not."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

import pytest

from asking import GEMINI, MINI, TOOLS, ask, respond, user
from openrouter_standin import Faults, StandIn, State, answer

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
    "a call whose function is a text": lambda: ask(
        model=GEMINI,
        messages=[*user("a"), {"role": "assistant", "tool_calls": [{"id": "c", "function": "x"}]}],
    ),
    "a preset without its version": lambda: answer(
        {"method": "POST", "path": "/api/v1/presets/p/chat/completions", "body": {"model": "x"}},
        State(presets={"p": {"system_prompt": None}}),
    ),
    "a letter of half a pair in a form": lambda: ask(logprobs=True, **form({"const": "\ud800"})),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_values_give_no_500(name: str) -> None:
    assert ODD[name]()["status"] in (200, 400, 404)


def test_a_wait_beyond_every_float_is_no_fault() -> None:
    with pytest.raises(ValueError, match="retry_after takes a whole number from 0"):
        Faults(rate_limited=["*"], retry_after=10**310)


def messages(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [*user("Hi"), *more]


def rows(count: int) -> dict[str, Any]:
    return {f"p{n}": {"type": "string"} for n in range(count)}


def embed(**body: Any) -> Any:
    return answer(
        {"method": "POST", "path": "/api/v1/embeddings", "body": {"model": "openai/text-embedding-3-large", **body}},
        State(),
    )


def rerank(**body: Any) -> Any:
    body = {"model": "voyageai/rerank-2.5-lite", "documents": ["a"] * 500, **body}
    return answer({"method": "POST", "path": "/api/v1/rerank", "body": body}, State())


BIG = {"type": "object", "properties": rows(50)}
SLOW = {
    "many results in a row": lambda: ask(
        messages=messages(*({"role": "tool", "tool_call_id": "c", "content": "x"} for _ in range(10_000)))
    ),
    "many tools and a long prompt": lambda: ask(
        messages=user("word " * 200_000),
        max_tokens=20,
        tools=[{"type": "function", "function": {"name": f"tool_{n}"}} for n in range(3000)],
    ),
    "a pattern of many classes": lambda: ask(**form({"type": "string", "pattern": "[^\x00-\u04ff]" * 5000})),
    "a long pattern": lambda: ask(**form({"type": "string", "pattern": "a" * 3_000_000})),
    "many names for one definition": lambda: ask(
        **form(
            {
                "type": "object",
                "properties": {
                    "big": BIG,
                    **{f"p{n}": {"$ref": "#" + "/" * (n + 1) + "properties/big"} for n in range(2000)},
                },
            }
        )
    ),
    "many choices of one definition": lambda: ask(
        **form(
            {
                "type": "object",
                "properties": {f"p{n}": {"anyOf": [{"$ref": "#/$defs/A"}]} for n in range(1000)},
                "$defs": {"A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}},
            }
        )
    ),
    "many required fields": lambda: ask(
        **form({"type": "object", "properties": rows(30_000), "required": [f"p{n}" for n in range(9000)]})
    ),
    "a wide strict schema": lambda: ask(
        response_format={
            "type": "json_schema",
            "json_schema": {
                "name": "x",
                "strict": True,
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": rows(20_000),
                    "required": list(rows(20_000)),
                },
            },
        }
    ),
    "a long query": lambda: rerank(query="word " * 200_000),
    "a long text to embed": lambda: embed(input="word " * 1_000_000),
    "many patterns of models": lambda: ask(
        model="openrouter/auto",
        plugins=[{"id": "auto-router", "allowed_models": [f"a{n}/*" for n in range(20_000)]}],
    ),
    "a long prompt for a router": lambda: ask(
        model="openrouter/free",
        messages=user("word " * 1_000_000),
        max_tokens=20,
        plugins=[{"id": "context-compression"}],
    ),
    "braces that never close": lambda: ask(messages=user("json " + '{"a":' * 200 + "[" + "1," * 49_000)),
    "a pattern and a long word": lambda: ask(
        messages=user("Say " + "Aa" * 5000), **form({"type": "string", "pattern": "a*a*b"})
    ),
    "a very long id": ODD["a very long id"],
}


@pytest.mark.parametrize("name", SLOW)
def test_nothing_takes_long(name: str) -> None:
    """CPU, not the wall clock; most of these took more than five seconds. The bound is wide, for slow machines."""
    began = time.process_time()
    assert SLOW[name]()["status"] in (200, 400, 404)
    assert time.process_time() - began < 3


# --- what came out wrong ------------------------------------------------------------------------------------------------


def content(**body: Any) -> Any:
    return json.loads(ask(**body)["body"]["choices"][0]["message"]["content"])


def test_a_form_stays_json_beside_a_web_search() -> None:
    found = ask(model="openai/gpt-4o-mini:online", **form({"type": "object", "properties": {"a": {"type": "string"}}}))
    said = found["body"]["choices"][0]["message"]
    assert json.loads(said["content"]) and said["annotations"]


@pytest.mark.parametrize(("schema", "right"), [
    ({"type": "integer", "minimum": 2, "exclusiveMaximum": 5, "multipleOf": 3}, 3),
    ({"allOf": [{"type": "integer", "minimum": 5}, {"minimum": 3}]}, 5),
    ({"allOf": [{"type": "integer", "maximum": 0}, {"maximum": 8}]}, 0)])  # fmt: skip
def test_bounds_are_kept_together(schema: Any, right: int) -> None:
    assert content(**form({"type": "object", "properties": {"a": schema}, "required": ["a"]})) == {"a": right}


def test_a_long_chain_of_definitions_has_a_value() -> None:
    """Whatever the order in which a set would give its names: definitions are worked out when one they name is."""
    names = [f"D{n}" for n in range(120)]
    schemas = {
        a: {"type": "object", "properties": {"n": {"$ref": f"#/$defs/{b}"}}, "required": ["n"]}
        for a, b in itertools.pairwise(names)
    }
    root = {"type": "object", "properties": {n: {"$ref": f"#/$defs/{n}"} for n in reversed(names)}, "required": ["D60"],
            "$defs": {**schemas, names[-1]: {"type": "integer"}}}  # fmt: skip
    assert ask(**form(root))["status"] == 200


def test_strict_holds_in_responses_too() -> None:
    open_schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    asked = {"text": {"format": {"type": "json_schema", "name": "x", "strict": True, "schema": open_schema}}}
    assert respond(**asked)["body"]["error"]["message"] == "Provider returned error"


@pytest.mark.parametrize(("faults", "status", "key"), [
    (Faults(filtered=True), "incomplete", "incomplete_details"), (Faults(malformed_call=True), "failed", "error")])  # fmt: skip
def test_spoilt_answers_are_no_completed_responses(faults: Faults, status: str, key: str) -> None:
    request = {"method": "POST", "path": "/api/v1/responses", "body": {"model": MINI, "input": "Hi"}}
    found = answer(request, State(), faults)["body"]
    assert found["status"] == status and found[key]


def test_a_picture_needs_no_room_for_words() -> None:
    painter = {"model": "google/gemini-2.5-flash-image", "modalities": ["image"], "max_tokens": 1}
    assert ask(**painter)["body"]["choices"][0]["message"]["images"]


def test_spoilt_answers_are_not_kept() -> None:
    state, headers = State(), {"X-OpenRouter-Cache": "true"}
    ask(state, headers=headers, faults=Faults(malformed_call=True))
    assert ask(state, headers=headers)["headers"]["x-openrouter-cache-status"] == "MISS"


def test_exactly_affordable_is_affordable() -> None:
    assert ask(State(credits=0.3, usage=0.2994, limit=1000), max_tokens=1000)["status"] == 200


@pytest.mark.parametrize("call", [embed, rerank])
def test_small_calls_know_money_too(call: Any) -> None:
    from openrouter_standin.api import credit_check

    with pytest.raises(Exception, match="Insufficient credits"):
        credit_check.check_spending("session", State(credits=0), Faults())
    assert call(input="x", query="x")["status"] == 200


def test_blocks_of_faults_may_end_in_any_order() -> None:
    with StandIn() as standin:
        first, second = standin.faults(down=["openai"]), standin.faults(down=["azure"])
        first.close()
        assert standin._server.faults.down == ("azure",)
        second.close()
        assert standin._server.faults is None


@pytest.mark.parametrize("wrong", [{"certificate": "false"}, {"filtered": 1}])
def test_a_switch_takes_true_or_false(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="takes True or False"):
        Faults(**wrong)


@pytest.mark.parametrize("block", ["skip_thought_signature_validator"])
def test_what_google_takes_in_place_of_a_signature(block: str) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    said = {
        "role": "assistant",
        "tool_calls": [call],
        "reasoning_details": [{"type": "reasoning.encrypted", "data": block}],
    }
    result = {"role": "tool", "tool_call_id": "c", "content": "x"}
    assert ask(model=GEMINI, messages=messages(said, result))["status"] == 200
