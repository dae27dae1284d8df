"""What providers refuse: every row of data/refusals.toml with a request that earns it and one, nearly the same, that does not."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import pytest

from asking import ask, message, user
from openrouter_standin import Faults
from openrouter_standin.upstream.conditions import CONDITIONS
from openrouter_standin.upstream.table import table

Body = dict[str, Any]
FLASH, DEEPSEEK, QWEN = "google/gemini-3-flash-preview", "deepseek/deepseek-v4-flash", "qwen/qwen3.7-max"
GPT41, OPUS46, OPUS47, HAIKU = (
    "openai/gpt-4.1-mini",
    "anthropic/claude-opus-4.6",
    "anthropic/claude-opus-4.7",
    "anthropic/claude-haiku-4.5",
)
T = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}]
FORCED = {"tools": T, "tool_choice": "required"}
CALL = {"role": "assistant", "content": None, "tool_calls": [
    {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}  # fmt: skip
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "7"}
PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()
ANY_OBJECT = {"type": "object", "properties": {"a": {"type": "integer"}}}
CLOSED = {**ANY_OBJECT, "additionalProperties": False, "required": ["a"]}


def form(schema: Any, strict: bool = True) -> Body:
    return {
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema, "strict": strict}}
    }


def marked(count: int) -> Body:
    part = {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}
    return {"messages": user([part] * count)}


def picture(*urls: str) -> Body:
    return {"messages": user([{"type": "image_url", "image_url": {"url": url}} for url in urls])}


def spoken(form: str) -> Body:
    sound = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": form}}
    return {"model": "openai/gpt-audio-mini", "stream": True, **sound}


def said(model: str, **detail: Any) -> Body:
    """A loop whose call came back with these thoughts."""
    details = [detail] if detail else []
    return {"model": model, "tools": T, "messages": [*user("Hi"), {**CALL, "reasoning_details": details}, RESULT]}


LOOP = [*user("Hi"), CALL, RESULT]
EARNED: list[tuple[str, Body, Body, str]] = [
    ("thoughts-missing-gemini", {"model": FLASH, "tools": T, "messages": LOOP},
     {"model": FLASH, "tools": T, "messages": [*LOOP, {"role": "assistant", "content": "7"}, *user("And now?")]},
     "Gemini models require OpenRouter reasoning details to be preserved in each request."),
    ("thoughts-altered-gemini", said(FLASH, type="reasoning.encrypted", data="AAAA"),
     said(FLASH, type="reasoning.encrypted", data=base64.b64encode(bytes(range(128, 256))).decode()),
     "Corrupted thought signature."),
    ("thoughts-missing-deepseek", {"model": DEEPSEEK, "tools": T, "messages": LOOP},
     {"model": DEEPSEEK, "tools": T, "messages": LOOP, "reasoning": {"enabled": False}},
     "The `reasoning_content` in the thinking mode must be passed back"),
    ("thoughts-altered-anthropic", said(HAIKU, type="reasoning.text", text="x", signature="c2hvcnQ="),
     said(HAIKU), "Invalid `signature` in `thinking` block"),
    ("max-tokens-openai", {"model": GPT41, "max_tokens": 1}, {"model": GPT41, "max_tokens": 16},
     "Expected a value >= 16, but got 1 instead."),
    ("temperature-openai-images", {"model": "openai/gpt-5-image", "temperature": 1}, {"model": "openai/gpt-5-image"},
     "'temperature' is not supported with this model."),
    ("temperature-openai", {"model": "openai/gpt-6-astra", "top_p": 1}, {"model": "openai/gpt-6-astra"},
     "'top_p' is not supported with this model."),
    ("temperature-anthropic", {"model": OPUS47, "top_p": 0.9}, {"model": OPUS47, "temperature": 1},
     "`top_p` is deprecated for this model."),
    ("forced-tool-anthropic", {"model": "anthropic/claude-opus-5.5", **FORCED},
     {"model": "anthropic/claude-opus-5.5", "tools": T}, 'tool_choice: type "tool" and "any" are not supported'),
    ("forced-tool-alibaba", {"model": QWEN, **FORCED, "reasoning": {"enabled": True}, "provider": {"only": ["alibaba"]}},
     {"model": QWEN, "tools": T, "provider": {"only": ["alibaba"]}}, "in thinking mode"),
    ("prefill-anthropic", {"model": OPUS46, "messages": [*user("Hi"), {"role": "assistant", "content": "{"}]},
     {"model": HAIKU, "messages": [*user("Hi"), {"role": "assistant", "content": "{"}]},
     "does not support assistant message prefill"),
    ("developer-role-qwen", {"model": QWEN, "messages": [{"role": "developer", "content": "x"}, *user("Hi")]},
     {"model": QWEN, "messages": [{"role": "system", "content": "x"}, *user("Hi")]}, "developer is not one of"),
    ("cache-blocks-anthropic", {"model": HAIKU, **marked(5)}, {"model": HAIKU, **marked(4)}, "Found 5."),
    ("strict-schema-openai", form(ANY_OBJECT), form(CLOSED), "'additionalProperties' is required to be supplied"),
    ("json-word-openai", {"response_format": {"type": "json_object"}},
     {"response_format": {"type": "json_object"}, "messages": user("Some JSON")}, "must contain the word 'json'"),
    ("empty-text-anthropic", {"model": HAIKU, "messages": user([{"type": "text", "text": ""}])},
     {"model": HAIKU, "messages": user([{"type": "text", "text": "x"}])}, "text content blocks must be non-empty"),
    ("result-without-call-anthropic", {"model": HAIKU, "messages": [*user("Hi"), RESULT]},
     {"model": HAIKU, "messages": LOOP}, "unexpected `tool_use_id` found in `tool_result` blocks: call_1"),
    ("call-without-result-anthropic", {"model": HAIKU, "messages": [*user("Hi"), CALL, *user("Well?")]},
     {"model": HAIKU, "messages": LOOP}, "messages.1: `tool_use` ids were found without `tool_result` blocks"),
    ("call-without-result-deepseek", {"model": "deepseek/deepseek-v3.2", "messages": [*user("Hi"), CALL, *user("Well?")]},
     {"model": "deepseek/deepseek-v3.2", "messages": LOOP}, "insufficient tool messages"),
    ("result-without-call-openai", {"messages": [*user("Hi"), RESULT]}, {"messages": LOOP},
     "No tool call found for function call output with call_id call_1."),
    ("call-without-result-openai", {"messages": [*user("Hi"), CALL]}, {"messages": LOOP},
     "No tool output found for function call call_1."),
    ("broken-picture-openai", picture("data:image/png;base64,!!"), picture(PNG), "does not represent a valid image"),
    ("broken-picture-anthropic", {"model": HAIKU, **picture("data:image/png;base64,AAAA")},
     {"model": HAIKU, **picture("https://example.org/cat.png")}, "Could not process image"),
    ("broken-picture", {"model": "google/gemini-2.5-flash", **picture("data:image/png;base64,")},
     {"model": "google/gemini-2.5-flash", **picture(PNG, PNG)}, "Provided image is not valid."),
    ("audio-format-openai", spoken("mp3"), spoken("pcm16"), "Supported values are: 'pcm16'."),
    ("two-pictures", {"model": "moonshotai/kimi-k2.6", "provider": {"only": ["crucible"]}, **picture(PNG, PNG)},
     {"model": "moonshotai/kimi-k2.6", "provider": {"only": ["crucible"]}, **picture(PNG)}, "at most 1 image"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "refused", "taken", "words"), EARNED, ids=[row[0] for row in EARNED])
def test_a_provider_refuses_in_its_own_words(name: str, refused: Body, taken: Body, words: str) -> None:
    answer = ask(**refused)
    error = answer["body"]["error"]
    assert (answer["status"], error["message"]) == (table()[name].status, "Provider returned error")
    assert words in _sentence(error["metadata"]["raw"])
    assert error["metadata"]["provider_name"] and error["metadata"]["is_byok"] is False
    assert ask(**taken)["status"] == 200


def _sentence(raw: str) -> str:
    """The words inside a provider's JSON; the whole where OpenRouter put its own before it."""
    if not raw.startswith("{"):
        return raw
    parsed = json.loads(raw)
    error = parsed["error"]
    return error["message"] if isinstance(error, dict) else error


