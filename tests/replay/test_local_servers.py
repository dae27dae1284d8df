"""Answers of a server on this machine: recorded from it, replayed without it, free, and labelled with its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest

import helpers
from helpers.replay.matching import NotRecorded
from helpers.session import current
from helpers.show.receipt import facts_of
from small_model import SmallModel, said, small_model
from support import LESSON, client, completion, hello, text_of

LOCAL = {"method": "POST", "path": "/v1/chat/completions", "host": "localhost", "key": "malformed", "headers": {}}
ANSWER = completion("from my machine", "chatcmpl-1") | {"source": "tiny:1b by llama.cpp"}
TAPE = [(hello(), completion("from OpenRouter")), ({**LOCAL, "body": hello()}, ANSWER)]


def local(url: str = "http://localhost:11434/v1") -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key="none", max_retries=0)


def ask(text: str = "hi", **more: Any) -> Any:
    return local().chat.completions.create(**hello(text, **more))


def test_each_recorded_answer_names_its_own_source(tape: Callable, capsys: Any) -> None:
    tape(TAPE)
    assert "source: standin and tiny:1b by llama.cpp" in capsys.readouterr().out
    mine, theirs = ask(), client().chat.completions.create(**hello())
    assert (mine.choices[0].message.content, theirs.choices[0].message.content) == (
        "from my machine",
        "from OpenRouter",
    )
    assert facts_of(mine)["source"] == "recorded (tiny:1b by llama.cpp)"
    assert facts_of(theirs)["source"] == "recorded (standin)"
    assert [current().invented(entry) for entry in current().log.entries] == [False, True]


def test_what_was_not_recorded_is_answered_without_openrouters_fields(tape: Callable) -> None:
    tape(TAPE)
    whole = ask("hello there", extra_body={"provider": {"only": ["nobody"]}, "models": ["a/b"]})
    assert whole.choices[0].message.content.startswith("No model wrote this.")
    assert whole.model == "openai/gpt-4o-mini" and not hasattr(whole, "provider")
    assert "cost" not in (whole.usage.model_extra or {})
    chunks = list(ask("hello there", stream=True))
    assert not any(hasattr(c, "provider") for c in chunks) and chunks[-1].usage.total_tokens
    assert facts_of(whole)["source"] == "stand-in, not recorded"
    with pytest.raises(openai.NotFoundError):
        local().get("/elsewhere", cast_to=object)


def test_with_words_of_a_local_model_too(tape: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_model() as model:
        monkeypatch.setenv("COOKBOOK_WORDS", model.url)
        tape(TAPE)
        assert ask("hello there").choices[0].message.content == "Small models write this."
        stream = ask("hello there", stream=True)
        assert text_of(stream) == "Small models write this." and not hasattr(stream, "provider")


def test_ci_refuses_it(tape: Callable) -> None:
    tape(TAPE, mode="ci")
    with pytest.raises(NotRecorded, match="was not recorded"):
        ask("hello there")


def test_faults_do_not_reach_this_machine(tape: Callable) -> None:
    tape(TAPE)
    with helpers.faults(status=503):
        assert ask().choices[0].message.content == "from my machine"
        with pytest.raises(openai.InternalServerError):
            client(max_retries=0).chat.completions.create(**hello())


def test_a_host_of_this_machine_that_no_lesson_names_is_reached_directly(tape: Callable) -> None:
    tape(TAPE[:1])
    with small_model() as model:
        assert text_of(local(model.url).chat.completions.create(**hello(stream=True))) == "Small models write this."
    assert not current().log.entries


@pytest.fixture
def server() -> Iterator[SmallModel]:
    with small_model() as running:
        running.url = running.url.replace("127.0.0.1", "localhost")
        yield running


def test_it_is_recorded_from_the_server_itself_beside_the_stand_in(
    monkeypatch: pytest.MonkeyPatch, recorded: Callable, server: SmallModel
) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", "standin")
    helpers.start(LESSON, hosts=["localhost"])
    server.events = said("Hi.")
    text_of(local(server.url).chat.completions.create(**hello(stream=True)))
    server.status = 400
    with pytest.raises(openai.BadRequestError):
        local(server.url).chat.completions.create(**hello())
    client().chat.completions.create(**hello())
    helpers.stop()
    made = recorded()
    sources = [e["response"].get("source") for e in made["exchanges"]]
    assert made["source"] == "standin" and sources[2] is None
    assert sources[0].startswith("tiny:1b by ") and sources[1].startswith("openai/gpt-4o-mini by ")
    assert made["exchanges"][0]["request"]["host"] == "localhost" and len(server.requests) == 2


def test_live_it_costs_nothing_and_is_reached_whatever_the_budget(
    monkeypatch: pytest.MonkeyPatch, server: SmallModel
) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "live")
    monkeypatch.setenv("COOKBOOK_BUDGET_USD", "0")
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-" + "ab" * 32)
    helpers.start(LESSON, hosts=["localhost"])
    streamed = local(server.url).chat.completions.create(**hello(stream=True))
    assert text_of(streamed) == "Small models write this."
    [entry] = current().log.entries
    assert (entry.source, entry.cost) == ("a server on this machine", 0)
    assert not current().invented(entry)
