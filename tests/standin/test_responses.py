"""The Responses API: the same answer in other clothes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from asking import CITY, GPT5, PERSON, ask, respond, user
from openrouter_standin import State


def test_a_response_says_and_costs_what_the_chat_answer_does() -> None:
    found = respond(provider={"only": ["openai"]})["body"]
    chat = ask(messages=user("Say hello in one sentence."), max_tokens=None, provider={"only": ["openai"]})["body"]
    assert found["output"][0]["content"][0]["text"] == chat["choices"][0]["message"]["content"] == found["output_text"]
    assert found["usage"]["cost"] == chat["usage"]["cost"]
    assert (found["status"], found["object"], found["error"]) == ("completed", "response", None)


def test_streamed_responses_are_numbered_and_end_with_the_whole() -> None:
    events = [
        json.loads(t[6:])
        for _, t in respond(stream=True, model=GPT5, reasoning={"effort": "low"})["events"]
        if t.startswith("data: {")
    ]
    assert [e["sequence_number"] for e in events] == list(range(len(events)))
    assert [e["type"] for e in events[:2]] == ["response.created", "response.in_progress"]
    whole = events[-1]["response"]
    assert events[-1]["type"] == "response.completed"
    text = "".join(e["delta"] for e in events if e["type"] == "response.output_text.delta")
    thought = "".join(e["delta"] for e in events if e["type"] == "response.reasoning_text.delta")
    assert [text, thought] == [whole["output"][1]["content"][0]["text"], whole["output"][0]["content"][0]["text"]]
    added = [e["item"]["id"] for e in events if e["type"] == "response.output_item.added"]
    assert added == [i["id"] for i in whole["output"]] and len(set(added)) == 2


def test_tools_forms_and_limits_of_responses() -> None:
    flat = [
        {
            "type": "function",
            "name": "get_weather",
            "description": "The weather",
            "parameters": {"type": "object", "properties": {"city": CITY}, "required": ["city"]},
        }
    ]
    call = respond(input="weather in Oslo", tools=flat)["body"]["output"][0]
    assert (call["type"], json.loads(call["arguments"])) == ("function_call", {"city": "Oslo"})
    turn = [
        {"role": "user", "content": "weather in Oslo"},
        call,
        {"type": "function_call_output", "call_id": call["call_id"], "output": "Snow"},
    ]
    assert "get_weather: Snow" in respond(input=turn, tools=flat)["body"]["output_text"]
    form = {"format": {"type": "json_schema", "name": "person", "schema": PERSON}}
    jsonschema.validate(json.loads(respond(text=form)["body"]["output_text"]), PERSON)
    cut = respond(max_output_tokens=3)["body"]
    assert (cut["status"], cut["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})


@pytest.mark.parametrize(("body", "text"), [
    ({"store": True}, "store"), ({"previous_response_id": "r"}, "previous_response_id"), ({"input": []}, "input"),
    ({"input": 5}, "input"), ({"tools": "x"}, "tools"), ({"tools": [{"type": "teleport"}]}, "tools"),
    ({"input": [{"type": "hologram"}]}, "input"), ({"modalities": ["audio"]}, "modalities"), ({"temperature": 9}, "temperature"),
    ({"input": [{"role": "user", "content": [{"type": "input_odd"}]}]}, "input_odd")])  # fmt: skip
def test_a_wrong_form_is_an_invalid_prompt(body: dict[str, Any], text: str) -> None:
    refused = respond(**body)
    said = {"code": "invalid_prompt", "message": "Invalid Responses API request"}
    assert (refused["status"], refused["body"]["error"]) == (400, said)
    assert text in str(json.loads(refused["body"]["metadata"]["raw"])[0])


@pytest.mark.parametrize(
    "body", [{"temperature": float("nan")}, {"presence_penalty": float("inf")}, {"metadata": {"a": float("nan")}}]
)
def test_what_is_no_json_is_refused(body: dict[str, Any]) -> None:
    assert respond(**body)["status"] == 400
    assert ask(**body)["status"] == 400


def test_other_refusals_are_those_of_chat() -> None:
    assert respond(model="no/such")["body"]["error"]["message"] == "no/such is not a valid model ID"
    assert respond(State(usage=5))["body"]["error"]["code"] == 403


# --- keys, lists -----------------------------------------------------------------------------------------------------