def test_every_row_is_whole_and_is_earned_or_asked_for() -> None:
    for row in table().values():
        assert row.when in CONDITIONS
        assert row.settings["since"] and row.settings["source"]
        assert row.status in (400, 403)
    assert set(table()) - {name for name, *_ in EARNED} == {"safety-xai"}


@pytest.mark.parametrize("schema", [
    {**CLOSED, "additionalProperties": True}, {**CLOSED, "required": []}, {"type": "array", "items": CLOSED},
    {**CLOSED, "properties": {"a": ANY_OBJECT}}, {**CLOSED, "properties": {"a": {"type": "array", "items": ANY_OBJECT}}},
    {**CLOSED, "properties": {"a": {"anyOf": [{"type": "null"}, ANY_OBJECT]}}}, {**CLOSED, "$defs": {"B": ANY_OBJECT}}, {}])  # fmt: skip
def test_a_strict_schema_is_closed_at_every_depth(schema: Any) -> None:
    assert "Invalid schema for response_format 'x'" in _sentence(
        ask(**form(schema))["body"]["error"]["metadata"]["raw"]
    )
    assert ask(**form(schema, strict=False))["status"] == 200
    assert ask(model=HAIKU, **form(schema))["status"] == 200


def test_a_strict_tool_is_held_to_the_same_rules() -> None:
    tool = copy.deepcopy(T)
    tool[0]["function"] |= {"strict": True, "parameters": ANY_OBJECT}
    assert "Invalid schema for function 'f'" in ask(tools=tool)["body"]["error"]["metadata"]["raw"]
    tool[0]["function"]["parameters"] = CLOSED
    assert ask(tools=tool)["status"] == 200


