"""What the stand-in says. The words for the lessons stand in words.toml, where a person can edit them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from importlib import resources
from typing import Any

NOBODY = (
    "No model wrote this.\n"
    "You are offline and this request was not recorded, so the stand-in answers with fixed words. "
    "Everything around them (provider, tokens, cost, errors) follows the documented service."
)


@dataclass(frozen=True)
class Words:
    """An answer's text, the reasoning before it (empty for a model that shows none), and what is said once a tool has
    answered `tool_said`, word for word."""

    text: str
    reasoning: str = ""
    after_tools: str = ""
    tool_said: str = ""


@cache
def _book() -> list[dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))["say"]


def words_for(model: str, messages: Sequence[Mapping[str, Any]]) -> Words:
    """The words for the last user message: the first entry whose prompt (and model pattern, if it has one) fits."""
    asked = last_user_text(messages)
    for entry in _book():
        if entry["prompt"].strip() == asked and fnmatch(model, entry.get("model", "*")):
            return Words(*(entry.get(part, "").strip() for part in ("text", "reasoning", "after_tools", "tool_said")))
    return Words(NOBODY)


def last_user_text(messages: Sequence[Mapping[str, Any]]) -> str:
    """The text of the last user message; of its text parts, if it has parts."""
    for message in reversed(messages):
        if message.get("role") == "user":
            return text_of(message.get("content")).strip()
    return ""


def text_of(content: Any) -> str:
    """A message's text, whether its content is a string or a list of parts."""
    if isinstance(content, list):
        return "\n".join(str(part["text"]) for part in content if isinstance(part, Mapping) and "text" in part)
    return content if isinstance(content, str) else ""


def pieces(text: str) -> list[str]:
    """Cut a text into the pieces that the stand-in streams and counts as tokens.

    A nominal tokenizer: words of up to eight letters with the space before them. Real counts differ per model.
    """
    return re.findall(r"\s*[^\W_]{1,8}|\s*[^\w\s]|\s*_|\s+", text)


def count(messages: Sequence[Mapping[str, Any]]) -> int:
    """Nominal prompt tokens: the pieces of every message, and three for its role."""
    return sum(3 + len(pieces(text_of(m.get("content")))) for m in messages)
