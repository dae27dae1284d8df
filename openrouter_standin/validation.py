"""Which fields a chat request may have and what each takes: unknown fields are ignored, wrong types refused."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .errors import ApiError, invalid, not_json, refusal

Rule = tuple[Callable[[Any], bool], str]

EFFORTS = ("max", "xhigh", "high", "medium", "low", "minimal", "none")
TOOL_CHOICES = ("none", "auto", "required")
FORMATS = ("text", "json_object", "json_schema", "grammar", "python")
OUTPUTS = ("text", "image", "audio")
PARTS = ("text", "image_url", "input_audio", "video_url", "file")
MOST_MODELS = 3
"""Fallback models in one request (xum#2963, 2026-03; logs of September 2026)."""
SYSTEM_ROLES = ("system", "developer")
ROLES = ("system", "user", "developer", "assistant", "tool")


def is_number(value: Any) -> bool:
    """A JSON number that can be reckoned with: `true` and `false` are none, and neither are NaN, Infinity and whole numbers
    beyond every float."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def whole(text: str, otherwise: int) -> int:
    """The whole number that a header or a query holds; `otherwise` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else otherwise


def whole_number(low: float = float("-inf"), high: float = float("inf")) -> Rule:
    """A whole number within these limits, where there are any."""
    least = "" if low == float("-inf") else f" of at least {low}"
    limits = f" from {low} to {high}" if high < float("inf") else least
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high, f"a whole number{limits}"


def _from(low: float, high: float) -> Rule:
    return lambda v: is_number(v) and low <= v <= high, f"a number from {low} to {high}"


def one_of(*names: str) -> Rule:
    """One of these words."""
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
    "max_tokens": whole_number(1),
    "max_completion_tokens": whole_number(1),
    "stop": (lambda v: isinstance(v, str) or (_are_strings(v) and len(v) <= 4), "a string or up to four of them"),
    "stream": SWITCH,
    "temperature": _from(0, 2),
    "top_p": _from(0, 1),
    "top_k": whole_number(0),
    "min_p": _from(0, 1),
    "top_a": _from(0, 1),
    "frequency_penalty": _from(-2, 2),
    "presence_penalty": _from(-2, 2),
    "repetition_penalty": _from(0, 2),
    "seed": whole_number(),
    "logprobs": SWITCH,
    "top_logprobs": whole_number(0, 20),
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
    "reasoning_effort": one_of(*EFFORTS),
    "include_reasoning": SWITCH,
    "response_format": (
        lambda v: isinstance(v, Mapping) and v.get("type") in FORMATS,
        f"an object whose type is one of {', '.join(FORMATS)}",
    ),
    "modalities": (
        lambda v: _are_strings(v) and all(m in OUTPUTS for m in v),
        f"a list of {', '.join(OUTPUTS)}",
    ),
    "audio": OBJECT,
    "image_config": OBJECT,
    "debug": OBJECT,
    "transforms": (_are_strings, "a list of texts"),
    "preset": TEXT,
    "metadata": OBJECT,
    "service_tier": TEXT,
    "session_id": (lambda v: isinstance(v, str) and len(v) <= 256, "a string of at most 256 characters"),
    "user": (lambda v: isinstance(v, str) and len(v) <= 128, "a string of at most 128 characters"),
}
"""What each field takes: OpenRouter's OpenAPI, 2026-08-22."""


def check_fields(
    body: Mapping[str, Any], form: Mapping[str, Rule], refuse: Callable[[str], ApiError], needed: Collection[str] = ()
) -> None:
    """Raise `refuse` of the first field that does not have its form. A field that is missing or null is passed over, unless it
    is `needed`."""
    for name, (fits, takes) in form.items():
        if (name in needed or body.get(name) is not None) and not fits(body.get(name)):
            raise refuse(f"{name} takes {takes}")


def check_chat(body: Any) -> None:
    """Raise `ApiError` for a chat request of a wrong form."""
    if not isinstance(body, Mapping):
        raise not_json()
    messages = body.get("messages")
    if not (isinstance(messages, list) and messages) and (messages is not None or body.get("prompt") is None):
        raise refusal(400, 'Input required: specify "prompt" or "messages"')
    check_fields(body, TYPES, invalid)
    if len(body.get("models") or ()) > MOST_MODELS:
        raise refusal(400, f"'models' array must have {MOST_MODELS} items or fewer.")
    for number, message in enumerate(messages or []):
        _check_message(f"messages[{number}]", message)
    _check_tools(body)
    _check_format(body)
    _check_reasoning(body)


