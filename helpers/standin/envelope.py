"""The envelope around the words: ids, usage, cost, chunks, in the fields and the order of recorded answers of 2026."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .endpoint import MILLION, Endpoint
from .words import Words, pieces

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# How each provider calls the end of an answer (recorded pairs of finish_reason and native_finish_reason).
NATIVE = {
    "Anthropic": {"stop": "end_turn", "length": "max_tokens"},
    "Amazon Bedrock": {"stop": "end_turn", "length": "max_tokens"},
    "Google": {"stop": "STOP", "length": "MAX_TOKENS"},
    "Google AI Studio": {"stop": "STOP", "length": "MAX_TOKENS"},
    "OpenAI": {"stop": "completed", "length": "max_output_tokens"},
}
REASONING_FORMATS = {
    "anthropic": "anthropic-claude-v1",
    "google": "google-gemini-v1",
    "openai": "openai-responses-v1",
    "x-ai": "xai-responses-v1",
}
COMMENT = ": OPENROUTER PROCESSING"


@dataclass
class Reply:
    """One answer, before it is written as a body or as chunks. Times are nominal milliseconds from sending."""

    id: str
    created: int
    model: str
    endpoint: Endpoint
    words: Words
    finish: str
    native: str
    usage: dict[str, Any]
    first_ms: int
    gaps_ms: list[int]
    metadata: dict[str, Any] | None

    @classmethod
    def build(
        cls,
        *,
        seed: str,
        now: int,
        row: Mapping[str, Any],
        endpoint: Endpoint,
        words: Words,
        stopped: str,
        prompt_tokens: int,
        metadata: dict[str, Any] | None,
    ) -> Reply:
        """Everything in it is a function of the request (`seed`), the catalogue row and the endpoint."""
        digest = hashlib.sha256(seed.encode()).digest()
        tokens = len(pieces(words.text)), len(pieces(words.reasoning))
        per_token = 1000 / endpoint.throughput.get("p50", 50)
        gaps = [round(per_token * (0.6 + 0.8 * digest[n % 32] / 255)) for n in range(sum(tokens))]
        return cls(
            id=f"gen-{now}-" + base62(digest, 20),
            created=now,
            model=row["id"],
            endpoint=endpoint,
            words=words,
            finish=stopped,
            native=NATIVE.get(endpoint.provider, {}).get(stopped, stopped),
            usage=usage_of(endpoint, prompt_tokens, *tokens),
            first_ms=round(1000 * endpoint.latency.get("p50", 0.8)),
            gaps_ms=gaps,
            metadata=metadata,
        )

    @property
    def cost(self) -> float:
        return self.usage["cost"]

    @property
    def duration_ms(self) -> int:
        return self.first_ms + sum(self.gaps_ms)

    def headers(self, content_type: str) -> dict[str, str]:
        return {"content-type": content_type, "x-generation-id": self.id}

    def details(self, text: str) -> list[dict[str, Any]]:
        """`reasoning_details` with the reasoning as text."""
        author = self.model.split("/")[0]
        return [
            {"type": "reasoning.text", "text": text, "format": REASONING_FORMATS.get(author, "unknown"), "index": 0}
        ]

    def generation(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The record that GET /generation gives for this answer."""
        u, sent = self.usage, request["body"]
        return {
            "id": self.id,
            "upstream_id": None,
            "total_cost": u["cost"],
            "cache_discount": None,
            "upstream_inference_cost": u["cost_details"]["upstream_inference_cost"],
            "created_at": iso(self.created),
            "model": self.model,
            "app_id": None,
            "streamed": bool(sent.get("stream")),
            "cancelled": False,
            "provider_name": self.endpoint.provider,
            "latency": self.first_ms,
            "moderation_latency": None,
            "generation_time": sum(self.gaps_ms),
            "finish_reason": self.finish,
            "tokens_prompt": u["prompt_tokens"],
            "tokens_completion": u["completion_tokens"],
            "native_tokens_prompt": u["prompt_tokens"],
            "native_tokens_completion": u["completion_tokens"],
            "native_tokens_completion_images": None,
            "native_tokens_reasoning": u["completion_tokens_details"]["reasoning_tokens"],
            "native_tokens_cached": 0,
            "num_media_prompt": None,
            "num_input_audio_prompt": None,
            "num_media_completion": None,
            "num_search_results": None,
            "num_fetches": None,
            "web_search_engine": None,
            "origin": "",
            "usage": u["cost"],
            "is_byok": False,
            "native_finish_reason": self.native,
            "external_user": sent.get("user"),
            "api_type": "completions",
            "router": None,
            "provider_responses": None,
            "user_agent": None,
            "http_referer": None,
            "service_tier": None,
            "request_id": None,
            "session_id": sent.get("session_id"),
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


def usage_of(endpoint: Endpoint, prompt: int, text: int, reasoning: int) -> dict[str, Any]:
    """`usage` with the cost to the last digit: tokens times the endpoint's price. Key order as recorded in 2026."""
    completion = text + reasoning
    in_cost = (endpoint.prompt or Decimal(0)) * prompt / MILLION
    out_cost = (endpoint.completion or Decimal(0)) * completion / MILLION
    cost = float(in_cost + out_cost)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "cost": cost,
        "is_byok": False,
        "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0, "audio_tokens": 0, "video_tokens": 0},
        "cost_details": {
            "upstream_inference_cost": cost,
            "upstream_inference_prompt_cost": float(in_cost),
            "upstream_inference_completions_cost": float(out_cost),
        },
        "completion_tokens_details": {"reasoning_tokens": reasoning, "image_tokens": 0, "audio_tokens": 0},
    }


