"""How the tests of the stand-in ask it."""

from __future__ import annotations

import json
from typing import Any

from openrouter_standin import Faults, State, answer
from openrouter_standin.output.script import Line, Script
from support import CHAT, GLM

MINI, HAIKU, GEMINI, GPT5 = (
    "openai/gpt-4o-mini",
    "anthropic/claude-haiku-4.5",
    "google/gemini-3-flash-preview",
    "openai/gpt-5-mini",
)


SCRIPT = Script(
    [
        Line("Name one use of routing.", "A request goes to whoever can answer it now, at a price you agreed to."),
        Line(
            "When is the tide high in Esbjerg?",
            "That depends on the day.",
            after_tools="The tide is high in Esbjerg at noon.",
            tool_said="Esbjerg: high at noon",
        ),
        Line(
            "Why do ids carry dates?",
            "Dates tell versions apart.",
            model="google/*",
            reasoning="The question is about model identifiers. " * 6,
        ),
    ]
)


def scripted() -> State:
    """A state that remembers nothing yet, with a few words to say."""
    return State(script=SCRIPT)


def ask(
    state: State | None = None,
    path: str = CHAT,
    headers: dict[str, str] | None = None,
    faults: Faults | None = None,
    **body: Any,
) -> dict[str, Any]:
    body = {"model": MINI, "messages": [{"role": "user", "content": "Hi there"}], "max_tokens": 400} | body
    request = {"method": "POST", "path": path, "headers": headers or {}, "body": body}
    return answer(request, state or scripted(), faults)


def message(response: dict[str, Any]) -> dict[str, Any]:
    assert response["status"] == 200, response["body"]
    return response["body"]["choices"][0]["message"]


def chunks(response: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(text[6:]) for _, text in response["events"] if text.startswith("data: {")]


def refused(response: dict[str, Any]) -> tuple[int, str]:
    """Status and sentence of an error."""
    return response["status"], response["body"]["error"]["message"]


def user(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": text}]


def tool(name: str, description: str = "", **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


CITY = {"type": "string", "description": "A city"}


TOOLS = [
    tool("get_weather", "The weather in a city", city=CITY),
    tool("add", "Add two numbers", a={"type": "integer"}, b={"type": "integer"}),
]


# --- tools -----------------------------------------------------------------------------------------------------------


LONG = "The catalogue of the library has many entries. " * 200


RESPONSES = "/api/v1/responses"


def respond(state: State | None = None, **body: Any) -> dict[str, Any]:
    request = {
        "method": "POST",
        "path": RESPONSES,
        "body": {"model": MINI, "input": "Say hello in one sentence.", **body},
    }
    return answer(request, state or scripted())


def ask_body(body: Any, state: State | None = None, faults: Faults | None = None, **more: Any) -> dict[str, Any]:
    return answer({"method": "POST", "path": CHAT, "body": body, **more}, state or scripted(), faults)


def glm(**more: Any) -> dict[str, Any]:
    return {
        "model": GLM,
        "messages": [{"role": "user", "content": "Name one use of routing."}],
        "max_tokens": 60,
        **more,
    }


PERSON = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "age", "born", "mail", "kind", "tags", "boss"],
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "age": {"type": "integer", "minimum": 18, "exclusiveMaximum": 30},
        "born": {"type": "string", "format": "date"},
        "mail": {"type": ["string", "null"], "format": "email"},
        "kind": {"enum": ["guest", "host"]},
        "tags": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": True},
        "boss": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
        "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2,4}$"},
        "share": {"type": "number", "multipleOf": 0.25, "minimum": 0.3, "maximum": 1},
    },
}
