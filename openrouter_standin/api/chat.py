"""POST /chat/completions: check, dispatch, generate, charge, and answer, plain or streamed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .. import catalogue, content_parts, errors
from ..billing.prices import ZERO, Counts
from ..chat_request import ChatRequest
from ..dispatch import Dispatch, dispatch_request, metadata_of
from ..endpoint import Endpoint
from ..errors import Response, refusal
from ..faults import Faults
from ..http_request import HttpRequest
from ..output import reasoning
from ..output.generate import Output, generate_output, spoilt
from ..presets import merged
from ..state import State
from ..upstream.refusals import refuse
from .completion import Completion, body_of, chunk_events, complete
from .credit_check import check_account
from .generation import record_of


def create_chat_completion(http: HttpRequest, state: State) -> Response:
    """Answer one chat completion."""
    completion = complete_chat(http, state)
    if http.body.get("stream"):
        return completion.streamed(chunk_events(completion))
    return completion.whole(body_of(completion))


def complete_chat(http: HttpRequest, state: State) -> Completion:
    """Everything up to the completion. Raises `ApiError` for a refusal of the form, the models, the account or routing."""
    seed = state.seed_of(http.path, http.body)
    faults = state.meet(http.faults)
    chat = ChatRequest.parse(replace(http, body=merged(http.body, state.presets)), seed)
    _check_models(chat)
    _check_sound(chat)
    content_parts.check_parts(chat.body)
    kept = state.response_cache.find(chat.cache, state.clock_ms)
    if kept:
        return _again(*kept, chat, state)
    check_account(chat, state, faults)
    completion = _complete(chat, state, faults)
    if not chat.cache.on:
        return completion
    if completion.output.finish in ("stop", "length", "tool_calls") and faults.break_after is None:  # whole ones only
        state.response_cache.keep(chat.cache, completion, state.clock_ms)
    headers = {"x-openrouter-cache-status": "MISS", "x-openrouter-cache-ttl": str(chat.cache.ttl)}
    return replace(completion, cache_headers=headers)


def _complete(chat: ChatRequest, state: State, faults: Faults) -> Completion:
    going = dispatch_request(chat, state, faults, lambda endpoint: _check_endpoint(endpoint, chat))
    endpoint = going.served
    if faults.error_in_200:
        raise errors.error_inside_200(endpoint.provider)
    row = catalogue.find(endpoint.model)
    output = spoilt(generate_output(chat, row, endpoint, state.script), faults)
    counts = _counts(chat, output, endpoint, state)
    completion = complete(
        chat,
        now=state.now,
        endpoint=endpoint,
        row=row,
        output=output,
        counts=counts,
        metadata=metadata_of(chat, going),
        faults=faults,
    )
    _remember(chat, going, completion, counts, state)
    return completion


def _counts(chat: ChatRequest, output: Output, endpoint: Endpoint, state: State) -> Counts:
    return Counts(
        prompt=chat.prompt_tokens_at(endpoint.model),
        completion=output.tokens,
        reasoning=output.reasoning_tokens,
        audio=content_parts.audio_tokens(chat.body),
        searches=chat.searches,
        engine=chat.search_engine,
        pictures=output.picture_tokens,
        speech=output.audio_tokens,
        reading=sum((file.price for file in chat.files_at(endpoint.model)), ZERO),
        cached=state.prompt_cache.use(chat, endpoint, state.clock_ms),
    )


def _remember(chat: ChatRequest, going: Dispatch, completion: Completion, counts: Counts, state: State) -> None:
    """Sticky routing: with a session_id after any success, without one after a prompt-cache hit (docs, 2026-08)."""
    if chat.body.get("session_id") or counts.cached.read > 0:
        state.stick(chat.session, going.served.tag, going.served.model)
    state.book(chat.key, going.served, completion.usage, chat.body.get("user"))
    state.advance(completion.duration_ms)
    state.remember(record_of(completion, chat.body, going.attempts))


def _again(age: int, kept: Completion, chat: ChatRequest, state: State) -> Completion:
    """A hit of the response cache. `age`: seconds."""
    headers = {
        "x-openrouter-cache-status": "HIT",
        "x-openrouter-cache-age": str(age),
        "x-openrouter-cache-ttl": str(chat.cache.ttl),
        "x-openrouter-cache-source-id": kept.id,
    }
    again = kept.again(state.now, chat, headers)
    state.book(chat.key, again.endpoint, again.usage, chat.body.get("user"), repeated=True)
    state.remember(record_of(again, chat.body, source=kept.id))
    return again


# --- refusals --------------------------------------------------------------------------------------------------------


def _check_models(chat: ChatRequest) -> None:
    if not chat.models:
        raise refusal(400, "No models provided")
    for model in chat.models:
        former = catalogue.former(model)
        if former and "status" in former and not any(catalogue.find(m) for m in chat.models):
            raise refusal(former["status"], former["message"], former.get("metadata"))
        if catalogue.find(model) is None and not former:
            if catalogue.find(model.partition(":")[0]):
                raise refusal(404, f"No endpoints found for {model}.", user=False)
            raise errors.unknown_model(model)


def _check_sound(chat: ChatRequest) -> None:
    """Sound comes in a stream only (agentfield#584, 2026). Music, one piece of MP3, is not imitated."""
    if "audio" not in chat.modalities:
        return
    if any("lyria" in model for model in chat.models):
        raise errors.not_imitated("the music of google/lyria models")
    if chat.body.get("stream") is not True:
        raise refusal(400, "Audio output requires stream: true", {"provider_name": None})


def _check_endpoint(endpoint: Endpoint, chat: ChatRequest) -> None:
    """Raise what this model refuses: a conversation that is too long, settings it cannot take, and what its provider
    refuses."""
    row = catalogue.find(endpoint.model)
    tokens = chat.prompt_tokens_at(endpoint.model)
    context: Any = row["context_length"] or tokens
    if tokens > context and not chat.compresses:
        raise errors.too_long(context, tokens)
    reasoning.thinking_for(chat, row, None)  # raises where the request turns off what the model cannot do without
    refuse(chat, endpoint)
