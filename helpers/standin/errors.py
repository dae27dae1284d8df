"""Error bodies: the statuses and sentences that OpenRouter's docs and recorded answers show."""

from __future__ import annotations

import json
from typing import Any

from .weather import Weather

Response = dict[str, Any]
USER = "user_standin"
FREE_A_MINUTE, FREE_A_DAY = 20, 50
"""Requests to free models for an account that bought less than 10 credits (docs, limits, 2026-08)."""


def error(
    status: int,
    message: str,
    metadata: dict[str, Any] | None = None,
    user: bool = True,
    headers: dict[str, str] | None = None,
    **beside: Any,
) -> Response:
    """A whole error answer. `beside`: fields next to `error`, such as openrouter_metadata. Key order as recorded."""
    inner: dict[str, Any] = {"message": message, "code": status}
    if metadata is not None:
        inner["metadata"] = metadata
    body = {"error": inner} | ({"user_id": USER} if user else {}) | {k: v for k, v in beside.items() if v is not None}
    return {
        "status": status,
        "headers": {"content-type": "application/json", **(headers or {})},
        "ms": 80,
        "body": body,
    }


def ok(body: Any, ms: int = 90, status: int = 200) -> Response:
    """A whole good answer, the twin of `error`."""
    return {"status": status, "headers": {"content-type": "application/json"}, "ms": ms, "body": body}


def unauthorised(key: str) -> Response:
    """401. No key: recorded 2025 to 2026. A well-formed key that nobody owns: recorded 2026-09-17."""
    return error(401, "No cookie auth credentials found" if key == "none" else "User not found.", user=False)


def openai_unauthorised() -> Response:
    """What api.openai.com says to a key it never made: the reader forgot base_url. Shape: OpenAI's public API errors."""
    message = "Incorrect API key provided: sk-or-v1**rong. You can find your API key at https://platform.openai.com/account/api-keys."
    inner = {"message": message, "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}
    return {"status": 401, "headers": {"content-type": "application/json"}, "ms": 120, "body": {"error": inner}}


def no_credit(credits: float, max_tokens: int, affordable: int) -> Response:
    """402. An empty account, as public code quotes it (2026-10); else the affordability sentence of the docs (limits)."""
    if credits <= 0:
        return error(
            402,
            "Insufficient credits. This account never purchased credits. Make sure your key is on the correct"
            " account or org, and if so, purchase more at https://openrouter.ai/settings/credits",
        )
    return error(
        402,
        f"This request requires more credits, or fewer max_tokens. You requested up to {max_tokens} tokens,"
        f" but can only afford {affordable}. To increase, visit https://openrouter.ai/settings/credits and add"
        " more credits",
    )


def free_limit(kind: str, now_ms: int) -> Response:
    """429 for free models: 20 a minute, 50 a day (docs, limits). The trailing space is recorded."""
    per_day = kind == "per-day"
    message = f"Rate limit exceeded: free-models-{kind}. "
    if per_day:
        message += "Add 10 credits to unlock 1000 free model requests per day"
    span = 86_400_000 if per_day else 60_000
    limits = {
        "X-RateLimit-Limit": str(FREE_A_DAY if per_day else FREE_A_MINUTE),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str((now_ms // span + 1) * span),
    }
    return error(
        429, message, {"headers": limits, "provider_name": None}, headers={k.lower(): v for k, v in limits.items()}
    )


def provider_error(status: int, provider: str, model: str, weather: Weather) -> Response:
    """A provider's own failure, passed on: message and metadata as in recorded 429s; the 502 in the same shape."""
    if status == 429:
        raw = (
            f"{model} is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your"
            " rate limits: https://openrouter.ai/settings/integrations"
        )
        headers = {} if weather.retry_after is None else {"retry-after": str(weather.retry_after)}
    else:
        raw, headers = "upstream connect error or disconnect/reset before headers", {}
    return error(status, "Provider returned error", {"raw": raw, "provider_name": provider}, headers=headers)


def key_limit() -> Response:
    """403: the key has spent what it may (recorded text)."""
    return error(403, "Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys")


def too_long(context: int, asked: int) -> Response:
    """400: the conversation does not fit the model (recorded 2026-06)."""
    return error(
        400,
        f"This endpoint's maximum context length is {context} tokens. However, you requested about {asked} tokens"
        f" ({asked} of text input). Please reduce the length of either one, or use the context-compression plugin to"
        " compress your prompt automatically.",
        {"provider_name": None, "previous_errors": [{"code": 400, "message": "prompt is too long"}]},
    )


def unsupported(parameter: str, provider: str) -> Response:
    """400 from a provider that rejects a parameter instead of ignoring it (recorded 2025)."""
    inner = {
        "message": f"Unsupported parameter: '{parameter}' is not supported with this model.",
        "type": "invalid_request_error",
        "param": parameter,
        "code": None,
    }
    raw = json.dumps({"error": inner}, indent=2)
    return error(400, "Provider returned error", {"raw": raw, "provider_name": provider})


STATUSES = {
    408: "Request timed out. Please try again.",
    413: "Request payload is too large.",
    422: "The request was well-formed but cannot be processed.",
    500: "Internal Server Error",
    503: "No available provider meets your routing requirements",
    524: "The edge timed out waiting for a response.",
    529: "The provider is overloaded. Please try again later.",
}
"""Statuses of the documented list that no request can earn by itself. The sentences are the stand-in's own."""


def of_weather(weather: Weather) -> Response | None:
    """The faults that hit a request before anything is read: a broken connection, a status, a moderation flag, the
    in-flight budget."""
    if weather.certificate:
        text = (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain"
        )
        return {"failure": "ConnectError", "message": text, "ms": 40}
    if weather.flagged:
        metadata = {
            "reasons": [weather.flagged],
            "flagged_input": "the flagged text, at most 100 characters of it",
            "provider_name": "OpenAI",
            "model_slug": "openai/omni-moderation-latest",
        }
        return error(403, "Your input was flagged", metadata)
    if weather.in_flight:
        metadata = {"limit_source": "openrouter_in_flight_budget", "reason": "in_flight_budget_exhausted"}
        text = (
            "This request would exceed your available credits given your current in-flight requests. Retry after"
            " in-flight requests settle, or add credits."
        )
        return error(402, text, metadata, headers={"retry-after": "120"})
    if weather.status is not None:
        return error(weather.status, STATUSES[weather.status])
    return None


def not_found(path: str) -> Response:
    """404 for a path that the stand-in does not have."""
    return error(404, f"The stand-in has no {path}", user=False)
