"""An answer of which everything is decided but its words: who serves, from when, under which faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from .. import catalogue, content_parts
from ..billing.prices import ZERO, Counts
from ..chat_request import ChatRequest
from ..dispatch import Dispatch, metadata_of
from ..endpoint import Endpoint
from ..faults import Faults
from ..output import reasoning
from ..output.generate import Output, generate_output, spoilt
from ..state import State
from ..tokens import count_of
from ..words.writing import Writing
from .completion import Completion, complete
from .generation import record_of


@dataclass(frozen=True)
class Draft:
    """`now`: Unix seconds at which it was begun."""

    chat: ChatRequest
    going: Dispatch
    faults: Faults
    state: State
    now: int

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint that serves."""
        return self.going.served

    @cached_property
    def row(self) -> Mapping[str, Any]:
        """The model's row of the catalogue."""
        return catalogue.find(self.endpoint.model)

    def own_words(self) -> Output:
        """What the stand-in itself says. Raises `ApiError` where a form cannot be filled."""
        return generate_output(self.chat, self.row, self.endpoint, self.state.script)

    @cached_property
    def writing(self) -> Writing | None:
        """The local model's answer, where one is set, the script has no line, and nothing but text is wanted."""
        chat, model, faults = self.chat, self.state.local_model, self.faults
        spoils = faults.filtered or faults.malformed_call or faults.break_after is not None
        if model is None or spoils or content_parts.wanted_output(chat.body, self.row) != ["text"]:
            return None
        if self.state.script.has_line_for(self.row["id"], chat.messages, self.endpoint.tag):
            return None
        thinks = reasoning.thinking_for(chat, self.row, chat.limit)
        shown = thinks is not None and not thinks.exclude
        return Writing(model, chat, self.endpoint.provider, shown, self.own_words())

    def opening(self) -> Completion:
        """The completion before its first word: its id and everything else that the first chunk says."""
        return self._completion(Output(), Counts(prompt=0, completion=0))

    def completed(self, output: Output, first_ms: int | None = None, ms: int | None = None) -> Completion:
        """The completion, charged and remembered. `first_ms`, `ms`: how long the first word and the whole took, where they
        were measured."""
        output = spoilt(output, self.faults)
        counts = self._counts(output)
        completion = self._completion(output, counts)
        if first_ms is not None and ms is not None:
            completion = replace(completion, first_ms=first_ms, gaps_ms=[ms - first_ms])
        self._remember(completion, counts)
        return completion

    def _completion(self, output: Output, counts: Counts) -> Completion:
        cache = self.chat.cache
        missed = {"x-openrouter-cache-status": "MISS", "x-openrouter-cache-ttl": str(cache.ttl)}
        completion = complete(
            self.chat,
            now=self.now,
            endpoint=self.endpoint,
            row=self.row,
            output=output,
            counts=counts,
            metadata=metadata_of(self.chat, self.going),
            faults=self.faults,
        )
        return replace(completion, cache_headers=missed) if cache.on else completion

    def _counts(self, output: Output) -> Counts:
        chat, endpoint, found = self.chat, self.endpoint, output.found
        return Counts(
            prompt=chat.prompt_tokens_at(endpoint.model) + (count_of(found.text) if found else 0),
            completion=output.tokens,
            reasoning=output.reasoning_tokens,
            audio=content_parts.audio_tokens(chat.body),
            searches=found.searches if found else 0,
            wanted=found.wanted if found else 0,
            searching=found.price if found else ZERO,
            pictures=output.picture_tokens,
            speech=output.audio_tokens,
            reading=sum((file.price for file in chat.files_at(endpoint.model)), ZERO),
            cached=self.state.prompt_cache.use(chat, endpoint, self.state.clock_ms),
        )

    def _remember(self, completion: Completion, counts: Counts) -> None:
        """Sticky routing: with a session_id after any success, without one after a prompt-cache hit (docs, 2026-08)."""
        chat, state = self.chat, self.state
        if chat.body.get("session_id") or counts.cached.read > 0:
            state.stick(chat.session, self.endpoint.tag, self.endpoint.model)
        state.book(chat.key, self.endpoint, completion.usage, chat.body.get("user"))
        state.advance(completion.duration_ms)
        state.remember(record_of(completion, chat.body, self.going.attempts))
        whole = completion.output.finish in ("stop", "length", "tool_calls") and self.faults.break_after is None
        if chat.cache.on and whole:
            state.response_cache.keep(chat.cache, completion, state.clock_ms)
