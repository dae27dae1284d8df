"""Answers to the exercises of 13-errors-and-retries: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import openai

PASSES = {408, 429, 500, 502, 503, 504, 524, 529}


def unedited(error: Any) -> bool:
    return getattr(error, "status_code", 500) >= 500


def again(error: Any) -> bool:
    status = getattr(error, "status_code", None)
    if status is None:
        return True
    if status == 402:
        return "openrouter_in_flight_budget" in str(error.body)
    return status in PASSES and "per-day" not in str(error)


def by_class(error: Any) -> bool:
    """Asks the classes first, then looks inside."""
    if isinstance(error, openai.RateLimitError):
        return "per-day" not in error.message
    if isinstance(error, openai.APIStatusError):
        in_flight = (error.body.get("metadata") or {}).get("limit_source") == "openrouter_in_flight_budget"
        return error.status_code >= 500 or error.status_code == 408 or in_flight
    return True


def by_header(error: Any) -> bool:
    """Takes Retry-After for a yes; the limit of a day has none."""
    answer = getattr(error, "response", None)
    waits = answer is not None and answer.headers.get("retry-after") is not None
    return waits or again(error)


class Judge:
    def __call__(self, error: Any) -> bool:
        return again(error)


def but(**changed: bool) -> Callable[[Any], bool]:
    """The right function with another answer for one status."""

    def judge(error: Any) -> bool:
        return changed.get(f"s{getattr(error, 'status_code', None)}", again(error))

    return judge


def must_have_status(error: Any) -> bool:
    return error.status_code in PASSES


def sentence(error: Any) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    raw = (body.get("metadata") or {}).get("raw")
    try:
        raw = json.loads(raw) if isinstance(raw, str) else raw
        return raw["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return raw or body.get("message") or str(error)


def line(error: Any) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    status = getattr(error, "status_code", None) or getattr(error, "code", None) or "no status"
    provider = (body.get("metadata") or {}).get("provider_name") or ""
    return " ".join(f"{status} {provider} {sentence(error)}".split())


def in_order(error: Any) -> str:
    return f"[{line(error)}]"


def with_class(error: Any) -> str:
    return f"{type(error).__name__} | {line(error)}"


def as_json(error: Any) -> str:
    return json.dumps({"error": line(error)}, ensure_ascii=False)


def simple(error: Any) -> str:
    return f"{error.status_code} {error.body['message']}"


def message_only(error: Any) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return f"{getattr(error, 'status_code', None) or getattr(error, 'code', None)} {body.get('message') or error}"


def without_provider(error: Any) -> str:
    return f"{getattr(error, 'status_code', None) or getattr(error, 'code', None)} {sentence(error)}"


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "worth_it": (
        unedited,
        [
            None,
            True,
            {408, 429},
            lambda: True,
            lambda error: True,
            lambda error: False,
            lambda error: "yes",
            lambda error: error.status_code,
            must_have_status,
            but(s402=True),
            but(s402=False),
            but(s429=True),
            but(s429=False),
            but(s408=False),
            but(s413=True),
            but(s422=True),
            but(s529=False),
            but(sNone=False),
            but(s400=True),
        ],
        [again, by_class, by_header, Judge(), Judge().__call__, lambda error: again(error), lambda error, more=None: again(error)],
    ),
    "log_line": (
        simple,
        [
            None,
            "502",
            lambda error: None,
            lambda error: "",
            lambda error: 502,
            lambda error: str(error),
            lambda error: sentence(error),
            lambda error: f"{error.status_code} {sentence(error)}",
            lambda error: line(error).replace(" ", "\n", 1),
            lambda error: line(error) * 9,
            message_only,
            without_provider,
        ],
        [line, in_order, with_class, as_json, lambda error: line(error) + " ", lambda error: f"error: {line(error)}"],
    ),
}  # fmt: skip
