"""Settings and keys: which win, which are refused in one sentence, and what is put back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import helpers
from helpers.session import KEY, current
from support import LESSON, SECRET


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


@pytest.mark.parametrize(
    "origin", ["stand-in", "127.0.0.1:9999", "http://", "ftp://127.0.0.1", "http://127.0.0.1:port"]
)
def test_a_misspelt_origin_never_reaches_the_real_service(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "record")
    monkeypatch.setenv("COOKBOOK_RECORD_FROM", origin)
    with pytest.raises(helpers.SettingError, match="COOKBOOK_RECORD_FROM"):
        helpers.start(LESSON)


def test_settings_of_env_do_not_outlive_the_lesson(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{KEY}={SECRET}\nCOOKBOOK_BUDGET_USD=5\nMY_TOOL=x\n")
    helpers.start(LESSON)
    assert (current().mode, current().budget, os.environ["MY_TOOL"]) == ("live", 5, "x")
    (tmp_path / ".env").write_text(f"{KEY}={SECRET}\nCOOKBOOK_MODE=replay\nCOOKBOOK_BUDGET_USD=0.1\n")
    helpers.start(LESSON)
    assert (current().mode, current().budget) == ("replay", 0.1)
    assert "MY_TOOL" not in os.environ


@pytest.mark.parametrize(
    "value",
    [
        "<your key here>",
        "sk-or-v1-...",
        "sk or v1",
        "ключ",
        "your-key-here",
        "YOUR_API_KEY",
        "xxx",
        "changeme",
        "sk-or-v1-your-key-here",
        "sk-or-v1-xxxxxxxxxxxxxxxxxxxxxxxx",
        "insert_key",
        "sk-…",
        "REPLACE_ME_WITH_A_LONG_KEY",
    ],
)
def test_a_placeholder_is_no_key(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(KEY, value)
    with pytest.raises(helpers.SettingError, match="not to a key"):
        helpers.start(LESSON)


@pytest.mark.parametrize("value", ["None", "''", '""', "null"])
def test_a_value_that_says_nothing_means_replay(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(KEY, value)
    helpers.start(LESSON)
    assert current().mode == "replay"


def test_a_key_in_quotes_is_the_key_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, f'"{SECRET}"')
    helpers.start(LESSON)
    assert (current().mode, os.environ[KEY]) == ("live", SECRET)


@pytest.mark.parametrize("mode", ["replay", "ci"])
def test_a_placeholder_does_not_stop_a_lesson_that_needs_no_key(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv(KEY, "dummy")
    monkeypatch.setenv("COOKBOOK_MODE", mode)
    helpers.start(LESSON)
    assert current().mode == mode


def test_a_placeholder_in_env_names_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{KEY}=your-key-here\n")
    with pytest.raises(helpers.SettingError, match=r"\.env, but not to a key"):
        helpers.start(LESSON)


def test_an_env_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("A=é\n".encode("latin-1"))
    with pytest.raises(helpers.SettingError, match="not UTF-8"):
        helpers.start(LESSON)
