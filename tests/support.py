"""Requests, recorded answers and clients that several tests share."""

from __future__ import annotations

import json
import os
from typing import Any

SECRET = "sk-or-v1-" + "0123456789abcdef" * 4
"""Shaped like a key, and nobody's."""
LESSON = "99-test"
GLM = "z-ai/glm-5.3-flash"
CHAT = "/api/v1/chat/completions"


def request_of(body: Any) -> dict[str, Any]:
    """A recorded chat request with this body, or the request itself if it is one."""
    if isinstance(body, dict) and "method" in body:
        return body
    return {"method": "POST", "path": CHAT, "headers": {}, "body": body}


def hello(text: str = "hi", **more: Any) -> dict[str, Any]:
    """A chat body."""
    return {"messages": [{"role": "user", "content": text}], "model": "openai/gpt-4o-mini", **more}


def client(**more: Any) -> Any:
    """A client as the lessons make it."""
    from openai import OpenAI

    return OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"], **more)


def async_client(**more: Any) -> Any:
    """Its async twin."""
    from openai import AsyncOpenAI

    return AsyncOpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"], **more)


def completion(text: str = "hello", identity: str = "gen-1", cost: float = 0.25) -> dict[str, Any]:
    """A recorded plain answer."""
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "cost": cost}
    message = {"role": "assistant", "content": text}
    body = {
        "id": identity,
        "object": "chat.completion",
        "created": 1,
        "model": "openai/gpt-4o-mini",
        "provider": "OpenAI",
        "choices": [{"index": 0, "finish_reason": "stop", "native_finish_reason": "stop", "message": message}],
        "usage": usage,
    }
    headers = {"content-type": "application/json", "x-generation-id": identity}
    return {"status": 200, "headers": headers, "ms": 40, "body": body}


def event(text: str | None, identity: str = "gen-s", **more: Any) -> str:
    """One chunk as a data line."""
    choice = {"index": 0, "delta": {"content": text, "role": "assistant"}, "finish_reason": more.pop("finish", None)}
    chunk = {"id": identity, "object": "chat.completion.chunk", "created": 1, "model": "m", "provider": "OpenAI"}
    return "data: " + json.dumps({**chunk, "choices": [choice], **more})


def streamed(offsets: tuple[int, ...] = (100, 200, 300), **more: Any) -> dict[str, Any]:
    """A recorded stream: one piece per offset, then usage and [DONE] at the last."""
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "cost": 0.5}
    events = [[50, ": OPENROUTER PROCESSING"], *([at, event(f"p{n} ")] for n, at in enumerate(offsets))]
    events += [[offsets[-1], event("", finish="stop", usage=usage)], [offsets[-1], "data: [DONE]"]]
    return {
        "status": 200,
        "headers": {"content-type": "text/event-stream", "x-generation-id": "gen-s"},
        "events": events,
        **more,
    }


def text_of(stream: Any) -> str:
    """The text of a stream."""
    return "".join(c.choices[0].delta.content or "" for c in stream if c.choices)
