"""The one door: a request goes in, a response comes out. Every refusal is caught here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import errors
from .api import account, models
from .api.activity import get_activity
from .api.analytics import get_meta, query_analytics
from .api.batch_lines import run_due
from .api.batches import check_sync, is_batch_route, manage_batches
from .api.benchmarks import get_benchmarks
from .api.chat import create_chat_completion
from .api.embeddings import create_embeddings
from .api.guardrails import manage_guardrails
from .api.image_models import get_image_endpoints, list_image_models
from .api.images import create_image
from .api.keys import manage_keys
from .api.oauth import create_code, decide, exchange_code, show_consent
from .api.presets import manage_presets
from .api.rerank import rerank_documents
from .api.responses import create_response
from .api.speech import create_speech
from .api.transcriptions import create_transcription
from .api.videos import create_video, get_video, list_video_models
from .errors import ApiError, Response, invalid, refusal
from .faults import Faults
from .http_request import HttpRequest
from .state import State

Handler = Callable[[HttpRequest, State], Response]
ROUTES: dict[tuple[str, str], Handler] = {
    ("POST", "/chat/completions"): create_chat_completion,
    ("POST", "/responses"): create_response,
    ("POST", "/embeddings"): create_embeddings,
    ("POST", "/rerank"): rerank_documents,
    ("POST", "/images"): create_image,
    ("GET", "/images/models"): list_image_models,
    ("POST", "/videos"): create_video,
    ("GET", "/videos/models"): list_video_models,
    ("POST", "/audio/speech"): create_speech,
    ("POST", "/audio/transcriptions"): create_transcription,
    ("GET", "/models"): models.list_models,
    ("GET", "/models/user"): models.list_models,
    ("GET", "/models/count"): models.count_models,
    ("GET", "/embeddings/models"): models.list_embedding_models,
    ("GET", "/providers"): models.list_providers,
    ("GET", "/endpoints/zdr"): models.list_zdr_endpoints,
    ("GET", "/key"): account.get_key,
    ("GET", "/auth/key"): account.get_key,
    ("GET", "/credits"): account.get_credits,
    ("GET", "/generation"): account.get_generation,
    ("POST", "/auth/keys/code"): create_code,
    ("GET", "/benchmarks"): get_benchmarks,
    ("GET", "/activity"): get_activity,
    ("GET", "/analytics/meta"): get_meta,
    ("POST", "/analytics/query"): query_analytics,
}
PAGES: dict[tuple[str, str], Handler] = {("GET", "/auth"): show_consent, ("POST", "/auth"): decide}
"""What stands on the site's root, beside /api/v1."""
KEYLESS = {"/auth/keys": exchange_code}
"""What is asked before there is a key."""
CALLS = (
    "/chat/completions",
    "/responses",
    "/embeddings",
    "/rerank",
    "/images",
    "/videos",
    "/audio/speech",
    "/audio/transcriptions",
    "/batches",
    "/api/beta/batches",
)
"""What calls a model."""
PUBLIC = ("/models", "/providers", "/model/", "/images/models", "/videos/models")
"""What may be read without a key."""


def answer(request: Mapping[str, Any], state: State, faults: Faults | None = None) -> Response:
    """Answer a request from dated facts and from what `state` remembers.

    `request`: `{"method", "path", "headers"?, "body"?, "host"?, "key"?}`; `key` is "session" (the default), "management",
    "other", "malformed", "none", or the hash of a key that POST /keys made. Returns `{"status", "headers", "ms", "body"}`, or
    `"events"` (`[milliseconds, text]` pairs) for a stream, `"pieces"` (`[milliseconds, bytes]`) for sound, or a `"failure"` for
    a connection that breaks; with a local model in `state`, `"live"` (see `api.live.LiveAnswer`) for an answer that is still
    being written.
    """
    try:
        if request.get("host") == "api.openai.com":
            raise errors.openai_unauthorised()
        http = HttpRequest.parse(request, faults)
        open_to_all = PAGES.get((http.method, http.path.partition("?")[0])) or KEYLESS.get(http.route)
        if open_to_all:
            return open_to_all(http, state)
        _check_key(http, state)
        run_due(state)
        return _handler(http)(http, state)
    except ApiError as error:
        return error.response
    except RecursionError:
        return invalid("the body is nested too deep").response
    except Exception as problem:  # the service would not break the connection either; the name says where to look
        raw = f"stand-in: {type(problem).__name__}: {problem}"
        return refusal(500, "Internal Server Error", {"raw": raw}).response


def _check_key(http: HttpRequest, state: State) -> None:
    """Raise 401 for a key that is none, and for a management key that would call a model: it may not (docs, management API
    keys, 2026-08), and a program that tried was told "User not found" (Davidvandijcke/coarse#173, 2026-04)."""
    if http.key == "management" and http.method == "POST" and http.route in CALLS:
        raise errors.unauthorised("other")
    known = http.key in ("session", "management") or state.is_good(http.key)
    if not known and not http.route.startswith(PUBLIC):
        raise errors.unauthorised(http.key)


def _handler(http: HttpRequest) -> Handler:
    if is_batch_route(http.route):
        return manage_batches
    found = ROUTES.get((http.method, http.route))
    if found:
        check_sync(http)
        return found
    if http.route == "/keys" or http.route.startswith("/keys/"):
        return manage_keys
    if http.route == "/guardrails" or http.route.startswith("/guardrails/"):
        return manage_guardrails
    if http.route == "/presets" or http.route.startswith("/presets/"):
        return manage_presets
    if http.method == "GET" and http.route.startswith(("/models/", "/model/")):
        return models.get_model
    if http.method == "GET" and http.route.startswith("/images/models/"):
        return get_image_endpoints
    if http.method == "GET" and http.route.startswith("/videos/"):
        return get_video
    raise errors.not_found(f"{http.method} {http.route}")
