"""The tool behind `make lessons`: what is declared once is written everywhere, and a slip is one sentence."""

from __future__ import annotations

import json

import pytest

import course
import lessons


def test_an_unknown_lesson_number_is_one_sentence() -> None:
    with pytest.raises(SystemExit, match="No lesson begins with 77"):
        course.chosen(["77"])


def test_a_field_that_a_lesson_does_not_have_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {**course.declared(), "07-new": {"title": "T", "colour": "red"}}
    monkeypatch.setattr(course, "declared", lambda: tables)
    with pytest.raises(SystemExit, match=r"lessons\.toml, \[07-new\]: .*colour"):
        course.lessons.__wrapped__()


def test_launch_links_follow_the_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons, "address", lambda: "https://github.com/someone/fork")
    content = json.loads(lessons.notebook(course.lessons()[0]))
    text = "".join("".join(c["source"]) for c in content["cells"])
    assert "git+https://github.com/someone/fork" in text
    assert "github/someone/fork/blob/main/notebooks/00-start-here.ipynb" in text
    assert "gh/someone/fork/main?urlpath=lab/tree/notebooks/00-start-here.ipynb" in text
    assert "openrouter-cookbook/openrouter-cookbook" not in text


def test_routes_name_lessons_and_fit_what_they_are_called() -> None:
    ninety, half, two = course.routes()
    assert ninety.minutes <= 90 and half.minutes <= 240 and two.minutes <= 2 * 360
    for route in (ninety, half, two):
        assert route.late and all(lesson in route.lessons for lesson in route.late)
