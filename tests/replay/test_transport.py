"""Replay under the SDK: sync, async, streams, raw responses, pace, closing, time-outs, foreign hosts, misses."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import openai
import pytest

import helpers
from clocks import PATIENCE_S, EndlessClock, HeldClock
from helpers import session
from helpers.replay.matching import NotRecorded
from helpers.replay.patch import LIBRARIES
from helpers.session import KEY, current
from support import SECRET, async_client, client, completion, event, hello, streamed, text_of

Tape = Callable[..., None]
TITLES = ("first", "second", "third")


def test_plain_answers_sync_and_async(tape: Tape) -> None:
    tape([(hello(), completion("hello"))])
    assert client().chat.completions.create(**hello()).choices[0].message.content == "hello"
    answer = asyncio.run(async_client().chat.completions.create(**hello()))
    assert answer.choices[0].message.content == "hello"
    assert answer.provider == "OpenAI"


def test_async_calls_take_turns_also_where_nothing_is_waited_for(tape: Tape) -> None:
    tape([(hello(title), completion(title, f"gen-{title}")) for title in TITLES], speed=0)
    turns: list[str] = []

    async def ask(title: str) -> None:
        turns.append(f"{title} sent")
        await async_client().chat.completions.create(**hello(title))
        turns.append(f"{title} answered")

    async def all_of_them() -> None:
        await asyncio.gather(*map(ask, TITLES))

    asyncio.run(all_of_them())
    assert [turn.partition(" ")[2] for turn in turns] == ["sent"] * 3 + ["answered"] * 3


def test_a_film_of_the_stand_in_comes_as_bytes(tape: Tape) -> None:
    tape([(hello(), completion())])
    order = {"model": "google/veo-3.1-lite", "prompt": "Waves", "duration": 4, "generate_audio": False}
    with helpers.faults():
        job = client().post("/videos", body=order, cast_to=object)
        while job["status"] != "completed":
            job = client().get(f"/videos/{job['id']}", cast_to=object)
        where, kind = f"/videos/{job['id']}/content", openai.HttpxBinaryResponseContent
        film = client().get(where, cast_to=kind).read()
        assert film[4:8] == b"ftyp"
        assert asyncio.run(async_client().get(where, cast_to=kind)).content == film


def test_streams_sync_and_async(tape: Tape) -> None:
    tape([(hello(stream=True), streamed())])
    assert text_of(client().chat.completions.create(**hello(), stream=True)) == "p0 p1 p2 "

    async def read() -> str:
        stream = await async_client().chat.completions.create(**hello(), stream=True)
        return text_of([chunk async for chunk in stream])

    assert asyncio.run(read()) == "p0 p1 p2 "


def test_concurrent_calls_each_get_their_own_answer(tape: Tape) -> None:
    tape([(hello(t), completion(t.upper(), identity=t)) for t in TITLES])

    async def ask() -> list[Any]:
        ours = async_client()
        return await asyncio.gather(*(ours.chat.completions.create(**hello(t)) for t in reversed(TITLES)))

    assert [a.choices[0].message.content for a in asyncio.run(ask())] == ["THIRD", "SECOND", "FIRST"]


def test_what_the_sdk_reads_behind_the_end_of_a_stream_is_logged_once(tape: Tape) -> None:
    tape([(hello(stream=True), streamed())])

    async def read() -> int:
        stream = await async_client().chat.completions.create(**hello(stream=True))
        return len([chunk async for chunk in stream])

    assert asyncio.run(read()) == 4
    assert sum(1 for _ in client().chat.completions.create(**hello(stream=True))) == 4
    assert [[at for at, _ in e.events] for e in current().log.entries] == [[50, 100, 200, 300, 300, 300]] * 2


def test_raw_and_streaming_responses_and_the_stream_helper(tape: Tape) -> None:
    tape([(hello(), completion()), (hello(stream=True), streamed())])
    raw = client().chat.completions.with_raw_response.create(**hello())
    assert raw.headers["x-generation-id"] == "gen-1"
    assert raw.parse().id == "gen-1"
    with client().chat.completions.with_streaming_response.create(**hello(), stream=True) as response:
        lines = [line for line in response.iter_lines() if line]
    assert lines[0] == ": OPENROUTER PROCESSING"
    assert lines[-1] == "data: [DONE]"
    helper = getattr(client().chat.completions, "stream", None) or client().beta.chat.completions.stream
    with helper(**hello()) as events:
        assert events.get_final_completion().choices[0].message.content == "p0 p1 p2 "


def test_models_embeddings_and_responses(tape: Tape) -> None:
    get = {"method": "GET", "path": "/api/v1/models", "headers": {}, "body": None}
    embed = {
        "method": "POST",
        "path": "/api/v1/embeddings",
        "headers": {},
        "body": {"input": "x", "model": "e", "encoding_format": "float"},
    }
    respond = {"method": "POST", "path": "/api/v1/responses", "headers": {}, "body": {"input": "x", "model": "m"}}
    json_headers = {"content-type": "application/json"}
    vector = {
        "object": "list",
        "model": "e",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }
    part = {"type": "output_text", "text": "fine", "annotations": []}
    message = {"type": "message", "id": "m1", "role": "assistant", "status": "completed", "content": [part]}
    response = {"id": "resp-1", "object": "response", "created_at": 1, "model": "m", "status": "completed", "output": [message],
                "parallel_tool_calls": True, "tool_choice": "auto", "tools": []}  # fmt: skip
    tape([
        (get, {"status": 200, "headers": json_headers, "ms": 1, "body": {"data": [{"id": "a/b", "object": "model", "created": 1, "owned_by": "a"}]}}),
        (embed, {"status": 200, "headers": json_headers, "ms": 1, "body": vector}),
        (respond, {"status": 200, "headers": json_headers, "ms": 1, "body": response}),
    ])  # fmt: skip
    assert [m.id for m in client().models.list()] == ["a/b"]
    assert client().embeddings.create(model="e", input="x", encoding_format="float").data[0].embedding == [0.5]
    assert client().responses.create(model="m", input="x").output_text == "fine"


def test_an_openai_stream_of_responses(tape: Tape) -> None:
    delta = {
        "type": "response.output_text.delta",
        "delta": "fine",
        "item_id": "m1",
        "output_index": 0,
        "content_index": 0,
        "sequence_number": 1,
        "logprobs": [],
    }

    body = {"input": "x", "model": "m", "stream": True}
    events = [[10, "event: response.output_text.delta\ndata: " + json.dumps(delta)], [11, "data: [DONE]"]]
    request = {"method": "POST", "path": "/api/v1/responses", "headers": {}, "body": body}
    tape([(request, {"status": 200, "headers": {"content-type": "text/event-stream"}, "events": events})])
    assert [e.delta for e in client().responses.create(**body)] == ["fine"]


def test_at_speed_one_events_arrive_at_their_recorded_offsets(tape: Tape, clock: HeldClock) -> None:
    offsets = tuple(range(100, 900, 80))
    tape([(hello(stream=True), streamed(offsets))], speed=1)
    stream = client().chat.completions.create(**hello(), stream=True)
    arrived = [round(clock.now() * 1000) for c in stream if c.choices[0].delta.content]
    assert arrived == list(offsets)


def test_an_event_that_the_reader_was_late_for_comes_at_once_and_the_next_on_time(tape: Tape, clock: HeldClock) -> None:
    tape([(hello(stream=True), streamed((100, 200, 900)))], speed=1)
    arrived = []
    for chunk in client().chat.completions.create(**hello(), stream=True):
        if chunk.choices[0].delta.content:
            arrived.append(round(clock.now() * 1000))
            clock.time += 0.3 if len(arrived) == 1 else 0  # the reader works on the first piece
    assert arrived == [100, 400, 900]


@pytest.mark.parametrize(("speed", "waited"), [(1, 0.3), (2, 0.15), (0, 0)])
def test_speed_two_waits_half_as_long_and_speed_zero_not_at_all(
    tape: Tape, clock: HeldClock, speed: float, waited: float
) -> None:
    tape([(hello(stream=True), streamed())], speed=speed)
    text_of(client().chat.completions.create(**hello(), stream=True))
    assert sum(clock.waits) == pytest.approx(waited)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> EndlessClock:
    """A clock on which the pause of a stream never ends by itself."""
    endless = EndlessClock()
    monkeypatch.setattr(session, "Clock", lambda: endless)
    return endless


def test_a_stream_closed_from_another_thread_ends_in_the_middle_of_a_pause(tape: Tape, endless: EndlessClock) -> None:
    tape([(hello(stream=True), streamed((50, 5000)))], speed=1)
    stream = client().chat.completions.create(**hello(), stream=True)
    iterator = iter(stream)
    assert next(iterator).choices[0].delta.content == "p0 "

    def close() -> None:
        assert endless.waiting.wait(PATIENCE_S)
        inner = stream.response.stream
        inner.close() if hasattr(inner, "close") else stream.close()

    closer = threading.Thread(target=close)
    closer.start()
    assert list(iterator) == []
    closer.join(PATIENCE_S)


def test_a_cancelled_async_stream_ends_in_the_middle_of_a_pause(tape: Tape, endless: EndlessClock) -> None:
    tape([(hello(stream=True), streamed((50, 5000)))], speed=1)

    async def read() -> None:
        stream = await async_client().chat.completions.create(**hello(), stream=True)

        async def loop() -> None:
            async for _ in stream:
                pass

        task = asyncio.create_task(loop())
        await asyncio.to_thread(endless.waiting.wait, PATIENCE_S)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(read())


def test_an_async_stream_closed_by_another_task_ends_in_the_middle_of_a_pause(
    tape: Tape, endless: EndlessClock
) -> None:
    tape([(hello(stream=True), streamed((50, 5000)))], speed=1)

    async def read() -> int:
        stream = await async_client().chat.completions.create(**hello(), stream=True)

        async def close() -> None:
            await asyncio.to_thread(endless.waiting.wait, PATIENCE_S)
            await stream.response.stream.aclose()

        closer = asyncio.create_task(close())
        read = [chunk async for chunk in stream]
        await closer
        return len(read)

    assert asyncio.run(read()) == 1


def test_closing_early_keeps_the_log_to_what_was_read(tape: Tape) -> None:
    tape([(hello(stream=True), streamed())])
    stream = client().chat.completions.create(**hello(), stream=True)
    for chunk in stream:
        if chunk.choices[0].delta.content:
            break
    stream.close()
    entry = current().log.entries[-1]
    assert entry.usage is None
    assert len(entry.events) == 2
    assert entry.end_ms == 100


def test_reading_past_the_cut_of_a_recording_is_a_miss(tape: Tape) -> None:
    cut = {"status": 200, "headers": {"content-type": "text/event-stream"}, "events": [[1, event("one")]], "cut": True}
    tape([(hello(stream=True), cut)])
    iterator = iter(client().chat.completions.create(**hello(), stream=True))
    assert next(iterator).choices[0].delta.content == "one"
    with pytest.raises(NotRecorded, match="ends here"):
        next(iterator)


def test_a_time_out_is_decided_on_the_recorded_clock(tape: Tape, clock: HeldClock) -> None:
    slow = {**completion(), "ms": 900}
    tape([(hello(), slow), (hello("gone"), {"failure": "ReadTimeout", "ms": 700})], speed=1)
    with pytest.raises(openai.APITimeoutError):
        client(timeout=0.5, max_retries=0).chat.completions.create(**hello())
    assert client(timeout=2).chat.completions.create(**hello()).id == "gen-1"
    with pytest.raises(openai.APITimeoutError):
        client(timeout=2, max_retries=0).chat.completions.create(**hello("gone"))
    assert clock.waits == [0.5, 0.9, 0.7]
    assert current().log.entries[0].failure == "ReadTimeout"
    assert current().log.entries[0].end_ms == 500


def test_a_gap_in_a_stream_longer_than_the_time_out(tape: Tape) -> None:
    tape([(hello(stream=True), streamed((100, 2000)))])
    got = []
    with pytest.raises(Exception, match="time") as caught:
        for chunk in client(timeout=1, max_retries=0).chat.completions.create(**hello(), stream=True):
            got += [chunk.choices[0].delta.content]
    assert "imeout" in type(caught.value).__name__
    assert got == ["p0 "]


def test_retries_do_not_wait_at_speed_zero_and_keep_the_recorded_header(
    tape: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = {
        "status": 429,
        "headers": {"content-type": "application/json", "retry-after": "5"},
        "ms": 1,
        "body": {"error": {"message": "slow", "code": 429}},
    }
    tape([(hello(), limited), (hello(), completion())])
    slept: list[float] = []
    monkeypatch.setattr("openai._base_client.time.sleep", slept.append)
    assert client().chat.completions.create(**hello()).id == "gen-1"
    assert sum(slept) <= 0.001
    with pytest.raises(openai.RateLimitError) as caught:
        client(max_retries=0).chat.completions.create(**hello())
    assert caught.value.response.headers["retry-after"] == "5"


@pytest.mark.parametrize("mode", ["replay", "ci"])
def test_a_foreign_host_is_an_ordinary_connection_error(tape: Tape, mode: str) -> None:
    tape([], mode=mode)
    stranger = openai.OpenAI(base_url="https://example.com/v1", api_key="x", max_retries=0)
    with pytest.raises(openai.APIConnectionError) as caught:
        stranger.models.list()
    assert "example.com" in str(caught.value.__cause__)


def test_a_miss_in_ci_is_raised_unwrapped_and_is_not_tried_again(tape: Tape) -> None:
    tape([(hello("hi there"), completion())], mode="ci")
    with pytest.raises(NotRecorded, match="hi there"):
        client(max_retries=5).chat.completions.create(**hello("hi here"))
    with pytest.raises(NotRecorded):
        asyncio.run(async_client(max_retries=5).chat.completions.create(**hello("hi here")))
    assert current().log.entries == []


def test_a_miss_in_replay_is_answered_and_labelled(tape: Tape, capsys: pytest.CaptureFixture) -> None:
    tape([(hello(), completion())])
    answer = client().chat.completions.create(**hello("something new", max_tokens=60))
    assert answer.choices[0].message.content.startswith("No model wrote this.")
    assert "stand-in, not recorded" in repr(helpers.receipt(answer))
    assert "Not recorded" in capsys.readouterr().err
    again = client().chat.completions.create(**hello())
    assert "recorded (standin)" in repr(helpers.receipt(again))


def test_wrong_key_no_key_and_forgotten_address_are_part_of_the_match(tape: Tape) -> None:
    refused = {
        "status": 401,
        "headers": {"content-type": "application/json"},
        "ms": 1,
        "body": {"error": {"message": "who?", "code": 401}},
    }
    base = {"method": "POST", "path": "/api/v1/chat/completions", "headers": {}, "body": hello()}
    tape(
        [
            (hello(), completion()),
            ({**base, "key": "other"}, refused),
            ({**base, "host": "api.openai.com", "key": "other", "path": "/v1/chat/completions"}, refused),
        ],
        mode="ci",
    )
    assert client().chat.completions.create(**hello()).id == "gen-1"
    for stranger in (
        openai.OpenAI(base_url="https://openrouter.ai/api/v1", api_key="sk-or-v1-wrong"),
        openai.OpenAI(api_key="sk-or-v1-wrong"),
    ):
        with pytest.raises(openai.AuthenticationError, match="who"):
            stranger.chat.completions.create(**hello())


def test_stop_gives_the_libraries_back_and_starting_twice_is_harmless(tape: Tape) -> None:
    import importlib
    import importlib.util

    libs = [importlib.import_module(n) for n in LIBRARIES if importlib.util.find_spec(n)]
    before = [(lib.HTTPTransport.handle_request, lib.AsyncHTTPTransport.handle_async_request) for lib in libs]
    tape([(hello(), completion())])
    helpers.start("99-test")
    helpers.start("99-test")
    assert [lib.HTTPTransport.handle_request for lib in libs] != [b[0] for b in before]
    assert client().chat.completions.create(**hello()).id == "gen-1"
    helpers.stop()
    helpers.stop()
    assert [(lib.HTTPTransport.handle_request, lib.AsyncHTTPTransport.handle_async_request) for lib in libs] == before


def test_import_alone_patches_nothing() -> None:
    import subprocess
    import sys

    code = "import openai, importlib.util as u; n = 'httpx2' if u.find_spec('httpx2') else 'httpx'; lib = __import__(n); b = lib.HTTPTransport.handle_request; import helpers; assert lib.HTTPTransport.handle_request is b"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_log_knows_what_the_recorded_clock_showed(tape: Tape) -> None:
    tape([(hello(), {**completion(), "ms": 400}), (hello(stream=True), streamed())])
    before = time.time_ns()
    client().chat.completions.create(**hello())
    between = time.time_ns()
    text_of(client().chat.completions.create(**hello(), stream=True))
    after = time.time_ns()
    clock = current().log.recorded
    assert (clock(before), clock(between), clock(after)) == (0, 400, 700)


def test_a_client_made_before_start_replays_too(monkeypatch: pytest.MonkeyPatch, tape: Callable) -> None:
    monkeypatch.setenv(KEY, SECRET)
    early = client()
    tape([(hello(), completion())], mode="replay")
    assert early.chat.completions.create(**hello()).id == "gen-1"
