"""Nominal tokens: texts cut into the pieces that are streamed and counted. Real counts differ per model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any


def pieces(text: str) -> list[str]:
    """Cut a text into words of up to eight letters, each with the space before it."""
    return re.findall(r"\s*[^\W_]{1,8}|\s*[^\w\s]|\s*_|\s+", text)


COUNTED = 100_000
"""Characters that are really cut into pieces; a longer text is taken to go on as it begins."""


def count_of(text: str) -> int:
    """How many pieces a text has, in a time that does not grow with it."""
    counted = len(pieces(text[:COUNTED]))
    return counted if len(text) <= COUNTED else counted * len(text) // COUNTED


def count(messages: Sequence[Mapping[str, Any]]) -> int:
    """Nominal prompt tokens: the pieces of every message, and three for its role."""
    return sum(3 + count_of(text_of(m.get("content"))) for m in messages)


def text_of(content: Any) -> str:
    """A message's text, whether its content is a string or a list of parts."""
    if isinstance(content, list):
        return "\n".join(str(part["text"]) for part in content if isinstance(part, Mapping) and "text" in part)
    return content if isinstance(content, str) else ""


def last_user_text(messages: Sequence[Mapping[str, Any]]) -> str:
    """The text of the last user message; of its text parts, if it has parts."""
    for message in reversed(messages):
        if message.get("role") == "user":
            return text_of(message.get("content")).strip()
    return ""
