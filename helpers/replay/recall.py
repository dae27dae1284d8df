"""GET /generation for an answer that was replayed: its record is read off the recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openrouter_standin.api.generation import generation_record

from .log import data_of


def recorded_generation(identity: str, exchanges: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The record of the recorded completion with this generation id, or None."""
    for exchange in exchanges:
        sent, response = exchange["request"].get("body"), exchange["response"]
        answer = _answer(response)
        if answer.get("id") == identity and "usage" in answer and isinstance(sent, Mapping):
            written = [event[0] for event in response.get("events") or ()]
            first, last = (written[0], written[-1]) if written else (response.get("ms"), None)
            return generation_record(answer, sent, first, last - first if written else None)
    return None


def _answer(response: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a completion; for a stream, the last thing its chunks say of each field. Empty for anything else."""
    body = response.get("body")
    if isinstance(body, Mapping):
        return dict(body) if str(body.get("id", "")).startswith("gen-") else {}
    said: dict[str, Any] = {}
    for _, event in response.get("events") or ():
        chunk = data_of(event)
        if isinstance(chunk, dict) and str(chunk.get("id", "")).startswith("gen-"):
            said |= {k: v for k, v in chunk.items() if v}
    return said
