"""The envelope around what is said: ids, usage, chunks, in the fields and the order of recorded answers of 2026."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import bill, reasoning
from .bill import Counts
from .endpoint import Endpoint
from .said import Said
from .weather import Weather
from .words import pieces

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# How each provider calls the end of an answer (recorded pairs of finish_reason and native_finish_reason).
NATIVE = {
    "Anthropic": {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"},
    "Amazon Bedrock": {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"},
    "Google": {"stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP"},
    "Google AI Studio": {"stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP"},
    "OpenAI": {"stop": "completed", "length": "max_output_tokens", "tool_calls": "completed"},
    "xAI": {"stop": "completed", "length": "max_output_tokens", "tool_calls": "completed"},
}
COMMENT = ": OPENROUTER PROCESSING"


@dataclass(frozen=True)
class Reply:
    """One answer, before it is written as a body or as chunks. Times are nominal milliseconds from sending."""

    id: str
    created: int
    model: str
    endpoint: Endpoint
    said: Said
    native: str
    usage: dict[str, Any]
    first_ms: int
    gaps_ms: list[int]
    seed: str
    metadata: dict[str, Any] | None
    logprobs: int | None
    fingerprint: str | None

    @property
    def cost(self) -> float:
        return self.usage["cost"]

    @property
    def duration_ms(self) -> int:
        return self.first_ms + sum(self.gaps_ms)

    def headers(self, content_type: str) -> dict[str, str]:
        return {"content-type": content_type, "x-generation-id": self.id}

    def comments(self) -> list[list[Any]]:
        """The events that keep a stream alive until its first word."""
        return [[at, COMMENT] for at in range(250, self.first_ms - 50, 500)]

    def again(self, now: int, seed: str, metadata: bool) -> Reply:
        """The same answer out of the response cache: its own id, at once, nothing charged."""
        digest = hashlib.sha256(seed.encode()).digest()
        return replace(
            self,
            id=f"gen-{now}-" + base62(digest, 20),
            created=now,
            usage=bill.nothing_charged(self.usage),
            metadata=self.metadata if metadata else None,
            first_ms=30,
            gaps_ms=[0] * len(self.gaps_ms),
        )


def reply(
    body: Mapping[str, Any],
    *,
    seed: str,
    now: int,
    row: Mapping[str, Any],
    endpoint: Endpoint,
    said: Said,
    counts: Counts,
    metadata: dict[str, Any] | None,
    slow: int = 1,
) -> Reply:
    """Everything in it is a function of the request (`seed`), the catalogue row and the endpoint. `slow`: how many times
    slower than its figures the provider is."""
    digest = hashlib.sha256(seed.encode()).digest()
    per_token = slow * 1000 / endpoint.throughput.get("p50", 50)
    gaps = [round(per_token * (0.6 + 0.8 * digest[n % 32] / 255)) for n in range(counts.completion)]
    native = NATIVE.get(endpoint.provider, {})
    reason = "length" if said.cut else said.finish
    return Reply(
        id=f"gen-{now}-" + base62(digest, 20),
        created=now,
        model=row["id"],
        endpoint=endpoint,
        said=said,
        native=native.get(reason, reason),
        usage=bill.usage(endpoint, counts),
        first_ms=slow * round(1000 * endpoint.latency.get("p50", 0.8)),
        gaps_ms=gaps,
        seed=seed,
        metadata=metadata,
        logprobs=(body.get("top_logprobs") or 0)
        if body.get("logprobs") and "logprobs" in (endpoint.parameters or ())
        else None,
        # the older models at OpenAI and Azure name their build; the newer ones say null (recorded 2026)
        fingerprint=f"fp_{digest.hex()[:10]}" if endpoint.model.startswith(("openai/gpt-3", "openai/gpt-4o")) else None,
    )


def generation(reply: Reply, request: Mapping[str, Any]) -> dict[str, Any]:
    """The record that GET /generation gives for an answer."""
    answer = {"id": reply.id, "created": reply.created, "model": reply.model, "provider": reply.endpoint.provider}
    choice = {"finish_reason": reply.said.finish, "native_finish_reason": reply.native}
    return record({**answer, "usage": reply.usage, "choices": [choice]}, request, reply.first_ms, sum(reply.gaps_ms))


def record(
    answer: Mapping[str, Any], request: Mapping[str, Any], first_ms: float | None, writing_ms: float | None
) -> dict[str, Any]:
    """The same from an answer's JSON (a completion, or the chunks of a stream put together)."""
    usage, sent = answer.get("usage") or {}, request["body"]
    choice = next(iter(answer.get("choices") or []), None) or {}
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    searches = (usage.get("server_tool_use_details") or {}).get("web_search_requests")
    return {
        "id": answer["id"],
        "upstream_id": None,
        "total_cost": usage.get("cost") or 0,
        "cache_discount": None,
        "upstream_inference_cost": (usage.get("cost_details") or {}).get("upstream_inference_cost"),
        "created_at": iso(answer.get("created") or 0),
        "model": answer.get("model"),
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
        "native_tokens_completion_images": None,
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
        "service_tier": None,
        "request_id": None,
        "session_id": sent.get("session_id"),
        "response_cache_source_id": None,
        "preset_id": None,
        "data_region": "global",
        "workspace_id": None,
    }


