"""A planted key reaches no recording, log, display or notebook, whatever road it takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import helpers
from canned import Canned, serve
from helpers import session as session_module
from helpers.replay.scrub import FAKE_KEY, REMOVED, Scrubber
from helpers.session import current
from support import LESSON, SECRET, client, completion, event, hello


@pytest.mark.parametrize(
    "key",
    [
        SECRET,
        "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUv",
        "sk-proj-abcdefghijklmnop1234",
        "sk-lf-12345678-abcd-abcd-abcd-123456789012",
        "pk-lf-12345678-abcd-abcd",
        "gsk_" + "A1b2" * 8,
        "hf_" + "A1b2" * 8,
        "ghp_" + "A1b2" * 8,
        "AKIA" + "ABCD1234EFGH5678",
        "AIza" + "A1b2" * 9,
        "sk-or-v1-0e6f44a...1c96",
    ],
)
def test_every_shape_of_key_is_replaced(key: str) -> None:
    assert Scrubber().text(f"before {key} after") == f"before {REMOVED} after"


@pytest.mark.parametrize(
    "text",
    [
        "sk-or-v1-wrong",
        "task-oriented-programming-is-nice",
        "ask-me-anything-you-would-like",
        FAKE_KEY,
        "gen-1795338000-3rJmTpdOTEVpwnOJ1Zp2",
    ],
)
def test_what_is_no_key_stays(text: str) -> None:
    assert Scrubber().text(text) == text


def test_a_secret_without_a_key_s_shape_is_known_by_its_value() -> None:
    assert Scrubber({"correct horse battery"}).value({"a": ["my correct horse battery!"]}) == {"a": [f"my {REMOVED}!"]}


def test_account_ids_are_replaced() -> None:
    assert Scrubber().value({"error": {"user_id": "user_2abc"}, "user_id": "user_2abc"}) == {
        "error": {"user_id": "user_removed"},
        "user_id": "user_removed",
    }


@pytest.mark.parametrize("cut", [1, 4, 12, 40, len(SECRET) - 1])
def test_a_key_split_over_two_events_is_cut_out_of_both(cut: int) -> None:
    events = [
        [1, event("say ")],
        [2, event("it: " + SECRET[:cut])],
        [3, ": OPENROUTER PROCESSING"],
        [4, event(SECRET[cut:] + " done")],
        [5, "data: [DONE]"],
    ]
    cleaned = Scrubber().events(events)
    text = "".join(json.loads(t[6:])["choices"][0]["delta"]["content"] for _, t in cleaned if t.startswith("data: {"))
    assert text == f"say it: {REMOVED} done"
    assert [at for at, _ in cleaned] == [1, 2, 3, 4, 5]
    assert cleaned[0] == events[0]


def test_a_key_split_over_many_events_and_in_tool_arguments() -> None:
    events = [[n, event(letter)] for n, letter in enumerate(SECRET)]
    text = "".join(json.loads(t[6:])["choices"][0]["delta"]["content"] for _, t in Scrubber().events(events))
    assert text == REMOVED
    parts = ['{"key": "' + SECRET[:20], SECRET[20:] + '"}']
    tools = [
        [
            n,
            "data: "
            + json.dumps({"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": p}}]}}]}),
        ]
        for n, p in enumerate(parts)
    ]
    assert "0123456789abcdef" not in json.dumps(Scrubber().events(tools))


def test_a_planted_key_never_reaches_the_recording(
    recorded: Callable[[], dict], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a prompt, a header, an answer, a split answer, an error and .env; recorded over real HTTP."""
    secret = "a-secret-without-shape-42"
    (tmp_path / ".env").write_text(f"LANGFUSE_SECRET_KEY={secret}\n")
    echo = completion(f"your key is {SECRET} and {secret}")
    stream = [
        event("it is " + SECRET[:30]),
        event(SECRET[30:] + " " + secret[:9]),
        event(secret[9:]),
        "data: [DONE]",
    ]
    failing = {"error": {"message": f"bad {SECRET}", "code": 400}, "user_id": "user_77"}
    with serve([Canned(body=echo["body"]), Canned(events=stream), Canned(status=400, body=failing)]) as url:
        monkeypatch.setenv("COOKBOOK_MODE", "record")
        monkeypatch.setenv("COOKBOOK_RECORD_FROM", url)
        monkeypatch.setenv("OPENROUTER_API_KEY", SECRET)
        helpers.start(LESSON)
        ours = client(max_retries=0)
        answer = ours.chat.completions.create(
            **hello(f"my key is {SECRET}, {secret}"), extra_headers={"X-Secret": SECRET, "X-OpenRouter-Cache": SECRET}
        )
        shown = repr(helpers.receipt(answer)) + repr(helpers.table([{"text": answer.choices[0].message.content}]))
        list(ours.chat.completions.create(**hello(), stream=True))
        with pytest.raises(Exception, match="bad"):
            ours.chat.completions.create(**hello("x"))
        log = repr(session_module.current().log.entries)
        helpers.stop()
    stored = json.dumps(recorded())
    for place, text in {"recording": stored, "display": shown, "log": log}.items():
        assert "0123456789abcdef" not in text, place
        assert secret not in text, place
        assert "user_77" not in text, place
    assert REMOVED in stored
    assert len(recorded()["exchanges"]) == 3


def test_the_key_of_env_is_used_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / ".env").write_text(f"OPENROUTER_API_KEY={SECRET}\n")
    helpers.start(LESSON)
    assert session_module.current().mode == "live"
    assert client().api_key == SECRET
    helpers.stop()
    assert "0123456789abcdef" not in "".join(capsys.readouterr())


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


def test_the_log_of_an_open_stream_holds_no_text(recorded: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [event(letter) for letter in SECRET]
    with serve([Canned(events=[*events, "data: [DONE]"])]) as url:
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
