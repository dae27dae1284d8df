"""Answers to the exercises of 11-tool-calling: for each checker the unedited one, wrong ones, right ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

ORDER, REASON = {"type": "string"}, {"type": "string", "enum": ["late", "broken", "changed my mind"]}
FORM = {
    "type": "object",
    "properties": {"order": ORDER, "reason": REASON},
    "required": ["order", "reason"],
    "additionalProperties": False,
}


def tool(form: Any = FORM, name: str = "cancel", description: Any = "Cancel an order", **more: Any) -> dict[str, Any]:
    function = {"name": name, "description": description, "parameters": form, **more}
    return {"type": "function", "function": function}


def form(**other: Any) -> dict[str, Any]:
    return {**FORM, **other}


def fields(**other: Any) -> dict[str, Any]:
    return form(properties={"order": ORDER, "reason": REASON, **other})


def results(calls: Any, functions: Any) -> list[dict[str, Any]]:
    return [said(call, content_of(call, functions)) for call in calls]


def said(call: Any, content: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call.id, "content": content}


def content_of(call: Any, functions: Any) -> str:
    try:
        return json.dumps(functions[call.function.name](**json.loads(call.function.arguments)))
    except Exception as error:
        return json.dumps({"error": str(error) or type(error).__name__})


def each(content: Callable[[Any, Any], Any]) -> Callable[[Any, Any], list[dict[str, Any]]]:
    """A loop over the calls with another content."""
    return lambda calls, functions: [said(call, content(call, functions)) for call in calls]


def raw(call: Any, functions: Any) -> Any:
    return functions[call.function.name](**json.loads(call.function.arguments))


def only_known(call: Any, functions: Any) -> str:
    if call.function.name not in functions:
        return "unknown"
    return json.dumps(raw(call, functions))


def only_json(call: Any, functions: Any) -> str:
    try:
        arguments = json.loads(call.function.arguments)
    except json.JSONDecodeError:
        return "broken"
    return json.dumps(functions[call.function.name](**arguments))


def dumps_outside(call: Any, functions: Any) -> str:
    try:
        value = raw(call, functions)
    except Exception as error:
        value = {"error": str(error)}
    return json.dumps(value)


def first_only(calls: Any, functions: Any) -> list[dict[str, Any]]:
    return results(calls[:1], functions)


def silent(call: Any, functions: Any) -> str:
    try:
        return json.dumps(raw(call, functions))
    except Exception:
        return "ok"


def evaluated(call: Any, functions: Any) -> str:
    """The model's text, run as Python."""
    try:
        true, false, null = True, False, None
        return json.dumps(
            functions[call.function.name](**eval(call.function.arguments, {"true": true, "false": false, "null": null}))
        )
    except Exception as error:
        return str(error) or "failed"


def in_turn(call: Any, functions: Any) -> str:
    try:
        return json.dumps(functions[call.function.name](*json.loads(call.function.arguments).values()))
    except Exception as error:
        return f"failed: {error!r}"


def twice(call: Any, functions: Any) -> str:
    content_of(call, functions)
    return content_of(call, functions)


def spelled(call: Any, functions: Any) -> str:
    try:
        return str(raw(call, functions))
    except Exception as error:
        return f"failed: {error!r}"


def as_text(call: Any, functions: Any) -> str:
    try:
        value = raw(call, functions)
        json.dumps(value)
        return value if isinstance(value, str) else json.dumps(value)
    except Exception as error:
        return f"failed: {error!r}"


def wrapped(call: Any, functions: Any) -> str:
    try:
        return json.dumps({"result": raw(call, functions)})
    except Exception as error:
        return json.dumps({"error": repr(error)})


CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "describes_cancel": (
        {"type": "function", "function": {"name": "cancel", "parameters": {"type": "object"}}},
        [
            None,
            "cancel",
            FORM,
            {"type": "function"},
            {"type": "function", **tool()["function"]},  # the Responses API's form
            tool(name="cancel_order"),
            tool(form=None),
            tool(form=["order", "reason"]),
            tool(form=form(required=["order"])),
            tool(form=form(required="order, reason")),
            tool(form={k: v for k, v in FORM.items() if k != "required"}),
            tool(form={k: v for k, v in FORM.items() if k != "additionalProperties"}),
            tool(form=form(additionalProperties=True)),
            tool(form=fields(order={"type": "integer"})),
            tool(form=fields(reason={"type": "string"})),
            tool(form=fields(reason={"type": "string", "enum": ["late", "broken"]})),
            tool(form=fields(reason={"type": "string", "enum": "late, broken, changed my mind"})),
            tool(form=fields(reason={"type": "string", "description": "late, broken or changed my mind"})),
            tool(form=fields(note={"type": "string"})),
            tool(form=fields(order="string")),
            tool(form=fields(order={"type": "string", "enum": ["A-17"]})),
            tool(description=""),
            tool(description=None),
        ],
        [
            tool(),
            tool(strict=True),
            tool(form=form(required=["reason", "order"])),
            tool(form=fields(order={"type": "string", "description": "such as A-17"})),
            tool(form=fields(reason={"enum": ["broken", "late", "changed my mind"]})),
            tool(form=form(title="Cancel", description="what to cancel")),
            tool(form=form(required=("order", "reason"))),
            tool(form=fields(reason={"type": "string", "anyOf": [{"const": "late"}, {"const": "broken"}, {"const": "changed my mind"}]})),
        ],
    ),
    "runs_whatever_comes": (
        lambda calls, functions: [said(calls[0], raw(calls[0], functions))],
        [
            None,
            "results",
            first_only,
            each(raw),
            each(only_known),
            each(only_json),
            each(dumps_outside),
            each(lambda call, functions: ""),
            each(lambda call, functions: "ok"),
            each(silent),
            each(evaluated),
            each(in_turn),
            each(twice),
            each(spelled),
            lambda calls, functions: results(reversed(calls), functions),
            lambda calls, functions: {"messages": results(calls, functions)},
            lambda calls, functions: [{**m, "role": "user"} for m in results(calls, functions)],
            lambda calls, functions: [{**m, "tool_call_id": "call_0"} for m in results(calls, functions)],
            lambda calls, functions: tuple(results(calls, functions)),
            lambda calls: [],
        ],
        [
            results,
            each(content_of),
            each(as_text),
            each(wrapped),
            lambda calls, functions: [{**m, "name": "x"} for m in results(calls, functions)],
            type("Results", (), {"__call__": lambda self, calls, functions: results(calls, functions)})(),
        ],
    ),
}  # fmt: skip
