"""A chat request as a local server takes it: without what only OpenRouter reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..chat_request import ChatRequest
from ..tokens import text_of
from .local_model import WordsFailed

PASSED = ("temperature", "top_p", "seed", "stop", "presence_penalty", "frequency_penalty", "response_format")
MOST_TOKENS = 1000
"""What a request without a limit is answered with at most: a small model may not find an end."""


def body_for(chat: ChatRequest) -> dict[str, Any]:
    """The body. Raises `WordsFailed` for a prompt that holds more than text and pictures."""
    body: dict[str, Any] = {name: chat.body[name] for name in PASSED if chat.body.get(name) is not None}
    body["messages"] = [_message(message) for message in chat.messages]
    body["max_tokens"] = chat.limit or MOST_TOKENS
    if chat.functions:
        body["tools"] = [{"type": "function", "function": function} for function in chat.functions]
        for name in ("tool_choice", "parallel_tool_calls"):
            if chat.body.get(name) is not None:
                body[name] = chat.body[name]
    return body


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    role = "system" if message["role"] == "developer" else message["role"]
    kept = {name: message[name] for name in ("tool_calls", "tool_call_id", "name") if message.get(name)}
    return {"role": role, "content": _content(message.get("content")), **kept}


def _content(content: Any) -> Any:
    """A text, or parts where there are pictures. A picture goes in the request: the local server fetches nothing."""
    if not isinstance(content, list) or all(part.get("type") == "text" for part in content):
        return text_of(content)
    parts = []
    for part in content:
        if part.get("type") == "text":
            parts.append({"type": "text", "text": part["text"]})
        elif part.get("type") == "image_url" and part["image_url"]["url"].startswith("data:"):
            parts.append({"type": "image_url", "image_url": {"url": part["image_url"]["url"]}})
        else:
            raise WordsFailed("the prompt holds more than text and pictures that are in it")
    return parts
