"""Structured output: forms filled from their schema, and texts from a pattern."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from asking import PERSON, ask, chunks, message, user
from openrouter_standin.output.pattern import fits, matching
from openrouter_standin.output.schema import Hints, example

# --- forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
def test_structured_output_satisfies_the_schema_and_takes_what_the_prompt_offers(stream: bool) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "person", "strict": True, "schema": PERSON}}
    response = ask(messages=user('Describe the guest "Ada", who is 28.'), response_format=wanted, stream=stream)
    text = (
        "".join(c["choices"][0]["delta"]["content"] for c in chunks(response))
        if stream
        else message(response)["content"]
    )
    value = json.loads(text)
    jsonschema.validate(value, PERSON, format_checker=jsonschema.FormatChecker())
    assert (value["name"], value["age"]) == ("Ada", 28)


def test_json_object_gives_the_keys_that_the_prompt_quotes() -> None:
    asked = user("Tell a joke as JSON with 'setup' and 'punchline' keys.")
    said = json.loads(message(ask(messages=asked, response_format={"type": "json_object"}))["content"])
    assert list(said) == ["setup", "punchline"]
    assert "note" in json.loads(message(ask(response_format={"type": "json_object"}))["content"])


@pytest.mark.parametrize("pattern", [r"^\d{3}-\d{4}$", r"[a-z]+@[a-z]+\.org", r"^(cat|dog)s?$", r"^[^/\s]{5,}$", r"\w+\s\w+", r"^(?:a|b){2}c*$", "a.c"])  # fmt: skip
def test_patterns(pattern: str) -> None:
    import re

    assert re.search(pattern, matching(pattern, 4))


def test_a_pattern_takes_what_the_prompt_offers_and_never_hangs() -> None:
    form = {"type": "string", "pattern": r"^[A-Z]-\d+$"}
    assert example(form, Hints('Refund order "A-17", please.')) == "A-17"
    assert example(form, Hints('Refund order "17", please.')) != "17"
    assert example({**form, "maxLength": 3}, Hints('Refund order "A-17".')) != "A-17"
    assert example({**form, "maxLength": 0}, Hints('Refund order "A-17".')) != "A-17"
    two = {"type": "object", "properties": {"one": form, "other": form}}
    assert example(two, Hints('From "A-17" to "B-2".')) == {"one": "A-17", "other": "B-2"}
    for slow in (r"^(a+)+$", r"^(a|aa)+$", r"a+a+a+a+a+a+$", "(a*)" * 8 + "b"):
        assert not fits(slow, "a" * 59 + "b")


def test_schemas_that_contain_themselves_or_say_nothing() -> None:
    tree = {"$ref": "#/$defs/Node", "$defs": {"Node": {"type": "object", "required": ["next"], "properties": {
        "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}}}}}  # fmt: skip
    jsonschema.validate(example(tree), tree)
    circle = {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}
    assert isinstance(example(circle), str)
    for nothing in ({}, True, None, {"type": "object"}, {"allOf": [{"type": "object"}, {"required": ["x"]}]}):
        assert json.dumps(example(nothing, Hints("x")))


# --- reasoning -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"e": {"$ref": "#/$defs/E"}}, "required": ["e"], "$defs": {"E": {"anyOf": [
            {"type": "object", "properties": {"l": {"$ref": "#/$defs/E"}}, "required": ["l"]}, {"type": "integer"}]}}},
        {"type": "integer", "minimum": None, "maximum": None},
        {"type": "array", "minItems": 10**7},
        {"type": "string", "minLength": 10**9},
        {"type": "string", "pattern": "a{100000000}"},
        {"type": "string", "pattern": "^a+$", "minLength": 9000},
        *({"type": "object", word: wrong} for word in ("required", "properties", "anyOf", "allOf", "enum", "prefixItems", "minProperties", "pattern", "type")
          for wrong in (1, "x", {}, [[]], None)),
    ],
)  # fmt: skip
def test_no_schema_breaks_or_hangs(schema: dict[str, Any]) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    assert ask(response_format=wanted, max_tokens=None)["status"] == 200
    odd = {"type": "function", "function": {"name": "hi", "parameters": schema}}
    assert ask(tools=[odd], tool_choice="required")["status"] == 200
