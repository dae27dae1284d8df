"""Answers to the exercises of 03-routing-options: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

CAP = {"max_price": {"prompt": 0.095}}
GLM_RIGHT = {**CAP, "quantizations": ["fp8", "bf16", "fp16"]}
PRIVATE = {"data_collection": "deny", "zdr": True}
FIRST = {"order": ["together"], "max_price": {"prompt": 0.2}}


class Options(dict):
    """A subclass of dict."""


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "cheap_but_precise": (
        {},
        [
            "cheap",
            None,
            [GLM_RIGHT],
            {"provider": GLM_RIGHT},  # one level too many
            CAP,  # 4-bit stays
            {**CAP, "ignore": ["deepinfra", "open-inference"]},  # an unknown precision stays
            {**CAP, "quantizations": ["fp8", "unknown"]},  # may be 4-bit
            {**CAP, "quantizations": ["fp8", "fp4"]},
            {**CAP, "quantizations": ["FP8"]},  # 400
            {**CAP, "quantizations": "fp8"},  # a text
            {**CAP, "quantizations": {"fp8"}},  # a set
            {**CAP, "quantization": ["fp8"]},  # no such field
            {"max_prize": 1},  # nor this
            {"max_price": {"prompt": 0.001}, "quantizations": ["fp8"]},  # no endpoint is left
            {"max_price": {"prompt": 9.5}, "quantizations": ["fp8"]},  # cents
            {"max_price": {"prompt": 9.5e-8}, "quantizations": ["fp8"]},  # dollars per token
            {"max_price": {"Prompt": 0.095}, "quantizations": ["fp8"]},  # ignored in silence
            {"max_price": {"completion": 0.5}, "quantizations": ["fp8"]},  # caps the wrong price
            {"max_price": 0.095, "quantizations": ["fp8"]},
            {"max_price": "0.095"},
            {"max_price": {"prompt": Decimal("0.095")}, "quantizations": ["fp8"]},  # cannot be sent
            {"max_price": {"prompt": float("nan")}, "quantizations": ["fp8"]},
            {"max_price": {"prompt": True}, "quantizations": ["fp8"]},
            {**GLM_RIGHT, "preferred_max_latency": float("inf")},  # cannot be sent
            {"quantizations": ["fp8"], "sort": "price"},  # cheap first, and dear ones behind
            {"quantizations": ["fp8"], "sort": "throughput", "only": ["novita", "streamlake", "io-net"], "allow_fallbacks": False},  # by medians
            {"quantizations": ["fp8"], "sort": "price", "preferred_min_throughput": 100, "allow_fallbacks": False},  # by medians too
        ],
        [
            GLM_RIGHT,
            {"max_price": {"prompt": "0.095", "completion": 1}, "quantizations": ["fp8"]},
            {**CAP, "quantizations": ("fp8",)},  # JSON writes a list
            {"max_price": {"prompt": 0.09}, "quantizations": ["fp8"]},
            {**GLM_RIGHT, "sort": "throughput", "data_collection": "deny"},
            {"only": ["novita", "streamlake"]},
            {"sort": "price", "quantizations": ["fp8"], "allow_fallbacks": False},  # one attempt, at the cheapest
            Options(GLM_RIGHT),
        ],
    ),
    "keep_private": (
        {"sort": "price"},
        [
            {},
            None,
            [PRIVATE],
            ("data_collection", "deny"),
            {"provider": PRIVATE},
            {"data_collection": "deny"},
            {"zdr": True},
            {"data_collection": "allow", "zdr": True},
            {"data_collection": "no", "zdr": True},
            {"data_collection": False, "zdr": True},
            {"data_collection": ["deny"], "zdr": True},
            {"data_collection": "Deny", "zdr": True},
            {"zdr": False},
            {"data_collection": "deny", "zdr": False},
            {"data_collection": "deny", "zdr": None},
            {"data_collection": None, "zdr": True},
            {"data_collection": "deny", "zdr": 1},
            {"data_collection": "deny", "zdr": "true"},
            {"data_collection": "deny", "ZDR": True},  # ignored in silence
            {"data_collection": "deny", "enforce_distillable_text": True},  # about something else
            {**PRIVATE, "only": ["azure"]},  # no endpoint is left
            {**PRIVATE, "max_price": {"prompt": Decimal(1)}},  # cannot be sent
        ],
        [
            PRIVATE,
            {"zdr": True, "sort": "price", "data_collection": "deny"},
            {**PRIVATE, "order": ["deepinfra"], "allow_fallbacks": False},
            {**PRIVATE, "max_price": {"prompt": 1}},
            {**PRIVATE, "only": None},  # null is as good as nothing
            Options(PRIVATE),
        ],
    ),
}  # fmt: skip
