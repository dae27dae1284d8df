"""A lesson goes to text and back without a change, and an edit of the text is all that changes. Not part of `make test`: it
needs the environment `review` (`make outside NAME=review`)."""

from __future__ import annotations

from pathlib import Path

import pytest

import review
from course import lessons


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(review, "TEXTS", tmp_path)


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_text_and_back(lesson: review.Lesson) -> None:
    before = lesson.notebook.read_bytes()
    try:
        assert review.to_text(lesson) == 0
        assert review.text_of(lesson).stat().st_size < len(before)
        assert review.from_text(lesson) == 0
        assert lesson.notebook.read_bytes() == before
    finally:
        lesson.notebook.write_bytes(before)


def test_an_edit_is_all_that_changes(capfd: pytest.CaptureFixture[str]) -> None:
    lesson = lessons()[3]
    before = lesson.notebook.read_bytes()
    old, new = "You can pick a model", "You may pick a model"
    try:
        review.to_text(lesson)
        text = review.text_of(lesson)
        text.write_text(text.read_text("utf-8").replace(old, new), "utf-8")
        review.from_text(lesson)
        assert lesson.notebook.read_bytes() == before.replace(old.encode(), new.encode()) != before
        assert review.diff([lesson], "HEAD") == 0
        shown = capfd.readouterr().out
        assert new in shown and "modified /cells/0/source" in shown and "cells/1" not in shown
    finally:
        lesson.notebook.write_bytes(before)
