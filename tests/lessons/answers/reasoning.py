"""Answers to the exercises of 12-reasoning: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

from typing import Any

LEAST = {"effort": "minimal", "exclude": True}


def by_hand(message: Any) -> dict[str, Any]:
    calls = [{"id": c.id, "type": "function", "function": c.function.model_dump()} for c in message.tool_calls or []]
    return {"role": "assistant", "content": message.content, "tool_calls": calls}


def with_details(message: Any) -> dict[str, Any]:
    kept = by_hand(message)
    details = getattr(message, "reasoning_details", None)
    return kept | ({"reasoning_details": details} if details else {})


def only_text(message: Any) -> dict[str, Any]:
    return by_hand(message) | {"reasoning": getattr(message, "reasoning", None)}


def not_encrypted(message: Any) -> dict[str, Any]:
    details = [d for d in getattr(message, "reasoning_details", None) or [] if d["type"] != "reasoning.encrypted"]
    return by_hand(message) | {"reasoning_details": details}


def shortened(message: Any) -> dict[str, Any]:
    details = [{**d, "text": (d.get("text") or "")[:10]} for d in getattr(message, "reasoning_details", None) or []]
    return by_hand(message) | {"reasoning_details": details}


def backwards(message: Any) -> dict[str, Any]:
    return with_details(message) | {"reasoning_details": (getattr(message, "reasoning_details", None) or [])[::-1]}


def must_have_thoughts(message: Any) -> dict[str, Any]:
    return by_hand(message) | {"reasoning_details": message.reasoning_details}


def without_arguments(message: Any) -> dict[str, Any]:
    kept = with_details(message)
    calls = [{**c, "function": {**c["function"], "arguments": "{}"}} for c in kept["tool_calls"]]
    return kept | {"tool_calls": calls}


def thoughts_in_front(message: Any) -> dict[str, Any]:
    return with_details(message) | {"content": f"{getattr(message, 'reasoning', '')}{message.content or ''}"}


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "quick_answers": (
        {"enabled": False},
        [
            None,
            "minimal",
            {},
            {"reasoning": LEAST},
            {"effort": "none"},
            {"effort": "none", "exclude": True},
            {"effort": "low", "exclude": True},
            {"effort": "high"},
            {"effort": "minimal"},
            {"effort": "minimal", "exclude": False},
            {"exclude": True},
            {"effort": "tiny", "exclude": True},
            {"max_tokens": 10, "exclude": True},
            {"effort": "minimal", "max_tokens": 10, "exclude": True},  # one or the other
            {"enabled": True, "exclude": True},
            {"effort": "minimal", "include": False},
            {**LEAST, "hidden": True},
            {"max_tokens": 1, "exclude": True},
        ],
        [
            LEAST,
            {"exclude": True, "effort": "minimal"},
            {**LEAST, "enabled": True},
            dict(LEAST),
            {**LEAST, "summary": "auto"},
            {"effort": "minimal", "exclude": True, "max_tokens": None},
        ],
    ),
    "keeps_thoughts": (
        by_hand,
        [
            None,
            "stored",
            only_text,
            not_encrypted,
            shortened,
            backwards,
            must_have_thoughts,
            lambda message: message,
            lambda message: message.content,
            lambda message: {"role": "assistant", "content": message.content},
            lambda message: {**with_details(message), "role": "user"},
            lambda message: {**with_details(message), "content": "Hi"},
            lambda message: message.model_dump(include={"role", "content", "tool_calls"}),
            lambda message: [with_details(message)],
            without_arguments,
            thoughts_in_front,
            lambda message: {k: v for k, v in with_details(message).items() if k != "content"},
        ],
        [
            with_details,
            lambda message: message.model_dump(exclude_none=True),
            lambda message: message.model_dump(),
            lambda message: message.to_dict(),
            lambda message: {**with_details(message), "reasoning": getattr(message, "reasoning", None)},
            type("Stored", (), {"__call__": lambda self, message: with_details(message)})(),
        ],
    ),
}  # fmt: skip
