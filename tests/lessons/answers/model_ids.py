"""Answers to the exercises of 02-model-ids: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from enum import Enum
from types import SimpleNamespace
from typing import Any

from openrouter_standin.catalogue import models

NEWEST, DATED = "~anthropic/claude-sonnet-latest", "anthropic/claude-4.5-sonnet-20250929"


class Id(str):
    """A subclass of str."""


class Model(str, Enum):  # noqa: UP042  as older code has it, whose format() is another text
    """An enumeration of ids."""

    NANO = "openai/gpt-5-nano"


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "reads_invoices": (
        "openai/gpt-4o-mini",
        [
            None,
            "no/such",
            "gpt-5-nano",  # no author
            " openai/gpt-5-nano",  # a space
            "OpenAI/GPT-5-nano",
            "OpenAI: GPT-5 Nano",  # its name
            ["openai/gpt-5-nano"],
            ("openai/gpt-5-nano",),  # the comma at the end
            b"openai/gpt-5-nano",
            SimpleNamespace(id="openai/gpt-5-nano"),  # the model, not its id
            "google/gemma-4-31b-it:free",
            "openai/gpt-5-nano:batch",
            "openrouter/auto",  # a router
            "deepseek/deepseek-v4-flash",  # text only
            "openai/gpt-5.6-sol",  # too dear
            "bytedance-seed/seed-2.0-mini",  # twice the price from 128,000 tokens
            "openai/gpt-5-nano:nitro",  # the quickest, whatever it asks
            "openai/gpt-5-nano:floor",  # flex endpoints
            "openai/gpt-5-nano:online",  # searches are charged
            "openai/gpt-5-nano:thinking",  # no such suffix
            "openai/gpt-4o-mini:floor",  # its model is wrong already
            "openai/gpt-4o-mini-2024-07-18",  # the same, dated
        ],
        [
            "google/gemini-2.5-flash-lite",
            "openai/gpt-5.6-luna",
            "openai/gpt-5-nano",
            "openai/gpt-5-nano-2025-08-07",  # its canonical_slug
            "qwen/qwen3.5-9b-20260310",
            "bytedance-seed/seed-1.6-flash",  # dearer from 128,000 tokens on, and still cheap enough
            "google/gemma-4-26b-a4b-it",  # exactly 12 cents
            Id("openai/gpt-5-nano"),
            Model.NANO,
        ],
    ),
    "newest_and_pinned": (
        {"chat": "anthropic/claude-sonnet-4", "audit": "anthropic/claude-sonnet-4"},
        [
            "x",
            None,
            (NEWEST, DATED),  # no names
            {"chat": NEWEST},
            {"chat": NEWEST, "audit": None},
            {"chat": [NEWEST], "audit": DATED},
            {"chat": "nope", "audit": "nope"},
            {"chat": DATED, "audit": NEWEST},  # swapped
            {"chat": NEWEST, "audit": NEWEST},  # moves
            {"chat": NEWEST, "audit": "anthropic/claude-sonnet-4.5"},  # carries no date
            {"chat": NEWEST, "audit": "anthropic/claude-sonnet-4.5:batch"},
            {"chat": NEWEST, "audit": "anthropic/claude-sonnet-5"},
            {"chat": NEWEST, "audit": "anthropic/claude-sonnet-20990101"},  # dated, and made up
            {"chat": NEWEST, "audit": "anthropic/claude-4.5-haiku-20251001"},  # no Sonnet
            {"chat": "anthropic/claude-sonnet-5", "audit": DATED},  # the newest of today
            {"chat": "anthropic/claude-sonnet-latest", "audit": DATED},  # no tilde
            {"chat": "~anthropic/claude-opus-latest", "audit": DATED},
            {"chat": "~openai/gpt-latest", "audit": "anthropic/claude-4-sonnet-20250522"},
            {"chat": NEWEST + ":nitro", "audit": DATED},
        ],
        [
            {"chat": NEWEST, "audit": DATED},
            {"chat": NEWEST, "audit": "anthropic/claude-4-sonnet-20250522"},
            {"chat": NEWEST, "audit": "anthropic/claude-4.6-sonnet-20260217"},
            {"audit": "anthropic/claude-sonnet-5-20260630", "chat": NEWEST},
            {"chat": Id(NEWEST), "audit": Id(DATED)},
            {"chat": NEWEST, "audit": DATED, "note": "audited every January"},
        ],
    ),
}


def more(checker: str) -> tuple[Any, ...]:
    """What the lesson hands the checker beside the answer: the catalogue as objects, by id."""
    return ({m["id"]: SimpleNamespace(**m) for m in models()},)
