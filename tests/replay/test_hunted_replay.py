"""What the second hunt found in the layer under the SDK, as a kind each."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
import pytest

import helpers
from canned import Canned, serve
from helpers.replay.layout import write_whole
from helpers.replay.recording import Recording, RecordingError
from helpers.replay.scrub import REMOVED, Scrubber, secrets_around
from helpers.session import current
from helpers.settings import SettingError
from support import LESSON, client, completion, hello, request_of

REAL = "sk-or-v1-" + "ab12" * 16
OTHER = "7f3e9a1c5b2d4e6f8a0b1c2d3e4f5a6b"


# --- what a recording can hold -----------------------------------------------------------------------------------------


def test_half_a_character_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_whole(path, json.dumps({"text": "half: \ud83d"}, ensure_ascii=False))
    assert json.loads(path.read_text("utf-8")) == {"text": "half: \ud83d"}
    assert list(tmp_path.iterdir()) == [path]


def test_odd_events_can_be_saved() -> None:
    deep = json.loads('{"a":' * 900 + "1" + "}" * 900)
    events = [
        [0, f'data: "{REAL}"'],
        [1, 'data: {"choices": [{"index": [], "delta": {"content": "x"}}]}'],
        [2, "data: " + json.dumps(deep)],
        [3, 'data: {"a": "' + REAL + '", "a": "x"}'],
    ]
    saved = Scrubber([REAL]).events(events)
    assert REAL not in json.dumps(saved)
    assert saved[1] == events[1]
    json.dumps(Scrubber().value(deep))


@pytest.mark.parametrize("cost", [10**400, float("inf"), -1, "x", True, None])
def test_an_absurd_cost_is_no_cost(tape: Callable, cost: Any) -> None:
    answer = completion()
    answer["body"]["usage"]["cost"] = cost if cost != float("inf") else None
    tape([(hello(), answer)])
    client().chat.completions.create(**hello())
    assert current().log.entries[0].cost == 0


@pytest.mark.parametrize(("change", "said"), [
    ({"headers": {"x-generation-id": "gen-é"}}, "headers"), ({"ms": -1}, "ms"), ({"ms": 1e300}, "ms")])  # fmt: skip
def test_a_response_that_cannot_be_played_is_named(
    tape: Callable, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    exchange = {"request": request_of(hello()), "response": completion() | change}
    head = {"format": 1, "lesson": LESSON, "source": "standin", "recorded": "2026-11-27", "sdk": ""}
    path = tmp_path / "bad.json"
    path.write_text(json.dumps({**head, "exchanges": [exchange]}))
    with pytest.raises(RecordingError, match=f"exchange 1, response.{said}"):
        Recording.load(path)
    path.write_text(json.dumps({"exchanges": [exchange]}))
    with pytest.raises(RecordingError) as caught:
        Recording.load(path)
    assert len(str(caught.value)) < 300


def test_an_answer_that_is_no_text_is_passed_on_and_not_recorded(
    record: Callable, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    httpx2 = pytest.importorskip("httpx2")

    class Sound(httpx2.SyncByteStream):
        def __iter__(self) -> Any:
            yield b"\xff\xfb\x90\x00"

    monkeypatch.setattr(
        httpx2.HTTPTransport,
        "handle_request",
        lambda transport, request: httpx2.Response(200, headers={"content-type": "application/zip"}, stream=Sound()),
    )
    record("http://127.0.0.1:9/")
    answer = client().audio.speech.create(model="m", voice="alloy", input="x")
    assert answer.content == b"\xff\xfb\x90\x00"
    assert "is of the type 'application/zip'" in capsys.readouterr().err
    helpers.stop()


# --- secrets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["\\n", "\\t", "\\u201c", "%20", "%3D", "=", "'", "(", " "])
@pytest.mark.parametrize("key", ["hf_" + "aB3" * 12, "gsk_" + "aB3" * 10, "AKIA" + "Q7" * 8, "AIza" + "aB3" * 12, "sk-" + "aB3" * 16])  # fmt: skip
def test_a_key_behind_an_escaped_character_is_found(before: str, key: str) -> None:
    assert key not in Scrubber().text(f"text{before}{key} more")


@pytest.mark.parametrize("text", ["hf_hub_download_with_progress_bar_enabled", "basic responsibilities", "Basic characteristics.",
    "the bearer of unexpectedly-good-news", "token authentication-mechanism"])  # fmt: skip
def test_ordinary_words_stay(text: str) -> None:
    assert Scrubber().text(text) == text


def test_a_folder_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PWD", "/some/very/long/folder/with/digits/123")
    monkeypatch.setenv("OLDPWD", "/some/other/long/folder/with/digits/123")
    assert not any("/some/" in secret for secret in secrets_around({}))


def test_a_field_that_only_describes_an_account_stays() -> None:
    schema = {"properties": {"user_id": {"type": "integer"}}}
    assert Scrubber().value(schema) == schema
    assert Scrubber().value({"user_id": 5}) == {"user_id": "user_removed"}


def sent_with(url: str, **more: Any) -> None:
    maker = openai.OpenAI(base_url="https://openrouter.ai/api/v1", api_key=REAL, max_retries=0, **more)
    maker.chat.completions.create(**hello())


@pytest.mark.parametrize("more", [
    {"default_headers": {"api-key": OTHER}}, {"default_headers": {"X-API-Key": OTHER}},
    {"default_headers": {"Cookie": f"session={OTHER}"}}, {"default_query": {"api_key": OTHER}},
    {"default_headers": {"Authorization": "Token " + OTHER}},
    {"default_headers": {"Authorization": "Basic " + base64.b64encode(f"me:{OTHER}".encode()).decode()}}])  # fmt: skip
def test_a_secret_that_was_sent_anywhere_does_not_come_back(
    record: Callable, recorded: Callable, more: dict[str, Any]
) -> None:
    answer = completion(text=f"you sent {OTHER}")
    with serve([Canned(body=answer["body"])]) as url:
        record(url)
        sent_with(url, **more)
        assert OTHER not in repr(helpers.sent())
        helpers.stop()
    assert OTHER not in json.dumps(recorded())


def test_a_variable_that_was_set_meanwhile_is_a_secret_too(
    record: Callable, recorded: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve([Canned(body=completion(text=f"it is {OTHER}")["body"])]) as url:
        record(url)
        client().chat.completions.create(**hello())
        monkeypatch.setenv("ANOTHER_TOKEN", OTHER)
        helpers.stop()
    text = json.dumps(recorded())
    assert OTHER not in text and REMOVED in text


def test_a_value_that_is_no_text_of_this_machine_can_be_hidden() -> None:
    assert Scrubber(["caf\udce9-secret-value-123"]).text("x") == "x"


def test_many_tokens_are_learnt_in_no_time() -> None:
    scrubber, began = Scrubber(), time.process_time()
    for number in range(2000):
        scrubber.learn(f"{OTHER}{number}")
    assert time.process_time() - began < 1  # each used to make the pattern anew: 66 s for 300


# --- budget, settings, faults ---------------------------------------------------------------------------------------------


def test_a_variable_that_cannot_be_set_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENROUTER_API_KEY={REAL}\nODD='a\\0b'\n\"A=B\"=1\nNUL=a\0b\n")
    with pytest.raises(SettingError, match="cannot be a variable"):
        helpers.start(LESSON)


def test_the_last_cent_of_a_budget_can_be_spent() -> None:
    from helpers.budget import Budget

    budget, request = Budget(), {"method": "POST", "body": {}}
    for _ in range(49):
        budget.settle(budget.reserve(request, 0.5), 0.01)
    assert budget.reserve(request, 0.5) == pytest.approx(0.01)


def test_a_dot_at_the_end_of_the_host_changes_nothing(tape: Callable) -> None:
    tape([])
    assert current().reach("openrouter.ai.") == "ours"


def test_a_block_of_faults_may_end_in_another_task(tape: Callable) -> None:
    import contextvars

    tape([])
    block = helpers.faults(credits=0)
    contextvars.copy_context().run(block.__enter__)
    block.__exit__(None, None, None)
    assert current().fault_blocks.current() is None