def _check_message(where: str, message: Any) -> None:
    if not isinstance(message, Mapping) or message.get("role") not in ROLES:
        raise invalid(f"{where} takes an object whose role is one of {', '.join(ROLES)}")
    content = message.get("content")
    if not (content is None or isinstance(content, str) or _are_objects(content)):
        raise invalid(f"{where}.content takes a string or a list of parts")
    for part in content if isinstance(content, list) else []:
        _check_part(f"{where}.content", part)
    if message["role"] == "tool" and not isinstance(message.get("tool_call_id"), str):
        raise invalid(f"{where} has role tool and needs tool_call_id")
    calls = message.get("tool_calls")
    if calls is not None and not (
        _are_objects(calls) and all(isinstance(c.get("function", {}), Mapping) for c in calls)
    ):
        raise invalid(f"{where}.tool_calls takes a list of objects, each with a function")


def _check_part(where: str, part: Mapping[str, Any]) -> None:
    kind = part.get("type")
    if kind not in PARTS:
        raise invalid(f"{where} has a part of type {kind!r}; it takes {', '.join(PARTS)}")
    if kind == "text" and not isinstance(part.get("text"), str):
        raise invalid(f"{where} has a text part without text")
    if kind != "text" and not isinstance(part.get(kind), Mapping):
        raise invalid(f"{where}: a part of type {kind} takes an object {kind!r}")


def _check_tools(body: Mapping[str, Any]) -> None:
    names = [_function_name(n, tool) for n, tool in enumerate(body.get("tools") or [])]
    choice = body.get("tool_choice")
    if isinstance(choice, Mapping) and choice["type"] == "function":
        wanted = choice.get("function")
        wanted = wanted.get("name") if isinstance(wanted, Mapping) else None
        if wanted is None or wanted not in names:
            raise invalid(f"tool_choice names {wanted!r}, which is not in tools")
    if choice == "required" and not body.get("tools"):
        raise invalid("tool_choice is required, but there are no tools")


def _function_name(number: int, tool: Mapping[str, Any]) -> str | None:
    """The name of a function tool, checked; None for a server tool."""
    if tool.get("type") != "function":
        if not isinstance(tool.get("type"), str):
            raise invalid(f"tools[{number}] needs a type, such as function")
        return None
    function = tool.get("function")
    name = function.get("name") if isinstance(function, Mapping) else None
    if not isinstance(name, str) or not 1 <= len(name) <= 64:
        raise invalid(f"tools[{number}].function needs a name of at most 64 characters")
    if not isinstance(function.get("parameters") or {}, Mapping):
        raise invalid(f"tools[{number}].function.parameters takes a JSON schema, which is an object")
    return name


def _check_format(body: Mapping[str, Any]) -> None:
    wanted = body.get("response_format") or {}
    if wanted.get("type") != "json_schema":
        return
    inner = wanted.get("json_schema")
    if not isinstance(inner, Mapping) or not isinstance(inner.get("name"), str):
        raise invalid("response_format.json_schema takes an object with a name and a schema")
    if not isinstance(inner.get("schema", {}), Mapping):
        raise invalid("response_format.json_schema.schema takes a JSON schema, which is an object")


def _check_reasoning(body: Mapping[str, Any]) -> None:
    wanted = body.get("reasoning") or {}
    effort, tokens = wanted.get("effort"), wanted.get("max_tokens")
    if effort is not None and effort not in EFFORTS:
        raise invalid(f"reasoning.effort takes one of {', '.join(EFFORTS)}")
    if tokens is not None and not whole_number(0)[0](tokens):
        raise invalid("reasoning.max_tokens takes a whole number of at least 0")
    if effort is not None and tokens is not None:
        raise invalid("reasoning takes effort or max_tokens, not both")
    if effort and body.get("reasoning_effort") and effort != body["reasoning_effort"]:
        raise invalid("reasoning_effort and reasoning.effort differ")
    for name in ("enabled", "exclude"):
        if not isinstance(wanted.get(name), bool | None):
            raise invalid(f"reasoning.{name} takes true or false")
