"""The checkers of 11-tool-calling: a description as a provider would read it, and a function tried on calls of every kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from .sending import ask
from .verdict import Verdict, judged, not_yet, right, shown, tried

REASONS = {"late", "broken", "changed my mind"}
PROMPT = 'Please cancel my order "A-17": it is broken.'


@judged
def describes_cancel(answer: Any) -> Verdict:
    """An entry for `tools` with which a model can only ask for calls of `cancel` that fit."""
    answer = _as_json(answer)
    if not isinstance(answer, dict) or answer.get("type") != "function":
        return not_yet(f"an entry is an object {{'type': 'function', 'function': …}}, not {shown(answer)}.")
    function = answer.get("function")
    if not isinstance(function, dict) or function.get("name") != "cancel":
        return not_yet("the inside, under 'function', needs the name 'cancel'.")
    problem = _form(function.get("parameters"))
    if problem:
        return not_yet(problem)
    if not str(function.get("description") or "").strip():
        return not_yet("the form is right, but a model chooses by the description, and there is none.")
    reply = ask({"model": "openai/gpt-4o-mini", "max_tokens": 200, "messages": [{"role": "user", "content": PROMPT}], "tools": [answer], "tool_choice": {"type": "function", "function": {"name": "cancel"}}})  # fmt: skip
    if isinstance(reply, Verdict):
        return reply
    arguments = reply["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
    return right(f"a call that keeps to it looks like this one: {arguments}")


def _as_json(value: Any) -> Any:
    """As it goes out: JSON knows no tuples. What cannot be sent stays as it is."""
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError):
        return value


def _form(form: Any) -> str:
    """What is wrong with the parameters, or nothing."""
    if not isinstance(form, dict) or form.get("type") != "object":
        return "parameters is a JSON schema of the type 'object'."
    fields = form.get("properties")
    if not isinstance(fields, dict) or set(fields) != {"order", "reason"}:
        return f"properties names the two arguments, order and reason, not {shown(fields)}."
    if not all(isinstance(field, dict) for field in fields.values()):
        return "each property is a schema of its own, such as {'type': 'string'}."
    required = form.get("required")
    if not isinstance(required, list) or set(required) != {"order", "reason"}:
        return "a model may leave out what is not in required, and both arguments are needed."
    if form.get("additionalProperties") is not False:
        return "other arguments may still come. Which field forbids properties that are not named?"
    if fields["order"].get("type") != "string":
        return f"an order is a text, so its type is 'string', not {shown(fields['order'].get('type'))}."
    if fields["order"].get("enum"):
        return "only the orders of your list can be cancelled, and there are new ones every day."
    values = fields["reason"].get("enum") or [s.get("const") for s in fields["reason"].get("anyOf") or [] if s]
    if not isinstance(values, list) or not values:
        return "any text may come as a reason. Which field lists the values that are allowed?"
    if set(map(str, values)) != REASONS or len(values) != len(REASONS):
        return f"the reasons are {', '.join(sorted(REASONS))}, not {shown(values)}."
    if fields["reason"].get("type", "string") != "string":
        return f"a reason is a text, not {shown(fields['reason']['type'])}."
    return ""


def _fails(**arguments: Any) -> Any:
    raise RuntimeError("the database is away")


RAN: list[str] = []
"""The functions that were called in one case, to see that none runs twice."""


def _minus(a: Any, b: Any) -> Any:
    RAN.append("minus")
    return a - b


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "minus": _minus,
    "hours": lambda: {"opens": 9, "closes": 18},
    "nothing": lambda: None,
    "says": lambda: "a text",
    "fails": _fails,
    "odd": lambda: {1, 2},
}
SILENT = ("", "ok", "done", "null", "none", "true", "{}", "[]", "()")
"""Texts that tell a model nothing went wrong."""
NONE = object()
"""Stands for a call that cannot succeed."""
CASES: tuple[tuple[str, list[tuple[str, str]], list[Any]], ...] = (
    ("one call", [("hours", "{}")], [{"opens": 9, "closes": 18}]),
    ("two calls", [("add", '{"a": 2, "b": 3}'), ("hours", "{}")], [5, {"opens": 9, "closes": 18}]),
    ("two calls of the same function", [("add", '{"a": 1, "b": 1}'), ("add", '{"a": 2, "b": 2}')], [2, 4]),
    ("arguments in another order", [("minus", '{"b": 1, "a": 5}')], [4]),
    ("an argument that is true in JSON", [("add", '{"a": true, "b": 1}')], [2]),
    ("arguments that are Python and not JSON", [("add", "{'a': 2, 'b': 3}")], [NONE]),
    ("a function that gives a text", [("says", "{}")], ["a text"]),
    ("a function that gives None", [("nothing", "{}")], [None]),
    ("no call at all", [], []),
    ("a function that raises", [("fails", "{}")], [NONE]),
    ("a good call behind one that raises", [("fails", "{}"), ("hours", "{}")], [NONE, {"opens": 9, "closes": 18}]),
    ("an unknown name", [("drop_table", "{}")], [NONE]),
    ("arguments that are cut", [("add", '{"a": 2, "b"')], [NONE]),
    ("empty arguments", [("add", "")], [NONE]),
    ("arguments that are a list", [("add", "[2, 3]")], [NONE]),
    ("an argument that the function does not know", [("add", '{"a": 2, "b": 3, "c": 4}')], [NONE]),
    ("an argument that is missing", [("add", '{"a": 2}')], [NONE]),
    ("a result that is no JSON", [("odd", "{}")], [NONE]),
)
"""What comes, the calls as (name, arguments), what the functions give."""


@judged
def runs_whatever_comes(answer: Any) -> Verdict:
    """A function that answers every call with one message, whatever happens inside."""
    if not callable(answer):
        return not_yet(f"results is a function that takes calls and functions, not {shown(answer)}.")
    for what, asked, wanted in CASES:
        calls = [SimpleNamespace(id=f"call_{n}", type="function", function=SimpleNamespace(name=name, arguments=text)) for n, (name, text) in enumerate(asked)]  # fmt: skip
        RAN.clear()
        messages = tried(f"{what}: results itself raises", answer, calls, dict(FUNCTIONS))
        problem = _messages(messages, wanted)
        if not problem and RAN.count("minus") > 1:
            problem = "the function was run twice: an order would be cancelled twice."
        if problem:
            return not_yet(f"{what}: {problem}")
    return right(f"{len(CASES)} kinds of calls, one message for each call, and nothing is raised.")


def _messages(messages: Any, wanted: list[Any]) -> str:
    """What is wrong with these messages, or nothing."""
    if not isinstance(messages, list) or len(messages) != len(wanted):
        return f"{len(wanted)} messages are to be sent back, not {shown(messages)}."
    for n, (message, value) in enumerate(zip(messages, wanted, strict=True)):
        if not isinstance(message, dict) or message.get("role") != "tool":
            return f"each message has the role 'tool'; this is {shown(message)}."
        if message.get("tool_call_id") != f"call_{n}":
            return f"each message names the call that it answers, in order; this one says {shown(message.get('tool_call_id'))}."
        content = message.get("content")
        if not isinstance(content, str):
            return f"content is always a text, not {shown(content)}."
        if value is NONE and content.strip().lower().strip('"') in SILENT:
            return f"the model is not told that something went wrong: content is {content!r}."
        if value is NONE and _is_number(content):
            return f"what is no JSON was run all the same: content is {content}."
        if not isinstance(value, str) and value is not NONE and content == str(value) and content != json.dumps(value):
            return f"{content} is Python's spelling, not JSON: use json.dumps."
        if value is not NONE and content != value and not _says(content, value):
            return f"the function gave {shown(value)}, but the model is told {shown(content)}."
    return ""


def _is_number(content: str) -> bool:
    try:
        return isinstance(json.loads(content), int | float)
    except ValueError:
        return False


def _says(content: str, value: Any) -> bool:
    """Whether a text is this value as JSON, alone or inside an object."""
    try:
        read = json.loads(content)
    except ValueError:
        return False
    return read == value or (isinstance(read, dict) and value in read.values())
