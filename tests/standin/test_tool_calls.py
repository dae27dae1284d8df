"""Which tools are called, with which arguments, and what follows their results."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asking import GEMINI, HAIKU, MINI, TOOLS, ask, chunks, message, tool, user
from openrouter_standin import State, answer
from openrouter_standin.output.script import Line, Script
from support import CHAT, hello


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


def test_words_of_a_script_follow_only_the_tool_result_they_were_written_for() -> None:
    asked = user("When is the tide high in Esbjerg?")
    tools = [tool("tide_table", "When the tide is high.", harbour={"type": "string"})]
    call = message(ask(messages=asked, tools=tools))
    said = []
    for result in ("Esbjerg: high at noon", "Esbjerg: not high at noon"):
        answer = {"role": "tool", "tool_call_id": call["tool_calls"][0]["id"], "content": result}
        said.append(message(ask(messages=[*asked, call, answer], tools=tools))["content"])
    assert said[0] == "The tide is high in Esbjerg at noon."
    assert said[1].startswith("No model wrote this.") and "not high at noon" in said[1]


def said_to(body: dict[str, Any], state: State) -> dict[str, Any]:
    return answer({"method": "POST", "path": CHAT, "body": body}, state)["body"]


def test_a_script_says_which_tool_is_called_and_what_is_said_then() -> None:
    tool = {"type": "function", "function": {"name": "note", "parameters": {"type": "object", "properties": {}}}}
    line = Line("Keep it", "I cannot.", tool="note", arguments='{"text": "bread"}', after_tools="It said: {said}")
    quiet = Line("What note?", "None.", tool="none")
    state = State(script=Script([line, quiet]))
    body = hello("Keep it", tools=[tool])
    first = said_to(body, state)["choices"][0]
    [call] = first["message"]["tool_calls"]
    assert call["function"] == {"name": "note", "arguments": '{"text": "bread"}'}
    done = {"role": "tool", "tool_call_id": call["id"], "content": "kept\n"}
    talk = [*body["messages"], first["message"], done]
    assert said_to({**body, "messages": talk}, state)["choices"][0]["message"]["content"] == "It said: kept"
    assert said_to(hello("Keep it"), state)["choices"][0]["message"]["content"] == "I cannot."
    assert not said_to(hello("What note?", tools=[tool]), state)["choices"][0]["message"].get("tool_calls")
