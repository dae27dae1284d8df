"""The offline OpenRouter: envelope, cost to the last digit, errors, faults, and the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from helpers.standin import Weather, World, answer
from helpers.standin.catalogue import by_id, find, models
from support import CHAT, hello

GLM = "z-ai/glm-5.3-flash"


def ask(body: Any, world: World | None = None, **more: Any) -> dict[str, Any]:
    return answer({"method": "POST", "path": CHAT, "body": body, **more}, world or World())


def glm(**more: Any) -> dict[str, Any]:
    return {
        "model": GLM,
        "messages": [{"role": "user", "content": "Name one use of routing."}],
        "max_tokens": 60,
        **more,
    }


def test_the_envelope_has_the_fields_and_the_order_of_recorded_answers() -> None:
    body = ask(hello(max_tokens=60))["body"]
    assert list(body) == [
        "id",
        "object",
        "created",
        "model",
        "provider",
        "system_fingerprint",
        "service_tier",
        "choices",
        "usage",
    ]
    assert list(body["choices"][0]) == ["index", "logprobs", "finish_reason", "native_finish_reason", "message"]
    assert list(body["choices"][0]["message"]) == ["role", "content", "refusal", "reasoning"]
    assert list(body["usage"]) == [
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "cost",
        "is_byok",
        "prompt_tokens_details",
        "cost_details",
        "completion_tokens_details",
    ]
    assert body["id"].startswith("gen-") and len(body["id"].split("-")[2]) == 20


def test_a_stream_has_the_shape_of_recorded_streams() -> None:
    events = [text for _, text in ask(hello(stream=True, max_tokens=60, provider={"only": ["azure"]}))["events"]]
    assert events[0] == ": OPENROUTER PROCESSING"
    assert events[-1] == "data: [DONE]"
    chunks = [json.loads(e[6:]) for e in events if e.startswith("data: {")]
    assert list(chunks[0]) == ["id", "object", "created", "model", "provider", "choices"]
    assert list(chunks[0]["choices"][0]["delta"]) == ["content", "role"]
    assert [c["choices"][0]["finish_reason"] for c in chunks[-3:]] == [None, "stop", "stop"]
    assert ["usage" in c for c in chunks].count(True) == 1 and "usage" in chunks[-1]
    assert list(chunks[-1])[-2:] == ["choices", "usage"]
    assert chunks[-1]["choices"][0]["delta"]["content"] == ""


def test_a_plain_answer_and_its_stream_say_and_cost_the_same() -> None:
    plain, events = (
        ask(glm(provider={"only": ["modal"]}))["body"],
        ask(glm(provider={"only": ["modal"]}, stream=True))["events"],
    )
    chunks = [json.loads(t[6:]) for _, t in events if t.startswith("data: {")]
    assert "".join(c["choices"][0]["delta"]["content"] for c in chunks) == plain["choices"][0]["message"]["content"]
    assert chunks[-1]["usage"] == plain["usage"]


@pytest.mark.parametrize(
    "model",
    ["openai/gpt-4o-mini", "anthropic/claude-haiku-4.5", "mistralai/mistral-nemo", "google/gemma-4-31b-it:free", GLM],
)
def test_cost_is_tokens_times_price_to_the_last_digit(model: str) -> None:
    body = ask({**glm(), "model": model})["body"]
    usage = body["usage"]
    if model == GLM:
        from helpers.standin.catalogue import endpoints

        price = next(e["pricing"] for e in endpoints(GLM) if e["provider_name"] == body["provider"])
    else:
        price = by_id()[model]["pricing"]
    exact = (
        Decimal(price["prompt"]) * usage["prompt_tokens"] + Decimal(price["completion"]) * usage["completion_tokens"]
    )
    if body["provider"] not in ("BaseTen", "Fireworks"):  # two endpoints with two prices
        assert Decimal(repr(usage["cost"])) == exact.normalize()
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_the_same_request_in_the_same_world_gives_the_same_bytes_also_in_another_process() -> None:
    code = f"import json; from helpers.standin import answer, World; print(json.dumps(answer({{'method': 'POST', 'path': {CHAT!r}, 'body': {glm()!r}}}, World())))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    ).stdout
    assert json.dumps(ask(glm())) == json.dumps(ask(glm())) == other.strip()
    world = World()
    assert ask(glm(), world)["body"]["id"] != ask(glm(), world)["body"]["id"]


def test_max_tokens_and_stop_cut_the_answer() -> None:
    body = ask(glm(max_tokens=3))["body"]
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == 3
    stopped = ask(glm(stop=["whoever"]))["body"]["choices"][0]
    assert stopped["message"]["content"] == "A request goes to "
    assert stopped["finish_reason"] == "stop"


def test_reasoning_counts_against_max_tokens() -> None:
    question = [{"role": "user", "content": "In one sentence: why do ids carry dates?"}]
    body = ask({"model": "google/gemini-2.5-pro-preview", "messages": question, "max_tokens": 30})["body"]
    assert body["choices"][0]["message"]["content"] == ""
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens_details"]["reasoning_tokens"] == 30
    full = ask({"model": "google/gemini-2.5-pro-preview", "messages": question, "max_tokens": 300})["body"]["choices"][
        0
    ]["message"]
    assert full["reasoning_details"][0]["type"] == "reasoning.text"


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
    response = ask(body)
    assert response["status"] == status == response["body"]["error"]["code"]
    assert text in response["body"]["error"]["message"]


@pytest.mark.parametrize(("key", "text"), [("none", "No cookie auth credentials found"), ("other", "User not found.")])
def test_keys(key: str, text: str) -> None:
    assert ask(glm(), key=key)["body"]["error"] == {"message": text, "code": 401}
    assert answer({"method": "GET", "path": "/api/v1/models", "key": key}, World())["status"] == 200


def test_metadata_only_when_it_is_asked_for() -> None:
    assert "openrouter_metadata" not in ask(glm())["body"]
    found = ask(
        glm(provider={"order": ["together", "fireworks"], "allow_fallbacks": False}),
        headers={"X-OpenRouter-Metadata": "enabled"},
    )["body"]["openrouter_metadata"]
    assert found["endpoints"]["total"] == 33
    assert [e["provider"] for e in found["endpoints"]["available"]] == ["Together", "Fireworks", "Fireworks"]
    assert found["summary"] == "available=3, selected=Together"
    assert found["attempts"] == [{"provider": "Together", "model": GLM, "status": 200}]
    refused = ask(glm(provider={"only": ["azure"]}), headers={"x-openrouter-metadata": "enabled"})["body"]
    assert refused["openrouter_metadata"]["attempt"] == 0
    assert refused["error"]["metadata"]["requested_providers"] == ["azure"]
    assert "novita" in refused["error"]["metadata"]["available_providers"]


def test_a_dead_provider_and_fallbacks() -> None:
    down = World(weather=Weather(down=["together"]))
    dead = ask(glm(provider={"order": ["together"], "allow_fallbacks": False}), down)
    assert (dead["status"], dead["body"]["error"]["metadata"]["provider_name"]) == (502, "Together")
    alive = ask(glm(provider={"order": ["together"]}), down, headers={"x-openrouter-metadata": "enabled"})["body"]
    assert [a["status"] for a in alive["openrouter_metadata"]["attempts"]] == [502, 200]
    assert alive["provider"] != "Together"


def test_rate_limits_with_and_without_retry_after_and_for_a_while() -> None:
    world = World(weather=Weather(rate_limited=["*"], retry_after=7, for_attempts=1))
    limited = ask(glm(), world)
    assert (limited["status"], limited["headers"]["retry-after"]) == (429, "7")
    assert ask(glm(), world)["status"] == 200
    assert "retry-after" not in ask(glm(), World(weather=Weather(rate_limited=["*"], retry_after=None)))["headers"]


def test_money() -> None:
    assert "never purchased credits" in ask(glm(), World(weather=Weather(credits=0)))["body"]["error"]["message"]
    short = ask({**glm(), "model": "openai/gpt-5.5", "max_tokens": 65536}, World(weather=Weather(credits=1.0)))
    assert short["status"] == 402
    assert "You requested up to 65536 tokens, but can only afford 33333." in short["body"]["error"]["message"]
    assert ask({**glm(), "model": "openai/gpt-oss-20b:free"}, World(weather=Weather(credits=0)))["status"] == 200
    daily = ask({**glm(), "model": "openai/gpt-oss-20b:free"}, World(weather=Weather(free_used="per-day")))
    assert daily["headers"]["x-ratelimit-limit"] == "50"
    assert int(daily["headers"]["x-ratelimit-reset"]) % 86_400_000 == 0
    assert daily["body"]["error"]["metadata"]["headers"]["X-RateLimit-Remaining"] == "0"


def test_a_stream_that_breaks_and_an_error_inside_a_200() -> None:
    events = ask(glm(stream=True), World(weather=Weather(break_after=3)))["events"]
    chunks = [json.loads(t[6:]) for _, t in events if t.startswith("data: {")]
    assert len(chunks) == 4
    assert chunks[-1]["error"]["code"] == 502
    assert chunks[-1]["choices"][0]["finish_reason"] == "error"
    hidden = ask(glm(), World(weather=Weather(error_in_200=True)))
    assert (hidden["status"], hidden["body"]["error"]["code"]) == (200, 502)
    assert "choices" not in hidden["body"]


def test_sessions_stick_and_models_fall_back() -> None:
    world = World()
    first = ask(glm(session_id="s"), world)["body"]["provider"]
    assert {ask(glm(session_id="s", max_tokens=n), world)["body"]["provider"] for n in range(40, 50)} == {first}
    spread = {ask(glm(max_tokens=n), world)["body"]["provider"] for n in range(40, 60)}
    assert len(spread) > 5
    down = World(weather=Weather(down=["deepinfra", "novita", "groq"]))
    body = ask(
        {**glm(), "model": "meta-llama/llama-3.1-8b-instruct", "models": ["mistralai/mistral-small-2603"]}, down
    )["body"]
    assert body["model"] == "mistralai/mistral-small-2603"


def test_aliases_and_routers_answer_as_a_real_model() -> None:
    assert ask({**glm(), "model": "~anthropic/claude-sonnet-latest"})["body"]["model"] == "anthropic/claude-sonnet-5"
    assert not ask({**glm(), "model": "openrouter/auto"})["body"]["model"].startswith("openrouter/")
    assert ask({**glm(), "model": "openrouter/free"})["body"]["model"].endswith(":free")
    assert ask({**glm(), "model": GLM + ":nitro"})["body"]["provider"] == "BaseTen"


def test_the_other_routes() -> None:
    world = World()
    made = ask(glm(user="u1"), world)["body"]
    get = lambda path: answer({"method": "GET", "path": "/api/v1" + path}, world)  # noqa: E731
    assert get(f"/generation?id={made['id']}")["body"]["data"]["total_cost"] == made["usage"]["cost"]
    assert get("/generation?id=gen-none")["status"] == 404
    assert get("/key")["body"]["data"]["usage"] == round(made["usage"]["cost"], 10)
    assert len(get("/models")["body"]["data"]) == 413 == len(models())
    assert (
        get("/models/z-ai/glm-5.3-flash/endpoints")["body"]["data"]["endpoints"][0]["provider_name"] == "OpenInference"
    )
    assert get("/models/openai/gpt-5.5:free/endpoints")["body"]["data"]["endpoints"] == []
    assert get("/models/no/such/endpoints")["status"] == 404
    assert get("/providers")["body"]["data"][0]["slug"] == "ai21"
    assert get("/credits")["body"]["data"]["total_credits"] == 10
    assert get("/nothing")["status"] == 404


def test_embeddings_put_texts_that_share_words_near_each_other() -> None:
    def vectors(*texts: str) -> list[list[float]]:
        body = {"model": "openai/text-embedding-3-small", "input": list(texts), "dimensions": 256}
        return [
            row["embedding"]
            for row in answer({"method": "POST", "path": "/api/v1/embeddings", "body": body}, World())["body"]["data"]
        ]

    near, other, base = vectors("the late parcel", "a haiku about rain", "my parcel is late")
    dot = lambda a, b: sum(x * y for x, y in zip(a, b, strict=True))  # noqa: E731
    assert dot(base, near) > dot(base, other) + 0.2
    assert abs(dot(base, base) - 1) < 1e-3
    bad = answer({"method": "POST", "path": "/api/v1/embeddings", "body": {"model": "no/such", "input": "x"}}, World())
    assert bad["body"]["error"]["message"] == "Model no/such does not exist"


def test_the_stand_in_imports_nothing_from_the_rest() -> None:
    code = (
        "import sys, helpers.standin.answer; print([m for m in sys.modules if m.startswith('openai') or m == 'httpx2'])"
    )
    from pathlib import Path

    import helpers.standin

    folder = Path(helpers.standin.__file__).parent
    for path in folder.glob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            assert not line.startswith(("from ..", "from helpers", "import helpers")), f"{path.name}: {line}"
    assert code


def test_find_follows_aliases_and_takes_routing_suffixes_off() -> None:
    assert find("openai/gpt-4o:nitro")["id"] == "openai/gpt-4o"
    assert find("openai/gpt-4o:free") is None
    assert find("anthropic/claude-4.5-sonnet-20250929")["id"] == "anthropic/claude-sonnet-4.5"
    assert hello()
