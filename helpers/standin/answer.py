"""The one door of the stand-in: a request in the recording's form goes in, a response in the same form comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from . import account, errors, listing
from .chat import chat
from .errors import Response
from .keys import keys
from .rerank import rerank
from .responses import responses
from .world import World

PUBLIC = ("/models", "/providers", "/model/")


def answer(request: Mapping[str, Any], world: World) -> Response:
    """Answer a request from dated facts and from what `world` remembers.

    `request`: `{"method", "path", "headers"?, "body"?, "host"?, "key"?}`, as in a recording; `key` is "session" (the default),
    "management", "other", "none", or the hash of a key that POST /keys made. Returns `{"status", "headers", "ms", "body"}`, or `"events"` for a stream, or a `"failure"`.
    """
    if request.get("host") == "api.openai.com":
        return errors.openai_unauthorised()
    path, _, query = request["path"].partition("?")
    path = path.removeprefix("/api/v1")
    which_key = request.get("key", "session")
    made_here = world.keys.get(which_key)
    known = which_key in ("session", "management") or (made_here is not None and not made_here["disabled"])
    if not known and not path.startswith(PUBLIC):
        return errors.unauthorised(which_key)
    try:
        return _route(request, request["method"], path, dict(parse_qsl(query)), world)
    except Exception as problem:  # the service would not break the connection either; the name says where to look
        return errors.error(500, "Internal Server Error", {"raw": f"stand-in: {type(problem).__name__}: {problem}"})


def _route(request: Mapping[str, Any], method: str, path: str, query: dict[str, str], world: World) -> Response:
    match method, path:
        case "POST", "/chat/completions":
            return chat(request, world)
        case "POST", "/responses":
            return responses(request, world)
        case "POST", "/embeddings":
            return account.embeddings(request, world)
        case "POST", "/rerank":
            return rerank(request, world)
        case "GET", "/models" | "/models/user":
            return listing.models(query)
        case "GET", "/models/count":
            return listing.count(query)
        case "GET", "/embeddings/models":
            return listing.embedding_models()
        case "GET", "/providers":
            return account.providers()
        case "GET", "/endpoints/zdr":
            return account.zdr()
        case "GET", "/key" | "/auth/key":
            return account.key(world, world.keys.get(request.get("key", "")))
        case "GET", "/credits":
            return account.credits(world)
        case "GET", "/generation":
            return account.generation(query.get("id", ""), world)
    if path == "/keys" or path.startswith("/keys/"):
        return _keys(request, method, path, query, world)
    if method == "GET":
        return _model(path)
    return errors.not_found(f"{method} {path}")


def _keys(request: Mapping[str, Any], method: str, path: str, query: dict[str, str], world: World) -> Response:
    if request.get("key") != "management":
        return errors.error(403, "Only management keys can perform this operation", user=False)
    return keys(request, method, path.removeprefix("/keys").strip("/"), query, world)


def _model(path: str) -> Response:
    """One model or its endpoints. The OpenAI SDK's `models.retrieve("author/slug")` sends the id as one escaped segment."""
    if path.startswith("/models/") and path.endswith("/endpoints"):
        return account.endpoints(path.removeprefix("/models/").removesuffix("/endpoints"))
    for start in ("/models/", "/model/"):
        if path.startswith(start):
            return account.one_model(unquote(path.removeprefix(start)))
    return errors.not_found(f"GET {path}")
