"""What a hunt for bugs found, so that it stays found: odd bodies, odd settings, secrets on odd roads, lost recordings."""

from __future__ import annotations

import json
import os
import socket
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest

import helpers
from helpers import recording
from helpers.recording import differences
from helpers.scrub import REMOVED, Scrubber
from helpers.session import KEY, current
from helpers.standin import World, answer, plan
from helpers.standin.catalogue import GLM, routable
from helpers.standin.routing import BadPreference
from helpers.standin.server import Server
from support import LESSON, client, completion, event, hello, streamed, text_of
from test_record import Canned, serve

SECRET = "sk-or-v1-" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "more", [{"stop": [""]}, {"extra_body": {"previous": "x"}}, {"extra_body": {"account": {"only": ["x"]}}}]
)
def test_odd_but_harmless_fields_are_answered(more: dict) -> None:
    helpers.start(LESSON)
    assert client().chat.completions.create(**hello(max_tokens=60), **more).choices


@pytest.mark.parametrize(
    "body",
    [
        {"input": 5},
        {"input": []},
        {"input": "x", "dimensions": -1},
        {"input": "x", "dimensions": "x"},
        {"input": [1, 2]},
    ],
)
def test_odd_embedding_requests_are_refused(body: dict) -> None:
    request = {
        "method": "POST",
        "path": "/api/v1/embeddings",
        "body": {"model": "openai/text-embedding-3-small", **body},
    }
    assert answer(request, World())["status"] == 400
    assert answer({**request, "body": "no object"}, World())["status"] == 400


@pytest.mark.parametrize("price", ["NaN", "Infinity", -1])
def test_a_price_that_is_none(price: Any) -> None:
    with pytest.raises(BadPreference, match="max_price"):
        plan(routable(GLM), {"max_price": {"prompt": price}})


def test_plan_of_the_whole_reply_says_what_it_takes() -> None:
    helpers.start(LESSON)
    reply = client().get(f"/models/{GLM}/endpoints", cast_to=object)
    for wrong in (reply, reply["data"], [{}]):
        with pytest.raises(ValueError, match="list of endpoints"):
            helpers.plan(wrong)
    with pytest.raises(ValueError, match="sort") as caught:
        helpers.plan(reply["data"]["endpoints"], {"sort": SECRET})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "faults",
    [
        {"down": 5},
        {"down": None},
        {"down": ["together", "grok"]},
        {"credits": "0"},
        {"credits": -1},
        {"for_attempts": "2"},
        {"break_after": -1},
        {"free_used": "per-month"},
    ],
)
def test_weather_that_cannot_be_meant_is_one_sentence(faults: dict) -> None:
    helpers.start(LESSON)
    with pytest.raises(ValueError, match=next(iter(faults))), helpers.weather(**faults):
        pass


def test_weather_knows_every_provider_that_a_list_names() -> None:
    from helpers.standin import Weather, catalogue

    names = {n for hosts in catalogue.load("hosts.json")["by_author"].values() for n in hosts}
    for endpoint in catalogue.endpoints(catalogue.GLM):
        slug = endpoint["tag"].split("/")[0]
        for text in (slug, endpoint["tag"], endpoint["provider_name"]):
            assert Weather(down=text).down == (slug,)
    assert all(Weather(slow=[name, "*"]).slow == (catalogue.slugs()[name], "*") for name in names)


def test_weather_takes_names_and_tags_and_holds_in_every_thread() -> None:
    helpers.start(LESSON)
    ours = client(max_retries=0)

    def one(number: int) -> int:
        try:
            ours.chat.completions.create(
                **hello(str(number), max_tokens=60, model=GLM), extra_body={"provider": {"only": ["together"]}}
            )
        except openai.APIStatusError as error:
            return error.status_code
        return 200

    for down in (["Together"], "together", ["together/fp8"]):
        with helpers.weather(down=down), ThreadPoolExecutor(8) as pool:
            assert set(pool.map(one, range(40))) == {502}
    assert one(1) == 200


# --- secrets ---------------------------------------------------------------------------------------------------------


def texts(events: list[list[Any]]) -> str:
    return json.dumps(events)


