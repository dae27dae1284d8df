"""Which fields a chat request may have and what each takes: unknown fields are ignored, wrong types refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .errors import Response, error

Rule = tuple[Callable[[Any], bool], str]

EFFORTS = ("max", "xhigh", "high", "medium", "low", "minimal", "none")
TOOL_CHOICES = ("none", "auto", "required")
FORMATS = ("text", "json_object", "json_schema", "grammar", "python")
PARTS = ("text", "image_url", "input_audio", "video_url", "file")
ROLES = ("system", "user", "developer", "assistant", "tool")


def is_number(value: Any) -> bool:
    """A JSON number; `true` is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(text: str, otherwise: int) -> int:
    """The whole number that a header or a query holds; `otherwise` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else otherwise


def _whole(low: int, high: float = float("inf")) -> Rule:
    limits = f"a whole number of at least {low}" if high == float("inf") else f"a whole number from {low} to {high}"
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high, limits


def _from(low: float, high: float) -> Rule:
    return lambda v: is_number(v) and low <= v <= high, f"a number from {low} to {high}"


def _one_of(*names: str) -> Rule:
    return lambda v: v in names, f"one of {', '.join(names)}"


def _are_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, Mapping) for v in value)


TEXT: Rule = (lambda v: isinstance(v, str), "a string")
OBJECT: Rule = (lambda v: isinstance(v, Mapping), "an object")
SWITCH: Rule = (lambda v: isinstance(v, bool), "true or false")
OBJECTS: Rule = (_are_objects, "a list of objects")
TYPES: dict[str, Rule] = {
    "model": TEXT,
    "models": (_are_strings, "a list of model ids"),
    "max_tokens": _whole(1),
    "max_completion_tokens": _whole(1),
    "stop": (lambda v: isinstance(v, str) or (_are_strings(v) and len(v) <= 4), "a string or up to four of them"),
    "stream": SWITCH,
    "temperature": _from(0, 2),
    "top_p": _from(0, 1),
    "top_k": _whole(0),
    "min_p": _from(0, 1),
    "top_a": _from(0, 1),
    "frequency_penalty": _from(-2, 2),
    "presence_penalty": _from(-2, 2),
    "repetition_penalty": _from(0, 2),
    "seed": (lambda v: isinstance(v, int) and not isinstance(v, bool), "a whole number"),
    "logprobs": SWITCH,
    "top_logprobs": _whole(0, 20),
    "logit_bias": OBJECT,
    "tools": OBJECTS,
    "tool_choice": (
        lambda v: v in TOOL_CHOICES or (isinstance(v, Mapping) and isinstance(v.get("type"), str)),
        "none, auto, required or an object that names a tool",
    ),
    "parallel_tool_calls": SWITCH,
    "provider": OBJECT,
    "plugins": OBJECTS,
    "reasoning": OBJECT,
    "reasoning_effort": _one_of(*EFFORTS),
    "include_reasoning": SWITCH,
    "response_format": (
        lambda v: isinstance(v, Mapping) and v.get("type") in FORMATS,
        f"an object whose type is one of {', '.join(FORMATS)}",
    ),
    "metadata": OBJECT,
    "service_tier": TEXT,
    "session_id": (lambda v: isinstance(v, str) and len(v) <= 256, "a string of at most 256 characters"),
    "user": (lambda v: isinstance(v, str) and len(v) <= 128, "a string of at most 128 characters"),
}
"""What each field takes: OpenRouter's OpenAPI, 2026-08-22."""


def check(body: Any) -> Response | None:
    """The refusal that a chat request earns for its form, or None."""
    if not isinstance(body, Mapping):
        return error(400, "Invalid JSON in request body")
    if not isinstance(body.get("messages"), list) or not body["messages"]:
        return error(400, 'Input required: specify "prompt" or "messages"')
    for name, (right, takes) in TYPES.items():
        if body.get(name) is not None and not right(body[name]):
            return error(400, f"Invalid request: {name} takes {takes}")
    wrong = _messages(body["messages"]) or _tools(body) or _format(body) or _reasoning(body)
    return error(400, f"Invalid request: {wrong}") if wrong else None


