"""Refusals: the statuses and sentences that OpenRouter's docs and recorded answers show.

A refusal is an `ApiError`, raised where it is found and turned into a response in one place, `app.answer`.
"""

from __future__ import annotations

import json
from typing import Any

Response = dict[str, Any]
"""`{"status", "headers", "ms", "body"}`; `"events"` in place of ms and body for a stream; or a `"failure"`."""

USER = "user_standin"
FREE_A_MINUTE, FREE_A_DAY = 20, 50
"""Requests to free models for an account that bought less than 10 credits (docs, limits, 2026-08)."""


class ApiError(Exception):
    """An error of the service, with the whole response that a client gets."""

    def __init__(self, response: Response) -> None:
        super().__init__(str(response.get("body", response)))
        self.response = response

    @property
    def status(self) -> int:
        """The HTTP status; 0 for a connection that fails."""
        return self.response.get("status", 0)


def ok(body: Any, ms: int = 90, status: int = 200) -> Response:
    """A whole good answer. `ms`: nominal milliseconds from sending."""
    return {"status": status, "headers": {"content-type": "application/json"}, "ms": ms, "body": body}


def refusal(
    status: int,
    message: str,
    metadata: dict[str, Any] | None = None,
    user: bool = True,
    headers: dict[str, str] | None = None,
    **beside: Any,
) -> ApiError:
    """The error with this status and sentence. `beside`: fields next to `error`, such as openrouter_metadata.

    Key order as recorded.
    """
    inner: dict[str, Any] = {"message": message, "code": status}
    if metadata is not None:
        inner["metadata"] = metadata
    body = {"error": inner} | ({"user_id": USER} if user else {}) | {k: v for k, v in beside.items() if v is not None}
    return ApiError(
        {"status": status, "headers": {"content-type": "application/json", **(headers or {})}, "ms": 80, "body": body}
    )


def invalid(what: str, user: bool = True) -> ApiError:
    """400 for the form of a request: the field and what it takes."""
    return refusal(400, f"Invalid request: {what}", user=user)


def not_json(user: bool = True) -> ApiError:
    """400 for a body that is not a JSON object."""
    return refusal(400, "Invalid JSON in request body", user=user)


def unauthorised(key: str) -> ApiError:
    """401. No key: recorded 2025 to 2026. A well-formed key that no account owns: recorded 2026-09-17."""
    return refusal(401, "No cookie auth credentials found" if key == "none" else "User not found.", user=False)


def openai_unauthorised() -> ApiError:
    """What api.openai.com says to a key it never made: the client forgot base_url. Shape: OpenAI's public API errors."""
    message = "Incorrect API key provided: sk-or-v1**rong. You can find your API key at https://platform.openai.com/account/api-keys."
    inner = {"message": message, "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}
    return ApiError(
        {"status": 401, "headers": {"content-type": "application/json"}, "ms": 120, "body": {"error": inner}}
    )


def zod(name: str, message: str) -> ApiError:
    """400 in the form that some routes use for a bad parameter (observed 2026-10)."""
    text = json.dumps([{"path": [name], "message": message}])
    body = {"success": False, "error": {"name": "ZodError", "message": text}}
    return ApiError({"status": 400, "headers": {"content-type": "application/json"}, "ms": 60, "body": body})


def no_credit(credits: float, max_tokens: int, affordable: int) -> ApiError:
    """402. An empty account, as public code quotes it (2026-10); else the affordability sentence of the docs (limits)."""
    if credits <= 0:
        return refusal(
            402,
            "Insufficient credits. This account never purchased credits. Make sure your key is on the correct"
            " account or org, and if so, purchase more at https://openrouter.ai/settings/credits",
        )
    return refusal(
        402,
        f"This request requires more credits, or fewer max_tokens. You requested up to {max_tokens} tokens,"
        f" but can only afford {affordable}. To increase, visit https://openrouter.ai/settings/credits and add"
        " more credits",
    )


def free_limit(kind: str, now_ms: int) -> ApiError:
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
    return refusal(
        429, message, {"headers": limits, "provider_name": None}, headers={k.lower(): v for k, v in limits.items()}
    )


def provider_down(provider: str) -> ApiError:
    """502: a provider's own failure, passed on in the shape of the recorded 429s."""
    raw = "upstream connect error or disconnect/reset before headers"
    return refusal(502, "Provider returned error", {"raw": raw, "provider_name": provider})


def provider_rate_limited(provider: str, model: str, retry_after: int | None) -> ApiError:
    """429 from a provider, message and metadata as recorded. `retry_after`: seconds, or None for no header."""
    raw = (
        f"{model} is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your"
        " rate limits: https://openrouter.ai/settings/integrations"
    )
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return refusal(429, "Provider returned error", {"raw": raw, "provider_name": provider}, headers=headers)


def error_inside_200(provider: str) -> ApiError:
    """HTTP 200 whose whole body is an error: the SDK does not raise for it."""
    made = refusal(502, "Provider returned error", {"raw": "", "provider_name": provider})
    made.response["status"] = 200
    return made


def key_limit() -> ApiError:
    """403: the key has spent what it may (recorded text)."""
    return refusal(403, "Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys")


def too_long(context: int, asked: int) -> ApiError:
    """400: the conversation does not fit the model (recorded 2026-06)."""
    return refusal(
        400,
        f"This endpoint's maximum context length is {context} tokens. However, you requested about {asked} tokens"
        f" ({asked} of text input). Please reduce the length of either one, or use the context-compression plugin to"
        " compress your prompt automatically.",
        {"provider_name": None, "previous_errors": [{"code": 400, "message": "prompt is too long"}]},
    )


def unsupported(parameter: str, provider: str) -> ApiError:
    """400 from a provider that rejects a parameter instead of ignoring it (recorded 2025)."""
    inner = {
        "message": f"Unsupported parameter: '{parameter}' is not supported with this model.",
        "type": "invalid_request_error",
        "param": parameter,
        "code": None,
    }
    raw = json.dumps({"error": inner}, indent=2)
    return refusal(400, "Provider returned error", {"raw": raw, "provider_name": provider})


def not_found(path: str) -> ApiError:
    """404 for a path that the stand-in does not have."""
    return refusal(404, f"The stand-in has no {path}", user=False)
