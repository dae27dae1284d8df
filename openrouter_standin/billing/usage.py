"""The `usage` object of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..endpoint import Endpoint
from .prices import Counts, cost_of


def usage_of(endpoint: Endpoint, counts: Counts) -> dict[str, Any]:
    """`usage` with every sub-field. Key order as recorded in 2026; `server_tool_cost` since October 2026.

    What a parser took for PDF files is in `cost` alone: `usage` has no field for it (margince#1425, saas-starter#781, 2026).
    """
    asked, said, tools = cost_of(endpoint.pricing, counts)
    detail: dict[str, Any] = {
        "upstream_inference_cost": float(asked + said),
        "upstream_inference_prompt_cost": float(asked),
        "upstream_inference_completions_cost": float(said),
    }
    made: dict[str, Any] = {
        "prompt_tokens": counts.prompt,
        "completion_tokens": counts.completion,
        "total_tokens": counts.prompt + counts.completion,
        "cost": float(asked + said + tools + counts.reading),
        "is_byok": False,
        "prompt_tokens_details": {
            "cached_tokens": counts.cached.read,
            "cache_write_tokens": counts.cached.written,
            "audio_tokens": counts.audio,
            "video_tokens": 0,
        },
        "cost_details": detail,
        "completion_tokens_details": {
            "reasoning_tokens": counts.reasoning,
            "image_tokens": counts.pictures,
            "audio_tokens": counts.speech,
        },
    }
    if counts.wanted:
        detail["server_tool_cost"] = float(tools)
        made["server_tool_use_details"] = {
            "web_search_requests": counts.searches,
            "tool_calls_requested": counts.wanted,
            "tool_calls_executed": counts.searches,
        }
    return made


def nothing_charged(usage: Mapping[str, Any]) -> dict[str, Any]:
    """The same object with every number zero: what a hit of the response cache shows."""
    return {
        k: nothing_charged(v) if isinstance(v, Mapping) else v if isinstance(v, bool) else 0 for k, v in usage.items()
    }
