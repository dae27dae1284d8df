"""POST /audio/transcriptions: the words of a sound, as JSON or as a form, charged from data/speech.json.

Source: OpenRouter's OpenAPI, 2026-08-22, and its page on speech to text, 2026. The stand-in does not hear: it looks the sound
up in the script, whole or a slice of it, and says so where it is not there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import catalogue
from ..errors import Response, ok, provider_refused
from ..http_request import HttpRequest
from ..ids import digest_of, generation_id
from ..output.hearing import Transcript, hear, segments_of
from ..sound import Unreadable, format_of
from ..state import State
from ..tokens import count_of
from ..transcription_request import TranscriptionRequest
from .generation import media_record
from .sound_endpoint import find_endpoint, known_model

HEAD_MS, MS_A_SECOND = 300, 30
"""Nominal milliseconds for a request, and for each second of sound."""


def create_transcription(http: HttpRequest, state: State) -> Response:
    """Answer one request."""
    faults = state.meet(http.faults)
    asked = TranscriptionRequest.parse(http.body)
    seed = state.seed_of(http.path, asked.fingerprint)
    about = known_model(asked.model, catalogue.transcription_models(), "transcription")
    served, attempts = find_endpoint(http, state, faults, about, seed)
    heard = _heard(state, asked, served.provider)
    _check_support(about, asked, heard, served.provider)
    usage = _usage(about, heard)
    made = {"id": generation_id(state.now, digest_of(seed), "stt-"), "created": state.now, "model": about["id"]}
    made |= {"provider": served.provider, "usage": usage}
    ms = round(HEAD_MS + MS_A_SECOND * (heard.seconds or 0)) * faults.slowness_of(served.slug)
    state.book(http.key, served, usage, http.body.get("user"))
    state.remember(media_record(made, http.body, "stt", ms, attempts) | {"num_input_audio_prompt": 1})
    state.advance(ms)
    answer = ok(_body(asked, heard, usage), ms)
    answer["headers"]["x-generation-id"] = made["id"]
    return answer


def _heard(state: State, asked: TranscriptionRequest, provider: str) -> Transcript:
    try:
        return hear(asked.data, state.script)
    except Unreadable as problem:
        raise provider_refused(400, f"The audio could not be read: {problem}.", provider) from None


def _check_support(about: Mapping[str, Any], asked: TranscriptionRequest, heard: Transcript, provider: str) -> None:
    """Raise what the provider refuses. Chirp says no more than this (SubtitleEdit#14542, 2026-09); the first sentence is
    the stand-in's own."""
    if asked.verbose and not about["verbose"]:
        raise provider_refused(400, f"response_format verbose_json is not supported by {about['id']}.", provider)
    form, longest = format_of(asked.data), about.get("longest", math.inf)
    if form not in about.get("formats", (form,)) or (heard.seconds or 0) > longest:
        raise provider_refused(400, "Provider returned 400", provider)


def _usage(about: Mapping[str, Any], heard: Transcript) -> dict[str, Any]:
    """Seconds and cost, or tokens and cost, as the model is priced. Nothing is charged for a length that is not known."""
    seconds = heard.seconds
    if "price" in about:
        if seconds is None:
            return {"cost": 0.0}
        charged = {"no": round(seconds, 3), "nearest": max(1, round(seconds)), "up": math.ceil(seconds)}[
            about["rounds"]
        ]
        return {"seconds": charged, "cost": float(Decimal(str(charged)) * Decimal(about["price"]))}
    asked, said = round((seconds or 0) * about["tokens_a_second"]), count_of(heard.text)
    cost = asked * Decimal(about["prompt"]) + said * Decimal(about["completion"])
    tokens = {"total_tokens": asked + said, "input_tokens": asked, "output_tokens": said}
    return {**({} if seconds is None else {"seconds": round(seconds, 3)}), **tokens, "cost": float(cost)}


def _body(asked: TranscriptionRequest, heard: Transcript, usage: Mapping[str, Any]) -> dict[str, Any]:
    if not asked.verbose:
        return {"text": heard.text, "usage": usage}
    made: dict[str, Any] = {"text": heard.text, "task": "transcribe"}
    if language := heard.language or asked.language:
        made["language"] = language
    if heard.seconds is not None:
        made |= {"duration": round(heard.seconds, 3), "segments": segments_of(heard)}
    if "word" in asked.granularities and heard.words:
        made["words"] = [{"word": word, "start": start, "end": end} for start, end, word in heard.words]
    return {**made, "usage": usage}
