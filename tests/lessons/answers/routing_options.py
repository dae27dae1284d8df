"""Answers to the exercises of 03-routing-options: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

GLM_RIGHT = {"max_price": {"prompt": 0.095}, "quantizations": ["fp8", "bf16", "fp16"]}


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "cheap_but_precise": (
        {},
        [{"max_price": {"prompt": 0.095}}, {"max_price": {"prompt": 0.095}, "ignore": ["deepinfra", "open-inference"]}, {"max_price": {"prompt": 0.001}}, {"max_prize": 1}, "cheap", {"provider": {}},
         {"max_price": "0.095"}, {"quantizations": ["fp8"], "sort": "price"}],
        [GLM_RIGHT, {"max_price": {"prompt": "0.095", "completion": 1}, "quantizations": ["fp8"]}, {"only": ["novita", "streamlake"]}],
    ),
    "keep_private": (
        {"sort": "price"},
        [{}, {"data_collection": "deny"}, {"zdr": True}, {"data_collection": "allow", "zdr": True}, {"zdr": False}, {"data_collection": "deny", "zdr": True, "only": ["azure"]}, {"data_collection": "no"}],
        [{"data_collection": "deny", "zdr": True}, {"zdr": True, "sort": "price", "data_collection": "deny"}],
    ),
    "outlive": (
        {"order": ["together"], "allow_fallbacks": False},
        [{"sort": "price"}, {"order": ["together"]}, {"only": ["together"]}, {"order": ["togther"], "max_price": {"prompt": 0.2}}, {"order": ["together"], "max_price": {"prompt": 0.01}},
         {"sort": "latency", "ignore": ["modal"], "max_price": {"prompt": 0.2}}, {"sort": "throughput", "ignore": ["modal"], "max_price": {"prompt": 0.2}}],
        [{"order": ["together"], "max_price": {"prompt": 0.20}}, {"order": ["Together"], "ignore": ["cloudflare", "inceptron", "fireworks"]}],
    ),
}  # fmt: skip
