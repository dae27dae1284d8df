"""Which exercises are solved: kept across kernels, never while a lesson is tested or recorded, and deleted by one call."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

import helpers
from helpers import exercises, keys
from helpers.checks import routing_options, start_here
from helpers.settings import SettingError

SEAT = {"name": "workshop seat", "limit": 0.50, "limit_reset": "weekly"}
PRIVATE = {"data_collection": "deny", "zdr": True}
CHEAP = {"max_price": {"prompt": 0.095}, "quantizations": ["fp8", "bf16", "fp16"]}


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "replay")
    helpers.start("03-routing-options")


def row(number: str) -> list[str]:
    return next(r for r in helpers.progress().rows if r[0].startswith(number))


def test_every_lesson_has_its_exercises() -> None:
    found = exercises.every_exercise()
    assert found["03-routing-options"] == ("cheap_but_precise", "keep_private")
    assert all(len(names) >= 2 for names in found.values())


@pytest.mark.usefixtures("lesson")
def test_a_right_answer_is_kept_and_the_last_one_ends_the_lesson() -> None:
    assert row("03")[1:] == ["· ·", "0 of 2"]
    assert "1 of 2 in this lesson" in repr(routing_options.keep_private(PRIVATE))
    assert "1 of 2" in repr(routing_options.keep_private(PRIVATE))
    assert "Lesson 03 is done." in repr(routing_options.cheap_but_precise(CHEAP))
    assert row("03")[1:] == ["✓ ✓", "2 of 2"]
    helpers.stop()
    helpers.start("03-routing-options")  # another kernel
    assert row("03")[2] == "2 of 2"
    helpers.forget_progress()
    assert row("03")[2] == "0 of 2"


@pytest.mark.usefixtures("lesson")
def test_a_wrong_answer_solves_nothing() -> None:
    assert "Kept" not in repr(routing_options.keep_private({}))
    assert exercises.solved() == {}


def test_nothing_is_kept_while_a_lesson_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_MODE", "ci")
    helpers.start("00-start-here")
    assert repr(start_here.workshop_key(SEAT)).startswith("✓ Right: ")
    assert not exercises.file().exists()


@pytest.mark.usefixtures("lesson")
@pytest.mark.parametrize("text", ["", "not json", "[]", '{"solved": 5}', '{"solved": {"x": 1}}'])
def test_a_damaged_file_is_as_none(text: str) -> None:
    exercises.file().write_text(text)
    assert row("03")[2] == "0 of 2"
    assert "1 of 2" in repr(routing_options.keep_private(PRIVATE))


@pytest.mark.usefixtures("lesson")
def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOKBOOK_PROGRESS", "off")
    assert "Kept" not in repr(routing_options.keep_private(PRIVATE))
    helpers.forget_progress()


@pytest.mark.usefixtures("lesson")
def test_what_cannot_be_kept_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COOKBOOK_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert "could not be kept" in repr(routing_options.keep_private(PRIVATE))


@pytest.mark.usefixtures("lesson")
def test_the_certificate_is_given_at_the_end_of_the_path() -> None:
    assert repr(helpers.certificate("Ada")).startswith("Not yet: exercises are open in 00-start-here")
    path = {name: names for name, names in exercises.every_exercise().items() if name.startswith("0")}
    days = {f"{exercises.module_of(lesson)}.{name}": "2026-11-27" for lesson, names in path.items() for name in names}
    exercises.file().write_text(json.dumps({"format": 1, "solved": days}))
    made = helpers.certificate("<Ada>")
    assert repr(made).startswith(f"<Ada> solved all {len(days)} exercises") and "&lt;Ada&gt;" in made._repr_html_()


# --- a key from a notebook ---------------------------------------------------------------------------------------------

KEY = "sk-or-v1-" + "ab12" * 16


def test_a_key_is_saved_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text("")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.setattr(keys, "getpass", lambda prompt: f' "{KEY}" ')
    helpers.save_key()
    path = tmp_path / ".env"
    assert path.read_text() == f"OPENROUTER_API_KEY={KEY}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("OTHER=1\nOPENROUTER_API_KEY=old\n")
    helpers.save_key()
    assert path.read_text() == f"OTHER=1\nOPENROUTER_API_KEY={KEY}\n"
    assert KEY not in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "sk-or-...", "sk-or-v1-your-key-here", "hunter2", "sk-proj-0123456789abcdef"])
def test_what_is_no_key_is_not_saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: str) -> None:
    monkeypatch.setattr(keys, "getpass", lambda prompt: typed)
    with pytest.raises(SettingError, match="sk-or-"):
        helpers.save_key()
    assert not (tmp_path / ".env").exists()


@pytest.mark.usefixtures("lesson")
def test_the_same_mistake_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in ({}, {}, {"zdr": True}, PRIVATE, {}):
        routing_options.keep_private(answer)
    kept = json.loads(exercises.file().read_text("utf-8"))
    assert list(kept["solved"]) == ["routing_options.keep_private"]
    assert len(kept["wrong"]["routing_options.keep_private"]) == 2


@pytest.mark.usefixtures("lesson")
def test_a_file_for_the_teacher_holds_no_name_unless_it_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    routing_options.keep_private({})
    routing_options.keep_private(PRIVATE)
    path = helpers.save_progress()
    assert "Nothing was sent" in capsys.readouterr().out and path.name.startswith("progress-somebody-")
    about = json.loads(path.read_text("utf-8"))
    assert about["name"] == "" and about["solved"] == ["routing_options.keep_private"]
    assert about["wrong"] == {"routing_options.keep_private": 1}
    named = helpers.save_progress("Ada/../Lovelace")
    assert (
        named.name == "progress-ada-lovelace.json" and json.loads(named.read_text("utf-8"))["name"] == "Ada/../Lovelace"
    )
