"""The official `openrouter` SDK, and `llm` with its plugin, over HTTP against the stand-in. Run by tests/test_outside.py."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openrouter
import pytest
from openrouter import errors

from openrouter_standin.names import FAULTS_HEADER, MANAGEMENT
from openrouter_standin.server import Server

MODEL, REASONER = "openai/gpt-4o-mini", "openai/gpt-5-mini"
VECTORS, RANKER = "openai/text-embedding-3-small", "voyageai/rerank-2.5-lite"
HELLO = [{"role": "user", "content": "Name one use of routing."}]
PLACE = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "weather", "description": "The weather in a city", "parameters": PLACE}


@pytest.fixture
def server() -> Iterator[Server]:
    """The stand-in on a free port, answering at once and printing nothing."""
    with Server(speed=0) as running:
        quiet = {"log_message": lambda *_: None}
        running.RequestHandlerClass = type("Quiet", (running.RequestHandlerClass,), quiet)
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield running
        running.shutdown()


# --- the official SDK: what its own typed models refuse fails the test ------------------------------------------------


@pytest.fixture
def sdk(server: Server) -> Iterator[Any]:
    with openrouter.OpenRouter(
        api_key="sk-or-any", server_url=server.url, retry_config=None, timeout_ms=5000
    ) as client:
        yield client


@pytest.fixture
def manager(server: Server) -> Iterator[Any]:
    """The same client with the key that manages keys."""
    with openrouter.OpenRouter(api_key=MANAGEMENT, server_url=server.url, retry_config=None) as client:
        yield client


def test_sdk_chat_says_who_answered_and_what_it_cost(sdk: Any) -> None:
    answer = sdk.chat.send(model=MODEL, messages=HELLO, max_tokens=60, x_open_router_metadata="enabled")
    assert answer.model.startswith(MODEL)
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.usage.cost > 0
    (chosen,) = [e for e in answer.openrouter_metadata.endpoints.available if e.selected]
    assert chosen.provider == sdk.generations.get_generation(id=answer.id).data.provider_name


def test_sdk_chat_without_waiting(sdk: Any) -> None:
    async def ask() -> list[str]:
        asked = [sdk.chat.send_async(model=MODEL, messages=HELLO, max_tokens=60, seed=n) for n in range(4)]
        whole = [a.id for a in await asyncio.gather(*asked)]
        async with await sdk.chat.send_async(model=MODEL, messages=HELLO, max_tokens=60, stream=True) as stream:
            return whole + [chunk.id async for chunk in stream]

    whole, pieces = (found := asyncio.run(ask()))[:4], found[4:]
    assert len(set(whole)) == 4
    assert len(pieces) > 2 and len(set(pieces)) == 1


def test_sdk_stream_comes_in_pieces_and_ends_with_usage(sdk: Any) -> None:
    with sdk.chat.send(model=MODEL, messages=HELLO, max_tokens=60, stream=True) as stream:
        chunks = list(stream)
    texts = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
    assert len(texts) > 1
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert [bool(c.usage) for c in chunks].count(True) == 1
    assert chunks[-1].usage.cost > 0


def test_sdk_tool_call(sdk: Any) -> None:
    tools = [{"type": "function", "function": WEATHER}]
    answer = sdk.chat.send(model=MODEL, messages=HELLO, tools=tools, tool_choice="required", max_tokens=60)
    (call,) = answer.choices[0].message.tool_calls
    assert answer.choices[0].finish_reason == "tool_calls"
    assert (call.type, call.function.name) == ("function", "weather")
    assert isinstance(json.loads(call.function.arguments)["city"], str)
    said = {"role": "assistant", "content": None, "tool_calls": [call.model_dump(by_alias=True)]}
    result = {"role": "tool", "tool_call_id": call.id, "content": "Rain."}
    after = sdk.chat.send(model=MODEL, messages=[*HELLO, said, result], tools=tools, max_tokens=60)
    assert after.choices[0].message.content and not after.choices[0].message.tool_calls


def test_sdk_tool_call_streamed(sdk: Any) -> None:
    tools = [{"type": "function", "function": WEATHER}]
    asked = {"model": MODEL, "messages": HELLO, "tools": tools, "tool_choice": "required", "max_tokens": 60}
    with sdk.chat.send(**asked, stream=True) as stream:
        chunks = list(stream)
    deltas = [call for c in chunks if c.choices for call in c.choices[0].delta.tool_calls or []]
    assert {d.index for d in deltas} == {0}
    assert [d.function.name for d in deltas if d.function and d.function.name] == ["weather"]
    assert [d.id for d in deltas if d.id] == [deltas[0].id]
    arguments = "".join(d.function.arguments or "" for d in deltas if d.function)
    assert isinstance(json.loads(arguments)["city"], str)
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "tool_calls"


def test_sdk_structured_output(sdk: Any) -> None:
    schema = {"name": "place", "strict": True, "schema": {**PLACE, "additionalProperties": False}}
    asked = {"type": "json_schema", "json_schema": schema}
    answer = sdk.chat.send(model=MODEL, messages=HELLO, response_format=asked, max_tokens=60)
    assert set(json.loads(answer.choices[0].message.content)) == {"city"}


def test_sdk_reasoning(sdk: Any) -> None:
    answer = sdk.chat.send(model=REASONER, messages=HELLO, reasoning={"effort": "low"}, max_tokens=400)
    assert answer.choices[0].message.reasoning
    assert answer.choices[0].message.reasoning_details
    assert 0 < answer.usage.completion_tokens_details.reasoning_tokens < answer.usage.completion_tokens


def test_sdk_models_providers_and_endpoints(sdk: Any) -> None:
    listed = sdk.models.list()
    found = {m.id: m for m in (listed.result if hasattr(listed, "result") else listed).data}
    assert len(found) > 100 and found[MODEL].context_length >= 128_000
    assert "gpt-4o-mini" in sdk.models.get(author="openai", slug="gpt-4o-mini").data.id
    assert sdk.models.count().data.count == len(found)
    providers = {p.slug: p.name for p in sdk.providers.list().data}
    assert providers["openai"] == "OpenAI"
    endpoints = sdk.endpoints.list(author="openai", slug="gpt-4o-mini").data.endpoints
    assert {e.provider_name for e in endpoints} <= set(providers.values())
    assert all(float(e.pricing.prompt) > 0 for e in endpoints)


def test_sdk_lists_that_a_filter_makes(sdk: Any) -> None:
    sizes = {}
    for name, call in {
        "all": sdk.models.list,
        "mine": lambda: sdk.models.list_for_user(security={"bearer": "sk-or-any"}),
        "cheap": lambda: sdk.models.list(max_price=0.1),
        "seeing": lambda: sdk.models.list(input_modalities="image"),
        "tools": lambda: sdk.models.list(supported_parameters="tools"),
        "vectors": sdk.embeddings.list_models,
    }.items():
        listed = call()
        sizes[name] = len((listed.result if hasattr(listed, "result") else listed).data)
    assert 0 < sizes["vectors"] < sizes["cheap"] < sizes["all"] == sizes["mine"]
    assert 0 < sizes["seeing"] < sizes["tools"] < sizes["all"]
    assert sdk.models.count(output_modalities="text").data.count <= sizes["all"]
    assert sdk.endpoints.list_zdr_endpoints().data


def test_sdk_models_page_by_page(sdk: Any) -> None:
    page, seen = sdk.models.list(limit=100), []
    while page is not None:
        seen += [m.id for m in page.result.data]
        page, total = page.next(), page.result.total_count
    assert len(seen) == len(set(seen)) == total > 300


def test_sdk_rerank(sdk: Any) -> None:
    documents = ["one blue plum", "a red apple", "red"]
    answer = sdk.rerank.rerank(model=RANKER, query="a red apple", documents=documents, top_n=2)
    assert [row.index for row in answer.results] == [1, 2]
    assert answer.results[0].document.text == documents[1]
    assert answer.results[0].relevance_score > answer.results[1].relevance_score


def test_sdk_embeddings(sdk: Any) -> None:
    texts = ["a red apple", "an apple, red"]
    answer = sdk.embeddings.generate(model=VECTORS, input=texts, dimensions=256)
    assert [len(row.embedding) for row in answer.data] == [256, 256]
    assert [row.index for row in answer.data] == [0, 1]
    assert answer.usage.prompt_tokens > 0 and answer.usage.cost > 0
    packed = sdk.embeddings.generate(model=VECTORS, input=texts, dimensions=256, encoding_format="base64")
    assert all(isinstance(row.embedding, str) for row in packed.data)


def test_sdk_responses(sdk: Any) -> None:
    answer = sdk.responses.send(model=MODEL, input="Name one use of routing.", max_output_tokens=60)
    assert (answer.status, answer.object) == ("completed", "response")
    assert answer.output[-1].content[0].text
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
    assert answer.usage.cost > 0


def test_sdk_responses_stream(sdk: Any) -> None:
    with sdk.responses.send(model=MODEL, input="Name one use.", max_output_tokens=60, stream=True) as stream:
        events = list(stream)
    kinds = [e.type for e in events]
    assert (kinds[0], kinds[-1]) == ("response.created", "response.completed")
    assert [e.sequence_number for e in events] == list(range(len(events)))
    text = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    assert kinds.count("response.output_text.delta") > 1
    assert events[-1].response.output[-1].content[0].text == text


def test_sdk_responses_tool_call(sdk: Any) -> None:
    tools = [{"type": "function", "strict": None, **WEATHER}]
    asked = {"model": MODEL, "tools": tools, "tool_choice": "required", "max_output_tokens": 60}
    first = sdk.responses.send(input="The weather in Oslo?", **asked)
    call = next(item for item in first.output if item.type == "function_call")
    assert call.name == "weather" and isinstance(json.loads(call.arguments)["city"], str)


def test_sdk_keys_from_creation_to_deletion(manager: Any, sdk: Any) -> None:
    made = manager.api_keys.create(name="for a class", limit=5)
    assert made.key.startswith("sk-or-v1-") and made.data.limit == 5
    found = made.data.hash
    assert made.key not in str(manager.api_keys.list())
    assert found in [k.hash for k in manager.api_keys.list().data]
    assert manager.api_keys.get(hash=found).data.name == "for a class"
    changed = manager.api_keys.update(hash=found, limit=7, disabled=True).data
    assert (changed.limit, changed.disabled, changed.name) == (7, True, "for a class")
    with pytest.raises(errors.BadRequestResponseError, match="No update fields provided"):
        manager.api_keys.update(hash=found)
    assert manager.api_keys.delete(hash=found).model_dump(by_alias=True) == {"deleted": True}
    assert found not in [k.hash for k in manager.api_keys.list().data]
    with pytest.raises(errors.NotFoundResponseError):
        manager.api_keys.get(hash=found)
    with pytest.raises(errors.UnauthorizedResponseError, match="management"):
        sdk.api_keys.create(name="made with an ordinary key")


def test_sdk_a_created_key_works_until_it_is_disabled(manager: Any, server: Server) -> None:
    made = manager.api_keys.create(name="for one pupil", limit=1)
    with openrouter.OpenRouter(api_key=made.key, server_url=server.url, retry_config=None) as pupil:
        assert pupil.chat.send(model=MODEL, messages=HELLO, max_tokens=60).usage.cost > 0
        mine = pupil.api_keys.get_current_key_metadata().data
        assert mine.limit == 1 and mine.limit_remaining < 1
        manager.api_keys.update(hash=made.data.hash, disabled=True)
        with pytest.raises(errors.UnauthorizedResponseError):
            pupil.chat.send(model=MODEL, messages=HELLO, max_tokens=60)


def test_sdk_a_key_that_spent_its_limit_is_refused(manager: Any, server: Server) -> None:
    made = manager.api_keys.create(name="for one question", limit=0.00001)
    with openrouter.OpenRouter(api_key=made.key, server_url=server.url, retry_config=None) as pupil:
        with pytest.raises(errors.PaymentRequiredResponseError, match="create a key with a higher total limit"):
            pupil.chat.send(model=MODEL, messages=HELLO, max_tokens=60)
        manager.api_keys.update(hash=made.data.hash, limit=1)
        spent = pupil.chat.send(model=MODEL, messages=HELLO, max_tokens=60).usage.cost
        manager.api_keys.update(hash=made.data.hash, limit=spent / 2)
        with pytest.raises(errors.ForbiddenResponseError, match="Key limit exceeded"):
            pupil.chat.send(model=MODEL, messages=HELLO, max_tokens=60)
    row = manager.api_keys.get(hash=made.data.hash).data
    assert row.usage == pytest.approx(spent) and row.limit_remaining <= 0


def test_sdk_activity_and_analytics(manager: Any, sdk: Any, server: Server) -> None:
    cost = sdk.chat.send(model=MODEL, messages=HELLO, max_tokens=60, user="ada").usage.cost
    assert manager.analytics.get_user_activity().data == []
    meta = manager.analytics.get_analytics_meta().data
    assert {m.display_format for m in meta.metrics} == {"number", "currency", "percent"}
    made = manager.analytics.query_analytics(
        metrics=[m.name for m in meta.metrics],
        dimensions=["model", "external_user"],
        granularity="day",
        filters=[{"field": "external_user", "operator": "in", "value": ["ada"]}],
        order_by={"field": "total_usage", "direction": "desc"},
    )
    assert (made.data.metadata.row_count, made.data.metadata.truncated) == (1, False)  # its rows are empty models
    server.state.advance(86_400_000)
    (row,) = manager.analytics.get_user_activity(request={"date_": "2026-11-22"}).data
    assert row.usage == pytest.approx(cost) and row.requests == 1
    by_workspace = manager.analytics.get_user_activity(request={"group_by": "workspace"}).data
    assert by_workspace[0].workspace_id
    with pytest.raises(errors.ForbiddenResponseError, match="management"):
        sdk.analytics.get_user_activity()
    with pytest.raises(errors.BadRequestResponseError, match="within the last 30"):
        manager.analytics.get_user_activity(request={"date_": "2026-11-23"})


def test_sdk_guardrails_from_creation_to_deletion(manager: Any, server: Server) -> None:
    key = manager.api_keys.create(name="for one class")
    made = manager.guardrails.create(
        name="class", limit_usd=1, reset_interval="weekly", allowed_providers=["openai"], enforce_zdr_google=True
    ).data
    assert manager.guardrails.bulk_assign_keys(id=made.id, key_hashes=[key.data.hash]).assigned_count == 1
    assert [g.id for g in manager.guardrails.list().result.data] == [made.id]
    listed = manager.guardrails.list_guardrail_key_assignments(id=made.id).result.data
    assert (
        [a.key_name for a in listed]
        == ["for one class"]
        == [a.key_name for a in manager.guardrails.list_key_assignments().result.data]
    )
    with openrouter.OpenRouter(api_key=key.key, server_url=server.url, retry_config=None) as pupil:
        spent = pupil.chat.send(model=MODEL, messages=HELLO, max_tokens=60).usage.cost
        mine = pupil.api_keys.get_current_key_metadata().data
        assert mine.effective_budget == mine.budgets[0] and mine.budgets[0].spend_usd == pytest.approx(spent)
        with pytest.raises(errors.NotFoundResponseError, match="guardrail restrictions"):
            pupil.chat.send(model="anthropic/claude-haiku-4.5", messages=HELLO, max_tokens=60)
        manager.guardrails.update(id=made.id, limit_usd=spent / 2, reset_interval="weekly")
        with pytest.raises(errors.ForbiddenResponseError, match=r"budget limit exceeded \(weekly limit\)"):
            pupil.chat.send(model=MODEL, messages=HELLO, max_tokens=60)
    assert manager.guardrails.get(id=made.id).data.limit_usd == pytest.approx(spent / 2)
    assert manager.guardrails.bulk_unassign_keys(id=made.id, key_hashes=[key.data.hash]).unassigned_count == 1
    assert manager.guardrails.delete(id=made.id).model_dump(by_alias=True) == {"deleted": True}
    with pytest.raises(errors.BadRequestResponseError, match="given together"):
        manager.guardrails.create(name="class", limit_usd=1)


def test_sdk_service_tier(sdk: Any) -> None:
    answer = sdk.chat.send(model="openai/gpt-5.4-mini", messages=HELLO, max_tokens=500, service_tier="flex")
    assert answer.service_tier == "flex"
    assert sdk.generations.get_generation(id=answer.id).data.service_tier == "flex"
    listed = sdk.endpoints.list(author="openai", slug="gpt-5.4-mini").data.endpoints
    assert {e.tag: e.service_tier for e in listed}["openai/priority"] == "priority"


def test_sdk_money_is_the_same_everywhere(sdk: Any) -> None:
    before = sdk.credits.get_credits().data.total_usage
    answer = sdk.chat.send(model=MODEL, messages=HELLO, max_tokens=60)
    made = sdk.generations.get_generation(id=answer.id).data
    assert made.total_cost == pytest.approx(answer.usage.cost)
    assert (made.model, made.tokens_prompt) == (answer.model, answer.usage.prompt_tokens)
    assert sdk.credits.get_credits().data.total_usage - before == pytest.approx(answer.usage.cost)
    assert sdk.api_keys.get_current_key_metadata().data.usage == pytest.approx(before + answer.usage.cost)


PAINTERS = ("bytedance-seed/seedream-4.5", "google/gemini-3.1-flash-image", "openai/gpt-5-image-mini")


@pytest.mark.parametrize("painter", PAINTERS)
def test_sdk_pictures(painter: str, sdk: Any) -> None:
    made = sdk.images.generate(model=painter, prompt="A lighthouse", size="2K", user="reader")
    assert base64.b64decode(made.data[0].b64_json).startswith(b"\x89PNG") and made.data[0].media_type == "image/png"
    assert made.usage.cost > 0 and made.usage.completion_tokens_details.image_tokens == made.usage.completion_tokens
    last = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + made.data[0].b64_json}}
    edited = sdk.images.generate(model=painter, prompt="Now red", input_references=[last])
    assert edited.data[0].b64_json != made.data[0].b64_json
    assert sdk.credits.get_credits().data.total_usage == pytest.approx(made.usage.cost + edited.usage.cost)


def test_sdk_pictures_as_a_stream(sdk: Any) -> None:
    asked = {"model": PAINTERS[2], "prompt": "A lighthouse", "stream": True}
    with sdk.images.generate(**asked) as stream:
        found = [event.data if hasattr(event, "data") else event for event in stream]
    assert [e.type for e in found] == ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
    assert found[-1].usage.cost > 0
    with sdk.images.generate(**asked, http_headers={FAULTS_HEADER: json.dumps({"break_after": 1})}) as stream:
        found = [event.data if hasattr(event, "data") else event for event in stream]
    assert found[-1].type == "error" and found[-1].error.message


def test_sdk_picture_models(sdk: Any) -> None:
    listed = sdk.images.list_models().data
    assert set(PAINTERS) < {m.id for m in listed}
    for model in listed:
        author, slug = model.id.split("/")
        endpoints = sdk.images.list_model_endpoints(author=author, slug=slug).endpoints
        assert endpoints and all(e.pricing[-1].cost_usd > 0 for e in endpoints)
        assert all(not getattr(d, "is_unknown", False) for d in model.supported_parameters.values())
    with pytest.raises(errors.NotFoundResponseError):
        sdk.images.list_model_endpoints(author="no", slug="such")
    with pytest.raises(errors.BadRequestResponseError, match="n takes a whole number from 1 to 10"):
        sdk.images.generate(model=PAINTERS[0], prompt="A lighthouse", n=11)
    with pytest.raises(errors.PaymentRequiredResponseError, match="Insufficient credits"):
        sdk.images.generate(model=PAINTERS[0], prompt="A", http_headers={FAULTS_HEADER: '{"credits": 0.5}'})


def test_sdk_a_film_from_job_to_bytes(sdk: Any) -> None:
    film = sdk.video_generation
    models = film.list_videos_models().data
    job = film.generate(
        model=models[0].id, prompt="Waves", duration=models[0].supported_durations[0], resolution="720p"
    )
    with pytest.raises(errors.ConflictResponseError):
        film.get_video_content(job_id=job.id)
    seen = [film.get_generation(job_id=job.id) for _ in range(3)]
    assert [s.status for s in seen] == ["pending", "in_progress", "completed"]
    assert seen[-1].usage.cost == pytest.approx(4 * 0.05)
    got = film.get_video_content(job_id=job.id)
    assert got.headers["content-type"] == "video/mp4" and got.read()[4:8] == b"ftyp"
    record = sdk.generations.get_generation(id=seen[-1].generation_id).data
    assert (record.api_type, record.total_cost) == ("video", seen[-1].usage.cost)
    failing = {FAULTS_HEADER: '{"down": ["*"]}'}
    lost = film.generate(model=models[0].id, prompt="Waves", http_headers=failing)
    assert [film.get_generation(job_id=lost.id) for _ in range(3)][-1].error


ASK = {"model": MODEL, "messages": HELLO, "max_tokens": 60}
FAULTS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "400 no such model": ({"model": "no/such"}, {}, "BadRequestResponseError"),
    "404 no endpoint": ({"provider": {"only": ["groq"]}}, {}, "NotFoundResponseError"),
    "402 no credit": ({}, {"credits": 0}, "PaymentRequiredResponseError"),
    "403 moderation": ({}, {"flagged": "violence"}, "ForbiddenResponseError"),
    "429 provider": ({}, {"rate_limited": ["*"]}, "TooManyRequestsResponseError"),
    "502 provider": ({}, {"down": ["*"]}, "BadGatewayResponseError"),
    "408 time": ({}, {"status": 408}, "RequestTimeoutResponseError"),
    "413 size": ({}, {"status": 413}, "PayloadTooLargeResponseError"),
    "422 sense": ({}, {"status": 422}, "UnprocessableEntityResponseError"),
    "500 inside": ({}, {"status": 500}, "InternalServerResponseError"),
    "503 nobody": ({}, {"status": 503}, "ServiceUnavailableResponseError"),
    "524 edge": ({}, {"status": 524}, "EdgeNetworkTimeoutResponseError"),
    "529 overload": ({}, {"status": 529}, "ProviderOverloadedResponseError"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_sdk_errors_are_of_their_class(fault: str, sdk: Any) -> None:
    more, faults, name = FAULTS[fault]
    asked = {"model": MODEL, **more, "http_headers": {FAULTS_HEADER: json.dumps(faults)}}
    for call in (
        lambda: sdk.chat.send(messages=HELLO, max_tokens=60, **asked),
        lambda: sdk.responses.send(input="Name one use.", max_output_tokens=60, **asked),
    ):
        with pytest.raises(getattr(errors, name)) as caught:
            call()
        assert caught.value.status_code == json.loads(caught.value.body)["error"]["code"] == int(fault[:3])
        assert caught.value.data.error.message


def test_sdk_a_wrong_key_is_refused(sdk: Any, server: Server) -> None:
    server.key = "the-only-one"
    for call in (lambda: sdk.chat.send(**ASK), sdk.credits.get_credits, sdk.api_keys.list):
        with pytest.raises(errors.UnauthorizedResponseError):
            call()


def test_sdk_a_broken_stream_carries_its_error(sdk: Any) -> None:
    broken = {FAULTS_HEADER: json.dumps({"break_after": 3})}
    with sdk.chat.send(**ASK, stream=True, http_headers=broken) as stream:
        chunks = list(stream)
    assert chunks[-1].error.message and chunks[-1].choices[0].finish_reason == "error"
    asked = {"model": MODEL, "input": "Name one use.", "max_output_tokens": 60}
    with sdk.responses.send(**asked, stream=True, http_headers=broken) as stream:
        last = list(stream)[-1]
    assert last.type in ("response.failed", "error")


# --- llm and its plugin: their own command line, their own requests ---------------------------------------------------


@pytest.fixture
def llm(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """`llm("prompt", …)` runs the command. The plugin's address is fixed, so both HTTP libraries are turned to the stand-in,
    with `llm.headers` added to what they send."""
    cli = pytest.importorskip("llm.cli").cli
    pytest.importorskip("llm_openrouter")
    runner = pytest.importorskip("click.testing").CliRunner()
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path / "llm"))
    monkeypatch.setenv("OPENROUTER_KEY", "sk-or-any")
    headers: dict[str, str] = {}
    for name in ("httpx", "httpx2"):
        _turn(pytest.importorskip(name), server, headers, monkeypatch)

    def run(*arguments: str, ok: bool = True) -> Any:
        done = runner.invoke(cli, [*arguments])
        assert (done.exit_code == 0) is ok, f"{done.output}\n{done.exception!r}"
        return done

    run.headers = headers
    return run


def _turn(library: Any, server: Server, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    original = library.HTTPTransport.handle_request
    host, port = server.server_address[:2]

    def turned(self: Any, request: Any) -> Any:
        assert request.url.host == "openrouter.ai", request.url
        request.url = request.url.copy_with(scheme="http", host=host, port=port)
        request.headers.update(headers)
        return original(self, request)

    monkeypatch.setattr(library.HTTPTransport, "handle_request", turned)


HOW = {"responses": [], "chat": ["-o", "chat_completions", "true"]}
"""The plugin asks POST /responses unless it is told otherwise."""


def _logged(llm: Any) -> dict[str, Any]:
    return json.loads(llm("logs", "-n", "1", "--json").stdout)[0]


@pytest.mark.parametrize("interface", HOW)
@pytest.mark.parametrize("flags", [["--no-stream"], []], ids=["whole", "streamed"])
def test_llm_prompt(interface: str, flags: list[str], llm: Any, server: Server) -> None:
    said = llm(
        "prompt", "-m", f"openrouter/{MODEL}", "-o", "max_tokens", "60", *HOW[interface], *flags, "Name one use."
    ).stdout
    logged = _logged(llm)
    assert said.strip() == logged["response"].strip() != ""
    assert logged["input_tokens"] > 0 and logged["output_tokens"] > 0
    assert len(server.state._generations) == 1


def test_llm_goes_on_with_a_conversation(llm: Any, server: Server) -> None:
    llm("prompt", "-m", f"openrouter/{MODEL}", "-s", "Be brief.", "-o", "max_tokens", "60", "Name one use.")
    first = _logged(llm)
    llm("prompt", "-c", "-o", "max_tokens", "60", "And another.")
    second = _logged(llm)
    assert first["conversation_id"] == second["conversation_id"]
    assert second["input_tokens"] > first["input_tokens"]
    assert len(server.state._generations) == 2


@pytest.mark.parametrize("interface", HOW)
def test_llm_schema(interface: str, llm: Any) -> None:
    asked = ["--schema", "name, age int, bio", "-o", "max_tokens", "60", *HOW[interface]]
    said = json.loads(llm("prompt", "-m", f"openrouter/{MODEL}", *asked, "Invent a dog.").stdout)
    assert set(said) == {"name", "age", "bio"} and isinstance(said["age"], int)


@pytest.mark.parametrize("interface", HOW)
@pytest.mark.parametrize("flags", [["--no-stream"], []], ids=["whole", "streamed"])
def test_llm_tools(interface: str, flags: list[str], llm: Any, server: Server) -> None:
    code = "def multiply(x: int, y: int) -> int:\n    'Multiply two numbers.'\n    return x * y"
    asked = ["--functions", code, "--td", "-o", "max_tokens", "60", *HOW[interface], *flags]
    done = llm("prompt", "-m", f"openrouter/{MODEL}", *asked, "Use multiply: what is 6 times 7?")
    assert re.search(r"Tool call: multiply\(\{'x': -?\d+, 'y': -?\d+\}\)", done.stderr)
    assert done.stdout.strip()
    assert len(server.state._generations) == 2  # the call, and the answer after its result


def test_llm_reasoning(llm: Any) -> None:
    asked = ["-o", "reasoning_effort", "low", "-o", "reasoning_summary", "auto", "-o", "max_tokens", "400"]
    done = llm("prompt", "-m", f"openrouter/{REASONER}", *asked, "Name one use.")
    assert done.stderr.strip(), "the reasoning is shown on stderr"
    assert done.stdout.strip()


def test_llm_picture(llm: Any, tmp_path: Path) -> None:
    picture = tmp_path / "dot.png"
    picture.write_bytes(bytes.fromhex(DOT))
    asked = ["-a", str(picture), "-o", "max_tokens", "60"]
    assert llm("prompt", "-m", f"openrouter/{MODEL}", *asked, "Describe it.").stdout.strip()


DOT = (
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000201b5de9c4d0000000049454e44ae426082"
)


def test_llm_openrouter_commands(llm: Any) -> None:
    listed = json.loads(llm("openrouter", "models", "--json").stdout)
    assert MODEL in [m["id"] for m in listed]
    assert all(m["id"].endswith(":free") for m in json.loads(llm("openrouter", "models", "--free", "--json").stdout))
    # The plugin's table of all models breaks on a price that has `overrides`; no free model has any.
    assert "supports_tools: True" in llm("openrouter", "models", "--free").stdout
    assert "No changes" in llm("openrouter", "refresh").stderr
    assert f"openrouter/{MODEL}" in llm("models", "-q", "gpt-4o-mini").stdout
    key = json.loads(llm("openrouter", "key").stdout)
    assert key["label"] and key["usage"] == 0


@pytest.mark.parametrize("interface", HOW)
def test_llm_shows_what_the_service_refuses(interface: str, llm: Any, server: Server) -> None:
    asked = ["prompt", "-m", f"openrouter/{MODEL}", "-o", "max_tokens", "60", *HOW[interface], "Name one use."]
    assert llm(*asked).stdout
    server.key = "the-only-one"
    assert "User not found" in llm(*asked, ok=False).output
    server.key, llm.headers[FAULTS_HEADER] = None, '{"credits": 0}'
    assert "Insufficient credits" in llm(*asked, ok=False).output
