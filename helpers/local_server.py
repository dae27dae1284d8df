"""An OpenAI-compatible server on the reader's machine: who it is, and what it would say to what was not recorded.

Such a server does not know OpenRouter's fields: `provider`, `cost` and `native_finish_reason` are not in its answers, and
routing options are ignored (llama.cpp's server, tried in November 2026).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from openrouter_standin import State
from openrouter_standin import answer as answer_of_openrouter

from .replay.log import data_of
from .replay.recording import Request, Response

ANY_MODEL = "openai/gpt-4o-mini"
"""Stands for the one model that is loaded: it takes every option, and nothing is charged to anybody."""
ROUTING = ("provider", "models", "route", "transforms", "plugins", "session_id", "usage")
OPENROUTERS_OWN = (
    "provider",
    "openrouter_metadata",
    "service_tier",
    "native_finish_reason",
    "cost",
    "cost_details",
    "is_byok",
)


def name_of(request: Request, response: Response) -> str:
    """Who gave an answer, as a recording names it: the model, and what the server calls itself."""
    events = (data_of(text) for _, text in response.get("events") or [])
    places = (response.get("body"), *events, request.get("body"))
    models = (place.get("model") for place in places if isinstance(place, Mapping))
    server = str((response.get("headers") or {}).get("server", "a local server"))
    return " by ".join(filter(None, (next(filter(None, models), None), server)))


def answer(request: Request, state: State) -> Response:
    """The stand-in's answer without what only OpenRouter adds. The words are fixed, or by the model of COOKBOOK_WORDS.
    `state`: another one than OpenRouter's, whose account pays."""
    body = request.get("body")
    if not isinstance(body, Mapping) or not request["path"].endswith("/chat/completions"):
        message = {"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}}
        return {"status": 404, "headers": {"content-type": "application/json"}, "ms": 1, "body": message}
    asked = body.get("model")
    plain = {k: v for k, v in body.items() if k not in ROUTING} | {"model": ANY_MODEL}
    made = answer_of_openrouter({"method": "POST", "path": "/api/v1/chat/completions", "body": plain}, state)
    if "live" in made:
        made["live"] = _Stripped(made["live"], asked)
    elif "events" in made:
        made["events"] = [[at, _event(text, asked)] for at, text in made["events"]]
    else:
        made["body"] = _stripped(made["body"], asked)
    return made


class _Stripped:
    """The same answer on its way, each part without OpenRouter's fields."""

    def __init__(self, live: Any, asked: Any) -> None:
        self.streamed, self.written_by, self.stop, self.close = live.streamed, live.written_by, live.stop, live.close
        self._live, self._asked = live, asked

    def __iter__(self) -> Iterator[list[Any]]:
        return self

    def __next__(self) -> list[Any]:
        at, part = next(self._live)
        return [at, _event(part, self._asked) if self.streamed else _stripped(part, self._asked)]


def _event(text: str, asked: Any) -> str:
    value = data_of(text)
    return f"data: {json.dumps(_stripped(value, asked), ensure_ascii=False)}" if isinstance(value, dict) else text


def _stripped(value: Any, asked: Any) -> Any:
    """A body or chunk as a local server has it. `asked`: the model id of the request, which it repeats."""
    kept = _without(value)
    return kept | {"model": asked} if isinstance(kept, dict) and "model" in kept else kept


def _without(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _without(v) for k, v in value.items() if k not in OPENROUTERS_OWN}
    return [_without(item) for item in value] if isinstance(value, list) else value
