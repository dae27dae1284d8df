"""Reasoning: whether a model thinks on this request, how much, and in which form it is shown.

Source: OpenRouter docs, best-practices/reasoning-tokens, 2026-08; forms by author as recorded in 2025 and 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..chat_request import ChatRequest
from ..errors import refusal
from ..ids import hash_of
from .seal import sealed

FORMATS = {
    "anthropic": "anthropic-claude-v1",
    "google": "google-gemini-v1",
    "openai": "openai-responses-v1",
    "x-ai": "xai-responses-v1",
    "meta": "meta-responses-v1",
}
SUMMARISED = ("openai", "x-ai")
"""Authors that show a summary of the thoughts and seal the thoughts themselves."""
RATIOS = {"max": 0.95, "xhigh": 0.95, "high": 0.8, "medium": 0.5, "low": 0.2, "minimal": 0.1, "none": 0.0}
"""The share of max_tokens that each effort may spend on thinking."""
SENTENCES = {"minimal": 1, "low": 2, "medium": 4, "high": 8, "xhigh": 12, "max": 12}
"""How long the stand-in "thinks" at each effort; real lengths depend on the question."""
THOUGHT = ("No model thinks here. ", "These words stand where its reasoning would be. ", "More effort, more of them. ",
           "They are counted and charged like any other token. ")  # fmt: skip


@dataclass(frozen=True)
class Thinking:
    """How this request is thought about. `asked`: the request says so itself. `budget`: tokens, if it is limited."""

    effort: str
    asked: bool
    budget: int | None
    exclude: bool


def thinking_for(chat: ChatRequest, row: Mapping[str, Any], limit: int | None) -> Thinking | None:
    """None when the model does not think. `limit`: the tokens that thoughts share with the answer, if that matters.

    Raises `ApiError` where thinking is mandatory and the request turns it off.
    """
    about, wants = row.get("reasoning"), chat.body.get("reasoning") or {}
    if not about or (_author(row["id"]) == "anthropic" and chat.forces_a_tool):
        return None  # Claude drops its reasoning without a word when a tool is forced (pydantic-ai#6957, 2026-07)
    effort = wants.get("effort") or chat.body.get("reasoning_effort")
    off = effort == "none" or wants.get("enabled") is False
    if off and about.get("mandatory"):
        if not str(chat.body.get("model", "")).startswith("~"):
            text = "Reasoning is mandatory for this endpoint and cannot be disabled."
            raise refusal(400, text, {"provider_name": None})
        effort, off = None, False  # an alias remaps what its model does not take
    asked = not off and _asks(chat, wants, effort)
    default = about.get("default_effort") or "medium"
    by_default = about.get("mandatory") or about.get("default_enabled", "default_effort" in about)
    if off or not (asked or (by_default and default != "none")):
        return None
    level = effort or ("medium" if asked or default == "none" else default)
    exclude = wants.get("exclude") is True or chat.body.get("include_reasoning") is False
    budget = wants.get("max_tokens") or (max(1, int(limit * RATIOS[level])) if limit and asked else None)
    return Thinking(level, asked, budget, exclude)


def _asks(chat: ChatRequest, wants: Mapping[str, Any], effort: str | None) -> bool:
    said = effort is not None or "max_tokens" in wants or wants.get("enabled") is True
    return said or chat.body.get("include_reasoning") is True


def thought(effort: str) -> str:
    """The fixed words for this effort."""
    return "".join(THOUGHT[n % len(THOUGHT)] for n in range(SENTENCES[effort])).strip()


def details(model: str, text: str, seed: str, whole: bool = True) -> list[dict[str, Any]]:
    """`reasoning_details`: a summary and an encrypted block (OpenAI, xAI), text with a signature (Anthropic), text and an
    encrypted block (Gemini 3), else text. `whole`: false for a piece of a stream, whose end brings what comes last."""
    author = _author(model)
    shape = {"format": FORMATS.get(author, "unknown"), "index": 0}
    kind = ("reasoning.summary", "summary") if author in SUMMARISED else ("reasoning.text", "text")
    shown = [{"type": kind[0], kind[1]: text, **shape}] if text else []
    if not whole:
        return shown
    last = ending(model, seed)
    if last and last[0]["type"] == "reasoning.text" and shown:
        return [{**shown[0], **last[0]}]
    return shown + [{**d, "index": len(shown)} for d in last]


def ending(model: str, seed: str) -> list[dict[str, Any]]:
    """What follows the readable part: the signature or the encrypted block. A stream sends it on its own."""
    author = _author(model)
    digest = hash_of(f"{seed}{model}")
    shape = {"format": FORMATS.get(author, "unknown"), "index": 0}
    if author == "anthropic":
        return [{"type": "reasoning.text", "signature": sealed("signature", digest), **shape}]
    if author in SUMMARISED or model.startswith("google/gemini-3"):
        block = {"type": "reasoning.encrypted", "data": sealed("reasoning", digest)}
        return [{**block, "format": shape["format"], "id": f"rs_{digest[16:40]}", "index": 0}]
    return []


def _author(model: str) -> str:
    """Whose form the model's thoughts have. OpenAI's open models run at other providers and show theirs as plain text."""
    return "" if model.startswith("openai/gpt-oss") else model.lstrip("~").split("/")[0]
