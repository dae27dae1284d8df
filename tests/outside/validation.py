"""Every recorded exchange against the official `openrouter` models and the `openai` types.

What real traffic has and the spec omits stands here, with the reason. Run by tests/test_outside.py.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openrouter import components, operations

from helpers.replay.recording import FOLDER
from helpers.replay.shared_bodies import resolved
from openrouter_standin import State, answer

BEYOND_THE_SPEC = {
    "provider": "display name of who answered: on every recorded answer and chunk, not in the spec of 2026-08-22",
    "choices[].native_finish_reason": "the provider's own word: on 874 of 875 recorded answers",
    "choices[].message.tool_calls[].index": "on recorded tool calls of 2025 and 2026, also outside streams",
    "choices[].message.refusal": "null on every recorded answer of 2026",
    "usage.completion_tokens_details.image_tokens": "on 345 of 345 recorded usages of 2026",
    "usage.prompt_tokens_details.video_tokens": "on 345 of 345 recorded usages of 2026",
    "usage.cost_details.upstream_inference_prompt_cost": "on 345 of 345 recorded usages of 2026",
    "usage.cost_details.upstream_inference_completions_cost": "on 345 of 345 recorded usages of 2026",
    "choices[].message.annotations": "on a recorded answer to a PDF file (2025-12), and in the docs",
    "choices[].delta.annotations": "the same in a stream: a web search puts its citations into chunks",
    "results[].response.body.usage.cost": "a batch's result is an answer of /chat/completions, whose usage has what it cost",
    "results[].response.body.usage.cost_details": "the same",
    "results[].response.body.usage.is_byok": "the same",
    "choices[].message.images[].type": "on recorded pictures of 2025, and in the docs",
    "data.data[]": "POST /analytics/query: a row has the names that were asked for",
    "rate_limit": "GET /key: deprecated, still sent",
    "created": "GET /models/{id}/endpoints: the model's creation date",
    "user_id": "beside `error`, on most recorded errors: the account, scrubbed",
}


def exchanges() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.json")):
        for number, stored in enumerate(json.loads(path.read_text("utf-8"))["exchanges"]):
            exchange = resolved(stored, path.parent)
            if exchange["request"].get("host") in ("localhost", "127.0.0.1", "outside"):
                continue  # a local server, or a program of another environment, is not OpenRouter
            yield f"{path.stem} {number}", exchange["request"], exchange["response"]


def bodies(request: dict[str, Any], response: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Pairs of a body (or chunk) and the official model that it must satisfy."""
    path = request["path"].partition("?")[0].removeprefix("/api/v1")
    if "events" in response:
        for _, text in response["events"]:
            if text.startswith("data: {"):
                chunk = json.loads(text[6:])
                if path == "/responses":  # the SDK names the union of the events only with this around it
                    yield {"data": chunk}, components.ResponsesStreamingResponse
                else:
                    yield chunk, PAINTED[chunk["type"]] if path == "/images" else components.ChatStreamChunk
        return
    if "pieces" in response:
        return  # sound has no fields
    if response["status"] >= 400 and "host" not in request:
        if "success" in response["body"]:  # the form of Zod, observed 2026-10, which the models of errors do not know
            return
        if path != "/responses":  # its invalid_prompt has a text as code, which the models of errors do not know
            yield response["body"], ERRORS[response["status"]]
        return
    routes = {
        "/chat/completions": components.ChatResult,
        "/models": components.ModelsListResponse,
        "/key": operations.GetCurrentKeyResponse,
        "/generation": components.GenerationResponse,
        "/providers": operations.ListProvidersResponse,
        "/endpoints/zdr": operations.ListEndpointsZdrResponse,
        "/images": components.ImageGenerationResponse,
        "/images/models": components.ImageModelsListResponse,
        "/videos": components.VideoGenerationResponse,
        "/videos/models": components.VideoModelsListResponse,
        "/audio/transcriptions": components.STTResponse,
        "/responses": components.OpenResponsesResult,
        "/credits": operations.GetCreditsResponse,
        "/analytics/query": operations.QueryAnalyticsResponse,
        "/guardrails": components.CreateGuardrailResponse,
        "/embeddings": operations.CreateEmbeddingsResponseBody,
        "/rerank": operations.CreateRerankResponseBody,
        "/benchmarks": components.UnifiedBenchmarksResponse,
        "/batches": components.BatchObject,
    }
    if path.startswith("/keys") and request["method"] in KEYS:
        yield response["body"], KEYS[request["method"]]
    elif path.startswith("/guardrails/"):
        assigned, deleted = components.BulkAssignKeysResponse, components.DeleteGuardrailResponse
        yield response["body"], assigned if path.endswith("/assignments/keys") else deleted
    elif path.startswith("/images/models/"):
        yield response["body"], components.ImageModelEndpointsResponse
    elif path.startswith("/videos/") and path not in routes:
        yield response["body"], components.VideoGenerationResponse
    elif path.startswith("/batches/"):
        yield response["body"], components.BatchObject
    elif path.endswith("/endpoints"):
        yield response["body"], operations.ListEndpointsResponse
    elif response["status"] < 400:
        yield response["body"], routes[path]


