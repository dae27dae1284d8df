"""POST /chat/completions: check, dispatch, generate, charge, and answer, plain or streamed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .. import catalogue, content_parts, errors
from ..chat_request import ChatRequest
from ..dispatch import dispatch_request
from ..endpoint import Endpoint
from ..errors import Response, refusal
from ..http_request import HttpRequest
from ..output import reasoning
from ..presets import merged
from ..state import State
from ..upstream.refusals import refuse
from .completion import Completion, body_of, chunk_events
from .credit_check import check_account
from .draft import Draft
from .generation import record_of
from .live import live_chat


def create_chat_completion(http: HttpRequest, state: State) -> Response:
    """Answer one chat completion."""
    made = complete_chat(http, state)
    if isinstance(made, Draft):
        return live_chat(made)
    if http.body.get("stream"):
        return made.streamed(chunk_events(made))
    return made.whole(body_of(made))


def complete_chat(http: HttpRequest, state: State) -> Completion | Draft:
    """The completion; where a local model writes the words, the draft that they go into. Raises `ApiError` for a refusal of
    the form, the models, the account or routing."""
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
    going = dispatch_request(chat, state, faults, lambda endpoint: _check_endpoint(endpoint, chat))
    if faults.error_in_200:
        raise errors.error_inside_200(going.served.provider)
    draft = Draft(chat, going, faults, state, state.now)
    return draft if draft.writing else draft.completed(draft.own_words())


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