@pytest.mark.parametrize("model", [FLASH, DEEPSEEK, HAIKU, "openai/gpt-5-mini", "google/gemini-3.6-flash"])
@pytest.mark.parametrize("effort", [None, "low"])
def test_what_the_stand_in_said_can_be_sent_back(model: str, effort: str | None) -> None:
    thinking = {"reasoning": {"effort": effort}} if effort else {}
    asked = {"model": model, "tools": T, "messages": user("Please call f."), **thinking}
    called = message(ask(**asked))
    result = {"role": "tool", "tool_call_id": called["tool_calls"][0]["id"], "content": "7"}
    assert ask(**{**asked, "messages": [*asked["messages"], called, result]})["status"] == 200


@pytest.mark.parametrize("change", [
    lambda b: b[::-1], lambda b: b.swapcase(), lambda b: b[:-4] + "AAA=", lambda b: "x" + b, lambda b: b + b, lambda b: "",
    lambda b: b.replace("a", "b"), lambda b: base64.b64encode(b"signature").decode()])  # fmt: skip
@pytest.mark.parametrize("model", [FLASH, HAIKU])
def test_an_altered_block_is_noticed(model: str, change: Any) -> None:
    asked = {"model": model, "tools": T, "messages": user("Please call f."), "reasoning": {"effort": "low"}}
    called = message(ask(**asked))
    for detail in called["reasoning_details"]:
        for key in ("data", "signature"):
            if key in detail:
                detail[key] = change(detail[key])
    result = {"role": "tool", "tool_call_id": called["tool_calls"][0]["id"], "content": "7"}
    assert ask(**{**asked, "messages": [*asked["messages"], called, result]})["status"] == 400


def test_a_refusal_is_tried_at_the_next_provider_and_then_at_the_next_model() -> None:
    body = {"model": "anthropic/claude-opus-4.6", "messages": [*user("Hi"), {"role": "assistant", "content": "{"}]}
    metadata = ask(**body)["body"]["error"]["metadata"]
    earlier = [row["provider_name"] for row in metadata["previous_errors"]]
    assert sorted([*earlier, metadata["provider_name"]]) == ["Amazon Bedrock", "Anthropic", "Google"]
    assert ask(**body, models=[HAIKU])["body"]["model"] == HAIKU
    alone = ask(**body, provider={"only": ["anthropic"]})
    assert "previous_errors" not in alone["body"]["error"]["metadata"]


@pytest.mark.parametrize(("refused", "status", "words"), [
    ("prefill-anthropic", 400, "assistant message prefill"), ("safety-xai", 403, "SAFETY_CHECK_TYPE"),
    ("the model is asleep today", 400, "the model is asleep today")])  # fmt: skip
def test_a_fault_asks_for_a_providers_refusal(refused: str, status: int, words: str) -> None:
    answer = ask(faults=Faults(refused=refused))
    assert (answer["status"], answer["body"]["error"]["message"]) == (status, "Provider returned error")
    assert words in answer["body"]["error"]["metadata"]["raw"]


def test_every_row_can_be_asked_for() -> None:
    for name, row in table().items():
        raw = ask(faults=Faults(refused=name))["body"]["error"]["metadata"]["raw"]
        assert "$" not in raw and _sentence(raw), row


def test_a_name_that_no_row_has_is_a_slip() -> None:
    with pytest.raises(ValueError, match="prefill-anthropic"):
        Faults(refused="prefil-anthropic")
