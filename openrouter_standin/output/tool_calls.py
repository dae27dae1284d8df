"""Which tools the stand-in calls, and with which arguments. No model decides: words of the prompt and of the tool do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..chat_request import ChatRequest
from ..errors import unfillable
from ..ids import hash_of
from ..tokens import last_user_text, text_of
from .hints import Hints
from .schema import Unfillable, example
from .schema_form import sound
from .script import Line

COMMON = frozenset(["with", "from", "that", "this", "what", "when", "where", "which", "your", "into", "their", "have", "about", "some", "them", "then", "tool", "tools", "call", "calls", "function", "return", "returns", "given", "value", "values", "using", "used", "please"])  # fmt: skip


LOOKED_AT = 100_000
"""Characters of a prompt in which tools are looked for."""


@dataclass(frozen=True)
class ToolCall:
    """One tool call. `arguments` is JSON text, as models write it."""

    id: str
    name: str
    arguments: str


def calls_for(chat: ChatRequest, provider: str, line: Line) -> tuple[ToolCall, ...]:
    """The tool calls of this turn; none when the prompt fits no tool, or when each that fits has brought its result.

    `tool_choice`: none, auto, required (then there is always a call) or one named tool. With `parallel_tool_calls: false`
    there is at most one. `provider`: decides how ids are written. `line`: what the script says; a tool that it names is
    called as it says, once, and no other; "none" calls none.
    """
    if line.tool == "none":
        return ()
    if line.tool and line.tool in [function["name"] for function in chat.functions]:
        done = line.tool in [name for name, _ in results(chat.messages)]
        identity = id_of_call(provider, line.tool, f"{chat.seed}0")
        return () if done else (ToolCall(identity, line.tool, line.arguments),)
    known, prompt = offered(chat.messages), last_user_text(chat.messages)
    chosen = _chosen(chat, prompt)
    made: list[tuple[str, str]] = []
    for function in chosen:
        try:
            made += _arguments(function, prompt, known, alone=len(chosen) == 1)
        except Unfillable as problem:
            raise unfillable(f"the parameters of the tool {function['name']!r}", problem) from None
    if chat.body.get("parallel_tool_calls") is False:
        made = made[:1]
    return tuple(
        ToolCall(id_of_call(provider, name, f"{chat.seed}{n}"), name, arguments)
        for n, (name, arguments) in enumerate(made)
    )


def _chosen(chat: ChatRequest, prompt: str) -> list[Mapping[str, Any]]:
    """The functions that are called."""
    functions, choice = chat.functions, chat.body.get("tool_choice") or "auto"
    if not functions or choice == "none":
        return []
    if isinstance(choice, Mapping):
        wanted = choice["function"]["name"] if choice.get("type") == "function" else None
        return [f for f in functions if f["name"] == wanted]
    # what was called since the prompt is not called again: a loop that demands a call must come to its last tool
    called = {name for name, _ in results(chat.messages)}
    fresh = [f for f in functions if f["name"] not in called]
    fitting = [f for f in _fitting(functions, prompt, chat.messages) if f in fresh]
    return fitting or ((fresh[:1] or functions[-1:]) if choice == "required" else [])


def _fitting(
    functions: Sequence[Mapping[str, Any]], prompt: str, messages: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The tools that the prompt names; if it names none, those that share the most words with it."""
    if re.search(r"\bresults?\b", prompt) and any(m["role"] == "tool" for m in messages):
        return []  # the prompt speaks of results that are there
    prompt = prompt[:LOOKED_AT]
    said = {*re.findall(r"\w+", prompt), *re.findall(r"[\w-]+", prompt)}
    named = [f for f in functions if f["name"] in said]
    if named:
        return named
    asked = _words(prompt) | ({"math", "calculator"} if re.search(r"\d\s*[-+*/^×÷]\s*\d", prompt) else set())
    scores = [len(asked & _words(f"{f['name']} {f.get('description') or ''}")) for f in functions]
    best = max(scores)
    return [f for f, score in zip(functions, scores, strict=True) if score == best] if best else []


def _words(text: str) -> set[str]:
    """Words of four letters and more, without the plural's s; `add_numbers` and `addNumbers` are two words each."""
    split = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).replace("_", " ").lower()
    return {w.rstrip("s") for w in re.findall(r"[a-z]{4,}", split)} - COMMON


def _arguments(function: Mapping[str, Any], prompt: str, known: str, alone: bool) -> list[tuple[str, str]]:
    """One call; or one a name ("in Paris and Tokyo") when a tool that is called alone takes a single text."""
    schema = sound(function.get("parameters"))
    required = schema.get("required") or list(schema.get("properties") or {})
    single = (schema.get("properties") or {}).get(required[0], {}) if len(required) == 1 else {}
    if alone and isinstance(single, Mapping) and single.get("type") == "string" and "enum" not in single:
        places = Hints(prompt).names
        if len(places) > 1:
            return [(function["name"], _json({**example(schema, Hints()), required[0]: place})) for place in places]
    made = example(schema, Hints(known), function["name"])
    return [(function["name"], _json(made if isinstance(made, dict) else {}))]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def id_of_call(provider: str, name: str, seed: str) -> str:
    """Ids as providers write them (recorded 2025 and 2026)."""
    digest = hash_of(seed)
    if provider == "Anthropic":
        return f"toolu_01{digest[:22]}"
    if provider == "Amazon Bedrock":
        return f"toolu_bdrk_01{digest[:22]}"
    if provider.startswith("Google"):
        return f"tool_{name}_{digest[:20]}"
    return f"call_{digest[:24]}"


def results(messages: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The tool results since the last user message, as (tool name, text)."""
    names = {
        str(c.get("id")): str((c.get("function") or {}).get("name"))
        for m in messages
        for c in m.get("tool_calls") or []
        if isinstance(c.get("function") or {}, Mapping)
    }
    found: list[tuple[str, str]] = []
    for message in reversed(messages):
        if message.get("role") == "user":
            break
        if message.get("role") != "tool":
            continue
        text = text_of(message.get("content"))
        found.insert(0, (names.get(message["tool_call_id"], message["tool_call_id"]), text))
    return found


def offered(messages: Sequence[Mapping[str, Any]]) -> str:
    """What a conversation offers for the values of a form: the prompt, and what tools brought since (of a JSON object
    its values, without their names)."""
    said = [last_user_text(messages)]
    for _, text in results(messages):
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        values = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [text]
        said += [v if v == text else _json(v) for v in values]
    return "\n".join(said)