def base62(digest: bytes, length: int) -> str:
    """The first `length` base-62 digits of a hash."""
    number, text = int.from_bytes(digest, "big"), ""
    while len(text) < length:
        number, digit = divmod(number, 62)
        text += BASE62[digit]
    return text


def iso(seconds: int) -> str:
    """A Unix time as ISO 8601 in UTC."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def body_of(reply: Reply) -> dict[str, Any]:
    """A plain chat.completion."""
    said = reply.said
    message: dict[str, Any] = {
        "role": "assistant",
        "content": said.text,
        "refusal": None,
        "reasoning": None if said.hidden else said.reasoning or None,
    }
    if said.calls:
        message["tool_calls"] = [
            {"id": c.id, "type": "function", "index": n, "function": {"name": c.name, "arguments": c.arguments}}
            for n, c in enumerate(said.calls)
        ]
    if said.thinks:
        shown = "" if said.hidden else said.reasoning
        details = reasoning.details(reply.model, shown, reply.seed)
        message |= {"reasoning_details": details} if details else {}
    if said.annotations:
        message["annotations"] = list(said.annotations)
    choice = {
        "index": 0,
        "logprobs": None if reply.logprobs is None else logprobs(pieces(said.text), reply),
        "finish_reason": said.finish,
        "native_finish_reason": reply.native,
        "message": message,
    }
    body = {
        "id": reply.id,
        "object": "chat.completion",
        "created": reply.created,
        "model": reply.model,
        "provider": reply.endpoint.provider,
        "system_fingerprint": reply.fingerprint,
        "service_tier": None,
        "choices": [choice],
        "usage": reply.usage,
    }
    return body | ({"openrouter_metadata": reply.metadata} if reply.metadata else {})


def logprobs(tokens: list[str], reply: Reply) -> dict[str, Any]:
    """Made-up log probabilities in the recorded shape, each token first among its alternatives."""
    content = []
    for n, token in enumerate(tokens):
        value = -round(hashlib.sha256(f"{reply.seed}{n}".encode()).digest()[0] / 256, 4)
        row = {"token": token, "logprob": value, "bytes": list(token.encode())}
        others = [
            {"token": f"{token}~{k}", "logprob": value - k, "bytes": list(f"{token}~{k}".encode())}
            for k in range(1, reply.logprobs or 0)
        ]
        content.append({**row, "top_logprobs": [row, *others] if reply.logprobs else []})
    return {"content": content, "refusal": None}


def events_of(reply: Reply, weather: Weather) -> list[list[Any]]:
    """The same answer as server-sent events: `[milliseconds, text]` pairs, without the blank line between events.

    Comments keep the connection alive while nothing is ready; the last chunk before [DONE] carries usage and repeats
    the finish reason (recorded since 2026-06). With `weather.break_after` the stream breaks after so many pieces.
    """
    events = reply.comments()
    hidden = reply.said.reasoning_tokens if reply.said.hidden else 0
    at, gaps = reply.first_ms + sum(reply.gaps_ms[:hidden]), iter(reply.gaps_ms[hidden:])
    for number, delta in enumerate(_deltas(reply)):
        if number == weather.break_after:
            return events + _broken(reply, weather.break_as, at)
        events.append([at, _chunk(reply, delta)])
        at += next(gaps, 0)
    if weather.break_after is not None:
        return events + _broken(reply, weather.break_as, at)
    events.append([at, _chunk(reply, {"content": ""}, ended=True)])
    last = {"openrouter_metadata": reply.metadata} if reply.metadata else {}
    events.append([at, _chunk(reply, {"content": ""}, ended=True, usage=reply.usage, **last)])
    return [*events, [at, "data: [DONE]"]]


def _deltas(reply: Reply) -> Iterator[dict[str, Any]]:
    """What each chunk brings: pieces of reasoning and its end, pieces of text, tool calls piece by piece, annotations."""
    said = reply.said
    if said.thinks:
        for piece in pieces("" if said.hidden else said.reasoning):
            shown = reasoning.details(reply.model, piece, reply.seed, whole=False)
            yield {"content": "", "reasoning": piece, "reasoning_details": shown}
        ending = reasoning.ending(reply.model, reply.seed)
        if ending:
            yield {"content": "", "reasoning": None, "reasoning_details": ending}
    for piece in pieces(said.text):
        yield {"content": piece} | ({} if reply.logprobs is None else {"logprobs": logprobs([piece], reply)})
    for n, call in enumerate(said.calls):
        first = {"index": n, "id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}}
        yield {"content": None, "tool_calls": [first]}
        for piece in pieces(call.arguments):
            yield {"content": None, "tool_calls": [{"index": n, "function": {"arguments": piece}}]}
    if said.annotations:
        yield {"content": "", "annotations": list(said.annotations)}


def _head(reply: Reply) -> dict[str, Any]:
    return {
        "id": reply.id,
        "object": "chat.completion.chunk",
        "created": reply.created,
        "model": reply.model,
        "provider": reply.endpoint.provider,
    }


def _chunk(reply: Reply, delta: Mapping[str, Any], ended: bool = False, **more: Any) -> str:
    chances = {"logprobs": delta["logprobs"]} if "logprobs" in delta else {}
    choice = {
        "index": 0,
        "delta": {**{k: v for k, v in delta.items() if k != "logprobs"}, "role": "assistant"},
        "finish_reason": reply.said.finish if ended else None,
        "native_finish_reason": reply.native if ended else None,
        **chances,
    }
    build = {"system_fingerprint": reply.fingerprint} if reply.fingerprint and ended else {}
    service = {"service_tier": None} if "usage" in more else {}
    return data({**_head(reply), **build, **service, "choices": [choice], **more})


def _broken(reply: Reply, form: str, at: int) -> list[list[Any]]:
    """The ways in which recorded and documented streams break, by their names in `weather.BREAKS`."""
    problem = {"code": 502, "message": "Provider disconnected", "metadata": {"error_type": "provider_unavailable"}}
    bare = {"code": 502, "message": "Provider disconnected"}
    head, choice = _head(reply), {"index": 0, "delta": {"role": "assistant", "content": ""}}
    usage = {"usage": reply.usage}
    chunks: dict[str, list[dict[str, Any]]] = {
        "documented": [
            {**head, "error": problem, "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]}
        ],
        "bare": [{"error": bare, "user_id": "user_standin"}],
        "finish-stop": [{**head, "choices": [{**choice, "finish_reason": "stop"}], "error": bare}],
        "no-choices": [{**head, "choices": [], "error": bare}],
        "then-usage": [
            {**head, "choices": [{**choice, "finish_reason": None}], "error": bare},
            {**head, "choices": [{**choice, "finish_reason": None}], **usage},
        ],
        "finish-only": [
            {
                **head,
                "choices": [{**choice, "finish_reason": "error", "native_finish_reason": "MALFORMED_FUNCTION_CALL"}],
            },
            {**head, "choices": [{**choice, "finish_reason": "error", "native_finish_reason": None}], **usage},
        ],
    }
    done = [[at, "data: [DONE]"]] if form in ("then-usage", "finish-only") else []
    return [[at, data(chunk)] for chunk in chunks[form]] + done


def data(value: Any) -> str:
    """One event's line."""
    return "data: " + json.dumps(value, ensure_ascii=False, separators=(",", ":"))
