"""Words of a local model: they come as they are written, everything around them is the stand-in's, and where they do not
fit the fixed words step in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from clocks import PATIENCE_S
from openrouter_standin import StandIn, State, answer
from openrouter_standin.words.fitting import fits_schema
from openrouter_standin.words.local_model import LocalModel
from small_model import SmallModel, call, chunk, said, small_model
from support import CHAT, hello, text_of

WEATHER = {
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
    },
}
TOOLS = [{"type": "function", "function": WEATHER}]
OWN = "No model wrote this."


@pytest.fixture
def model() -> Iterator[SmallModel]:
    with small_model() as running:
        yield running


@pytest.fixture
def standin(model: SmallModel) -> Iterator[StandIn]:
    with StandIn(script={"Scripted": "By the script."}, words=model.url) as running:
        yield running


def client(standin: StandIn) -> openai.OpenAI:
    return openai.OpenAI(base_url=standin.url, api_key=standin.key, max_retries=0, timeout=PATIENCE_S)


def ask(standin: StandIn, text: str = "hi", **more: Any) -> Any:
    """The raw response: the parsed completion and the headers."""
    return client(standin).chat.completions.with_raw_response.create(**hello(text, **more))


def message(standin: StandIn, **more: Any) -> Any:
    return ask(standin, **more).parse().choices[0].message


def writer(raw: Any) -> str:
    return raw.headers["x-standin-words"]


def test_the_model_writes_and_the_stand_in_decides_everything_else(standin: StandIn) -> None:
    raw = ask(standin)
    body = raw.parse()
    assert body.choices[0].message.content == "Small models write this." and writer(raw) == "tiny:1b"
    assert (body.model, body.provider, body.choices[0].native_finish_reason) == (
        "openai/gpt-4o-mini",
        "OpenAI",
        "completed",
    )
    tokens = body.usage
    assert tokens.completion_tokens == 5
    assert tokens.cost == pytest.approx(tokens.prompt_tokens * 0.15e-6 + 5 * 0.6e-6)
    record = client(standin).get("/generation", cast_to=object, options={"params": {"id": body.id}})
    assert record["data"]["total_cost"] == tokens.cost


def test_a_line_of_the_script_is_said_without_the_model(standin: StandIn, model: SmallModel) -> None:
    raw = ask(standin, "Scripted")
    assert raw.parse().choices[0].message.content == "By the script."
    assert "x-standin-words" not in raw.headers and not model.requests


def test_a_stream_comes_as_it_is_written(standin: StandIn, model: SmallModel) -> None:
    model.after = 2
    stream = client(standin).chat.completions.create(**hello(stream=True))
    chunks = iter(stream)
    first = [next(chunks).choices[0].delta.content for _ in range(2)]
    assert first == ["Small ", "models "]  # the model is still waiting
    model.go_on.set()
    rest = list(chunks)
    assert "".join(c.choices[0].delta.content or "" for c in rest if c.choices) == "write this."
    assert rest[-1].usage.cost > 0 and rest[-1].id == rest[0].id
    assert [c.choices[0].finish_reason for c in rest if c.choices][-1] == "stop"


def test_whoever_leaves_a_stream_stops_the_model_and_pays_for_what_came(standin: StandIn, model: SmallModel) -> None:
    model.events, model.after = said(*["word "] * 10_000), 3
    before = standin.state.usage
    with client(standin).chat.completions.create(**hello(stream=True)) as stream:
        next(iter(stream))
    model.go_on.set()
    assert model.left.wait(PATIENCE_S)
    for _ in range(1000):
        if standin.state.usage > before:
            break
        model.left.clear()
        model.left.wait(0.01)
    assert 0 < standin.state.usage - before < 10_000 * 0.6e-6


def test_what_only_openrouter_reads_is_not_sent_on(standin: StandIn, model: SmallModel) -> None:
    body = {"provider": {"order": ["openai"]}, "session_id": "s", "models": ["openai/gpt-4o"]}
    ask(standin, temperature=0.2, stop=["x"], max_tokens=7, extra_body=body)
    ask(standin)
    first, second = model.requests
    assert set(first) == {"model", "messages", "temperature", "stop", "max_tokens", "stream"}
    assert (first["model"], first["max_tokens"], second["max_tokens"]) == ("tiny:1b", 7, 1000)


def test_pictures_travel_in_the_request_or_not_at_all(standin: StandIn, model: SmallModel) -> None:
    def seen(url: str) -> Any:
        parts = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": url}}]
        return ask(standin, messages=[{"role": "user", "content": parts}])

    pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
    assert writer(seen(pixel)) == "tiny:1b"
    assert model.requests[-1]["messages"][0]["content"][1] == {"type": "image_url", "image_url": {"url": pixel}}
    assert writer(seen("https://example.org/cat.png")).startswith("no model (the prompt holds more than text")
    assert len(model.requests) == 1


def test_its_tool_call_is_taken_where_it_fits(standin: StandIn, model: SmallModel) -> None:
    model.events = call("get_weather", '{"city": ', '"Oslo"}')
    made = message(standin, text="?", tools=TOOLS).tool_calls
    assert [(c.function.name, json.loads(c.function.arguments)) for c in made] == [("get_weather", {"city": "Oslo"})]
    assert made[0].id.startswith("call_")
    streamed = list(client(standin).chat.completions.create(**hello("?", tools=TOOLS, stream=True)))
    parts = [c.choices[0].delta.tool_calls[0] for c in streamed if c.choices and c.choices[0].delta.tool_calls]
    assert json.loads("".join(p.function.arguments for p in parts)) == {"city": "Oslo"}
    assert parts[0].function.name == "get_weather"


@pytest.mark.parametrize(
    "events",
    [
        call("get_wether", '{"city": "Oslo"}'),
        call("get_weather", '{"town": "Oslo"}'),
        call("get_weather", '{"city": 3}'),
        call("get_weather", '{"city": "Oslo", "days": "two"}'),
        call("get_weather", '["Oslo"]'),
        call("get_weather", '{"city": "Os'),
        said("It is sunny."),
    ],
)
def test_a_tool_call_that_does_not_fit_is_replaced(standin: StandIn, model: SmallModel, events: list[str]) -> None:
    model.events = events
    raw = ask(standin, "Weather in Oslo?", tools=TOOLS, tool_choice="required")
    made = raw.parse().choices[0].message
    assert json.loads(made.tool_calls[0].function.arguments)["city"] == "Oslo" and not made.content
    assert writer(raw).startswith("no model (") and "tool" in writer(raw)


def test_where_a_tool_may_be_called_words_are_an_answer_too(standin: StandIn, model: SmallModel) -> None:
    model.events = said("It is sunny.")
    assert message(standin, text="Weather?", tools=TOOLS).content == "It is sunny."


class City(BaseModel):
    name: str
    country: str


def test_its_json_is_taken_where_it_fits(standin: StandIn, model: SmallModel) -> None:
    model.events = said('{"name": "Oslo", ', '"country": "Norway"}')
    parsed = client(standin).chat.completions.parse(**hello("Where?", response_format=City))
    assert parsed.choices[0].message.parsed == City(name="Oslo", country="Norway")
    assert model.requests[-1]["response_format"]["type"] == "json_schema"
    stream = client(standin).chat.completions.create(
        **hello("JSON, please", response_format={"type": "json_object"}, stream=True)
    )
    assert json.loads(text_of(stream)) == {"name": "Oslo", "country": "Norway"}


@pytest.mark.parametrize(
    "written",
    ["Sure! Here it is.", '{"name": "Oslo"}', '{"name": 1, "country": "N"}', '[{"name": "a", "country": "b"}]'],
)
def test_json_that_does_not_fit_is_replaced_whole(standin: StandIn, model: SmallModel, written: str) -> None:
    model.events = said(written)
    raw = client(standin).chat.completions.with_raw_response.parse(**hello("Where?", response_format=City))
    assert raw.parse().choices[0].message.parsed is not None and writer(raw).startswith(
        "no model (what was written is not"
    )


def test_a_schema_with_references_and_choices_is_understood() -> None:
    node = {
        "type": "object",
        "properties": {"kids": {"type": "array", "items": {"$ref": "#/$defs/node"}}, "n": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
        "required": ["n"],
        "additionalProperties": False,
    }  # fmt: skip
    schema = {"$ref": "#/$defs/node", "$defs": {"node": node}}
    good = ['{"n": 1}', '{"n": null, "kids": [{"n": 2.5}]}']
    bad = ['{"n": true}', '{"n": 1, "x": 2}', '{"n": 1, "kids": [{}]}', "null", "{", '{"n": 1, "kids": {}}']
    assert [fits_schema(text, schema) for text in good + bad] == [True] * 2 + [False] * 6
    endless = {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}
    assert not fits_schema("{}", endless)
    assert not fits_schema('{"a":' * 200_000 + "1" + "}" * 200_000, {"type": "object"})


def _refuses(model: SmallModel) -> None:
    model.status = 500


def _is_a_page(model: SmallModel) -> None:
    model.content_type, model.events = "text/html", ["<p>hello</p>"]


def _sends_nonsense(model: SmallModel) -> None:
    model.events = ["data: {not json"]


def _sends_nothing(model: SmallModel) -> None:
    model.events = said()


def _sends_an_error(model: SmallModel) -> None:
    model.events = ['data: {"error": {"message": "out of memory"}}']


def _lists_nonsense(model: SmallModel) -> None:
    model.models, model.events = ["x"], ["data: 17"]


TROUBLES = {
    _refuses: "said 500: it does not fit",
    _is_a_page: "sent something that is no stream of chunks",
    _sends_nonsense: "sent something that is no stream of chunks",
    _sends_nothing: "no word came",
    _sends_an_error: "sent an error: out of memory",
    _lists_nonsense: "sent an error",
}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__.strip("_"))
@pytest.mark.parametrize("stream", [False, True])
def test_a_model_in_trouble_is_replaced_and_the_reason_is_told(
    standin: StandIn, model: SmallModel, trouble: Any, stream: bool
) -> None:
    trouble(model)
    raw = ask(standin, stream=stream)
    text = text_of(raw.parse()) if stream else raw.parse().choices[0].message.content
    assert text.startswith(OWN)
    assert writer(raw).startswith("no model (") and TROUBLES[trouble] in writer(raw)


def test_a_server_that_is_not_there(model: SmallModel) -> None:
    with small_model() as gone:
        address = gone.url
    with StandIn(words=address) as standin:
        raw = ask(standin)
    assert raw.parse().choices[0].message.content.startswith(OWN)
    assert writer(raw) == f"no model (nothing listens at {address})"


def test_a_server_that_says_nothing_is_given_up(model: SmallModel) -> None:
    model.after = 0
    state = State(local_model=LocalModel(model.url, patience_s=0.2))
    live = answer({"method": "POST", "path": CHAT, "body": hello()}, state)["live"]
    [[_, body]] = list(live)
    assert body["choices"][0]["message"]["content"].startswith(OWN)
    assert live.written_by.problem == f"{model.url} sent no word for 0.2 s"


def test_words_that_break_off_are_followed_by_the_fixed_ones(standin: StandIn, model: SmallModel) -> None:
    model.events = [chunk({"content": "Half an"})]
    text = text_of(client(standin).chat.completions.create(**hello(stream=True)))
    assert text.startswith(f"Half an\n\n{OWN}")
    assert writer(ask(standin)) == f"no model (the connection to {model.url} broke)"


def test_the_limit_counts_as_the_stand_in_counts(standin: StandIn, model: SmallModel) -> None:
    model.events = said("one two three four five six seven eight")
    body = ask(standin, max_tokens=3).parse()
    assert (body.choices[0].message.content, body.choices[0].finish_reason) == ("one two three", "length")
    assert body.usage.completion_tokens == 3
    model.events = said("one ", "two", finish="length")
    assert ask(standin).parse().choices[0].finish_reason == "length"


def test_its_thoughts_are_shown_where_the_model_asked_for_thinks(standin: StandIn, model: SmallModel) -> None:
    model.events = [chunk({"reasoning_content": "Hm."}), *said("Yes.")]
    thinking = message(standin, model="deepseek/deepseek-r1-0528")
    assert (thinking.reasoning, thinking.content) == ("Hm.", "Yes.")
    other = message(standin)
    assert (other.reasoning, other.content) == (None, "Yes.")
    stream = client(standin).chat.completions.create(**hello(model="deepseek/deepseek-r1-0528", stream=True))
    assert [c.choices[0].delta.reasoning for c in stream if c.choices and getattr(c.choices[0].delta, "reasoning", None)] == ["Hm."]  # fmt: skip


def test_the_responses_api_has_its_words_too(standin: StandIn) -> None:
    whole = client(standin).responses.create(model="openai/gpt-4o-mini", input="hi")
    assert (whole.output_text, whole.status) == ("Small models write this.", "completed")
    events = list(client(standin).responses.create(model="openai/gpt-4o-mini", input="hi", stream=True))
    assert "".join(e.delta for e in events if e.type == "response.output_text.delta") == "Small models write this."
    assert events[-1].response.usage.cost > 0


def test_faults_that_spoil_an_answer_spoil_the_fixed_words(standin: StandIn, model: SmallModel) -> None:
    with standin.faults(break_after=1), pytest.raises(openai.APIError):
        text_of(client(standin).chat.completions.create(**hello(stream=True)))
    with standin.faults(down=["openai", "azure"]):
        body = ask(standin, extra_body={"models": ["meta-llama/llama-3.1-8b-instruct"]}).parse()
    assert (body.model, body.choices[0].message.content) == (
        "meta-llama/llama-3.1-8b-instruct",
        "Small models write this.",
    )
    assert len(model.requests) == 1


def test_a_named_model_is_asked_for(model: SmallModel) -> None:
    with StandIn(words=model.url, words_model="big:70b") as standin:
        ask(standin)
    assert model.requests[0]["model"] == "big:70b"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/v1",
        "https://localhost/v1",
        "http://localhost.example.org/v1",
        "http://127.0.0.1@example.org/v1",
        "http://user:secret@localhost/v1",
        "http://0.0.0.0/v1",
        "http://10.0.0.1/v1",
        "http://localhost:99999/v1",
        "ftp://localhost/v1",
        "localhost:11434",
        "",
    ],
)
def test_only_this_machine_is_asked(url: str) -> None:
    with pytest.raises(ValueError, match="on this machine only") as refused:
        LocalModel(url)
    assert "secret" not in str(refused.value)


def test_the_command_takes_an_address_and_refuses_another(model: SmallModel) -> None:
    command = [sys.executable, "-m", "openrouter_standin", "--port", "0", "--words"]
    refused = subprocess.run([*command, "http://example.org/v1"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "on this machine only" in refused.stderr
    with subprocess.Popen([*command, model.url], stdout=subprocess.PIPE, text=True) as running:
        assert f"words by a model at {model.url}" in running.stdout.readline()
        running.terminate()
