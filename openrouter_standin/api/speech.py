"""POST /audio/speech: a text as sound, in pieces as it is made, charged from data/speech.json.

Source: OpenRouter's OpenAPI, 2026-08-22, and its page on text to speech, 2026. What is heard is a signal (see
`output.voice`), or the file that a line of the script names. The pace is nominal: sound comes twice as fast as it plays.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from .. import catalogue, errors
from ..errors import Response, not_json, provider_refused, zod, zod_option
from ..faults import Faults
from ..http_request import HttpRequest
from ..ids import digest_of, generation_id
from ..output import voice
from ..sound import Sound, read_wav
from ..state import State
from ..tokens import count_of
from ..validation import is_number
from .generation import media_record
from .sound_endpoint import find_endpoint, known_model

FORMATS = ("mp3", "pcm")
"""What `response_format` takes; pcm without asking (OpenAPI)."""
FIRST_MS, PIECE_S, FASTER = 600, 0.2, 2
"""Nominal milliseconds until the first sound; seconds of sound in a piece; how much faster it comes than it plays."""


def create_speech(http: HttpRequest, state: State) -> Response:
    """Answer one request."""
    seed = state.seed_of(http.path, http.body)
    faults = state.meet(http.faults)
    body = http.body
    _check(body)
    about = known_model(body["model"], catalogue.speech_models(), "speech")
    served, attempts = find_endpoint(http, state, faults, about, seed)
    wanted, spoken = body.get("response_format") or "pcm", body.get("voice") or about["voices"][0]
    _check_support(about, wanted, spoken, body["input"], served.provider)
    sound, data = _spoken(state, about["id"], body["input"], wanted)
    usage = _usage(about, body["input"], sound.seconds)
    made = {"id": generation_id(state.now, digest_of(seed), "tts-"), "created": state.now, "model": about["id"]}
    made |= {"provider": served.provider, "usage": usage}
    pieces = _pieces(data, sound.seconds, faults.slowness_of(served.slug))
    headers = {"content-type": _media_type(wanted, sound), "x-generation-id": made["id"]}
    response: Response = {"status": 200, "headers": headers, "pieces": pieces}
    if faults.break_after is not None and faults.break_after < len(pieces):
        return _broken(response, faults)
    state.book(http.key, served, usage, body.get("user"))
    state.remember(media_record(made, body, "tts", pieces[-1][0], attempts))
    state.advance(pieces[-1][0])
    return response


def _check(body: Any) -> None:
    """Raise 400 for a wrong form, as this route words it (observed 2026-10)."""
    if not isinstance(body, Mapping):
        raise not_json(user=False)
    for name in ("model", "input"):
        if not isinstance(body.get(name), str):
            raise zod(name, "Invalid input: expected string")
    if body.get("voice") is not None and not (isinstance(body["voice"], str) and body["voice"]):
        raise zod("voice", "Too small: expected string to have >=1 characters")
    if body.get("response_format") not in (None, *FORMATS):
        raise zod_option("response_format", map('"{}"'.format, FORMATS))
    if body.get("speed") is not None and not is_number(body["speed"]):
        raise zod("speed", "Invalid input: expected number")
    if body.get("input_references") is not None:
        raise errors.not_imitated("input_references (voice cloning)")


def _check_support(about: Mapping[str, Any], wanted: str, spoken: str, text: str, provider: str) -> None:
    """Raise what the provider refuses. The sentences are the stand-in's own."""
    if wanted not in about["formats"]:
        raise provider_refused(400, f"response_format {wanted} is not supported: use {about['formats'][0]}.", provider)
    if spoken not in about["voices"]:
        raise provider_refused(400, f"Voice {spoken} is not one of {', '.join(about['voices'])}.", provider)
    if not text.strip():
        raise provider_refused(400, "The input is empty.", provider)
    if len(text) > about["context_length"]:
        most = about["context_length"]
        raise provider_refused(400, f"The input has {len(text)} characters; at most {most} are taken.", provider)


def _spoken(state: State, model: str, text: str, wanted: str) -> tuple[Sound, bytes]:
    """The sound, and the bytes in which it is sent."""
    path = state.script.sound_for(model, text)
    sound = read_wav(path.read_bytes()) if path else voice.signal(text)
    if wanted == "pcm":
        return sound, sound.samples
    return sound, _mp3_beside(path) if path else voice.signal_as_mp3(text)


def _mp3_beside(path: Path) -> bytes:
    beside = path.with_suffix(".mp3")
    if not beside.is_file():
        raise errors.not_imitated(f"an mp3 of {path.name}", f"Put {beside.name} beside it, or ask for pcm.")
    return beside.read_bytes()


def _media_type(wanted: str, sound: Sound) -> str:
    """With the rate and the channels where nothing else says them (seen 2026-09: anomalia#345)."""
    return "audio/mpeg" if wanted == "mp3" else f"audio/pcm;rate={sound.rate};channels=1"


def _usage(about: Mapping[str, Any], text: str, seconds: float) -> dict[str, Any]:
    """What is charged: by the character, or by tokens of text and of sound. The answer does not show it: GET /generation does."""
    if "price" in about:
        return {"cost": float(len(text) * Decimal(about["price"]))}
    prompt, completion = count_of(text), round(seconds * about["tokens_a_second"])
    cost = prompt * Decimal(about["prompt"]) + completion * Decimal(about["completion"])
    return {"prompt_tokens": prompt, "completion_tokens": completion, "cost": float(cost)}


def _pieces(data: bytes, seconds: float, slowness: int) -> list[list[Any]]:
    """`[milliseconds, bytes]` pairs. A piece ends between two samples."""
    number = max(1, round(seconds / PIECE_S))
    size = -(-len(data) // number)
    size += size % 2
    gap = round(1000 * PIECE_S / FASTER)
    starts = range(0, len(data), size)
    return [[(FIRST_MS + n * gap) * slowness, data[at : at + size]] for n, at in enumerate(starts)]


def _broken(response: Response, faults: Faults) -> Response:
    """The connection ends after so many pieces: sound has no place for an error. It is not charged."""
    kept = response["pieces"][: faults.break_after]
    text = "peer closed connection without sending complete message body (incomplete chunked read)"
    broken = {"failure": "RemoteProtocolError", "message": text}
    return {**response, "pieces": kept or [[FIRST_MS, b""]], **broken}
