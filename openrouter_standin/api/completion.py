"""A completion: one answer with its id, usage and pace, and how it is written as a body or as stream chunks.

Fields and their order are those of recorded answers of 2026.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..billing.prices import Counts
from ..billing.usage import nothing_charged, usage_of
from ..chat_request import ChatRequest
from ..endpoint import Endpoint
from ..errors import USER, Response
from ..faults import NO_FAULTS, Faults
from ..ids import digest_of, generation_id
from ..output import media, reasoning
from ..output.generate import Output
from ..tokens import pieces

# How each provider calls the end of an answer (recorded pairs of finish_reason and native_finish_reason).
# What a filter is called at Anthropic and Google is in their own API references.
CLAUDE = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}
GEMINI = {"stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP", "content_filter": "SAFETY"}
RESPONSES = {"stop": "completed", "length": "max_output_tokens", "tool_calls": "completed"}
NATIVE = {
    "Anthropic": CLAUDE,
    "Amazon Bedrock": CLAUDE,
    "Google": GEMINI,
    "Google AI Studio": GEMINI,
    "OpenAI": RESPONSES,
    "xAI": RESPONSES,
}
MALFORMED = "MALFORMED_FUNCTION_CALL"
"""The native reason beside the finish reason "error" (recorded 2025, and openrouter-examples#67 of 2026-03)."""
COMMENT = ": OPENROUTER PROCESSING"


@dataclass(frozen=True)
class Completion:
    """One answer, before it is written down. Times are nominal milliseconds from sending.

    `native`: the provider's own finish reason. `first_ms`: time to first token; `gaps_ms`: from token to token.
    `faults`: how its stream breaks, if it does. `cache_headers`: what the response cache says of it. `upstream`: what was sent
    to the provider, when the request asks to see it. `service_tier`: the tier that served, when it is known.
    """

    id: str
    created: int
    model: str
    endpoint: Endpoint
    output: Output
    native: str
    usage: dict[str, Any]
    first_ms: int
    gaps_ms: list[int]
    seed: str
    metadata: dict[str, Any] | None
    logprobs: int | None
    fingerprint: str | None
    service_tier: str | None = None
    faults: Faults = NO_FAULTS
    cache_headers: Mapping[str, str] = field(default_factory=dict)
    upstream: Mapping[str, Any] | None = None

    @property
    def cost(self) -> float:
        """US dollars."""
        return self.usage["cost"]

    @property
    def duration_ms(self) -> int:
        return self.first_ms + sum(self.gaps_ms)

    def whole(self, body: Any) -> Response:
        """The response with this body."""
        return {"status": 200, "headers": self.headers("application/json"), "ms": self.duration_ms, "body": body}

    def streamed(self, events: list[list[Any]]) -> Response:
        """The response with these events."""
        return {"status": 200, "headers": self.headers("text/event-stream"), "events": events}

    def headers(self, content_type: str) -> dict[str, str]:
        """The response's headers."""
        return {"content-type": content_type, "x-generation-id": self.id, **self.cache_headers}

    def comments(self) -> list[list[Any]]:
        """The events that keep a stream alive until its first word."""
        return [[at, COMMENT] for at in range(250, self.first_ms - 50, 500)]

    def again(self, now: int, chat: ChatRequest, headers: Mapping[str, str]) -> Completion:
        """The same answer out of the response cache: its own id, at once, nothing charged."""
        return replace(
            self,
            id=generation_id(now, digest_of(chat.seed)),
            created=now,
            usage=nothing_charged(self.usage),
            metadata=self.metadata if chat.wants_metadata else None,
            first_ms=30,
            gaps_ms=[0] * len(self.gaps_ms),
            faults=NO_FAULTS,
            cache_headers=headers,
        )


def complete(
    chat: ChatRequest,
    *,
    now: int,
    endpoint: Endpoint,
    row: Mapping[str, Any],
    output: Output,
    counts: Counts,
    metadata: dict[str, Any] | None,
    faults: Faults,
) -> Completion:
    """Everything in it is a function of the request, the catalogue's row and the endpoint. `now`: Unix seconds."""
    digest = digest_of(chat.seed)
    slow = faults.slowness_of(endpoint.slug)
    per_token = slow * 1000 / endpoint.throughput.get("p50", 50)
    reason = "length" if output.cut else output.finish
    usage = usage_of(endpoint, counts)
    if output.finish == "error":
        usage["cost"] = 0  # nothing was written: not charged (docs, zero completion insurance)
    asks_logprobs = chat.body.get("logprobs") and "logprobs" in (endpoint.parameters or ())
    return Completion(
        id=generation_id(now, digest),
        created=now,
        model=row["id"],
        endpoint=endpoint,
        output=output,
        native=MALFORMED if reason == "error" else NATIVE.get(endpoint.provider, {}).get(reason, reason),
        usage=usage,
        first_ms=slow * round(1000 * endpoint.latency.get("p50", 0.8)),
        gaps_ms=[round(per_token * (0.6 + 0.8 * digest[n % 32] / 255)) for n in range(output.written_tokens)],
        seed=chat.seed,
        metadata=metadata,
        logprobs=(chat.body.get("top_logprobs") or 0) if asks_logprobs else None,
        # the older models at OpenAI and Azure name their build; the newer ones say null (recorded 2026)
        fingerprint=f"fp_{digest.hex()[:10]}" if endpoint.model.startswith(("openai/gpt-3", "openai/gpt-4o")) else None,
        service_tier=_tier(chat, endpoint),
        faults=faults,
        upstream=_upstream(chat, row) if chat.echoes_body else None,
    )


TIERED = ("OpenAI", "Google", "Google AI Studio", "xAI")
"""Providers that say which tier they served (docs, service tiers, 2026-08)."""


def _tier(chat: ChatRequest, endpoint: Endpoint) -> str | None:
    """The tier that served: flex, priority or default. None where nobody asked, or where the provider knows no tiers."""
    asked = endpoint.tier or chat.body.get("service_tier")
    return (endpoint.tier or "default") if asked and endpoint.provider in TIERED else None


OURS = ("models", "provider", "plugins", "preset", "debug", "session_id", "trace", "transforms", "usage", "metadata")
"""Fields that OpenRouter reads and does not pass on."""


def _upstream(chat: ChatRequest, row: Mapping[str, Any]) -> dict[str, Any]:
    """The body that goes to the provider: what OpenRouter itself reads is gone, and the model is the one that answers."""
    return {name: value for name, value in chat.body.items() if name not in OURS} | {"model": row["id"]}


def body_of(completion: Completion) -> dict[str, Any]:
    """A plain chat.completion."""
    output = completion.output
    message: dict[str, Any] = {
        "role": "assistant",
        "content": output.text if output.text or not (output.pictures or output.finish == "error") else None,
        "refusal": None,
        "reasoning": None if output.hidden else output.reasoning or None,
    }
    if output.calls:
        message["tool_calls"] = [
            {"id": c.id, "type": "function", "index": n, "function": {"name": c.name, "arguments": c.arguments}}
            for n, c in enumerate(output.calls)
        ]
    if output.thinks:
        shown = "" if output.hidden else output.reasoning
        details = reasoning.details(completion.model, shown, completion.seed)
        message |= {"reasoning_details": details} if details else {}
    if output.pictures:
        message["images"] = _images(output)
    if output.annotations:
        message["annotations"] = list(output.annotations)
    choice = {
        "index": 0,
        "logprobs": None if completion.logprobs is None else _logprobs(pieces(output.text), completion),
        "finish_reason": output.finish,
        "native_finish_reason": completion.native,
        "message": message,
    }
    body = {
        "id": completion.id,
        "object": "chat.completion",
        "created": completion.created,
        "model": completion.model,
        "provider": completion.endpoint.provider,
        "system_fingerprint": completion.fingerprint,
        "service_tier": completion.service_tier,
        "choices": [choice],
        "usage": completion.usage,
    }
    return body | ({"openrouter_metadata": completion.metadata} if completion.metadata else {})


def _images(output: Output) -> list[dict[str, Any]]:
    return [{"type": "image_url", "image_url": {"url": url}} for url in output.pictures]


def _logprobs(tokens: list[str], completion: Completion) -> dict[str, Any]:
    """Made-up log probabilities in the recorded shape, each token first among its alternatives."""
    content = []
    for n, token in enumerate(tokens):
        value = -round(digest_of(f"{completion.seed}{n}")[0] / 256, 4)
        row = {"token": token, "logprob": value, "bytes": list(token.encode("utf-8", "replace"))}
        others = [
            {"token": f"{token}~{k}", "logprob": value - k, "bytes": list(f"{token}~{k}".encode("utf-8", "replace"))}
            for k in range(1, completion.logprobs or 0)
        ]
        content.append({**row, "top_logprobs": [row, *others] if completion.logprobs else []})
    return {"content": content, "refusal": None}


def chunk_events(completion: Completion) -> list[list[Any]]:
    """The same answer as server-sent events: `[milliseconds, text]` pairs, without the blank line between events.

    Comments keep the connection alive while nothing is ready; the last chunk before [DONE] carries usage and repeats
    the finish reason (recorded since 2026-06). With `faults.break_after` the stream breaks after so many pieces.
    """
    events = completion.comments()
    if completion.upstream is not None:
        debug = {"debug": {"echo_upstream_body": completion.upstream}}
        events.append([completion.first_ms, data_line({**_head(completion), "choices": [], **debug})])
    hidden = completion.output.reasoning_tokens if completion.output.hidden else 0
    at, gaps = completion.first_ms + sum(completion.gaps_ms[:hidden]), iter(completion.gaps_ms[hidden:])
    for number, delta in enumerate(_deltas(completion)):
        if number == completion.faults.break_after:
            return events + _broken(completion, at)
        events.append([at, _chunk(completion, delta)])
        at += next(gaps, 0)
    if completion.faults.break_after is not None:
        return events + _broken(completion, at)
    return events + _end(completion, at)


def _end(completion: Completion, at: int) -> list[list[Any]]:
    """The finish reason, the usage, [DONE]."""
    last = {"openrouter_metadata": completion.metadata} if completion.metadata else {}
    return [
        [at, _chunk(completion, {"content": ""}, ended=True)],
        [at, _chunk(completion, {"content": ""}, ended=True, usage=completion.usage, **last)],
        [at, "data: [DONE]"],
    ]


def chunk_of_piece(opening: Completion, text: str, thought: str) -> str:
    """The chunk of a piece that is written just now."""
    return _chunk(opening, _thought(opening, thought) if thought else {"content": text})


def closing_events(completion: Completion, at: int) -> list[list[Any]]:
    """What follows the pieces of text of a completion that was written just now: how its thoughts end, its tool calls, the
    annotations, and the end."""
    output = completion.output
    deltas = [*(_thoughts_end(completion) if output.thinks else ()), *_calls(output), *_notes(output)]
    return [[at, _chunk(completion, delta)] for delta in deltas] + _end(completion, at)


def _deltas(completion: Completion) -> Iterator[dict[str, Any]]:
    """What each chunk brings: pieces of reasoning and its end, pieces of text, tool calls piece by piece, annotations."""
    output = completion.output
    if output.thinks:
        for piece in pieces("" if output.hidden else output.reasoning):
            yield _thought(completion, piece)
        yield from _thoughts_end(completion)
    if output.spoken:
        yield from _spoken(completion)
        return
    for piece in pieces(output.text):
        yield {"content": piece} | ({} if completion.logprobs is None else {"logprobs": _logprobs([piece], completion)})
    yield from _calls(output)
    if output.pictures:
        yield {"content": "", "images": _images(output)}
    yield from _notes(output)


def _thought(completion: Completion, piece: str) -> dict[str, Any]:
    shown = reasoning.details(completion.model, piece, completion.seed, whole=False)
    return {"content": "", "reasoning": piece, "reasoning_details": shown}


def _thoughts_end(completion: Completion) -> Iterator[dict[str, Any]]:
    ending = reasoning.ending(completion.model, completion.seed)
    if ending:
        yield {"content": "", "reasoning": None, "reasoning_details": ending}


def _calls(output: Output) -> Iterator[dict[str, Any]]:
    for n, call in enumerate(output.calls):
        first = {"index": n, "id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}}
        yield {"content": None, "tool_calls": [first]}
        for piece in pieces(call.arguments):
            yield {"content": None, "tool_calls": [{"index": n, "function": {"arguments": piece}}]}


def _notes(output: Output) -> Iterator[dict[str, Any]]:
    if output.annotations:
        yield {"content": "", "annotations": list(output.annotations)}


def _spoken(completion: Completion) -> Iterator[dict[str, Any]]:
    """Sound, piece by piece: the first chunk has the id, each later one 0.4 s of pcm16 and what is said in it (logs of
    September 2026)."""
    words, expires = pieces(completion.output.text), completion.created + 3600
    yield {"content": "", "audio": {"id": f"audio_{completion.id[-20:]}", "transcript": ""}}
    sound = completion.output.sound or [media.tone()] * len(words)
    for word, data in zip(words, sound, strict=True):
        yield {"content": "", "audio": {"data": data, "transcript": word, "expires_at": expires}}


def _head(completion: Completion) -> dict[str, Any]:
    return {
        "id": completion.id,
        "object": "chat.completion.chunk",
        "created": completion.created,
        "model": completion.model,
        "provider": completion.endpoint.provider,
    }


def _chunk(completion: Completion, delta: Mapping[str, Any], ended: bool = False, **more: Any) -> str:
    chances = {"logprobs": delta["logprobs"]} if "logprobs" in delta else {}
    choice = {
        "index": 0,
        "delta": {**{k: v for k, v in delta.items() if k != "logprobs"}, "role": "assistant"},
        "finish_reason": completion.output.finish if ended else None,
        "native_finish_reason": completion.native if ended else None,
        **chances,
    }
    build = {"system_fingerprint": completion.fingerprint} if completion.fingerprint and ended else {}
    service = {"service_tier": completion.service_tier} if "usage" in more else {}
    return data_line({**_head(completion), **build, **service, "choices": [choice], **more})


def _broken(completion: Completion, at: int) -> list[list[Any]]:
    """The ways in which recorded and documented streams break, by their names in `faults.BREAKS`."""
    form = completion.faults.break_as
    problem = {"code": 502, "message": "Provider disconnected", "metadata": {"error_type": "provider_unavailable"}}
    bare = {"code": 502, "message": "Provider disconnected"}
    head, choice = _head(completion), {"index": 0, "delta": {"role": "assistant", "content": ""}}
    usage = {"usage": completion.usage}
    chunks: dict[str, list[dict[str, Any]]] = {
        "documented": [
            {**head, "error": problem, "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]}
        ],
        "bare": [{"error": bare, "user_id": USER}],
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
    return [[at, data_line(chunk)] for chunk in chunks[form]] + done


def data_line(value: Any) -> str:
    """One event's line."""
    return "data: " + json.dumps(value, ensure_ascii=False, separators=(",", ":"))
