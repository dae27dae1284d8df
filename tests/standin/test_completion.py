"""The envelope of a completion: fields, order, streams, limits, and the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from asking import ask, ask_body, glm
from openrouter_standin import State, answer
from openrouter_standin.output.script import Line, Script
from support import CHAT, GLM, hello


def test_a_mistake_of_the_stand_in_is_a_500_and_not_a_broken_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from openrouter_standin.api import draft

    monkeypatch.setattr(draft, "generate_output", lambda *_: 1 / 0)
    refused = ask()
    assert refused["status"] == 500 and "ZeroDivisionError" in refused["body"]["error"]["metadata"]["raw"]


def test_the_envelope_has_the_fields_and_the_order_of_recorded_answers() -> None:
    body = ask_body(hello(max_tokens=60))["body"]
    assert list(body) == [
        "id",
        "object",
        "created",
        "model",
        "provider",
        "system_fingerprint",
        "service_tier",
        "choices",
        "usage",
    ]
    assert list(body["choices"][0]) == ["index", "logprobs", "finish_reason", "native_finish_reason", "message"]
    assert list(body["choices"][0]["message"]) == ["role", "content", "refusal", "reasoning"]
    assert list(body["usage"]) == [
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "cost",
        "is_byok",
        "prompt_tokens_details",
        "cost_details",
        "completion_tokens_details",
    ]
    assert body["id"].startswith("gen-") and len(body["id"].split("-")[2]) == 20


def test_a_stream_has_the_shape_of_recorded_streams() -> None:
    events = [text for _, text in ask_body(hello(stream=True, max_tokens=60, provider={"only": ["azure"]}))["events"]]
    assert events[0] == ": OPENROUTER PROCESSING"
    assert events[-1] == "data: [DONE]"
    chunks = [json.loads(e[6:]) for e in events if e.startswith("data: {")]
    assert list(chunks[0]) == ["id", "object", "created", "model", "provider", "choices"]
    assert list(chunks[0]["choices"][0]["delta"]) == ["content", "role"]
    assert [c["choices"][0]["finish_reason"] for c in chunks[-3:]] == [None, "stop", "stop"]
    assert ["usage" in c for c in chunks].count(True) == 1 and "usage" in chunks[-1]
    assert list(chunks[-1])[-2:] == ["choices", "usage"]
    assert chunks[-1]["choices"][0]["delta"]["content"] == ""


def test_a_plain_answer_and_its_stream_say_and_cost_the_same() -> None:
    plain, events = (
        ask_body(glm(provider={"only": ["modal"]}))["body"],
        ask_body(glm(provider={"only": ["modal"]}, stream=True))["events"],
    )
    chunks = [json.loads(t[6:]) for _, t in events if t.startswith("data: {")]
    assert "".join(c["choices"][0]["delta"]["content"] for c in chunks) == plain["choices"][0]["message"]["content"]
    assert chunks[-1]["usage"] == plain["usage"]


def test_the_same_request_in_the_same_state_gives_the_same_bytes_also_in_another_process() -> None:
    code = f"import json; from openrouter_standin import answer, State; print(json.dumps(answer({{'method': 'POST', 'path': {CHAT!r}, 'body': {glm()!r}}}, State())))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    ).stdout
    assert json.dumps(ask_body(glm(), State())) == json.dumps(ask_body(glm(), State())) == other.strip()
    state = State()
    assert ask_body(glm(), state)["body"]["id"] != ask_body(glm(), state)["body"]["id"]


def test_a_line_of_the_script_may_be_a_pattern() -> None:
    script = Script(
        [Line("Where is order [0-9]*?", "At sea.", pattern=True), Line("Where? [here]", "Here.")], "Nothing."
    )
    asked = ("Where is order 17?", "Where is order x?", "Where? [here]", "Where? h")
    assert [script.line_for("m", hello(text)["messages"]).text for text in asked] == [
        "At sea.",
        "Nothing.",
        "Here.",
        "Nothing.",
    ]


def test_max_tokens_and_stop_cut_the_answer() -> None:
    body = ask_body(glm(max_tokens=3))["body"]
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == 3
    stopped = ask_body(glm(stop=["whoever"]))["body"]["choices"][0]
    assert stopped["message"]["content"] == "A request goes to "
    assert stopped["finish_reason"] == "stop"


def test_a_line_may_belong_to_one_provider() -> None:
    state = State(script=Script([Line("Hi", "From Novita.", provider="novita*"), Line("Hi", "From the others.")]))

    def said(slug: str) -> str:
        body = {**hello("Hi"), "model": GLM, "max_tokens": 1000, "provider": {"only": [slug]}}
        asked = {"method": "POST", "path": "/api/v1/chat/completions", "body": body}
        return answer(asked, state)["body"]["choices"][0]["message"]["content"]

    assert said("novita") == "From Novita." and said("deepinfra") == "From the others."
