"""Answers to the exercises of 33-langchain: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

ARRIVES = {
    "models": ["mistralai/mistral-small-2603"],
    "provider": {"sort": "price", "max_price": {"prompt": 0.16}},
}


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "request_arrives": (
        {"max_tokens": 1000, "model_kwargs": {"provider": {"sort": "price"}}},
        [
            {"extra_body": ARRIVES},
            {"max_tokens": 1000, "provider": {"sort": "price"}},
            {"max_tokens": 1000, "extra_body": ARRIVES, "temprature": 0.2},
            {"max_tokens": 1000, "extra_body": {"provider": {"sort": "price"}}},
            {"max_tokens": 1000, "extra_body": {"provider": {"max_price": {"prompt": 0.1}}}},
            {"max_tokens": 1000, "extra_body": {"provider": ARRIVES["provider"]}},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "provider": {"sort": "price", "max_price": {"prompt": 0.1}}}},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "max_tokens": 9000}},
            {"max_tokens": 1000, "extra_body": ARRIVES, "reasoning": {"effort": "low"}},
            {1: 2},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "models": {"mistralai/mistral-small-2603"}}},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "models": {"mistralai/mistral-small-2603": 1}}},
            {"max_tokens": 1000, "n": 50, "extra_body": ARRIVES},
            {"max_tokens": 1000, "temperature": 5, "extra_body": ARRIVES},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "messages": []}},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "provider": {"sort": "price", "max_price": {"prompt": Decimal("0.16")}}}},
        ],
        [
            {"max_tokens": 1000, "extra_body": ARRIVES},
            {"max_completion_tokens": 1000, "extra_body": ARRIVES},
            {"max_tokens": 1000, "temperature": 0, "extra_body": {**ARRIVES, "session_id": "x"}},
            {"max_tokens": 1000, "extra_body": {**ARRIVES, "models": ["z-ai/glm-5.3-flash", *ARRIVES["models"]]}},
        ],
    ),
    "says_finished": (
        lambda metadata: metadata["finish_reason"] == "stop",
        [
            lambda metadata: metadata["finish_reason"] == "stop",
            lambda metadata: "stop" in metadata["finish_reason"],
            lambda metadata: metadata.get("finish_reason") not in (None, "length", "lengthlength", "error"),
            lambda metadata: True,
            lambda metadata: metadata.get("finish_reason") not in (None, "length", "lengthlength", "error", "errorerror", "content_filter"),
            lambda metadata: "p" in (metadata.get("finish_reason") or ""),
            lambda metadata: (metadata.get("finish_reason") or "").startswith("stop"),
            "finished",
        ],
        [
            lambda metadata: metadata.get("finish_reason") in ("stop", "stopstop"),
            lambda metadata: (metadata.get("finish_reason") or "").replace("stop", "") == "" and bool(metadata.get("finish_reason")),
        ],
    ),
}  # fmt: skip