KEYS = {
    "GET": operations.ListResponse,
    "POST": operations.CreateKeysResponse,
    "PATCH": operations.UpdateKeysResponse,
    "DELETE": operations.DeleteKeysResponse,
}
PAINTED = {
    "image_generation.partial_image": components.ImageGenPartialImageEvent,
    "image_generation.completed": components.ImageGenCompletedEvent,
    "error": components.ImageGenStreamErrorEvent,
}
ERRORS = {
    400: components.BadRequestResponseErrorData,
    401: components.UnauthorizedResponseErrorData,
    402: components.PaymentRequiredResponseErrorData,
    404: components.NotFoundResponseErrorData,
}


def beyond(value: Any, known: Any, where: str = "") -> set[str]:
    """Paths that a body has and its validated model does not."""
    if isinstance(value, list):
        return {p for v, k in zip(value, known or [], strict=False) for p in beyond(v, k, where + "[]")}
    if not isinstance(value, dict) or not isinstance(known, dict):
        return set()
    found = set()
    for key, inner in value.items():
        path = f"{where}.{key}" if where else key
        found |= beyond(inner, known[key], path) if key in known else {path}
    return found


def unlisted(extra: set[str]) -> set[str]:
    """The paths beyond the spec that are not in `BEYOND_THE_SPEC`, or below something that is."""
    return {
        p for p in extra if not any(p == k or p.endswith("." + k) or p.startswith(k + ".") for k in BEYOND_THE_SPEC)
    }


def validated(body: Any, model: Any) -> dict[str, Any]:
    """The body as the model understands it; `error` bodies are validated by the model of their inside."""
    return model.model_validate(body).model_dump(by_alias=True)


def test_every_recorded_exchange_satisfies_the_official_models(record_property: Callable[[str, str], None]) -> None:
    counts: Counter[str] = Counter()
    extra: set[str] = set()
    for name, request, response in exchanges():
        for body, model in bodies(request, response):
            inside = body["error"] if "error" in body and response.get("status", 0) >= 400 else body
            assert inside, name
            extra |= beyond(inside, validated(inside, model))
            counts[model.__name__] += 1
    record_property("summary", f"validated against the official models: {dict(counts)}")
    assert counts["ChatResult"] > 20 and counts["ChatStreamChunk"] > 100 and len(counts) >= 6
    assert not unlisted(extra)


def test_pictures_and_films_of_the_standin_satisfy_them_too() -> None:
    """Also what no lesson has recorded."""
    state, extra = State(), set()
    painted = {"model": "openai/gpt-5-image-mini", "prompt": "A lighthouse"}
    asked: list[tuple[str, str, Any]] = [
        *(("POST", "/images", painted | {"stream": s}) for s in (False, True)),
        ("POST", "/images", {"model": "bytedance-seed/seedream-4.5", "prompt": "A lighthouse"}),
        ("POST", "/images", {"model": "bytedance-seed/seedream-4.5"}),
        ("GET", "/images/models", None),
        ("GET", "/images/models/bytedance-seed/seedream-4.5/endpoints", None),
        ("GET", "/images/models/google/gemini-3.1-flash-image/endpoints", None),
        ("GET", "/videos/models", None),
        ("POST", "/videos", {"model": "google/veo-3.1-lite", "prompt": "Waves"}),
    ]
    for method, path, body in asked:
        request = {"method": method, "path": f"/api/v1{path}", "body": body}
        response = answer(request, state)
        looks = [{"method": "GET", "path": response["body"]["polling_url"]}] * 3 if path == "/videos" else []
        for sent, got in [(request, response), *((look, answer(look, state)) for look in looks)]:
            for found, model in bodies(sent, got):
                inside = found["error"] if got["status"] >= 400 else found
                extra |= beyond(inside, validated(inside, model))
    assert not unlisted(extra)


def test_every_recorded_answer_is_what_the_openai_sdk_expects() -> None:
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

    count = 0
    for _, request, response in exchanges():
        for body, model in bodies(request, response):
            kind = {"ChatResult": ChatCompletion, "ChatStreamChunk": ChatCompletionChunk}.get(model.__name__)
            if kind is None or "error" in body:
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                kind.model_validate({**body, "choices": [_with_known_notes(choice) for choice in body["choices"]]})
            count += 1
    assert count > 100


def _with_known_notes(choice: dict[str, Any]) -> dict[str, Any]:
    """A choice without what OpenRouter notes of a file: the SDK's type knows notes of addresses only (it does not check)."""
    notes = choice.get("message", {}).get("annotations")
    if not notes or all(note["type"] == "url_citation" for note in notes):
        return choice
    return {**choice, "message": {k: v for k, v in choice["message"].items() if k != "annotations"}}


def test_the_checks_can_fail() -> None:
    with pytest.raises(ValueError):
        validated({"id": 1}, components.ChatResult)
    assert beyond({"a": {"b": 1}, "new": 1}, {"a": {}}) == {"a.b", "new"}
