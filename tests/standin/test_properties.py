"""Properties that hold for every request: random bodies, routing objects and schemas against the stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openrouter_standin import Faults, State, answer, plan
from openrouter_standin.catalogue import endpoints, models, routable
from openrouter_standin.output.hints import Hints
from openrouter_standin.output.schema import example
from support import GLM

CHAT, RESPONSES = "/api/v1/chat/completions", "/api/v1/responses"
DOCUMENTED = {200, 400, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 524, 529}
steady = settings(derandomize=True, deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
ids = st.sampled_from([GLM, "openai/gpt-4o-mini", "anthropic/claude-haiku-4.5", "openai/gpt-5-mini", "google/gemini-3-flash-preview",
                       "openai/gpt-oss-20b:free", "openrouter/auto", "openrouter/free", "~anthropic/claude-sonnet-latest",
                       "openai/gpt-4o-mini:nitro", "x-ai/grok-4", "mistralai/mistral-nemo", "no/such"])  # fmt: skip
slugs = st.lists(st.sampled_from(["together", "fireworks", "modal", "z-ai", "openai", "anthropic", "deepinfra/fp4", "nobody", "Google"]), max_size=3)  # fmt: skip
preferences = st.fixed_dictionaries(
    {},
    optional={
        "order": slugs,
        "only": slugs,
        "ignore": slugs,
        "allow_fallbacks": st.booleans(),
        "quantizations": st.lists(st.sampled_from(["fp8", "fp4", "nvfp4", "unknown", "bf16"]), min_size=1, max_size=2),
        "sort": st.sampled_from(["price", "throughput", "latency", "exacto", {"by": "price", "partition": "none"}]),
        "max_price": st.dictionaries(
            st.sampled_from(["prompt", "completion"]), st.sampled_from([0.001, 0.1, "0.3", 5]), max_size=2
        ),
        "data_collection": st.sampled_from(["allow", "deny"]),
        "zdr": st.booleans(),
        "require_parameters": st.booleans(),
        "preferred_min_throughput": st.sampled_from([50, {"p50": 60}]),
        "preferred_max_latency": st.sampled_from([0.5, {"p90": 1}]),
    },
)
TOOL = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Add numbers",
        "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
    },
}
contents = st.sampled_from(
    [
        "Say hello in one sentence.",
        "Add the numbers 3 and 4",
        "Hi",
        "",
        [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}],
    ]
)
good = st.fixed_dictionaries(
    {"model": ids, "messages": contents.map(lambda c: [{"role": "user", "content": c}])},
    optional={
        "models": st.lists(ids, max_size=2),
        "max_tokens": st.integers(1, 300),
        "stop": st.sampled_from(["e", ["hello", " "]]),
        "temperature": st.floats(0, 2),
        "tools": st.just([TOOL]),
        "tool_choice": st.sampled_from(["auto", "none", "required"]),
        "parallel_tool_calls": st.booleans(),
        "response_format": st.sampled_from([{"type": "json_object"}, {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}}]),
        "reasoning": st.sampled_from([{"effort": "high"}, {"effort": "none"}, {"max_tokens": 20}, {"enabled": True}, {"exclude": True}]),
        "logprobs": st.booleans(),
        "plugins": st.just([{"id": "web"}]),
        "session_id": st.just("s"),
        "provider": preferences,
        "cache_control": st.just({"type": "ephemeral"}),
    },
)  # fmt: skip
bodies = st.one_of(good, st.builds(lambda body, wrong: {**body, **wrong}, good, st.dictionaries(st.sampled_from(
    ["model", "models", "messages", "max_tokens", "stop", "stream", "reasoning", "tools", "tool_choice", "provider", "temperature", "session_id",
     "response_format", "service_tier", "user", "seed", "plugins", "metadata", "unknown", "cache_control", "reasoning_effort",
     "modalities", "audio", "image_config", "debug", "preset", "transforms", "prompt", "prediction"]), junk, max_size=3)), junk)  # fmt: skip
faults = st.sampled_from([None, {"down": ["*"]}, {"rate_limited": ["openai", "together"]}, {"credits": 0}, {"break_after": 2}, {"free_used": "per-min"}, {"rate_limited": ["*"]},
                          {"refused": "prefill-anthropic"}, {"filtered": True}, {"malformed_call": True}])  # fmt: skip


def ask(
    body: Any, state: State | None = None, path: str = CHAT, faults: dict[str, Any] | None = None
) -> dict[str, Any]:
    request = {"method": "POST", "path": path, "headers": {"x-openrouter-metadata": "enabled"}, "body": body}
    return answer(request, state or State(), Faults(**faults) if faults else None)


def chunks(response: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(text[6:]) for _, text in response["events"] if text.startswith("data: {")]


def test_never_a_traceback_always_a_documented_status(record_property: Callable[[str, str], None]) -> None:
    seen: Counter[int] = Counter()

    @settings(steady, max_examples=1500)
    @given(bodies, faults, st.sampled_from([CHAT, RESPONSES]))
    def check(body: Any, faults: Any, path: str) -> None:
        if path == RESPONSES and isinstance(body, dict):
            body = {**body, "input": body.get("messages")}
        response = ask(body, None, path, faults)
        seen[response["status"]] += 1
        assert response["status"] in DOCUMENTED - {500}, response["body"]  # 500 would be a mistake of the stand-in
        if response["status"] != 200:
            assert isinstance(response["body"]["error"]["message"], str)
            wrong_form = path == RESPONSES and response["status"] == 400
            assert response["body"]["error"]["code"] in (
                response["status"],
                *(["invalid_prompt"] if wrong_form else []),
            )
        json.dumps(response, allow_nan=False)

    check()
    record_property("summary", f"random bodies: {dict(sorted(seen.items()))}")
    assert {200, 400, 402, 404, 429, 502} <= set(seen)


@steady
@given(
    preferences, st.sampled_from([GLM, "openai/gpt-4o-mini", "meta-llama/llama-3.1-8b-instruct"]), st.integers(1, 200)
)
def test_the_plan_and_the_stand_in_agree(provider: dict[str, Any], model: str, limit: int) -> None:
    expected = plan(routable(model), provider, model=model, max_tokens=limit)
    response = ask(
        {"model": model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": limit, "provider": provider}
    )
    if expected.error:
        assert (response["status"], response["body"]["error"]["message"]) == expected.error
    else:
        assert response["body"]["provider"] in {e.provider for e in expected.first}
        available = response["body"]["openrouter_metadata"]["endpoints"]["available"]
        assert sorted(e["provider"] for e in available) == sorted(e.provider for e in expected.kept)


@steady
@given(good)
def test_cost_is_tokens_times_price(body: dict[str, Any]) -> None:
    found = ask(body)
    if found["status"] != 200:
        return
    found = found["body"]
    usage, prompt, said = found["usage"], found["usage"]["prompt_tokens_details"], found["usage"]["cost_details"]
    prices = [e["pricing"] for e in endpoints(found["model"]) if e["provider_name"] == found["provider"]]
    plain = usage["prompt_tokens"] - prompt["cached_tokens"] - prompt["cache_write_tokens"]
    exact = [Decimal(p["prompt"]) * plain + Decimal(p["completion"]) * usage["completion_tokens"] for p in prices]
    assert prompt["cached_tokens"] == prompt["cache_write_tokens"] == 0
    assert Decimal(repr(usage["cost"])) - Decimal(repr(said.get("server_tool_cost", 0.0))) in [
        pytest.approx(e, abs=Decimal("1e-18")) for e in exact
    ]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["completion_tokens_details"]["reasoning_tokens"] <= usage["completion_tokens"]
    assert usage["completion_tokens"] <= body.get("max_tokens", 10**9)


@steady
@given(good)
def test_a_stream_says_and_costs_what_the_plain_answer_does(body: dict[str, Any]) -> None:
    if any(m.startswith("openrouter/") for m in [body["model"], *body.get("models", [])]):
        return  # a router draws a model anew for another request
    plain, streamed = ask(body), ask({**body, "stream": True})
    assert plain["status"] == streamed["status"]
    # the route is drawn anew for another request: compare only where it led to the same endpoint
    if plain["status"] != 200 or chunks(streamed)[0]["provider"] != plain["body"]["provider"] or chunks(streamed)[0]["model"] != plain["body"]["model"]:  # fmt: skip
        return
    message, found = plain["body"]["choices"][0]["message"], chunks(streamed)
    deltas = [c["choices"][0]["delta"] for c in found]
    assert "".join(d.get("content") or "" for d in deltas) == message["content"]
    arguments: dict[int, str] = {}
    for call in (c for d in deltas for c in d.get("tool_calls") or []):
        arguments[call["index"]] = arguments.get(call["index"], "") + call["function"]["arguments"]
    assert list(arguments.values()) == [c["function"]["arguments"] for c in message.get("tool_calls") or []]
    assert found[-1]["choices"][0]["finish_reason"] == plain["body"]["choices"][0]["finish_reason"]
    assert found[-1]["usage"]["completion_tokens"] == plain["body"]["usage"]["completion_tokens"]


@steady
@given(good, faults)
def test_the_same_request_in_the_same_state_gives_the_same_bytes(body: dict[str, Any], faults: Any) -> None:
    twice = [json.dumps([ask(body, state, faults=faults) for _ in range(2)]) for state in (State(), State())]  # fmt: skip
    assert twice[0] == twice[1]


def test_the_same_bytes_in_other_processes_and_on_every_python_here() -> None:
    """Requests of every kind, hashed, in fresh processes with other hash seeds; also on the other Pythons of the matrix."""
    code = Path(__file__).with_name("bytes_of_answers.py")
    pythons = [sys.executable, *(str(p) for p in sorted(Path(__file__).parents[2].glob(".matrix/*/bin/python")))]
    root = str(Path(__file__).parents[2])
    found = {
        subprocess.run(
            [python, str(code)], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root}
        ).stdout
        for python, seed in [(sys.executable, "1"), *((p, "2") for p in pythons)]
    }  # fmt: skip
    assert len(found) == 1 and len(found.pop().strip()) == 64


names = st.sampled_from(["name", "age", "when", "tags", "note"])
leaves = st.one_of(
    st.builds(lambda lo, n: {"type": "integer", "minimum": lo, "maximum": lo + n}, st.integers(-50, 50), st.integers(0, 9)),
    st.builds(lambda lo: {"type": "number", "exclusiveMinimum": lo}, st.integers(-5, 5)),
    st.builds(lambda n: {"type": "integer", "multipleOf": n, "minimum": 1}, st.integers(1, 7)),
    st.builds(lambda lo, n: {"type": "string", "minLength": lo, "maxLength": lo + n}, st.integers(0, 30), st.integers(0, 10)),
    st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"const": 3}, {"type": ["string", "null"]}, {"enum": ["a", 2, None]},
                     {"type": "string", "format": "date-time"}, {"type": "string", "format": "uuid"}, {"type": "string", "pattern": "^[a-f0-9]{6}$"}]),
)  # fmt: skip
schemas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.dictionaries(names, inner, max_size=3).map(lambda p: {"type": "object", "properties": p, "required": list(p), "additionalProperties": False}),
        st.builds(lambda s, n: {"type": "array", "items": s, "minItems": n, "maxItems": n + 1}, inner, st.integers(0, 3)),
        st.lists(inner, min_size=1, max_size=3).map(lambda s: {"anyOf": s}),
        st.lists(inner, min_size=1, max_size=2).map(lambda s: {"type": "array", "prefixItems": s, "items": False, "minItems": len(s)}),
    ),
    max_leaves=8,
)  # fmt: skip


@steady
@given(schemas, st.sampled_from(["", 'Ada is 28, "blue" and 1.5 m tall, from Esbjerg and Oslo', "-7 99999"]))
def test_examples_satisfy_their_schema(schema: dict[str, Any], prompt: str) -> None:
    jsonschema.validate(example(schema, Hints(prompt)), schema, format_checker=jsonschema.FormatChecker())


def test_every_model_of_the_catalogue_answers() -> None:
    for row in models():
        response = ask({"model": row["id"], "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 50})
        # beyond chat: image and audio models answer on other routes too, routers that need more than a prompt refuse
        assert response["status"] in (200, 404), (row["id"], response)
