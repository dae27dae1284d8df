"""Answers to the exercises of 02-model-ids: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from openrouter_standin.catalogue import models

CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "reads_invoices": (
        "openai/gpt-4o-mini",
        ["no/such", "google/gemma-4-31b-it:free", "openrouter/auto", "deepseek/deepseek-v4-flash", "openai/gpt-5.6-sol", "openai/gpt-5-nano:batch", None, "bytedance-seed/seed-2.0-mini", "openai/gpt-5.6-luna", "openai/gpt-5.6-luna-pro", ["openai/gpt-5-nano"], "gpt-5-nano"],
        ["google/gemini-2.5-flash-lite", "openai/gpt-5-nano"],
    ),
    "newest_and_pinned": (
        {"chat": "anthropic/claude-sonnet-4", "audit": "anthropic/claude-sonnet-4"},
        ["x", {"chat": "~anthropic/claude-sonnet-latest", "audit": "~anthropic/claude-sonnet-latest"}, {"chat": "~anthropic/claude-sonnet-latest", "audit": "anthropic/claude-sonnet-4.5"},
         {"chat": "~openai/gpt-latest", "audit": "anthropic/claude-4-sonnet-20250522"}, {"chat": "nope", "audit": "nope"}],
        [{"chat": "~anthropic/claude-sonnet-latest", "audit": "anthropic/claude-4.5-sonnet-20250929"}, {"chat": "~anthropic/claude-sonnet-latest", "audit": "anthropic/claude-4-sonnet-20250522"}],
    ),
}  # fmt: skip


def more(checker: str) -> tuple[Any, ...]:
    """What the lesson hands the checker beside the answer: the catalogue as objects, by id."""
    return ({m["id"]: SimpleNamespace(**m) for m in models()},)
