"""GET /generation for an answer that was replayed: the stand-in did not make it, so its record is read off the recording."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .envelope import record


def recalled(identity: str, exchanges: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The record of the recorded completion with this id, or None."""
    for exchange in exchanges:
        request, response = exchange["request"], exchange["response"]
        answer = _answer(response)
        if answer.get("id") == identity and "usage" in answer and isinstance(request.get("body"), Mapping):
            written = [event[0] for event in response.get("events") or ()]
            first, last = (written[0], written[-1]) if written else (response.get("ms"), None)
            return record(answer, request, first, last - first if written else None)
    return None


def _answer(response: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a completion; for a stream, the last thing its chunks say of each field. Empty for anything else."""
    body = response.get("body")
    if isinstance(body, Mapping):
        return dict(body) if str(body.get("id", "")).startswith("gen-") else {}
    said: dict[str, Any] = {}
    for _, event in response.get("events") or ():
        chunk = _json(event.removeprefix("data: "))
        if isinstance(chunk, dict) and str(chunk.get("id", "")).startswith("gen-"):
            said |= {k: v for k, v in chunk.items() if v}
    return said


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # a comment, or [DONE]
        return None
