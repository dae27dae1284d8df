"""The weekly job opens one issue for each broken lesson, leaves it open while it is broken, and closes it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import newest
from compare import clean_environment
from course import lessons

THIRD = lessons()[3]


class Gh:
    """`gh` with issues in memory. `calls`: what it was asked to change."""

    def __init__(self) -> None:
        self.issues: dict[int, str] = {7: "Somebody's own issue with this label"}
        self.calls: list[tuple[str, ...]] = []

    def __call__(self, *arguments: str) -> str:
        given = dict(zip(arguments[2::2], arguments[3::2], strict=False))
        if arguments[1] == "list":
            return json.dumps([{"number": n, "title": t} for n, t in self.issues.items()])
        self.calls.append(arguments)
        if arguments[1] == "create":
            self.issues[max(self.issues) + 1] = given["--title"]
        else:
            del self.issues[int(arguments[2])]
        return ""


def test_one_issue_for_a_broken_lesson_until_it_runs_again() -> None:
    gh, title = Gh(), f"With the newest packages: {THIRD.name} fails"
    for _ in range(2):
        newest.update({THIRD.name: ["a::b", "a::c"]}, gh)
    assert [call[1] for call in gh.calls] == ["create"] and gh.issues[8] == title
    assert "* `a::c`" in gh.calls[0][-1]
    newest.update({}, gh)
    assert list(gh.issues) == [7] and gh.calls[-1][:3] == ("issue", "close", "8")


def test_a_report_of_pytest_is_read(tmp_path: Path) -> None:
    tests = {
        "test_some.py": f"""
import pytest
@pytest.mark.parametrize("name", ["{THIRD.name}-06", "{THIRD.module}.cheapest", "cheapest"])
def test_one(name): assert 0
def test_two(): pass
""",
    }
    for name, text in tests.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=report.xml", "--rootdir=."]
    settings = {k: v for k, v in clean_environment().items() if not k.startswith("PYTEST_")}
    subprocess.run(command, cwd=tmp_path, env=settings, check=False, capture_output=True)
    found = newest.broken(tmp_path / "report.xml")
    assert {name: len(failed) for name, failed in found.items()} == {THIRD.name: 2, newest.REST: 1}


def test_no_report_is_a_failure(tmp_path: Path) -> None:
    assert list(newest.broken(tmp_path / "none.xml")) == [newest.NO_REPORT]


def test_a_failure_of_gh_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(command: list[str], **given: Any) -> Any:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(subprocess.CalledProcessError):
        newest.update({}, newest.call_gh)
