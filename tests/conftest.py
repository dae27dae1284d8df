"""What every test shares: a clean environment, recordings in a temporary folder, and lessons that leave nothing running."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import helpers
from helpers import recording

LESSON = "99-test"
CHAT = "/api/v1/chat/completions"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No key, no settings, an empty working folder, and the lesson stopped at the end."""
    for name in list(os.environ):
        if name.startswith("COOKBOOK_") and name != "COOKBOOK_GUARD_LOG":
            monkeypatch.delenv(name)
    for name in ("OPENROUTER_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    yield
    helpers.stop()


@pytest.fixture
def tape(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """`tape([(request body, response), …], mode="replay", speed=0)` writes a recording and starts its lesson."""
    monkeypatch.setattr(recording, "FOLDER", tmp_path / "recordings")
    (tmp_path / "recordings").mkdir()

    def begin(
        pairs: list[tuple[Any, dict[str, Any]]], mode: str = "replay", speed: float = 0, source: str = "standin"
    ) -> None:
        exchanges = [{"request": request_of(body), "response": answer} for body, answer in pairs]
        made = recording.Recording(LESSON, source, "2026-11-22", "openai 3", exchanges)
        made.save(recording.FOLDER / f"{LESSON}.json")
        monkeypatch.setenv("COOKBOOK_MODE", mode)
        monkeypatch.setenv("COOKBOOK_SPEED", str(speed))
        helpers.start(LESSON)

    return begin


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], dict[str, Any]]:
    """The recording that the test wrote, as JSON."""
    monkeypatch.setattr(recording, "FOLDER", tmp_path / "recordings")
    return lambda: json.loads((tmp_path / "recordings" / f"{LESSON}.json").read_text("utf-8"))


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
