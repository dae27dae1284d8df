"""What a request may cost at most, before it is sent: by its length, the tokens that it allows, and the dated catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import catalogue

CHARACTERS_A_TOKEN = 2
"""Fewer than in nearly all texts, so that the prompt is estimated too long rather than too short."""
LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")


def worst_case(body: Any) -> float:
    """US dollars, at the dearest of its models. Without a limit the answer may be as long as the model can make it, as in
    OpenRouter's own credit check (docs, limits, 2026-08). 0 for a model that is not listed."""
    if not isinstance(body, Mapping):
        return 0.0
    if isinstance(body.get("requests"), list):
        return sum(worst_case(_line(line, body.get("model"))) for line in body["requests"])
    models = [body.get("model"), *(body.get("models") if isinstance(body.get("models"), list) else [])]
    if body.get("model") in catalogue.sound_ids():
        return _sound_price(body)
    rows = [row for model in models if isinstance(model, str) and (row := catalogue.find(model))]
    return max((_price(row, body) for row in rows), default=0.0)


def _line(line: Any, model: Any) -> Any:
    """A line of a batch, with its model. The price of the `:batch` entry may be lower: this is the most."""
    own = line.get("body") if isinstance(line, Mapping) else None
    return {"model": model, **own} if isinstance(own, Mapping) else None


def _sound_price(body: Mapping[str, Any]) -> float:
    """For a text that is spoken: its characters, or one second of sound for each of them. For sound that is sent: as if it had
    32,000 bits a second, as small files have."""
    speech = catalogue.speech_models().get(body["model"])
    text, file, audio = (body.get(name) or {} for name in ("input", "file", "input_audio"))
    if speech:
        tokens = len(str(text)) * speech.get("tokens_a_second", 0)
        return float(
            len(str(text)) * Decimal(speech.get("price", speech.get("prompt")))
            + tokens * Decimal(speech.get("completion", "0"))
        )
    about = catalogue.transcription_models()[body["model"]]
    number = file.get("bytes", 0) if isinstance(file, Mapping) else 0
    number += len(str(audio.get("data", ""))) * 3 // 4 if isinstance(audio, Mapping) else 0
    dearest = Decimal(about["price"]) if "price" in about else about["tokens_a_second"] * Decimal(about["completion"])
    return float(Decimal(number) / 4000 * dearest)


def _price(row: Mapping[str, Any], body: Mapping[str, Any]) -> float:
    limit = next((body[name] for name in LIMITS if isinstance(body.get(name), int)), None)
    longest = limit or row["top_provider"]["max_completion_tokens"] or 4096
    prices = [max(Decimal(row["pricing"].get(kind) or 0), Decimal(0)) for kind in ("prompt", "completion", "request")]
    choices = body["n"] if isinstance(body.get("n"), int) and body["n"] > 1 else 1
    return float(prices[0] * (len(str(body)) // CHARACTERS_A_TOKEN) + prices[1] * longest * choices + prices[2])