def test_a_key_split_over_events_with_event_lines() -> None:
    make = lambda t: [0, "event: response.output_text.delta\ndata: " + json.dumps({"delta": t, "user_id": "user_123"})]  # noqa: E731
    cleaned = Scrubber().events([make("my " + SECRET[:12]), make(SECRET[12:] + " ok")])
    assert SECRET[12:] not in texts(cleaned) and "user_123" not in texts(cleaned)
    assert cleaned[0][1].startswith("event: response.output_text.delta\ndata: ")
    assert "".join(json.loads(t.split("data: ")[1])["delta"] for _, t in cleaned) == f"my {REMOVED} ok"


def test_a_key_split_over_interleaved_choices_and_over_comments() -> None:
    make = lambda i, t: [0, "data: " + json.dumps({"choices": [{"index": i, "delta": {"content": t}}]})]  # noqa: E731
    cleaned = Scrubber().events([make(0, SECRET[:12]), make(1, "Hello "), make(0, SECRET[12:]), make(1, "there.")])
    assert SECRET[12:] not in texts(cleaned) and "there." in texts(cleaned)
    comments = Scrubber().events([[0, ": " + SECRET[:20]], [1, ": " + SECRET[20:]]])
    assert SECRET[20:] not in texts(comments)


def test_account_ids_of_every_kind() -> None:
    odd = {
        "creator_user_id": 12345678,
        "userId": "u",
        "message": "user user_2abcDEF0123456789xyz no",
        "account_id": [1],
        "user_ids_count": 3,
    }
    cleaned = Scrubber().value(odd)
    assert cleaned["creator_user_id"] == cleaned["userId"] == cleaned["account_id"] == "user_removed"
    assert "user_2abc" not in cleaned["message"] and cleaned["user_ids_count"] == 3


def test_a_plain_word_in_a_secret_variable_changes_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", "messages")
    helpers.start(LESSON)
    assert current().clean({"messages": ["messages"]}) == {"messages": ["messages"]}


@pytest.mark.parametrize("name", ["COOKBOOK_MODE", "COOKBOOK_BUDGET_USD", "COOKBOOK_SPEED"])
def test_a_key_in_the_wrong_variable_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, SECRET)
    with pytest.raises(helpers.SettingError, match=name) as caught:
        helpers.start(LESSON)
    assert SECRET not in str(caught.value)


