"""SmolLM2 with 135 million parameters writes what was not recorded: `pytest tests/outside/small_model_for_real.py`.

Not part of `make test`, because the weights are 94 MB: an optional job of CI runs it. It judges the shape of what comes, never
the words, which are nonsense.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import helpers
import words
from helpers.session import current
from helpers.show.receipt import facts_of
from support import client, text_of

LESSONS = ("00-start-here", "01-client-setup", "02-model-ids", "03-routing-options", "04-streaming", "05-tracing", "06-outlive-failures")  # fmt: skip
SOURCE = f"stand-in, not recorded; words by {words.NAME} on this machine"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with words.start() as process:
        yield process.stdout.readline().strip() + "/v1"
        process.kill()


@pytest.fixture(autouse=True)
def uses_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_WORDS", address)
    monkeypatch.setenv("COOKBOOK_MODE", "replay")


def ask(text: str, **more: Any) -> Any:
    question = [{"role": "user", "content": text}]
    return client().chat.completions.create(model="openai/gpt-4o-mini", messages=question, max_tokens=40, **more)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_changed_prompt_plain_and_streamed(lesson: str) -> None:
    helpers.start(lesson)
    whole = ask(f"A prompt of my own for {lesson}: what would you deliver?")
    stream = ask(f"Tell me about {lesson}.", stream=True)
    text = text_of(stream)
    assert whole.choices[0].message.content and text and whole.provider
    assert [facts_of(answer)["source"] for answer in (whole, stream)] == [SOURCE] * 2
    assert whole.usage.cost > 0 and whole.usage.completion_tokens <= 40
    print(f"{lesson}: {whole.choices[0].message.content!r} | {text!r}")


class City(BaseModel):
    name: str
    country: str


def test_an_answer_as_json() -> None:
    helpers.start("00-start-here")
    question = [{"role": "user", "content": "Where is Paris?"}]
    made = client().chat.completions.parse(
        model="openai/gpt-4o-mini", messages=question, response_format=City, max_tokens=100
    )
    assert isinstance(made.choices[0].message.parsed, City) and facts_of(made)["source"] == SOURCE
    print(made.choices[0].message.parsed)


def test_the_panel() -> None:
    helpers.start("04-streaming")

    async def pressed() -> Any:
        panel = helpers.widgets.streaming_panel(prompt="Who are you?", max_tokens=40)
        panel._start()
        await panel.task
        return panel

    panel = asyncio.run(pressed())
    for lane in panel.lanes:
        assert lane.said and SOURCE in lane.figures.value and "invented" not in lane.figures.value
        print(lane.said)
    assert all(entry.by_local_model for entry in current().log.entries)
