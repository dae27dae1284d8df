"""COOKBOOK_WORDS: what was not recorded gets its words from a model on this machine, and every label names that model."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest

import helpers
from clocks import PATIENCE_S
from helpers.session import current
from helpers.settings import SettingError
from helpers.show.receipt import facts_of
from small_model import SmallModel, said, small_model
from support import LESSON, SECRET, async_client, client, completion, hello, text_of

TAPE = [(hello(), completion("recorded words"))]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallModel]:
    with small_model() as running:
        monkeypatch.setenv("COOKBOOK_WORDS", running.url)
        yield running


def ask(text: str, **more: Any) -> Any:
    return client().chat.completions.create(**hello(text, **more))


def test_a_changed_prompt_gets_its_words_and_a_recorded_one_does_not(
    tape: Callable, model: SmallModel, capsys: Any
) -> None:
    tape(TAPE)
    assert f"gets its words from the model at {model.url} (COOKBOOK_WORDS)" in capsys.readouterr().out
    assert ask("hi").choices[0].message.content == "recorded words" and not model.requests
    changed = ask("hello there")
    assert changed.choices[0].message.content == "Small models write this." and changed.provider == "OpenAI"
    source = "stand-in, not recorded; words by tiny:1b on this machine"
    assert facts_of(changed)["source"] == source
    assert not current().invented(current().log.entries[-1])
    assert source in str(helpers.spent())


def test_the_address_may_stand_in_dotenv(
    tape: Callable, model: SmallModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.delenv("COOKBOOK_WORDS")
    (tmp_path / ".env").write_text(f"COOKBOOK_WORDS={model.url}\nCOOKBOOK_WORDS_MODEL=tiny:1b\n")
    tape(TAPE)
    assert os.environ["COOKBOOK_WORDS"] == model.url  # a cell can ask
    assert ask("hello there").choices[0].message.content == "Small models write this."
    helpers.stop()
    assert "COOKBOOK_WORDS" not in os.environ


def test_a_stream_is_labelled_and_timed_as_it_comes(tape: Callable, model: SmallModel) -> None:
    tape(TAPE, speed=0.01)  # the speed holds for recordings only
    model.after = 1
    stream = ask("tell me", stream=True)
    chunks = iter(stream)
    assert next(chunks).choices[0].delta.content == "Small "
    model.go_on.set()
    assert text_of(chunks) == "models write this."
    picture = str(helpers.timeline(stream))
    assert "words by tiny:1b" in picture and "no model" not in picture


def test_the_reason_is_said_where_the_fixed_words_step_in(tape: Callable, model: SmallModel, capsys: Any) -> None:
    tape(TAPE)
    model.events = said()
    answered = ask("hello there")
    assert answered.choices[0].message.content.startswith("No model wrote this.")
    assert facts_of(answered)["source"] == "stand-in, not recorded (no word came)"
    assert current().invented(current().log.entries[-1])


def test_ci_does_not_know_the_setting(tape: Callable, model: SmallModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_WORDS", "http://example.org/v1")
    tape(TAPE, mode="ci")
    assert ask("hi").choices[0].message.content == "recorded words"
    assert current().local_model is None and not model.requests


def test_a_recording_from_the_stand_in_does_not_either(record: Callable, recorded: Callable, model: SmallModel) -> None:
    record("standin")
    ask("hello there")
    helpers.stop()
    assert not model.requests and "No model wrote this." in str(recorded())


@pytest.mark.parametrize("address", ["http://example.org/v1", "https://openrouter.ai/api/v1", "11434", SECRET])
def test_an_address_beyond_this_machine_is_one_sentence(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("COOKBOOK_WORDS", address)
    with pytest.raises(SettingError, match=r"COOKBOOK_WORDS is .* on this machine only") as refused:
        helpers.start(LESSON)
    assert SECRET not in str(refused.value)


def test_a_secret_in_a_prompt_does_not_reach_the_model(tape: Callable, model: SmallModel) -> None:
    tape(TAPE)
    ask(f"my key is {SECRET}")
    assert model.requests and SECRET not in str(model.requests)


def test_stop_takes_effect_at_once_and_other_tasks_go_on(tape: Callable, model: SmallModel) -> None:
    tape(TAPE)
    model.events, model.after = said(*["word "] * 9), 2
    before = set(threading.enumerate())

    async def stopped_in_the_middle() -> list[str]:
        seen: list[str] = []
        stream = await async_client().chat.completions.create(**hello("tell me", stream=True))

        async def read() -> None:
            try:
                async for piece in stream:
                    seen.append(piece.choices[0].delta.content)
            finally:
                await stream.close()

        reading = asyncio.create_task(read())
        while len(seen) < 2:  # only another task that is let in can see this
            await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        return seen

    assert asyncio.run(asyncio.wait_for(stopped_in_the_middle(), PATIENCE_S)) == ["word ", "word "]
    assert model.left.wait(PATIENCE_S)
    assert [t for t in threading.enumerate() if t not in before and "process_request" not in t.name] == []


def test_many_at_the_same_time(tape: Callable, model: SmallModel) -> None:
    tape(TAPE)

    async def all_of_them() -> set[str]:
        async with async_client() as many:
            asked = [many.chat.completions.create(**hello(f"number {n}")) for n in range(20)]
            return {answer.choices[0].message.content for answer in await asyncio.gather(*asked)}

    assert asyncio.run(all_of_them()) == {"Small models write this."}


def test_a_time_out_of_the_request_holds(tape: Callable, model: SmallModel) -> None:
    tape(TAPE)
    model.after = 0
    threading.Timer(0.3, model.go_on.set).start()
    with pytest.raises(openai.APITimeoutError):
        client(timeout=0.05, max_retries=0).chat.completions.create(**hello("hello there"))


SCRIPT = """
import os, helpers
helpers.start("00-start-here")
from openai import OpenAI
client = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"])
client.chat.completions.create(model="openai/gpt-4o-mini", messages=[{"role": "user", "content": "row"}], max_tokens=9)
"""


def test_a_script_says_who_writes(model: SmallModel) -> None:
    env = {"PATH": "", "COOKBOOK_WORDS": model.url, "COOKBOOK_PROGRESS": "off"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, check=True)
    [line] = done.stderr.splitlines()
    assert line.startswith(f"Not recorded: 1 request was answered offline. The words are by the model at {model.url}")