def test_the_log_of_an_open_stream_holds_no_text(recorded: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [[n * 5, event(letter)] for n, letter in enumerate(SECRET)]
    with serve([Canned(events=[*events, [400, "data: [DONE]"]])]) as url:
        monkeypatch.setenv("COOKBOOK_MODE", "record")
        monkeypatch.setenv("COOKBOOK_RECORD_FROM", url)
        helpers.start(LESSON)
        stream = client().chat.completions.create(**hello(), stream=True)
        for _, _chunk in zip(range(len(SECRET)), stream, strict=False):
            pass
        said = "".join(
            json.loads(t[6:])["choices"][0]["delta"].get("content", "") for _, t in current().log.entries[0].events
        )
        assert set(said) == {"…"}
        stream.close()
        helpers.stop()
    assert "0123456789abcdef" not in json.dumps(recorded())


# --- settings and recordings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin", ["stand-in", "127.0.0.1:9999", "http://", "ftp://127.0.0.1", "http://127.0.0.1:port"]
)
def test_a_misspelt_origin_never_reaches_the_real_service(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", origin)
    with pytest.raises(helpers.SettingError, match="COOKBOOK_RECORD_FROM"):
        helpers.start(LESSON)


def test_a_recording_is_not_overwritten_with_nothing(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    made = recording.Recording(
        LESSON, "standin", "2026-11-22", "", [{"request": {"method": "GET", "path": "/x"}, "response": completion()}]
    )
    made.save(recording.FOLDER / f"{LESSON}.json")
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", "standin")
    helpers.start(LESSON)
    helpers.start(LESSON)
    helpers.stop()
    assert len(recorded()["exchanges"]) == 1
    assert "stays as it is" in capsys.readouterr().out


def test_settings_of_env_do_not_outlive_the_lesson(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{KEY}={SECRET}\nCOOKBOOK_BUDGET_USD=5\nMY_TOOL=x\n")
    helpers.start(LESSON)
    assert (current().mode, current().budget, os.environ["MY_TOOL"]) == ("live", 5, "x")
    (tmp_path / ".env").write_text(f"{KEY}={SECRET}\nCOOKBOOK_MODE=replay\nCOOKBOOK_BUDGET_USD=0.1\n")
    helpers.start(LESSON)
    assert (current().mode, current().budget) == ("replay", 0.1)
    assert "MY_TOOL" not in os.environ


@pytest.mark.parametrize("value", ["<your key here>", "sk-or-v1-...", "sk or v1", "ключ"])
def test_a_placeholder_is_no_key(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(KEY, value)
    with pytest.raises(helpers.SettingError, match="not to a key"):
        helpers.start(LESSON)


def test_an_env_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("A=é\n".encode("latin-1"))
    with pytest.raises(helpers.SettingError, match="not UTF-8"):
        helpers.start(LESSON)


def test_a_client_made_before_start_replays_too(monkeypatch: pytest.MonkeyPatch, tape: Callable) -> None:
    monkeypatch.setenv(KEY, SECRET)
    early = client()
    tape([(hello(), completion())], mode="replay")
    assert early.chat.completions.create(**hello()).id == "gen-1"


def test_a_line_that_drops_in_mid_stream_is_replayed_as_a_dropped_line(
    recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    listener = socket.create_server(("127.0.0.1", 0))

    def half() -> None:
        line, _ = listener.accept()
        line.recv(65536)
        data = f"{event('one')}\n\n".encode()
        line.sendall(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            + f"{len(data):x}\r\n".encode()
            + data
            + b"\r\n"
        )
        time.sleep(0.1)
        line.close()

    threading.Thread(target=half, daemon=True).start()
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", f"http://127.0.0.1:{listener.getsockname()[1]}")
    kinds = []
    for mode in ("record", "ci"):
        monkeypatch.setenv("COOKBOOK_MODE", mode)
        helpers.start(LESSON)
        got = []
        with pytest.raises(Exception) as caught:
            for chunk in client(max_retries=0).chat.completions.create(**hello(), stream=True):
                got.append(chunk.choices[0].delta.content)
        kinds.append(type(caught.value).__name__)
        assert got == ["one"]
        helpers.stop()
    listener.close()
    assert kinds[0] == kinds[1]
    assert recorded()["exchanges"][0]["response"]["failure"] in ("ReadError", "RemoteProtocolError")


def test_a_number_that_looks_the_same_is_named_as_a_difference() -> None:
    assert differences({"max_tokens": 60}, {"max_tokens": 60.0}) == [("max_tokens", "60", "60.0")]
    assert differences({"a": "nothing"}, {}) == [("a", '"nothing"', "nothing")]


def test_one_slow_client_does_not_stop_the_server() -> None:
    import threading

    with Server(speed=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        slow = socket.create_connection(server.server_address)
        slow.sendall(b"POST /api/v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        with urllib.request.urlopen(server.url + "/models/z-ai/glm-5.3-flash/endpoints", timeout=5) as found:
            assert found.status == 200
        slow.close()
        server.shutdown()


def test_receipts_of_failures_and_of_unread_responses(tape: Callable) -> None:
    refused = {
        "status": 400,
        "headers": {"content-type": "application/json"},
        "ms": 1,
        "body": {"error": {"message": "no such id", "code": 400}},
    }
    tape([(hello("x"), refused), (hello(stream=True), streamed())])
    with pytest.raises(openai.BadRequestError) as caught:
        client().chat.completions.create(**hello("x"))
    assert "no such id" in repr(helpers.receipt(caught.value))
    assert "boom" not in repr(helpers.receipt({"error": "boom", "choices": [None]}))
    with client().chat.completions.with_streaming_response.create(**hello(), stream=True) as raw:
        assert "gen-s" in repr(helpers.receipt(raw))
    assert "no answer that the SDK gave since the lesson was started" in repr(
        helpers.receipt(completion(identity="gen-other")["body"])
    )
    assert text_of(client().chat.completions.create(**hello(), stream=True))
