"""What the stand-in answers beyond plain words: tools, forms, reasoning, parts, citations, caches, Responses, keys, faults."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from typing import Any

import jsonschema
import pytest

from helpers.standin import Weather, World, answer
from helpers.standin.bill import prices
from helpers.standin.catalogue import endpoints
from helpers.standin.pattern import fits, matching
from helpers.standin.reasoning import RATIOS
from helpers.standin.schema import Hints, example
from helpers.standin.weather import BREAKS
from support import CHAT

MINI, HAIKU, GEMINI, GPT5 = (
    "openai/gpt-4o-mini",
    "anthropic/claude-haiku-4.5",
    "google/gemini-3-flash-preview",
    "openai/gpt-5-mini",
)


def ask(
    world: World | None = None, path: str = CHAT, headers: dict[str, str] | None = None, **body: Any
) -> dict[str, Any]:
    body = {"model": MINI, "messages": [{"role": "user", "content": "Hi there"}], "max_tokens": 400} | body
    request = {"method": "POST", "path": path, "headers": headers or {}, "body": body}
    return answer(request, world or World())


def message(response: dict[str, Any]) -> dict[str, Any]:
    assert response["status"] == 200, response["body"]
    return response["body"]["choices"][0]["message"]


def chunks(response: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(text[6:]) for _, text in response["events"] if text.startswith("data: {")]


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


@pytest.mark.parametrize(
    ("prompt", "more", "called"),
    [
        ("What is the weather in Paris?", {}, [("get_weather", {"city": "Paris"})]),
        ("Compare the weather in Paris and Tokyo", {}, [("get_weather", {"city": "Paris"}), ("get_weather", {"city": "Tokyo"})]),
        ("Compare the weather in Paris and Tokyo", {"parallel_tool_calls": False}, [("get_weather", {"city": "Paris"})]),
        ("Add the numbers 3 and 4", {}, [("add", {"a": 3, "b": 4})]),
        ("Call get_weather for Oslo, then add 3 and 4", {}, [("get_weather", {"city": "Oslo"}), ("add", {"a": 3, "b": 4})]),
        ("Tell me a joke", {}, []),
        ("Tell me a joke", {"tool_choice": "required"}, [("get_weather", {"city": "example city"})]),
        ("Tell me a joke", {"tool_choice": {"type": "function", "function": {"name": "add"}}}, [("add", {"a": 1, "b": 1})]),
        ("What is the weather in Paris?", {"tool_choice": "none"}, []),
    ],
)  # fmt: skip
def test_tools(prompt: str, more: dict[str, Any], called: list[tuple[str, dict[str, Any]]]) -> None:
    plain = ask(messages=user(prompt), tools=TOOLS, **more)
    said = message(plain)
    found = [(c["function"]["name"], json.loads(c["function"]["arguments"])) for c in said.get("tool_calls", [])]
    assert found == called
    choice = plain["body"]["choices"][0]
    assert choice["finish_reason"] == ("tool_calls" if called else "stop")
    assert bool(said["content"]) != bool(called)
    assert len({c["id"] for c in said.get("tool_calls", [])}) == len(called)
    pieces = chunks(ask(messages=user(prompt), tools=TOOLS, stream=True, **more))
    joined: dict[int, str] = {}
    for delta in (d for c in pieces for d in c["choices"][0]["delta"].get("tool_calls") or []):
        joined[delta["index"]] = joined.get(delta["index"], "") + delta["function"]["arguments"]
    assert [json.loads(a) for a in joined.values()] == [arguments for _, arguments in called]


def test_content_is_null_beside_streamed_tool_calls_and_only_the_first_piece_names_the_tool() -> None:
    found = [c["choices"][0]["delta"] for c in chunks(ask(messages=user("weather in Oslo"), tools=TOOLS, stream=True))]
    calls = [d for d in found if "tool_calls" in d]
    assert len(calls) > 2
    assert {d["content"] for d in calls} == {None}
    assert ["id" in d["tool_calls"][0] for d in calls] == [True] + [False] * (len(calls) - 1)


def test_the_turn_after_tool_results_repeats_them() -> None:
    call = message(ask(messages=user("What is the weather in Paris?"), tools=TOOLS))
    result = {"role": "tool", "tool_call_id": call["tool_calls"][0]["id"], "content": "Rain, 12 degrees"}
    after = message(ask(messages=[*user("What is the weather in Paris?"), call, result], tools=TOOLS))
    assert "get_weather: Rain, 12 degrees" in after["content"]
    assert "tool_calls" not in after


@pytest.mark.parametrize(("model", "native", "start"), [
    (MINI, {"completed", "tool_calls"}, "call_"), (HAIKU, {"tool_use"}, "toolu_"), (GEMINI, {"STOP"}, "tool_get_weather_"),
    ("deepseek/deepseek-chat-v3.1", {"tool_calls"}, "call_")])  # fmt: skip
def test_native_reasons_and_ids_differ_per_provider(model: str, native: set[str], start: str) -> None:
    only = {"only": ["anthropic", "openai", "google-vertex", "deepseek"]}
    body = ask(model=model, messages=user("weather in Oslo"), tools=TOOLS, provider=only)["body"]
    assert body["choices"][0]["native_finish_reason"] in native
    assert body["choices"][0]["message"]["tool_calls"][0]["id"].startswith(start)


def test_a_limit_cuts_arguments_and_only_the_native_reason_says_so() -> None:
    choice = ask(messages=user("weather in Oslo"), tools=TOOLS, max_tokens=6, provider={"only": ["openai"]})["body"][
        "choices"
    ][0]
    assert (choice["finish_reason"], choice["native_finish_reason"]) == ("tool_calls", "max_output_tokens")
    with pytest.raises(ValueError):
        json.loads(choice["message"]["tool_calls"][0]["function"]["arguments"])


@pytest.mark.parametrize(("body", "text"), [
    ({"tools": [{"type": "function"}]}, "tools[0].function needs a name"),
    ({"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "nobody"}}}, "tool_choice names 'nobody'"),
    ({"tool_choice": "required"}, "there are no tools"),
    ({"tools": TOOLS, "tool_choice": "sometimes"}, "tool_choice takes"),
    ({"messages": [{"role": "tool", "content": "x"}]}, "tool_call_id"),
    ({"response_format": {"type": "json_schema"}}, "json_schema takes an object"),
    ({"response_format": {"type": "xml"}}, "response_format takes"),
    ({"reasoning": {"effort": "huge"}}, "reasoning.effort takes"),
    ({"reasoning": {"effort": "low", "max_tokens": 5}}, "not both"),
    ({"messages": user([{"type": "picture"}])}, "of type 'picture'"),
    ({"messages": user([{"type": "image_url", "image_url": {"url": "cat.png"}}])}, "image_url.url takes"),
    ({"messages": user([{"type": "input_audio", "input_audio": {"data": "https://x.org/a.wav"}}])}, "base64"),
])  # fmt: skip
def test_a_wrong_form_is_named(body: dict[str, Any], text: str) -> None:
    refused = ask(**body)
    assert (refused["status"], refused["body"]["error"]["code"]) == (400, 400)
    assert text in refused["body"]["error"]["message"]


def test_tools_need_an_endpoint_that_takes_them() -> None:
    silent = next(r["id"] for r in _rows() if "tools" not in r["supported_parameters"] and ":" not in r["id"])
    refused = ask(model=silent, tools=TOOLS)
    assert refused["status"] == 404
    assert refused["body"]["error"]["message"].startswith("No endpoints found that support tool use.")
    assert ask(model=silent, models=[MINI], tools=TOOLS)["body"]["model"] == MINI


def _rows() -> list[dict[str, Any]]:
    from helpers.standin.catalogue import models

    return models()


# --- forms -----------------------------------------------------------------------------------------------------------

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


@pytest.mark.parametrize(("model", "kinds"), [
    (GPT5, ["reasoning.summary", "reasoning.encrypted"]), ("x-ai/grok-4.3", ["reasoning.summary", "reasoning.encrypted"]),
    (HAIKU, ["reasoning.text"]), (GEMINI, ["reasoning.text", "reasoning.encrypted"]), ("deepseek/deepseek-r1-0528", ["reasoning.text"])])  # fmt: skip
def test_reasoning_details_have_the_form_of_their_author(model: str, kinds: list[str]) -> None:
    said = message(ask(model=model, reasoning={"effort": "low"}))
    assert [d["type"] for d in said["reasoning_details"]] == kinds
    assert said["reasoning"]
    assert ("signature" in said["reasoning_details"][0]) == (model == HAIKU)
    streamed = [d for c in chunks(ask(model=model, reasoning={"effort": "low"}, stream=True))
                for d in c["choices"][0]["delta"].get("reasoning_details") or []]  # fmt: skip
    assert list(dict.fromkeys(d["type"] for d in streamed)) == kinds
    assert "".join(d.get("text") or d.get("summary") or "" for d in streamed) == said["reasoning"]


def test_more_effort_costs_more_and_excluded_reasoning_is_still_charged() -> None:
    def thought(**reasoning: Any) -> int:
        return ask(model="openai/gpt-5.2", reasoning=reasoning, max_tokens=4000)["body"]["usage"][
            "completion_tokens_details"
        ]["reasoning_tokens"]

    levels = [thought(effort=e) for e in ("none", "low", "medium", "high", "xhigh")]
    assert levels[0] == 0 and all(a < b for a, b in pairwise(levels))
    hidden = ask(model="openai/gpt-5.2", reasoning={"effort": "high", "exclude": True}, max_tokens=4000)["body"]
    assert hidden["choices"][0]["message"]["reasoning"] is None
    assert hidden["usage"]["completion_tokens_details"]["reasoning_tokens"] == levels[3]
    assert (
        ask(model=HAIKU, reasoning={"max_tokens": 5})["body"]["usage"]["completion_tokens_details"]["reasoning_tokens"]
        == 5
    )
    assert (
        ask(model=MINI, reasoning={"effort": "high"})["body"]["usage"]["completion_tokens_details"]["reasoning_tokens"]
        == 0
    )
    assert RATIOS["high"] == 0.8


def test_mandatory_reasoning_cannot_be_turned_off_but_an_alias_remaps_it() -> None:
    refused = ask(model=GPT5, reasoning={"effort": "none"})
    assert refused["status"] == 400
    assert refused["body"]["error"]["message"] == "Reasoning is mandatory for this endpoint and cannot be disabled."
    assert ask(model=GPT5, models=[MINI], reasoning={"enabled": False})["body"]["model"] == MINI
    small = ask(model=GPT5, max_tokens=5)["body"]["choices"][0]
    assert (small["message"]["content"], small["finish_reason"]) == ("", "length")


# --- parts, citations ------------------------------------------------------------------------------------------------

PNG = "data:image/png;base64,iVBORw0KGgo="


def test_pictures_sound_and_files_are_counted_and_need_a_model_that_takes_them() -> None:
    picture = [{"type": "text", "text": "Hi there"}, {"type": "image_url", "image_url": {"url": PNG}}]
    plain, seen = ask()["body"]["usage"], ask(messages=user(picture))["body"]["usage"]
    assert seen["prompt_tokens"] - plain["prompt_tokens"] == 250
    blind = ask(model="mistralai/mistral-nemo", messages=user(picture))
    assert (blind["status"], blind["body"]["error"]["message"]) == (404, "No endpoints found that support image input")
    assert ask(model="mistralai/mistral-nemo", models=[MINI], messages=user(picture))["body"]["model"] == MINI
    sound = [{"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]
    heard = ask(model="openai/gpt-audio", messages=user(sound))["body"]["usage"]
    assert heard["prompt_tokens_details"]["audio_tokens"] == 100
    pdf = [{"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}]
    note = message(ask(model="mistralai/mistral-nemo", messages=user(pdf)))["annotations"][0]
    assert (note["type"], note["file"]["name"], len(note["file"]["hash"])) == ("file", "a.pdf", 64)


@pytest.mark.parametrize("way", [{"tools": [{"type": "openrouter:web_search"}]}, {"plugins": [{"id": "web"}]}, {"model": MINI + ":online"}])  # fmt: skip
def test_web_search_cites_and_charges(way: dict[str, Any]) -> None:
    body = ask(messages=user("Say hello in one sentence."), **way)["body"]
    said = body["choices"][0]["message"]
    citation = said["annotations"][0]["url_citation"]
    assert said["content"][citation["start_index"] : citation["end_index"]] == "([example.org](https://example.org/))"
    assert body["usage"]["server_tool_use_details"]["web_search_requests"] == 1
    without = ask(messages=user("Say hello in one sentence."))["body"]["usage"]
    assert body["usage"]["cost"] - without["cost"] > 0.005
    assert body["usage"]["cost_details"]["server_tool_cost"] > 0


# --- caches and prices -----------------------------------------------------------------------------------------------

LONG = "The catalogue of the library has many entries. " * 200


def test_a_prompt_cache_reads_what_it_knows_and_charges_less() -> None:
    world = World()
    marked = [
        {"role": "system", "content": [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]},
        *user("First?"),
    ]
    asked = {"model": HAIKU, "provider": {"only": ["anthropic"]}, "messages": marked}
    first, second = (ask(world, **asked)["body"]["usage"] for _ in range(2))
    wrote, read = first["prompt_tokens_details"]["cache_write_tokens"], second["prompt_tokens_details"]["cached_tokens"]
    assert wrote == read > 1024 and second["prompt_tokens_details"]["cache_write_tokens"] == 0
    price = {k: Decimal(v) for k, v in endpoints(HAIKU)[0]["pricing"].items() if isinstance(v, str)}
    rest = second["prompt_tokens"] - read
    assert (
        Decimal(str(first["cost_details"]["upstream_inference_prompt_cost"]))
        == wrote * price["input_cache_write"] + rest * price["prompt"]
    )
    assert (
        Decimal(str(second["cost_details"]["upstream_inference_prompt_cost"]))
        == read * price["input_cache_read"] + rest * price["prompt"]
    )
    world.clock_ms += 600_000
    assert ask(world, **asked)["body"]["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    unmarked = {**asked, "messages": [{"role": "system", "content": LONG}, *user("First?")]}
    assert (
        ask(world, **unmarked)["body"]["usage"]["prompt_tokens_details"]
        == ask(world, **unmarked)["body"]["usage"]["prompt_tokens_details"]
    )


def test_other_providers_cache_on_their_own() -> None:
    world, asked = World(), {"model": MINI, "provider": {"only": ["openai"]}, "messages": user(LONG)}
    ask(world, **asked)
    longer = {**asked, "messages": [*user(LONG), {"role": "assistant", "content": "Yes."}, *user("And?")]}
    assert ask(world, **longer)["body"]["usage"]["prompt_tokens_details"]["cached_tokens"] > 1024
    assert ask(World(), **longer)["body"]["usage"]["prompt_tokens_details"]["cached_tokens"] == 0


def test_the_response_cache_repeats_an_answer_for_nothing() -> None:
    world, on = World(), {"X-OpenRouter-Cache": "true", "X-OpenRouter-Cache-TTL": "60"}
    first, second = (ask(world, headers=on) for _ in range(2))
    assert [r["headers"]["x-openrouter-cache-status"] for r in (first, second)] == ["MISS", "HIT"]
    assert second["headers"]["x-openrouter-cache-source-id"] == first["body"]["id"] != second["body"]["id"]
    assert second["body"]["usage"]["cost"] == 0 == second["body"]["usage"]["total_tokens"]
    assert message(first) == message(second)
    assert (
        ask(world, headers={**on, "X-OpenRouter-Cache-Clear": "true"})["headers"]["x-openrouter-cache-status"] == "MISS"
    )
    assert "x-openrouter-cache-status" not in ask(world)["headers"]
    world.clock_ms += 61_000
    assert ask(world, headers=on)["headers"]["x-openrouter-cache-status"] == "MISS"


def test_long_prompts_earn_their_conditional_price() -> None:
    row = next(r for r in _rows() if r["pricing"].get("overrides"))
    override = row["pricing"]["overrides"][0]
    least = override["min_prompt_tokens"]
    assert prices(row["pricing"], least)["prompt"] == Decimal(override["prompt"])
    assert prices(row["pricing"], least - 1)["prompt"] == Decimal(row["pricing"]["prompt"])
    assert prices({"prompt": "0.5", "discount": 0.5}, 1)["prompt"] == Decimal("0.25")


# --- the Responses API -----------------------------------------------------------------------------------------------

RESPONSES = "/api/v1/responses"


def respond(world: World | None = None, **body: Any) -> dict[str, Any]:
    request = {
        "method": "POST",
        "path": RESPONSES,
        "body": {"model": MINI, "input": "Say hello in one sentence.", **body},
    }
    return answer(request, world or World())


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


@pytest.mark.parametrize(("body", "text"), [({"store": True}, "store"), ({"previous_response_id": "r"}, "previous_response_id"), ({"input": []}, "input takes"), ({"input": 5}, "input takes"), ({"tools": "x"}, "tools takes"), ({"model": "no/such"}, "not a valid model ID"), ({"input": [{"role": "user", "content": [{"type": "input_odd"}]}]}, "input_odd")])  # fmt: skip
def test_wrong_responses(body: dict[str, Any], text: str) -> None:
    refused = respond(**body)
    assert refused["status"] == 400 and text in refused["body"]["error"]["message"]


# --- keys, lists -----------------------------------------------------------------------------------------------------


def test_only_a_management_key_makes_keys_and_a_made_key_works_until_it_is_disabled() -> None:
    world = World()

    def call(method: str, path: str, body: Any = None, key: str = "management") -> dict[str, Any]:
        return answer({"method": method, "path": "/api/v1" + path, "body": body, "key": key}, world)

    assert call("GET", "/keys", key="session")["status"] == 403
    made = call("POST", "/keys", {"name": "mine", "limit": 3, "limit_reset": "daily"})
    assert made["status"] == 201
    digest = made["body"]["data"]["hash"]
    assert world.secrets[made["body"]["key"]] == digest
    assert call("GET", "/key", key=digest)["body"]["data"]["limit"] == 3
    assert (
        call("POST", "/chat/completions", {"model": MINI, "messages": user("Hi"), "max_tokens": 9}, key=digest)[
            "status"
        ]
        == 200
    )
    assert call("PATCH", f"/keys/{digest}", {"disabled": True})["body"]["data"]["disabled"] is True
    assert call("GET", "/key", key=digest)["status"] == 401
    assert call("GET", "/keys")["body"]["data"] == []
    assert len(call("GET", "/keys?include_disabled=true")["body"]["data"]) == 1
    assert call("DELETE", f"/keys/{digest}")["body"] == {"deleted": True}
    assert call("GET", f"/keys/{digest}")["status"] == 404
    assert [
        call("POST", "/keys", b)["status"]
        for b in ({}, {"name": ""}, {"name": "x", "limit": -1}, {"name": "x", "limit_reset": "hourly"}, "x")
    ] == [400] * 5


@pytest.mark.parametrize(("query", "holds"), [
    ("supported_parameters=tools", lambda r: "tools" in r["supported_parameters"]),
    ("input_modalities=image,file", lambda r: {"image", "file"} <= set(r["architecture"]["input_modalities"])),
    ("max_price=0.1", lambda r: 0 <= float(r["pricing"]["prompt"]) <= 0.1e-6),
    ("context=1000000", lambda r: r["context_length"] >= 1_000_000),
    ("model_authors=mistralai", lambda r: r["id"].startswith("mistralai/")),
    ("providers=anthropic", lambda r: "anthropic/" in r["id"]),
    ("q=claude", lambda r: "claude" in (r["id"] + r["name"]).lower()),
])  # fmt: skip
def test_the_list_of_models_can_be_narrowed(query: str, holds: Any) -> None:
    whole = answer({"method": "GET", "path": "/api/v1/models"}, World())["body"]["data"]
    rows = answer({"method": "GET", "path": f"/api/v1/models?{query}"}, World())["body"]["data"]
    assert [r["id"] for r in rows] == [r["id"] for r in whole if holds(r)] != []


def test_the_list_of_models_can_be_sorted_and_paged_and_counted() -> None:
    def get(path: str) -> dict[str, Any]:
        return answer({"method": "GET", "path": "/api/v1" + path}, World())

    cheap = [float(r["pricing"]["prompt"]) for r in get("/models?sort=pricing-low-to-high")["body"]["data"]]
    known = [p for p in cheap if p >= 0]
    assert known == sorted(known) and cheap[-1] == -1
    page = get("/models?limit=100&offset=400")["body"]
    assert (len(page["data"]), page["links"]["next"], page["total_count"]) == (13, None, 413)
    assert "offset=100" in get("/models?limit=100")["body"]["links"]["next"]
    assert get("/models/count?q=claude")["body"]["data"]["count"] == len(get("/models?q=claude")["body"]["data"])
    for bad in ("sort=price", "limit=0", "limit=x", "context=big", "output_modalities=smell", "category=cooking"):
        refused = get(f"/models?{bad}")
        assert (refused["status"], refused["body"]["error"]["name"]) == (400, "ZodError")
    assert all(
        e["tag"].split("/")[0] in ("amazon-bedrock", "azure", "deepinfra", "fireworks")
        for e in get("/endpoints/zdr")["body"]["data"]
    )
    assert get("/embeddings/models")["body"]["data"][0]["id"] == "openai/text-embedding-3-small"


def test_rerank_puts_the_document_that_shares_words_first() -> None:
    body = {
        "model": "voyageai/rerank-2.5-lite",
        "query": "what is ruby",
        "documents": ["Paris is a city", "Ruby is a language"],
    }
    found = answer({"method": "POST", "path": "/api/v1/rerank", "body": body}, World())["body"]
    assert [r["index"] for r in found["results"]] == [1, 0] and found["id"].startswith("gen-rerank-")


# --- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", BREAKS)
@pytest.mark.parametrize("after", [0, 3])
def test_streams_break_in_every_recorded_way(form: str, after: int) -> None:
    events = ask(World(weather=Weather(break_after=after, break_as=form)), stream=True)["events"]
    found = [json.loads(t[6:]) for _, t in events if t.startswith("data: {")]
    whole = [
        c
        for c in found
        if c.get("choices") and not c.get("error") and c["choices"][0]["finish_reason"] is None and "usage" not in c
    ]
    assert len(whole) == after
    assert form == "finish-only" or any("error" in c for c in found)
    assert (events[-1][1] == "data: [DONE]") == (form in ("then-usage", "finish-only"))


@pytest.mark.parametrize(("faults", "status", "text"), [
    ({"status": 408}, 408, "timed out"), ({"status": 413}, 413, "too large"), ({"status": 422}, 422, "cannot be processed"), ({"status": 500}, 500, "Internal"),
    ({"status": 503}, 503, "No available provider"), ({"status": 524}, 524, "edge"), ({"status": 529}, 529, "overloaded"),
    ({"flagged": "violence"}, 403, "flagged"), ({"in_flight": True}, 402, "in-flight"),
])  # fmt: skip
def test_statuses_on_demand(faults: dict[str, Any], status: int, text: str) -> None:
    refused = ask(World(weather=Weather(**faults)))
    assert (refused["status"], refused["body"]["error"]["code"]) == (status, status)
    assert text in refused["body"]["error"]["message"]


def test_errors_that_a_request_earns() -> None:
    long = ask(model=HAIKU, messages=user("word " * 210_000))
    assert (long["status"], "maximum context length is 200000 tokens" in long["body"]["error"]["message"]) == (
        400,
        True,
    )
    assert (
        ask(model=HAIKU, models=["openai/gpt-4.1-mini"], messages=user("word " * 210_000))["body"]["model"]
        == "openai/gpt-4.1-mini"
    )
    squeezed = ask(
        model=HAIKU, messages=user("word " * 210_000), plugins=[{"id": "context-compression"}], max_tokens=50
    )
    assert squeezed["status"] == 200
    spent = World(usage=5.0)
    assert ask(spent)["body"]["error"]["message"].startswith("Key limit exceeded (total limit).")
    world = World()
    free = [ask(world, model="openai/gpt-oss-20b:free", max_tokens=n + 5)["status"] for n in range(21)]
    assert free == [200] * 20 + [429]
    world.clock_ms += 60_000 * 60
    assert [ask(world, model="openai/gpt-oss-20b:free", max_tokens=n + 5)["status"] for n in range(20)] == [200] * 20
    world.clock_ms += 60_000 * 60
    last = [ask(world, model="openai/gpt-oss-20b:free", max_tokens=n + 5) for n in range(11)]
    assert last[-1]["body"]["error"]["message"].startswith("Rate limit exceeded: free-models-per-day.")


def test_a_slow_provider_takes_its_time() -> None:
    only = {"provider": {"only": ["openai"]}}
    assert ask(World(weather=Weather(slow=["openai"])), **only)["ms"] > 6 * ask(**only)["ms"]


def test_sessions_stick_after_a_cache_hit() -> None:
    world, asked = World(), {"model": MINI, "messages": user(LONG)}
    seen = [ask(world, **asked, seed=n)["body"] for n in range(12)]
    hit = next(n for n, b in enumerate(seen) if b["usage"]["prompt_tokens_details"]["cached_tokens"])
    assert {b["provider"] for b in seen[hit:]} == {seen[hit]["provider"]}


def test_the_auto_router_keeps_to_what_its_plugin_allows() -> None:
    def auto(**plugin: Any) -> dict[str, Any]:
        return ask(model="openrouter/auto", plugins=[{"id": "auto-router", **plugin}])

    assert auto(allowed_models=["mistralai/*"])["body"]["model"].startswith("mistralai/")
    assert auto(excluded_models=["openai/*", "google/*"])["body"]["model"] == "anthropic/claude-haiku-4.5"
    nobody = auto(allowed_models=["openai/*"], excluded_models=["*"])
    assert (nobody["status"], nobody["body"]["error"]["message"]) == (
        404,
        "No models match your request and model restrictions",
    )


def test_after_a_hand_over_the_next_tool_is_called_and_none_twice() -> None:
    asked = user("Transfer me to the weather desk: what is the weather in Oslo?")
    parameters = {"type": "object", "properties": {}}
    desk = {"type": "function", "function": {"name": "transfer_to_weather_desk", "parameters": parameters}}
    first = message(ask(messages=asked, tools=[desk]))
    turn = [*asked, first, {"role": "tool", "tool_call_id": first["tool_calls"][0]["id"], "content": "done"}]
    second = message(ask(messages=turn, tools=TOOLS))
    assert [c["function"]["name"] for c in second["tool_calls"]] == ["get_weather"]
    turn += [second, {"role": "tool", "tool_call_id": second["tool_calls"][0]["id"], "content": "Snow"}]
    assert message(ask(messages=turn, tools=TOOLS))["content"].endswith("get_weather: Snow.")


def test_a_loop_that_demands_a_call_comes_to_its_last_tool_and_fills_it_from_what_was_brought() -> None:
    asked = user("When is the tide high in Esbjerg?")
    tools = [
        tool("tide_table", "When the tide is high.", harbour={"type": "string"}),
        tool("final_result", "The final response.", harbour={"type": "string"}, hour={"type": "integer"}),
    ]
    first = message(ask(messages=asked, tools=tools, tool_choice="required"))
    turn = [*asked, first, {"role": "tool", "tool_call_id": first["tool_calls"][0]["id"], "content": "high at 12"}]
    second = message(ask(messages=turn, tools=tools, tool_choice="required"))["tool_calls"]
    assert [c["function"]["name"] for c in [*first["tool_calls"], *second]] == ["tide_table", "final_result"]
    assert json.loads(second[0]["function"]["arguments"]) == {"harbour": "Esbjerg", "hour": 12}
    for brought in ('{"harbour": "Esbjerg", "hour": 12}', [{"type": "text", "text": "high at 12"}]):
        turn[-1]["content"] = brought
        call = message(ask(messages=turn, tools=tools, tool_choice="required"))["tool_calls"][0]["function"]
        assert json.loads(call["arguments"]) == {"harbour": "Esbjerg", "hour": 12}
    turn += [
        {"role": "assistant", "content": None, "tool_calls": second},
        {"role": "tool", "tool_call_id": second[0]["id"], "content": "-"},
    ]
    third = message(ask(messages=turn, tools=tools, tool_choice="required"))["tool_calls"]
    assert third[0]["function"]["name"] == "final_result"


def test_words_of_a_lesson_follow_only_the_tool_result_they_were_written_for() -> None:
    asked = user("When is the tide high in Esbjerg?")
    tools = [tool("tide_table", "When the tide is high.", harbour={"type": "string"})]
    call = message(ask(messages=asked, tools=tools))
    said = []
    for result in ("Esbjerg: high at noon", "Esbjerg: not high at noon"):
        answer = {"role": "tool", "tool_call_id": call["tool_calls"][0]["id"], "content": result}
        said.append(message(ask(messages=[*asked, call, answer], tools=tools))["content"])
    assert said[0] == "The tide is high in Esbjerg at noon."
    assert said[1].startswith("No model wrote this.") and "not high at noon" in said[1]


def test_a_model_that_always_thinks_does_so_in_words_that_say_what_they_are() -> None:
    asked = {"model": "z-ai/glm-5.3-flash", "messages": user("Name one use of routing.")}
    thought = message(ask(**asked))
    assert thought["reasoning"] == "No model thinks here." and thought["content"].startswith("A request goes")
    refused = ask(**asked, reasoning={"enabled": False})
    assert refused["status"] == 400 and "mandatory" in refused["body"]["error"]["message"]


# --- what a second hunt found ----------------------------------------------------------------------------------------


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


def test_long_conversations_half_characters_and_odd_numbers() -> None:
    import time

    began = time.monotonic()
    assert ask(messages=[{"role": "user", "content": "x " * 50}] * 2000, max_tokens=9)["status"] == 200
    assert time.monotonic() - began < 3
    assert ask(messages=user("\ud800"))["status"] == 200
    assert (
        ask(messages=user("9" * 5000 + " and " + "9" * 400 + ".5"), response_format={"type": "json_object"})["status"]
        == 200
    )
    for path in ("models?limit=\u00b2", "models?offset=" + "9" * 5000, "models/count?limit=%C2%B2"):
        assert answer({"method": "GET", "path": f"/api/v1/{path}"}, World())["status"] == 400
    assert (
        answer({"method": "GET", "path": "/api/v1/keys?offset=%C2%B2", "key": "management"}, World())["status"] == 200
    )
    assert (
        ask(headers={"X-OpenRouter-Cache": "true", "X-OpenRouter-Cache-TTL": "\u00b2"})["headers"][
            "x-openrouter-cache-ttl"
        ]
        == "300"
    )


def test_two_former_ids_combined_suffixes_and_a_limit_that_ends() -> None:
    two = ask(model="openrouter/horizon-beta", models=["anthropic/claude-2"])
    assert (two["status"], two["body"]["error"]["message"][:16]) == (404, "The alpha period")
    for model in ("openai/gpt-oss-20b:free:online", MINI + ":nitro:online", "openrouter/auto:online"):
        assert ask(model=model)["status"] == 200
    world = World()
    found = [ask(world, model="openai/gpt-oss-20b:free", max_tokens=1)["status"] for _ in range(26)]
    assert found[20] == 429 and found[-1] == 200


def test_the_response_cache_is_careful() -> None:
    on, world = {"X-OpenRouter-Cache": "true"}, World(weather=Weather(break_after=3))
    ask(world, headers=on, stream=True)
    world.weather = None
    assert ask(world, headers=on, stream=True)["headers"]["x-openrouter-cache-status"] == "MISS"
    hit = ask(world, headers=on, stream=True)
    assert hit["headers"]["x-openrouter-cache-status"] == "HIT"
    made = answer({"method": "GET", "path": f"/api/v1/generation?id={chunks(hit)[0]['id']}"}, world)["body"]["data"]
    assert (made["total_cost"], bool(made["response_cache_source_id"])) == (0, True)
    short = World()
    ask(short, headers={**on, "X-OpenRouter-Cache-TTL": "1"})
    short.clock_ms += 10_000
    assert ask(short, headers=on)["headers"]["x-openrouter-cache-status"] == "MISS"


def test_sessions_end_after_ten_minutes_and_hold_for_routers() -> None:
    world = World()
    auto = {
        (b["model"], b["provider"])
        for b in (ask(world, model="openrouter/auto", session_id="s", seed=n)["body"] for n in range(8))
    }
    assert len(auto) == 1
    world.clock_ms += 600_001
    drawn = [ask(world, model="openrouter/auto", session_id=f"t{n}")["body"]["model"] for n in range(12)]
    assert len(set(drawn)) > 1


def test_a_mistake_of_the_stand_in_is_a_500_and_not_a_broken_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.standin import chat

    monkeypatch.setattr(chat, "say", lambda *_: 1 / 0)
    refused = ask()
    assert refused["status"] == 500 and "ZeroDivisionError" in refused["body"]["error"]["metadata"]["raw"]


def test_embeddings_and_searches_are_charged_everywhere() -> None:
    world = World()
    body = {"model": "openai/text-embedding-3-small", "input": "word " * 3000}
    cost = answer({"method": "POST", "path": "/api/v1/embeddings", "body": body}, world)["body"]["usage"]["cost"]
    assert world.usage == cost > 0
    world.weather = Weather(status=503)
    assert answer({"method": "POST", "path": "/api/v1/embeddings", "body": body}, world)["status"] == 503
    searched = respond(tools=[{"type": "web_search"}])["body"]["usage"]
    assert searched["cost_details"]["server_tool_cost"] > 0.005 and "server_tool_use_details" in searched
