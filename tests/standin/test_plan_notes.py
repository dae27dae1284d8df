"""What a plan says of fields that have no effect where they stand."""

from __future__ import annotations

from typing import Any

import pytest

from openrouter_standin import plan

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
