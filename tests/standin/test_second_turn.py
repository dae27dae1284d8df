"""A line of the script that is said in a second turn only."""

from __future__ import annotations

import pytest

from openrouter_standin import StandIn
from openrouter_standin.output.script import Line, Script


def test_a_line_for_a_second_turn_is_not_said_in_the_first() -> None:
    openai = pytest.importorskip("openai")
    script = Script([Line("Again?", "As I said.", after_answer=True), Line("Again?", "I remember nothing.")])
    turn = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "Again?"},
    ]
    with StandIn(script=script) as standin:
        client = openai.OpenAI(base_url=standin.url, api_key=standin.key)
        said = [
            client.chat.completions.create(model="openai/gpt-4o-mini", messages=messages, max_tokens=50)
            for messages in (turn[-1:], turn)
        ]
    assert [one.choices[0].message.content for one in said] == ["I remember nothing.", "As I said."]
