"""Refusals: the statuses and sentences that OpenRouter's docs and recorded answers show.

A refusal is an `ApiError`, raised where it is found and turned into a response in one place, `app.answer`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Response = dict[str, Any]
"""`{"status", "headers", "ms", "body"}`; `"events"` in place of ms and body for a stream; or a `"failure"`."""

USER = "user_standin"
WORKSPACE = "00000000-0000-4000-8000-000000000000"
"""The one workspace of the account; its id is made up."""
PROVIDER_ERROR = "Provider returned error"
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

    @property
    def from_provider(self) -> bool:
        """Whether a provider said it, and not the service itself."""
        return self.response.get("body", {}).get("error", {}).get("message") == PROVIDER_ERROR

    def as_previous(self) -> dict[str, Any]:
        """How a later error lists this one in its `previous_errors` (logs of 2026)."""
        error = self.response["body"]["error"]
        listed = {name: error["metadata"][name] for name in ("provider_name", "raw")}
        return {"code": error["code"], "message": error["message"], **listed}


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


INVALID = "Invalid request: "


def invalid(what: str, user: bool = True) -> ApiError:
    """400 for the form of a request: the field and what it takes."""
    return refusal(400, INVALID + what, user=user)


def bad_request(what: str) -> ApiError:
    """The same from a route beside chat completions: these answer without `user_id`."""
    return invalid(what, user=False)


def unknown_model(model: str, user: bool = True) -> ApiError:
    """400 for an id that no model has. `user`: whether the body has `user_id`, as that of chat completions does."""
    return refusal(400, f"{model} is not a valid model ID", user=user)


def not_imitated(what: str, way_out: str = "") -> ApiError:
    """400 for something that the service documents and the stand-in does not do. `way_out`: a sentence."""
    return refusal(400, f"The stand-in does not imitate {what}. {way_out}".strip(), user=False)


def unfillable(where: str, problem: object) -> ApiError:
    """400 for a schema that the stand-in can make no value for. `problem`: what the schema does."""
    return refusal(400, f"The stand-in cannot fill {where}: this schema {problem}", user=False)


def not_json(user: bool = True) -> ApiError:
    """400 for a body that is not a JSON object."""
    return refusal(400, "Invalid JSON in request body", user=user)


def unauthorised(key: str) -> ApiError:
    """401. No key: recorded 2025 to 2026. A token of another form than OpenRouter's: open-webui#30103, 2026-09. A well-formed
    key that no account owns: recorded 2026-09-17. `key`: as `app.answer` takes it."""
    sentences = {"none": "No cookie auth credentials found", "malformed": "Missing Authentication header"}
    return refusal(401, sentences.get(key, "User not found."), user=False)


def management_only() -> ApiError:
    """403 for a route of the account that an ordinary key asks (OpenAPI, 2026-08-22)."""
    return refusal(403, "Only management keys can perform this operation", user=False)


def no_management_key() -> ApiError:
    """401 for an ordinary key at /keys (OpenAPI, 2026-08-22, which does not give the words)."""
    return refusal(401, "Invalid management key", user=False)


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


def zod_option(name: str, options: Iterable[str]) -> ApiError:
    """The same for a value that is none of these."""
    return zod(name, f"Invalid option: expected one of {'|'.join(options)}")


CREDITS_PAGE = "https://openrouter.ai/settings/credits"
KEYS_PAGE = "https://openrouter.ai/settings/keys"
LOW_CREDIT = {
    "limit_source": "openrouter_credits",
    "remedy_hint": f"Add credits at {CREDITS_PAGE}, or lower max_tokens / prompt size to fit your remaining balance.",
    "provider_name": None,
}
"""Metadata of a 402 for the account (logs of August and September 2026)."""


def no_credit(ways_out: str, max_tokens: int, affordable: int, metadata: dict[str, Any] = LOW_CREDIT) -> ApiError:
    """402: the answer may become longer than what is left can pay (docs, limits). `ways_out`: how the sentence ends."""
    return refusal(
        402,
        f"This request requires more credits, or fewer max_tokens. You requested up to {max_tokens} tokens,"
        f" but can only afford {affordable}. To increase, visit {ways_out}",
        dict(metadata),
    )


def prompt_too_dear(ways_out: str, tokens: int, affordable: int, metadata: dict[str, Any] = LOW_CREDIT) -> ApiError:
    """402: what is left cannot pay even for the prompt (continue#11227, 2026-03)."""
    text = f"Prompt tokens limit exceeded: {tokens} > {affordable}. To increase, visit {ways_out}"
    return refusal(402, text, dict(metadata))


def account_empty() -> ApiError:
    """402: nothing is left at all, as public code quotes it (2026-10)."""
    return refusal(
        402,
        "Insufficient credits. This account never purchased credits. Make sure your key is on the correct"
        f" account or org, and if so, purchase more at {CREDITS_PAGE}",
        dict(LOW_CREDIT),
    )


def in_flight_full() -> ApiError:
    """402: running requests hold all the credits. It passes: there is a Retry-After header (docs, limits, autumn 2026)."""
    metadata = {
        "reason": "in_flight_budget_exhausted",
        "limit_source": "openrouter_in_flight_budget",
        "remedy_hint": "Retry after your in-flight requests settle (see the Retry-After header). Adding credits at"
        f" {CREDITS_PAGE} raises your in-flight budget, up to a capped ceiling.",
    }
    text = (
        "This request would exceed your available credits given your current in-flight requests. Retry after"
        " in-flight requests settle, or add credits."
    )
    return refusal(402, text, metadata, headers={"retry-after": "120"})


def request_too_heavy() -> ApiError:
    """402: this request alone may cost more than the whole budget for running requests. Waiting is of no use, and there is no
    Retry-After header (docs, limits, autumn 2026). Sentence and hint are the stand-in's own."""
    metadata = {"reason": "weight_exceeds_budget", **LOW_CREDIT}
    text = (
        "This request would exceed your available credits: its estimated cost is larger than your in-flight budget."
        " Lower max_tokens or the prompt size, or add credits."
    )
    return refusal(402, text, metadata)


def balance_too_low(what: str, least: float) -> ApiError:
    """402: pictures and films need a balance, 1 dollar at least (seen in 2026; the sentence: hackclub/ai#128, 2026-07; the hint
    is the stand-in's own). `least`: US dollars."""
    hint = f"{what} need a balance of at least {least:.2f} US dollars. Add credits at {CREDITS_PAGE}."
    text = f"Insufficient credits. Add more using {CREDITS_PAGE}"
    return refusal(402, text, {**LOW_CREDIT, "remedy_hint": hint})


def media_too_dear(price: float, left: float, reset: str | None, metadata: dict[str, Any]) -> ApiError:
    """402: what the key may still spend is less than the price, both in US dollars. The first sentence is the stand-in's own;
    the way out and `reset`: as for `higher_limit`."""
    text = f"This request costs {price:.4f} dollars, but the key can only afford {max(left, 0.0):.4f}."
    return refusal(402, f"{text} To increase, visit {higher_limit(reset)}", dict(metadata))


def more_credits(paid: bool) -> str:
    """The way out of an account that is low. `paid`: whether it ever bought credits (openclaude#1125, 2026)."""
    return f"{CREDITS_PAGE} and {'add more credits' if paid else 'upgrade to a paid account'}"


def higher_limit(reset: str | None) -> str:
    """The way out of a key that is low (opencode#12219, 2026-02; logs since June 2026 say "and adjust the key's … limit").
    `reset`: daily, weekly, monthly, or None for a limit that is never reset."""
    return f"{KEYS_PAGE} and create a key with a higher {reset or 'total'} limit"


def free_limit(kind: str, now_ms: int) -> ApiError:
    """429 for free models: 20 a minute, 50 a day (docs, limits). The trailing space is recorded; where the limit of a day
    comes from is said since August 2026."""
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
    metadata: dict[str, Any] = {"headers": limits}
    if per_day:
        metadata |= {
            "limit_source": "openrouter_free_tier_daily",
            "remedy_hint": "Wait for the daily reset (see X-RateLimit-Reset), or purchase credits to raise your free-model"
            " daily limit.",
        }
    metadata["provider_name"] = None
    return refusal(429, message, metadata, headers={k.lower(): v for k, v in limits.items()})


def provider_down(provider: str) -> ApiError:
    """502: a provider's own failure, passed on in the shape of the recorded 429s."""
    return provider_refused(502, "upstream connect error or disconnect/reset before headers", provider)


def provider_rate_limited(provider: str, model: str, retry_after: int | None) -> ApiError:
    """429 from a provider, message as recorded, metadata as in logs of September 2026. `retry_after`: seconds, or None for no
    header."""
    raw = (
        f"{model} is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your"
        " rate limits: https://openrouter.ai/settings/integrations"
    )
    metadata = {
        "raw": raw,
        "provider_name": provider,
        "is_byok": False,
        "provider_error_code": "429",
        "limit_source": "upstream_provider_shared_pool",
        "remedy_hint": "Retry shortly, add your own provider key (https://openrouter.ai/settings/integrations), or route to"
        " another provider with provider routing: https://openrouter.ai/docs/features/provider-routing",
    }
    if retry_after is None:
        return refusal(429, PROVIDER_ERROR, metadata)
    metadata |= {"retry_after_seconds": retry_after, "retry_after_seconds_raw": float(retry_after)}
    return refusal(429, PROVIDER_ERROR, metadata, headers={"retry-after": str(retry_after)})


def error_inside_200(provider: str) -> ApiError:
    """HTTP 200 whose whole body is an error: the SDK does not raise for it."""
    made = provider_refused(502, "", provider)
    made.response["status"] = 200
    return made


def key_limit(reset: str | None) -> ApiError:
    """403: the key has spent what it may (recorded 2025; gptme#1449, 2026-02). `reset`: as for `higher_limit`."""
    return refusal(403, f"Key limit exceeded ({reset or 'total'} limit). Manage it using {KEYS_PAGE}")


def too_long(context: int, asked: int) -> ApiError:
    """400: the conversation does not fit the model (recorded 2026-06)."""
    return refusal(
        400,
        f"This endpoint's maximum context length is {context} tokens. However, you requested about {asked} tokens"
        f" ({asked} of text input). Please reduce the length of either one, or use the context-compression plugin to"
        " compress your prompt automatically.",
        {"provider_name": None, "previous_errors": [{"code": 400, "message": "prompt is too long"}]},
    )


def provider_refused(status: int, raw: str, provider: str) -> ApiError:
    """A provider does not take the request; `raw`: its own words. Metadata as in recorded answers of 2026."""
    return refusal(status, PROVIDER_ERROR, {"raw": raw, "provider_name": provider, "is_byok": False})


def not_found(path: str) -> ApiError:
    """404 for a path that the stand-in does not have."""
    return refusal(404, f"The stand-in has no {path}", user=False)
