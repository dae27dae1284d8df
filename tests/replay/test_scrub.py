"""A planted key reaches no recording, log, display or notebook, whatever road it takes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openai
import pytest

import helpers
from canned import Canned, serve
from helpers import session as session_module
from helpers.replay.scrub import FAKE_KEY, REMOVED, Scrubber, secrets_around
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


def test_what_is_shown_of_an_open_stream_holds_no_secret(recorded: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve([Canned(events=[*(event(letter) for letter in SECRET), "data: [DONE]"])]) as url:
        monkeypatch.setenv("COOKBOOK_MODE", "record")
        monkeypatch.setenv("COOKBOOK_RECORD_FROM", url)
        helpers.start(LESSON)
        stream = client().chat.completions.create(**hello(SECRET), stream=True)
        for _, _chunk in zip(range(len(SECRET)), stream, strict=False):
            pass
        shown = (
            repr(current().log.entries) + repr(helpers.timeline(stream)) + repr(helpers.sent()) + repr(helpers.calls())
        )
        assert "0123456789abcdef" not in shown
        stream.close()
        helpers.stop()
    assert "0123456789abcdef" not in json.dumps(recorded())


KNOWN = "a-secret-without-shape-42"
ENCODED = {
    "base64": base64.b64encode(KNOWN.encode()).decode(),
    "base64 behind one letter": base64.b64encode(b"u" + KNOWN.encode() + b":x").decode(),
    "base64 behind two letters": base64.b64encode(b"uv" + KNOWN.encode()).decode(),
    "percent": quote("a secret/with=signs 42", safe=""),
    "JSON in JSON": json.dumps(json.dumps({"k": 'quote " back \\ slash 42'})),
}


@pytest.mark.parametrize("form", ENCODED)
def test_a_known_secret_is_found_in_its_encoded_forms(form: str) -> None:
    scrubber = Scrubber([KNOWN, "a secret/with=signs 42", 'quote " back \\ slash 42'])
    cleaned = scrubber.text(f"before {ENCODED[form]} after")
    assert REMOVED in cleaned and cleaned.startswith("before") and cleaned.endswith("after")


def test_names_of_fields_numbers_and_the_other_lines_of_an_event_are_cleaned() -> None:
    scrubber = Scrubber([KNOWN, "1234567890123456"])
    assert scrubber.value({KNOWN: {"n": 1234567890123456}}) == {REMOVED: {"n": REMOVED}}
    events = [[0, f"event: {KNOWN}\nid: {SECRET}\ndata: {{}}"], [1, "data: 1234567890123456"], [2, "data: {}"]]
    cleaned = scrubber.events(events)
    assert cleaned == [
        [0, f"event: {REMOVED}\nid: {REMOVED}\ndata: {{}}"],
        [1, f'data: "{REMOVED}"'],
        [2, "data: {}"],
    ]


def test_the_token_of_a_request_is_a_secret_from_then_on(recorded: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    token = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
    echo = {"error": {"message": f"bad key {token}", "code": 401}}
    with serve([Canned(status=401, body=echo)]) as url:
        monkeypatch.setenv("COOKBOOK_MODE", "record")
        monkeypatch.setenv("COOKBOOK_RECORD_FROM", url)
        helpers.start(LESSON)
        other = openai.OpenAI(base_url="https://openrouter.ai/api/v1", api_key=token, max_retries=0)
        with pytest.raises(openai.AuthenticationError):
            other.chat.completions.create(**hello())
        helpers.stop()
    assert token not in json.dumps(recorded())


@pytest.mark.parametrize(
    "name",
    [
        "MY_KEY_2",
        "AWS_ACCESS_KEY_ID",
        "DATABASE_URL",
        "SMTP_PASS",
        "DB_PWD",
        "GOOGLE_CREDENTIALS",
        "SENTRY_DSN",
        "HF_TOKEN",
        "A_SECRET",
    ],
)
def test_the_value_of_a_variable_with_such_a_name_is_a_secret(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, KNOWN)
    assert KNOWN in secrets_around({})


@pytest.mark.parametrize(
    "text", ["-eyJaaaaaaaaaa" * 16_000, "sk-." * 80_000, "http://aaaa" * 20_000, "bearer " * 30_000, "user_ " * 40_000]
)
def test_a_text_that_looks_like_the_beginning_of_many_keys_is_left_as_it_is(text: str) -> None:
    """Each of them once took minutes."""
    assert Scrubber().text(text) == text