def _messages(messages: list[Any]) -> str | None:
    for n, message in enumerate(messages):
        if not isinstance(message, Mapping) or message.get("role") not in ROLES:
            return f"messages[{n}] takes an object whose role is one of {', '.join(ROLES)}"
        content = message.get("content")
        if not (content is None or isinstance(content, str) or _are_objects(content)):
            return f"messages[{n}].content takes a string or a list of parts"
        if isinstance(content, list):
            for part in content:
                kind = part.get("type")
                if kind not in PARTS:
                    return f"messages[{n}].content has a part of type {kind!r}; it takes {', '.join(PARTS)}"
                if kind == "text" and not isinstance(part.get("text"), str):
                    return f"messages[{n}].content has a text part without text"
                if kind != "text" and not isinstance(part.get(kind), Mapping):
                    return f"messages[{n}].content: a part of type {kind} takes an object {kind!r}"
        if message["role"] == "tool" and not isinstance(message.get("tool_call_id"), str):
            return f"messages[{n}] has role tool and needs tool_call_id"
        if message.get("tool_calls") is not None and not _are_objects(message["tool_calls"]):
            return f"messages[{n}].tool_calls takes a list of objects"
    return None


def _tools(body: Mapping[str, Any]) -> str | None:
    names = []
    for n, tool in enumerate(body.get("tools") or []):
        if tool.get("type") != "function":
            if not isinstance(tool.get("type"), str):
                return f"tools[{n}] needs a type, such as function"
            continue
        function = tool.get("function")
        name = function.get("name") if isinstance(function, Mapping) else None
        if not isinstance(name, str) or not 1 <= len(name) <= 64:
            return f"tools[{n}].function needs a name of at most 64 characters"
        if not isinstance(function.get("parameters") or {}, Mapping):
            return f"tools[{n}].function.parameters takes a JSON schema, which is an object"
        names.append(name)
    choice = body.get("tool_choice")
    if isinstance(choice, Mapping) and choice["type"] == "function":
        wanted = choice.get("function")
        wanted = wanted.get("name") if isinstance(wanted, Mapping) else None
        if wanted not in names:
            return f"tool_choice names {wanted!r}, which is not in tools"
    if choice == "required" and not body.get("tools"):
        return "tool_choice is required, but there are no tools"
    return None


def _format(body: Mapping[str, Any]) -> str | None:
    wanted = body.get("response_format") or {}
    if wanted.get("type") != "json_schema":
        return None
    inner = wanted.get("json_schema")
    if not isinstance(inner, Mapping) or not isinstance(inner.get("name"), str):
        return "response_format.json_schema takes an object with a name and a schema"
    if not isinstance(inner.get("schema", {}), Mapping):
        return "response_format.json_schema.schema takes a JSON schema, which is an object"
    return None


def _reasoning(body: Mapping[str, Any]) -> str | None:
    wanted = body.get("reasoning") or {}
    effort, tokens = wanted.get("effort"), wanted.get("max_tokens")
    if effort is not None and effort not in EFFORTS:
        return f"reasoning.effort takes one of {', '.join(EFFORTS)}"
    if tokens is not None and not _whole(0)[0](tokens):
        return "reasoning.max_tokens takes a whole number of at least 0"
    if effort is not None and tokens is not None:
        return "reasoning takes effort or max_tokens, not both"
    if effort and body.get("reasoning_effort") and effort != body["reasoning_effort"]:
        return "reasoning_effort and reasoning.effort differ"
    for name in ("enabled", "exclude"):
        if not isinstance(wanted.get(name), bool | None):
            return f"reasoning.{name} takes true or false"
    return None
