"""The one door of the stand-in: a request in the recording's form goes in, a response in the same form comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from . import account, errors
from .chat import chat
from .errors import Response
from .world import World

PUBLIC = ("/models", "/providers", "/model/")


def answer(request: Mapping[str, Any], world: World) -> Response:
    """Answer a request from dated facts and from what `world` remembers.

    `request`: `{"method", "path", "headers"?, "body"?, "host"?, "key"?}`, as in a recording; `key` is "session" (the default),
    "other" or "none". Returns `{"status", "headers", "ms", "body"}`, or `"events"` for a stream, or a `"failure"`.
    """
    if request.get("host") == "api.openai.com":
        return errors.openai_unauthorised()
    path, _, query = request["path"].partition("?")
    path = path.removeprefix("/api/v1")
    which_key = request.get("key", "session")
    if which_key != "session" and not path.startswith(PUBLIC):
        return errors.unauthorised(which_key)
    return _route(request, request["method"], path, dict(parse_qsl(query)), world)


def _route(request: Mapping[str, Any], method: str, path: str, query: dict[str, str], world: World) -> Response:
    match method, path:
        case "POST", "/chat/completions":
            return chat(request, world)
        case "POST", "/embeddings":
            return account.embeddings(request, world)
        case "GET", "/models":
            return account.models(query)
        case "GET", "/providers":
            return account.providers()
        case "GET", "/key":
            return account.key(world)
        case "GET", "/credits":
            return account.credits(world)
        case "GET", "/generation":
            return account.generation(query.get("id", ""), world)
    if method == "GET" and path.startswith("/models/") and path.endswith("/endpoints"):
        return account.endpoints(path.removeprefix("/models/").removesuffix("/endpoints"))
    if method == "GET" and path.startswith("/models/"):
        # client.models.retrieve("author/slug") of the OpenAI SDK sends the id as one escaped segment
        return account.one_model(unquote(path.removeprefix("/models/")))
    return errors.not_found(f"{method} {path}")
