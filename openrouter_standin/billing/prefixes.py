"""The beginnings of a prompt that a provider could cache: after every tool and content part, and after every 128 tokens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..chat_request import ChatRequest
from ..content_parts import KINDS, message_tokens, tokens_beside
from ..endpoint import Endpoint
from ..ids import hash_of_json
from ..tokens import COUNTED, count_of, pieces
from ..validation import SYSTEM_ROLES

STEP = 128
"""Tokens: automatic caches count in steps of 128 (OpenAI's guide to prompt caching; for the others it is assumed)."""
MARKS = ("cache_control", "prompt_cache_breakpoint")
"""The two marks mean the same; OpenRouter turns one into the other (docs, prompt caching, 2026-08)."""


@dataclass(frozen=True)
class Block:
    """A tool or a content part, and with it the beginning of the prompt that ends there.

    `key`: stands for the whole beginning. `mark`: the request's cache mark on it, or None. `tool`, or `message` and
    `part`: where it stands, from 0.
    """

    key: str
    mark: Mapping[str, Any] | None
    tool: int = -1
    message: int = -1
    part: int = -1


def blocks(body: Mapping[str, Any], endpoint: Endpoint) -> list[Block]:
    """All blocks in the order in which a provider reads them: the tools, then the messages.

    A cache belongs to one endpoint, so that its name is part of every key. Marks are not: a mark may move.
    """
    key, found = _head(body, endpoint), []
    for number, tool in enumerate(body.get("tools") or []):
        key = hash_of_json([key, _unmarked(tool)])
        found.append(Block(key, _mark_of(tool), tool=number))
    for number, message in enumerate(body["messages"]):
        parts = parts_of(message)
        rest = {name: value for name, value in message.items() if name not in ("role", "content") and value is not None}
        for place, part in enumerate(parts):
            last = rest if place == len(parts) - 1 else {}
            key = hash_of_json([key, message["role"], _unmarked(part), last])
            found.append(Block(key, _mark_of(part), message=number, part=place))
    return found


def size_of(block: Block, chat: ChatRequest, endpoint: Endpoint) -> int:
    """Nominal tokens of the beginning that ends with a block."""
    body = chat.body
    if block.tool >= 0:
        return count_of(json.dumps(body["tools"][: block.tool + 1], ensure_ascii=False))
    before, message = body["messages"][: block.message], body["messages"][block.message]
    parts = parts_of(message)
    if block.part < len(parts) - 1:
        part = parts[block.part]
        if isinstance(part.get("text"), str):  # the space at its end belongs to the next word
            part = {**part, "text": part["text"].rstrip()}
        message = {"role": message["role"], "content": [*parts[: block.part], part]}
    whole = [*before, message]
    return tokens_beside(body) + sum(message_tokens(m, lambda p: chat.part_tokens_at(endpoint.model, p)) for m in whole)


def is_system(block: Block, body: Mapping[str, Any]) -> bool:
    """Whether a block is in the first message, and that message is the system's or the developer's."""
    return block.message == 0 and body["messages"][0]["role"] in SYSTEM_ROLES


def steps(chat: ChatRequest, endpoint: Endpoint) -> Iterator[tuple[int, str]]:
    """Size and key of every beginning that is a multiple of 128 tokens long, in one pass: a text may end within it."""
    body = chat.body
    read = hashlib.sha256(_head(body, endpoint).encode())
    read.update(hash_of_json(body.get("tools")).encode())
    size = tokens_beside(body)
    for tokens, text in _pieces(chat, endpoint.model):
        read.update(text.encode("utf-8", "replace"))
        before, size = size, size + tokens
        if before // STEP < size // STEP:
            yield size // STEP * STEP, read.hexdigest()


def _pieces(chat: ChatRequest, model: str) -> Iterator[tuple[int, str]]:
    """The messages as tokens and what stands for them: word by word, and a picture or a very long text at once."""
    for message in chat.messages:
        yield 3, f"\0{message['role']}\0"
        for part in parts_of(message):
            text = part.get("text")
            if part.get("type") in KINDS:
                yield chat.part_tokens_at(model, part), hash_of_json(_unmarked(part))
            elif isinstance(text, str):
                yield from ((1, piece) for piece in pieces(text[:COUNTED]))
                if len(text) > COUNTED:
                    yield count_of(text) - count_of(text[:COUNTED]), text[COUNTED:]
        if message.get("tool_calls"):
            calls = json.dumps([call.get("function") for call in message["tool_calls"]], ensure_ascii=False)
            yield count_of(calls), calls


def parts_of(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts of a message, at least one: a plain string is one text part."""
    content = message.get("content")
    if isinstance(content, list):
        return content or [{}]
    return [{"type": "text", "text": content}] if isinstance(content, str) else [{}]


def _head(body: Mapping[str, Any], endpoint: Endpoint) -> str:
    """What stands for the endpoint and the form of the answer, which comes before everything else."""
    return hash_of_json([endpoint.tag, endpoint.model, body.get("response_format")])


def _mark_of(block: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = (block.get(name) for name in MARKS)
    return next((mark for mark in found if isinstance(mark, Mapping)), None)


def _unmarked(block: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name not in MARKS}
