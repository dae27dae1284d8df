"""The conditions that a row of data/refusals.toml can name. One function each.

A condition looks at the request and answers None when it does not hold, else what it found: values that the row's
sentence may use. `settings` is the row itself: what a condition needs beside its name (a field, a limit) stands there.
"""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .. import catalogue, content_parts
from ..billing.prefixes import MARKS
from ..chat_request import ChatRequest
from ..output.reasoning import thinking_for
from ..output.seal import is_intact
from ..tokens import text_of
from .strict_schema import first_breach

Found = Mapping[str, Any] | None
Condition = Callable[[ChatRequest, Mapping[str, Any]], Found]
HOLDS: Found = {}
"""The condition holds, and there is nothing to say beside it."""
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
"""How the files of png, jpeg and gif begin."""


# --- settings --------------------------------------------------------------------------------------------------------


def field_is_set(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """One of `fields` is there, with another value than the one it has there (which every model takes)."""
    for name, usual in settings["fields"].items():
        if chat.body.get(name) is not None and chat.body[name] != usual:
            return {"field": name}
    return None


def limit_is_below(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """The answer may have fewer tokens than `least`."""
    return {"given": chat.limit} if chat.limit is not None and chat.limit < settings["least"] else None


def tool_is_forced(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """A tool must be called: any, or one by its name. With `thinking` only while the model thinks."""
    if not chat.forces_a_tool:
        return None
    return HOLDS if not settings.get("thinking") or _thinks(chat) else None


def audio_format_is_not(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """Sound is asked for in another format than `format`."""
    if "audio" not in chat.modalities:
        return None
    given = (chat.body.get("audio") or {}).get("format", settings["format"])
    return {"format": given} if given != settings["format"] else None


# --- the form of the answer ------------------------------------------------------------------------------------------


def schema_is_not_strict(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """A schema that is to be kept strictly, for the answer or for a tool, breaks one of the rules for such schemas."""
    for what, schema, where in _strict_schemas(chat):
        breach = first_breach(schema)
        if breach:
            return {"what": what, "breach": breach, **where}
    return None


def _strict_schemas(chat: ChatRequest) -> Iterator[tuple[str, Any, dict[str, str]]]:
    """Each with what it is for, and with where OpenAI says it stands."""
    form = (chat.body.get("response_format") or {}).get("json_schema") or {}
    if form.get("strict") is True:
        where = {"param": "text.format.schema", "code": "invalid_json_schema"}
        yield f"response_format '{form.get('name')}'", form.get("schema") or {}, where
    for number, function in enumerate(chat.functions):
        if function.get("strict") is True:
            where = {"param": f"tools[{number}].parameters", "code": "invalid_function_parameters"}
            yield f"function '{function['name']}'", function.get("parameters") or {}, where


def json_is_not_spoken_of(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """`json_object` is asked for, and no message has the word "json" in it."""
    if (chat.body.get("response_format") or {}).get("type") != "json_object":
        return None
    said = any("json" in text_of(message.get("content")).lower() for message in chat.messages)
    return None if said else HOLDS


# --- messages --------------------------------------------------------------------------------------------------------


def role_is(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """A message has the role `role`."""
    for number, message in enumerate(chat.messages):
        if message["role"] == settings["role"]:
            return {"number": number}
    return None


def answer_is_begun(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """The last message is the assistant's (a prefill)."""
    last = chat.messages[-1]
    return HOLDS if last["role"] == "assistant" and not last.get("tool_calls") else None


def text_is_empty(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """A message has a text part with nothing in it, or a user says nothing."""
    for number, message in enumerate(chat.messages):
        content = message.get("content")
        if content == "" and message["role"] == "user":
            return {"number": number}
        for part in content if isinstance(content, list) else []:
            if part.get("type") == "text" and not part["text"].strip():
                return {"number": number}
    return None


def cache_breakpoints_are_above(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """More than `most` parts and tools carry cache_control (or prompt_cache_breakpoint, which becomes one). One at the top
    level counts as well: it is a mark on the last block (Anthropic's page on prompt caching, 2026)."""
    parts = [p for m in chat.messages if isinstance(m.get("content"), list) for p in m["content"]]
    blocks = [*parts, *(chat.body.get("tools") or [])]
    count = sum(any(isinstance(block.get(mark), Mapping) for mark in MARKS) for block in blocks)
    last = parts[-1] if parts and isinstance(chat.messages[-1].get("content"), list) else {}
    if isinstance(chat.body.get("cache_control"), Mapping) and not isinstance(last.get("cache_control"), Mapping):
        count += 1
    return {"count": count} if count > settings["most"] else None


def result_has_no_call(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """A tool message answers a call that no assistant message before it made."""
    called: set[str] = set()
    for number, message in enumerate(chat.messages):
        called |= set(_call_ids(message))
        if message["role"] == "tool" and message["tool_call_id"] not in called:
            return {"id": message["tool_call_id"], "number": number}
    return None


def call_has_no_result(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """An assistant message made calls, and the tool messages right after it do not answer all of them."""
    for number, message in enumerate(chat.messages):
        if not message.get("tool_calls"):
            continue
        answered = set()
        for later in itertools.islice(chat.messages, number + 1, None):
            if later["role"] != "tool":
                break
            answered.add(later["tool_call_id"])
        open_calls = [identity for identity in _call_ids(message) if identity not in answered]
        if open_calls:
            return {"id": open_calls[0], "ids": ", ".join(open_calls), "number": number}
    return None


def _call_ids(message: Mapping[str, Any]) -> list[str]:
    return [str(call.get("id")) for call in message.get("tool_calls") or []]


# --- thoughts that a tool loop must keep -----------------------------------------------------------------------------


def thoughts_are_missing(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """A call of this turn came back without the thoughts that led to it: a block of `kind`, or any thoughts.

    Only the turn since the last user message counts. A model that was told not to think has none to send back, unless
    `always` says that its calls are signed all the same.
    """
    if not settings.get("always") and not _thinks(chat):
        return None
    for number, message in _calling_messages(chat):
        if not _has_thoughts(message, settings.get("kind")):
            name = (message["tool_calls"][0].get("function") or {}).get("name")
            return {"name": name, "position": number + 1}
    return None


def thoughts_are_altered(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """A signature or an encrypted block came back with other bytes than it was given with."""
    for number, message in _calling_messages(chat):
        for detail in _details(message):
            block = detail.get("signature", detail.get("data"))
            if block is not None and not is_intact(block):
                return {"number": number}
    return None


def _thinks(chat: ChatRequest) -> bool:
    return thinking_for(chat, catalogue.find(chat.model) or {}, None) is not None


def _calling_messages(chat: ChatRequest) -> list[tuple[int, Mapping[str, Any]]]:
    """The assistant messages with tool calls since the last user message, each with its place."""
    found: list[tuple[int, Mapping[str, Any]]] = []
    for number in range(len(chat.messages) - 1, -1, -1):
        message = chat.messages[number]
        if message["role"] == "user":
            break
        if message["role"] == "assistant" and message.get("tool_calls"):
            found.insert(0, (number, message))
    return found


def _has_thoughts(message: Mapping[str, Any], kind: str | None) -> bool:
    details = _details(message)
    if kind:
        return any(detail.get("type") == kind for detail in details)
    return bool(details or message.get("reasoning") or message.get("reasoning_content"))


def _details(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = message.get("reasoning_details")
    return [detail for detail in given if isinstance(detail, Mapping)] if isinstance(given, list) else []


# --- pictures --------------------------------------------------------------------------------------------------------


def picture_is_broken(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """A picture is in the request itself, and its bytes are no picture."""
    for part in _pictures(chat):
        head, comma, encoded = part["image_url"]["url"].partition(",")
        if head.startswith("data:") and not (comma and _begins_like_a_picture(encoded)):
            return HOLDS
    return None


def _begins_like_a_picture(encoded: str) -> bool:
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
        webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
        return content.startswith(PICTURES) or webp or content[4:8] == b"ftyp"  # heic and avif
    except (ValueError, binascii.Error):
        return False


def pictures_are_above(chat: ChatRequest, settings: Mapping[str, Any]) -> Found:
    """The conversation holds more than `most` pictures."""
    count = len(list(_pictures(chat)))
    return {"count": count} if count > settings["most"] else None


def _pictures(chat: ChatRequest) -> Iterator[Mapping[str, Any]]:
    return (part for part in content_parts.parts(chat.body) if part["type"] == "image_url")


CONDITIONS: dict[str, Condition] = {
    condition.__name__: condition
    for condition in (
        field_is_set,
        limit_is_below,
        tool_is_forced,
        audio_format_is_not,
        schema_is_not_strict,
        json_is_not_spoken_of,
        role_is,
        answer_is_begun,
        text_is_empty,
        cache_breakpoints_are_above,
        result_has_no_call,
        call_has_no_result,
        thoughts_are_missing,
        thoughts_are_altered,
        picture_is_broken,
        pictures_are_above,
    )
}