def body_of(reply: Reply) -> dict[str, Any]:
    """A plain chat.completion."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": reply.words.text,
        "refusal": None,
        "reasoning": reply.words.reasoning or None,
    }
    if reply.words.reasoning:
        message["reasoning_details"] = reply.details(reply.words.reasoning)
    choice = {
        "index": 0,
        "logprobs": None,
        "finish_reason": reply.finish,
        "native_finish_reason": reply.native,
        "message": message,
    }
    body = {
        "id": reply.id,
        "object": "chat.completion",
        "created": reply.created,
        "model": reply.model,
        "provider": reply.endpoint.provider,
        "system_fingerprint": None,
        "service_tier": None,
        "choices": [choice],
        "usage": reply.usage,
    }
    return body | ({"openrouter_metadata": reply.metadata} if reply.metadata else {})


def events_of(reply: Reply, break_after: int | None = None) -> list[list[Any]]:
    """The same answer as server-sent events: `[milliseconds, text]` pairs, without the blank line between events.

    Comments keep the connection alive while nothing is ready; the last chunk before [DONE] carries usage and repeats
    the finish reason (recorded since 2026-06). `break_after`: the stream breaks after that many pieces of text.
    """
    head = {
        "id": reply.id,
        "object": "chat.completion.chunk",
        "created": reply.created,
        "model": reply.model,
        "provider": reply.endpoint.provider,
    }
    events: list[list[Any]] = [[at, COMMENT] for at in range(250, reply.first_ms - 50, 500)]
    at = reply.first_ms

    def chunk(delta: dict[str, Any], finish: str | None = None, native: str | None = None, **more: Any) -> None:
        choice = {
            "index": 0,
            "delta": {**delta, "role": "assistant"},
            "finish_reason": finish,
            "native_finish_reason": native,
        }
        service = {"service_tier": None} if "usage" in more else {}
        events.append([at, data({**head, **service, "choices": [choice], **more})])

    gaps = iter(reply.gaps_ms)
    for piece in pieces(reply.words.reasoning):
        chunk({"content": "", "reasoning": piece, "reasoning_details": reply.details(piece)})
        at += next(gaps)
    for number, piece in enumerate(pieces(reply.words.text)):
        if number == break_after:
            broken = {
                "code": 502,
                "message": "Provider disconnected",
                "metadata": {"error_type": "provider_unavailable"},
            }
            choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
            events.append([at, data({**head, "error": broken, "choices": [choice]})])
            return events
        chunk({"content": piece})
        at += next(gaps)
    chunk({"content": ""}, reply.finish, reply.native)
    last = {"openrouter_metadata": reply.metadata} if reply.metadata else {}
    chunk({"content": ""}, reply.finish, reply.native, usage=reply.usage, **last)
    events.append([at, "data: [DONE]"])
    return events


def data(value: Any) -> str:
    """One event's line."""
    return "data: " + json.dumps(value, ensure_ascii=False, separators=(",", ":"))
