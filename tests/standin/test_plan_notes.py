"""What a plan says of fields that have no effect where they stand."""

from __future__ import annotations

from typing import Any

import pytest

from openrouter_standin import StandIn, plan
from openrouter_standin.output.script import Line, Script

ENDPOINT = {"tag": "one", "provider_name": "One", "pricing": {"prompt": "0.000001", "completion": "0.000002"}}


@pytest.mark.parametrize(
    ("provider", "request_fields", "said"),
    [
        ({"prompt": 0.1}, {}, "'prompt' is no field of provider: it has no effect."),
        ({"max_price": {"prompt_tokens": 1}}, {}, "'prompt_tokens' is no field of max_price: it has no effect."),
        ({}, {"max_price": {"prompt": 1}}, "'max_price' is a field of provider: here it has no effect."),
    ],
)
def test_a_field_without_effect_is_named(provider: dict[str, Any], request_fields: dict[str, Any], said: str) -> None:
    assert said in plan([ENDPOINT], provider=provider, **request_fields).notes


def test_a_right_plan_has_no_such_note() -> None:
    notes = plan(
        [ENDPOINT], provider={"max_price": {"prompt": 9, "completion": 9}, "sort": "price"}, max_tokens=5
    ).notes
    assert not [note for note in notes if "no effect" in note]


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
