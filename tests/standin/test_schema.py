"""Structured output: forms filled from their schema, and texts from a pattern."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from asking import PERSON, ask, chunks, message, respond, user
from openrouter_standin.output.hints import Hints
from openrouter_standin.output.pattern import fits, matching
from openrouter_standin.output.schema import Unfillable, example

# --- forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
def test_structured_output_satisfies_the_schema_and_takes_what_the_prompt_offers(stream: bool) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "person", "schema": PERSON}}
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
    assert "note" in json.loads(
        message(ask(messages=user("Some JSON, please."), response_format={"type": "json_object"}))["content"]
    )


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
    with pytest.raises(Unfillable, match="without a way out"):
        example(circle)
    for nothing in ({}, True, None, {"type": "object"}, {"allOf": [{"type": "object"}, {"required": ["x"]}]}):
        assert json.dumps(example(nothing, Hints("x")))


def nested(levels: int) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "integer"}
    for _ in range(levels):
        made = {"type": "object", "properties": {"a": made}, "required": ["a"]}
    return made


def fan(width: int, levels: int, required: bool) -> dict[str, Any]:
    """Definitions that each name the next one `width` times."""
    names = [f"p{n}" for n in range(width)]
    defs: dict[str, Any] = {f"L{levels}": {"type": "integer"}}
    for n in range(levels):
        row = {"type": "object", "properties": {name: {"$ref": f"#/$defs/L{n + 1}"} for name in names}}
        defs[f"L{n}"] = row | ({"required": names} if required else {})
    return {"$defs": defs, "$ref": "#/$defs/L0"}


def chain(length: int) -> dict[str, Any]:
    defs: dict[str, Any] = {f"C{n}": {"$ref": f"#/$defs/C{n + 1}"} for n in range(length)}
    return {"$defs": defs | {f"C{length}": {"type": "integer"}}, "$ref": "#/$defs/C0"}


def merged_twice(levels: int) -> dict[str, Any]:
    defs: dict[str, Any] = {f"A{n}": {"allOf": [{"$ref": f"#/$defs/A{n + 1}"}] * 2} for n in range(levels)}
    last = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
    return {"$defs": defs | {f"A{levels}": last}, "$ref": "#/$defs/A0"}


def text(**keywords: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"s": {"type": "string", **keywords}}, "required": ["s"]}


def rows_of(count: int, items: Any) -> dict[str, Any]:
    return {"type": "array", "minItems": count, "items": items}


PAIR = {"anyOf": [{"$ref": "#/$defs/Add"}, {"$ref": "#/$defs/Num"}]}
ADD = {
    "$ref": "#/$defs/Add",
    "$defs": {
        "Add": {"type": "object", "properties": {"left": PAIR, "right": PAIR}, "required": ["left", "right"]},
        "Num": {"type": "object", "properties": {"value": {"type": "integer"}}, "required": ["value"]},
    },
}
TREE = {"type": "object", "required": ["kids"], "properties": {"kids": {"type": "array", "items": {"$ref": "#"}}}}
SELF = {"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}}
FILLED: dict[str, tuple[dict[str, Any], Any]] = {
    "the choice that does not lead back": (ADD, {"left": {"value": 1}, "right": {"value": 1}}),
    "no items that need not be there": (TREE, {"kids": []}),
    "no fields that need not be there": (SELF, {}),
    "definitions that are merged twice at each of 8 levels": (merged_twice(8), {"x": 1}),
    "a chain of 40 references": (chain(40), 1),
}
REFUSED: dict[str, tuple[Any, str]] = {
    "two required copies of itself": ({**SELF, "required": ["a", "b"]}, "without a way out"),
    "a reference to itself": ({"$ref": "#"}, "without a way out"),
    "a list of itself that must not be empty": (
        {**TREE, "properties": {"kids": rows_of(1, {"$ref": "#"})}},
        "without a way out",
    ),
    "2 fields at 20 levels": (fan(2, 20, required=True), "10,000 values"),
    "6 fields at 10 levels": (fan(6, 10, required=True), "10,000 values"),
    "lists of lists": (rows_of(10_000, rows_of(10_000, {"type": "integer"})), "10,000 values"),
    "lists in three dimensions": (rows_of(100, rows_of(100, rows_of(100, {}))), "10,000 values"),
    "a long list": (rows_of(10**7, {}), "10,000 values"),
    "a list of long texts": (rows_of(10_000, {"type": "string", "minLength": 10_000}), "10,000 values"),
    "properties of properties": (
        {"type": "object", "minProperties": 10**4, "additionalProperties": {"type": "object", "minProperties": 10**4}},
        "10,000 values",
    ),
    "a long text": (text(minLength=10**9), "10,000 characters"),
    "a pattern of a long text": (text(pattern="a{100000000}"), "10,000 characters"),
    "repeats of repeats": (text(pattern="(((a{30}){30}){30}){30}"), "10,000 characters"),
    "500 levels": (nested(500), "nested too deep"),
    "3,000 definitions": (chain(3000), "more than 300 definitions"),
}


@pytest.mark.parametrize("name", FILLED)
def test_a_schema_that_contains_itself_gets_its_shortest_way_out(name: str) -> None:
    schema, expected = FILLED[name]
    assert example(schema) == expected
    jsonschema.validate(example(schema), schema)


def test_definitions_that_are_merged_twice_at_each_of_300_levels_are_looked_at_once() -> None:
    assert example(merged_twice(290)) == {"x": 1}


def test_what_no_validator_would_get_through_is_answered_too() -> None:
    assert example({"anyOf": [{"$ref": "#"}] * 5000 + [{"type": "null"}]}) is None
    assert example(text(pattern="(((((a?){50}){50}){50}){50}){50}")) == {"s": ""}
    assert example({"type": "integer", "minimum": None, "maximum": None}) == 1


def asked_everywhere(schema: Any) -> list[dict[str, Any]]:
    """The answers to this schema as response_format and as parameters of a tool, in both APIs."""
    prompt = user("Call f please")
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    function = {"name": "f", "parameters": schema}
    return [
        ask(messages=prompt, response_format=form),
        ask(messages=prompt, tools=[{"type": "function", "function": function}], tool_choice="required"),
        respond(input="Call f please", text={"format": {"type": "json_schema", "name": "x", "schema": schema}}),
        respond(input="Call f please", tools=[{"type": "function", **function}], tool_choice="required"),
    ]


@pytest.mark.parametrize("name", REFUSED)
def test_a_schema_without_a_value_is_refused_in_one_sentence_wherever_it_stands(name: str) -> None:
    schema, sentence = REFUSED[name]
    for refused in asked_everywhere(schema):
        assert refused["status"] == 400
        assert sentence in refused["body"]["error"]["message"]


@pytest.mark.parametrize(
    "schema",
    [
        fan(50, 6, required=False),
        fan(2, 12, required=True),
        rows_of(9_990, {"type": "integer"}),
        rows_of(300, {"type": "string"}) | {"uniqueItems": True},
        rows_of(4_900, {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2,4}$"}),
        nested(60),
        text(pattern="^a+$", minLength=9000),
    ],
)
def test_a_large_example_is_made_and_has_at_most_ten_thousand_values(schema: dict[str, Any]) -> None:
    made = example(schema)
    jsonschema.validate(made, schema)

    def values(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 + sum(values(v) for v in inner)

    assert values(made) <= 10_000


@pytest.mark.parametrize(
    "keyword",
    ["required", "properties", "anyOf", "allOf", "enum", "prefixItems", "minProperties", "pattern", "type"],
)
@pytest.mark.parametrize("wrong", [1, "x", {}, [[]], None], ids=repr)
def test_a_keyword_with_a_wrong_value_counts_as_absent(keyword: str, wrong: Any) -> None:
    assert {answer["status"] for answer in asked_everywhere({"type": "object", keyword: wrong})} == {200}


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)*(.*)*(.*)*x", "[", "(?=a)b"])
def test_a_pattern_that_is_slow_to_match_is_answered(pattern: str) -> None:
    assert {answer["status"] for answer in asked_everywhere(text(pattern=pattern))} == {200}
