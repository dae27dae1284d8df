"""The plugin `response-healing`, and words of a script that are no JSON although JSON was asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openrouter_standin import State, answer
from openrouter_standin.output.healing import healed
from openrouter_standin.output.script import Line, Script

PLUGIN = [{"id": "response-healing"}]
NEARLY = 'Here you are:\n```json\n{"order": "A-17", euros: 25, "tags": ["lamp", "broken",],}\n```'
WHOLE = {"order": "A-17", "euros": 25, "tags": ["lamp", "broken"]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (NEARLY, WHOLE),
        ('{"a": 1}', {"a": 1}),
        ("[1, 2,]", [1, 2]),
        ('{"a": {"b": [1, 2', {"a": {"b": [1, 2]}}),
        ('{"a": "x, }", "b": "{c: 1,}"}', {"a": "x, }", "b": "{c: 1,}"}),  # texts stay as they are
        ('Sure! {"a": 1} Anything else?', {"a": 1}),
        ('{"a": "say \\"no\\""', {"a": 'say "no"'}),
    ],
)
def test_what_is_nearly_json_is_repaired(text: str, value: Any) -> None:
    assert json.loads(healed(text)) == value


@pytest.mark.parametrize("text", ["", "no JSON here", "{", '{"a": tru', '{"a" 1}', "}{"])
def test_what_cannot_be_repaired_stays_as_it_is(text: str) -> None:
    assert healed(text) in (text, "{}")


def ask(**more: Any) -> Any:
    body = {
        "model": "openai/gpt-4o-mini",
        "messages": [{"role": "user", "content": "Read the letter, as JSON."}],
        "max_tokens": 100,
        "response_format": {"type": "json_object"},
        **more,
    }
    state = State(script=Script([Line("Read the letter, as JSON.", NEARLY, broken=True)]))
    request = {"method": "POST", "path": "/api/v1/chat/completions", "headers": {}, "body": body, "key": "session"}
    return answer(request, state)


def said(**more: Any) -> str:
    return ask(**more)["body"]["choices"][0]["message"]["content"]


def test_the_plugin_repairs_a_plain_answer_and_nothing_else() -> None:
    assert said() == NEARLY
    assert json.loads(said(plugins=PLUGIN)) == WHOLE
    assert said(plugins=[{"id": "response-healing", "enabled": False}]) == NEARLY
    assert said(plugins=PLUGIN, response_format=None) == NEARLY
    chunks = [
        json.loads(text[6:]) for _, text in ask(plugins=PLUGIN, stream=True)["events"] if text.startswith("data: {")
    ]
    assert "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks) == NEARLY, "a stream is not repaired"
    cut = ask(plugins=PLUGIN, max_tokens=8)["body"]["choices"][0]
    assert cut["finish_reason"] == "length"
    with pytest.raises(ValueError):
        json.loads(cut["message"]["content"])


def test_a_script_says_that_its_words_are_broken(tmp_path: Any) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[[say]]\nprompt = "x"\ntext = "no JSON"\nbroken = true\n', "utf-8")
    assert Script.load(path).lines[0].broken
