"""The checkers of 30-responses-api: a body for /responses, and a function that carries a tool loop on."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from .sending import ask
from .verdict import Unfit, Verdict, judged, not_yet, right, shown, tried

PATH = "/responses"
MODEL, SYSTEM, QUESTION, LIMIT = "openai/gpt-5-mini", "Answer in Dutch.", "What is a tide?", 1000
CHAT_NAMES = {"messages": "input", "max_tokens": "max_output_tokens", "max_completion_tokens": "max_output_tokens", "response_format": "text"}  # fmt: skip
"""Fields of chat that /responses does not know, and what they are called there."""
Item = dict[str, Any]


@judged
def translated(answer: Any) -> Verdict:
    """The body for /responses that asks for the same as the exercise's chat body."""
    if not isinstance(answer, Mapping):
        return not_yet(f"answer is a dict, the body of a request, not {shown(answer)}.")
    for name, here in CHAT_NAMES.items():
        if name in answer:
            return not_yet(f"{name} is a field of chat; here it is called {here}.")
    if "extra_body" in answer:
        return not_yet("extra_body is a word of the SDK's: in the body that goes out its fields stand at the top.")
    made = ask(answer, PATH)
    if isinstance(made, Verdict):
        return made
    if made["model"] != MODEL:
        return not_yet(f"this asks {made['model']}, and {MODEL} was asked for.")
    if made["max_output_tokens"] != LIMIT:
        return not_yet(
            f"the limit on the answer is {shown(made['max_output_tokens'])}, and {LIMIT} tokens were asked for."
        )
    if (answer.get("provider") or {}).get("data_collection") != "deny":
        return not_yet("providers that keep prompts for training are still allowed.")
    if _system(answer) != SYSTEM:
        return not_yet(f"the system prompt is {shown(_system(answer))}, and {SYSTEM!r} was asked for.")
    if _question(answer.get("input")) != QUESTION:
        return not_yet(f"the question is {shown(_question(answer.get('input')))}, and {QUESTION!r} was asked for.")
    return right("the same model, limit, system prompt, question and policy, at the other address.")


def _items(given: Any) -> list[Mapping[str, Any]]:
    return [item for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []


def _system(body: Mapping[str, Any]) -> str | None:
    """The system prompt: `instructions`, or a first message with that role."""
    texts = [_text(i.get("content")) for i in _items(body.get("input")) if i.get("role") in ("system", "developer")]
    return body.get("instructions") or (texts[0] if texts else None)


def _question(given: Any) -> str | None:
    """What the user asks: the whole input, or the last message of the user."""
    if isinstance(given, str):
        return given
    texts = [_text(item.get("content")) for item in _items(given) if item.get("role") == "user"]
    return texts[-1] if texts else None


def _text(content: Any) -> str:
    """The text of a message's content, a text or a list of parts."""
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text", "")) for part in _items(content))


def _tool(name: str) -> Item:
    schema = {"type": "object", "properties": {"harbour": {"type": "string"}}, "required": ["harbour"]}
    return {"type": "function", "name": name, "description": f"{name} at a harbour", "parameters": schema}


ASKED = [{"role": "user", "content": "When is the tide high, and when is it low, in Husum?"}]
THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "c2VhbGVk"}


def _call(number: int, name: str) -> Item:
    return {"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}", "name": name, "arguments": '{"harbour": "Husum"}', "status": "completed"}  # fmt: skip


def _said(text: str) -> Item:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}


HIGH, LOW = _call(1, "high_tide"), _call(2, "low_tide")
CASES: tuple[tuple[str, list[Item], list[Item], dict[str, str]], ...] = (
    ("one call", ASKED, [HIGH], {"call_1": "14:20"}),
    ("a thought, then a call", ASKED, [THOUGHT, HIGH], {"call_1": "14:20"}),
    ("words before the call", ASKED, [_said("I look it up."), HIGH], {"call_1": "14:20"}),
    ("two calls", ASKED, [THOUGHT, HIGH, LOW], {"call_1": "14:20", "call_2": "20:35"}),
    ("results in another order", ASKED, [HIGH, LOW], {"call_2": "20:35", "call_1": "14:20"}),
    ("an empty result", ASKED, [HIGH], {"call_1": ""}),
    ("the second round", [*ASKED, THOUGHT, HIGH, {"type": "function_call_output", "call_id": "call_1", "output": "14:20"}], [LOW], {"call_2": "20:35"}),
)  # fmt: skip
"""What happens, what was sent, what came, what the reader's functions returned."""


@judged
def carries_on(answer: Any) -> Verdict:
    """A function that makes the input of the next request of a tool loop."""
    if not callable(answer):
        raise Unfit(f"carry_on is a function of talk, output and results, not {shown(answer)}.")
    for what, talk, output, results in CASES:
        given = copy.deepcopy((talk, output, results))
        found = tried(f"{what}: your function raises", answer, *given)
        problem = _problem(found, talk, output, results)
        if problem:
            return not_yet(f"{what}: {problem}.")
    return right(f"{len(CASES)} rounds go on with everything that came, and a result for each call.")


def _problem(found: Any, talk: list[Item], output: list[Item], results: dict[str, str]) -> str:
    """What is wrong with the input of the next request; empty when it is right."""
    if not isinstance(found, list | tuple) or not all(isinstance(item, Mapping) for item in found):
        return f"carry_on gives {shown(found)}, and a list of items was asked for"
    found = list(found)
    if found[: len(talk)] != talk:
        return "what was sent before does not stand at the beginning as it was"
    new = found[len(talk) :]
    for item in output:
        if item not in new:
            return f"the item of the type {item['type']} that came is missing or changed"
    if [item for item in new if item in output] != output:
        return "the items that came are not in their order, or stand there twice"
    answered = {i.get("call_id"): i.get("output") for i in new if i.get("type") == "function_call_output"}
    for call_id, text in results.items():
        if call_id not in answered:
            return f"{call_id} has no function_call_output"
        if answered[call_id] != text:
            return f"the result of {call_id} is {shown(answered[call_id])}, and your function returned {text!r}"
    if len(new) != len(output) + len(results):
        return "there are more items than came and were answered"
    places = [new.index(item) for item in new if item.get("type") == "function_call_output"]
    if min(places) < max(new.index(item) for item in output):
        return "a result stands before an item that came: the results come last"
    made = ask({"model": MODEL, "input": found, "tools": [_tool("high_tide"), _tool("low_tide")]}, PATH)
    return made.sentence.rstrip(".") if isinstance(made, Verdict) else ""
