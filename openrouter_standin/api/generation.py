"""The record that GET /generation gives for an answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .. import catalogue
from ..billing.prices import cache_discount
from ..endpoint import Endpoint
from ..ids import iso, uuid_of
from .completion import Completion

Attempts = Sequence[tuple[Endpoint, int]]
"""Every endpoint that was asked, with its status."""


def record_of(
    completion: Completion, body: Mapping[str, Any], attempts: Attempts = (), source: str | None = None
) -> dict[str, Any]:
    """The record of a completion. `body`: the request's. `source`: the id of the kept answer that was repeated, if one was."""
    answer = {
        "id": completion.id,
        "created": completion.created,
        "model": completion.model,
        "provider": completion.endpoint.provider,
        "service_tier": completion.service_tier,
        "usage": completion.usage,
        "choices": [{"finish_reason": completion.output.finish, "native_finish_reason": completion.native}],
    }
    made = generation_record(answer, body, completion.first_ms, sum(completion.gaps_ms))
    made["provider_responses"] = _responses(attempts, completion.id, completion.first_ms)
    return made | ({"response_cache_source_id": source} if source else {})


def media_record(
    answer: Mapping[str, Any],
    sent: Mapping[str, Any],
    kind: str,
    ms: int,
    attempts: Attempts = (),
    pieces: int = 1,
    references: int = 0,
) -> dict[str, Any]:
    """The record of pictures or of a film. `answer`: id, created, model, provider and usage. `kind`: "image" or "video".
    `ms`: nominal milliseconds. `pieces`, `references`: how many were made, and how many pictures the request held."""
    made = generation_record(answer, sent, ms, None)
    counted = {"num_media_completion": pieces, "num_media_prompt": references or None}
    return made | {"api_type": kind, **counted, "provider_responses": _responses(attempts, answer["id"], ms)}


def _responses(attempts: Attempts, identity: str, ms: int) -> list[dict[str, Any]] | None:
    return [_response_of(endpoint, status, identity, ms) for endpoint, status in attempts] or None


def _response_of(endpoint: Endpoint, status: int, identity: str, ms: int) -> dict[str, Any]:
    """One call to a provider, with the fields of a record seen in October 2026."""
    return {
        "endpoint_id": uuid_of(endpoint.tag + endpoint.model),
        "id": identity if status == 200 else None,
        "is_byok": False,
        "latency": ms if status == 200 else 80,
        "model_permaslug": catalogue.dated_slug(endpoint.model),
        "provider_name": endpoint.provider,
        "status": status,
    }


def generation_record(
    answer: Mapping[str, Any], sent: Mapping[str, Any], first_ms: float | None, writing_ms: float | None
) -> dict[str, Any]:
    """The same from an answer's JSON (a completion, or the chunks of a stream put together).

    `sent`: the body of the request. `first_ms`, `writing_ms`: milliseconds to the first token, and from it to the last.
    """
    usage = answer.get("usage") or {}
    choice = next(iter(answer.get("choices") or []), None) or {}
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    searches = (usage.get("server_tool_use_details") or {}).get("web_search_requests")
    return {
        "id": answer["id"],
        "upstream_id": None,
        "total_cost": usage.get("cost") or 0,
        "cache_discount": _cache_discount(answer),
        "upstream_inference_cost": (usage.get("cost_details") or {}).get("upstream_inference_cost"),
        "created_at": iso(answer.get("created") or 0),
        "model": catalogue.dated_slug(str(answer.get("model"))),
        "app_id": None,
        "streamed": bool(sent.get("stream")),
        "cancelled": False,
        "provider_name": answer.get("provider"),
        "latency": first_ms,
        "moderation_latency": None,
        "generation_time": writing_ms,
        "finish_reason": choice.get("finish_reason"),
        "tokens_prompt": prompt,
        "tokens_completion": completion,
        "native_tokens_prompt": prompt,
        "native_tokens_completion": completion,
        "native_tokens_completion_images": (usage.get("completion_tokens_details") or {}).get("image_tokens") or None,
        "native_tokens_reasoning": (usage.get("completion_tokens_details") or {}).get("reasoning_tokens"),
        "native_tokens_cached": (usage.get("prompt_tokens_details") or {}).get("cached_tokens"),
        "num_media_prompt": None,
        "num_input_audio_prompt": None,
        "num_media_completion": None,
        "num_search_results": None,
        "num_fetches": None,
        "web_search_engine": "exa" if searches else None,
        "origin": "",
        "usage": usage.get("cost") or 0,
        "is_byok": False,
        "native_finish_reason": choice.get("native_finish_reason"),
        "external_user": sent.get("user"),
        "api_type": "completions",
        "router": sent["model"] if str(sent.get("model", "")).startswith("openrouter/") else None,
        "provider_responses": None,
        "user_agent": None,
        "http_referer": None,
        "service_tier": answer.get("service_tier"),
        "request_id": None,
        "session_id": sent.get("session_id"),
        "response_cache_source_id": None,
        "preset_id": None,
        "data_region": "global",
        "workspace_id": None,
    }


def _cache_discount(answer: Mapping[str, Any]) -> float | None:
    """What the prompt cache saved, at the prices of the endpoint that answered. US dollars."""
    usage, model = answer.get("usage") or {}, str(answer.get("model"))
    found = [e for e in catalogue.endpoints(model) if e["provider_name"] == answer.get("provider")]
    return cache_discount(found[0]["pricing"], usage) if found else None


def recorded_generation(identity: str, exchanges: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The record of an answer that was recorded: the completion with this id, or None.

    `exchanges`: requests and responses in the form that `app.answer` takes and gives.
    """
    for exchange in exchanges:
        sent, response = exchange["request"].get("body"), exchange["response"]
        answer = _recorded_answer(response)
        if answer.get("id") == identity and "usage" in answer and isinstance(sent, Mapping):
            written = [event[0] for event in response.get("events") or ()]
            first, last = (written[0], written[-1]) if written else (response.get("ms"), None)
            return generation_record(answer, sent, first, last - first if written else None)
    return None


def _recorded_answer(response: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a completion; for a stream, the last thing its chunks say of each field. Empty for anything else."""
    body = response.get("body")
    if isinstance(body, Mapping):
        return dict(body) if str(body.get("id", "")).startswith("gen-") else {}
    last: dict[str, Any] = {}
    for _, event in response.get("events") or ():
        chunk = _json(event.removeprefix("data: "))
        if isinstance(chunk, dict) and str(chunk.get("id", "")).startswith("gen-"):
            last |= {k: v for k, v in chunk.items() if v}
    return last


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # a comment, or [DONE]
        return None
