"""Which exercises are solved: kept on this machine across kernels, shown as ticks, deleted by one call.

A file of the reader's own, outside the course: COOKBOOK_PROGRESS names another one, or switches it off with "off". While a
lesson is tested or recorded nothing is read and nothing is kept.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import secrets
from collections.abc import Callable
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from .replay.layout import file_name, write_whole
from .replay.recording import FOLDER
from .session import NotStarted, current
from .show.markup import Table

PATH_LESSONS = "0"
"""Lessons whose number begins so make up the path; the certificate is for them."""


def file() -> Path | None:
    """Where the progress is kept; None when it is not kept."""
    named = os.environ.get("COOKBOOK_PROGRESS", "")
    if named == "off":
        return None
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("openrouter-cookbook") / "progress.json"


@cache
def every_exercise() -> dict[str, tuple[str, ...]]:
    """The exercises of each lesson, by its name: the checkers in its file, in their order. Nothing is imported for it."""
    found = {}
    for recording in sorted(FOLDER.glob("*.json")):
        source = Path(__file__).parent / "checks" / f"{module_of(recording.stem)}.py"
        functions = [n for n in ast.parse(source.read_text("utf-8")).body if isinstance(n, ast.FunctionDef)]
        names = [f.name for f in functions if any(getattr(d, "id", "") == "judged" for d in f.decorator_list)]
        found[recording.stem] = tuple(names)
    return found


def module_of(lesson: str) -> str:
    """What a lesson's checkers are called: "03-routing-options" has `routing_options`."""
    return lesson[3:].replace("-", "_")


def exercises_of(lesson: str) -> list[str]:
    """A lesson's exercises as they are kept: "module.checker"."""
    return [f"{module_of(lesson)}.{name}" for name in every_exercise()[lesson]]


def solved() -> dict[str, str]:
    """The day on which each exercise was solved first, by "module.checker"."""
    return _stored("solved")


def note(check: Callable[..., Any]) -> str:
    """An exercise was solved: keep it, and say how far its lesson is. Empty where nothing is kept."""
    lesson = _lesson_of(check)
    if lesson is None:
        return ""
    days = {_name(check): date.today().isoformat()} | solved()
    problem = _keep({"solved": days, "wrong": _stored("wrong")})
    if problem:
        return f"(This could not be kept: {problem}.)"
    done, every = _counts(lesson, days)
    ending = f"Lesson {lesson[:2]} is done." if done == every else f"{done} of {every} in this lesson."
    return f"Kept: {ending}"


def note_wrong(check: Callable[..., Any], sentence: str) -> None:
    """An answer was not right yet: keep a mark of the checker's sentence, so that the same mistake counts once."""
    if _lesson_of(check) is None:
        return
    wrong, mark = _stored("wrong"), hashlib.sha256(sentence.encode()).hexdigest()[:8]
    seen = wrong.get(_name(check))
    seen = seen if isinstance(seen, list) else []
    if mark not in seen:
        _keep({"solved": solved(), "wrong": wrong | {_name(check): [*seen, mark]}})


def save_progress(name: str = "") -> Path:
    """Write what is solved, and how many different mistakes there were, into a file beside the notebook, for a teacher.
    Nothing is sent. `name`: left out, the file has none. Returns its path."""
    who = file_name(name) or f"somebody-{secrets.token_hex(3)}"
    path = Path(f"progress-{who}.json")
    wrong = {exercise: len(seen) for exercise, seen in _stored("wrong").items() if isinstance(seen, list)}
    about = {"format": 1, "name": name, "day": date.today().isoformat(), "solved": sorted(solved()), "wrong": wrong}
    write_whole(path, json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    print(f"Written: {path.name}, with {len(about['solved'])} solved exercises. Nothing was sent.")
    return path


def progress() -> Table:
    """Every lesson with a tick for each exercise that is solved.

    Where nothing is kept (tests, recordings) only those of the path: the stored output stays when a lesson is added.
    """
    days, kept = solved(), _kept()
    names = [name for name in every_exercise() if kept or name.startswith(PATH_LESSONS)]
    rows = [[name, _ticks(name, days), "{} of {}".format(*_counts(name, days))] for name in names]
    done, every = (sum(_counts(name, days)[place] for name in names) for place in (0, 1))
    where = "on this machine" if kept else "here; your own kernel keeps what you solve"
    return Table(["lesson", "exercises", "solved"], rows, f"{done} of {every} exercises solved {where}")


def forget_progress() -> None:
    """Delete what is kept."""
    path = file()
    if path is not None:
        path.unlink(missing_ok=True)
        print("What was solved is forgotten.")


class Certificate:
    """A sheet to print, or the sentence that says what is missing."""

    def __init__(self, name: str) -> None:
        days = solved()
        path = [lesson for lesson in every_exercise() if lesson.startswith(PATH_LESSONS)]
        self.missing = [lesson for lesson in path if _counts(lesson, days)[0] < len(every_exercise()[lesson])]
        self.name, self.count = name.strip() or "A reader", sum(len(every_exercise()[lesson]) for lesson in path)
        self.day = max(days.values(), default=date.today().isoformat())

    def __repr__(self) -> str:
        if self.missing:
            return f"Not yet: exercises are open in {', '.join(self.missing)}."
        return f"{self.name} solved all {self.count} exercises of the OpenRouter cookbook's path. {self.day}"

    def _repr_html_(self) -> str:
        if self.missing:
            return f"<p>{escape(repr(self))}</p>"
        return (
            '<div style="border:3px double;padding:2em;text-align:center;max-width:40em">'
            "<p>OpenRouter cookbook</p>"
            f'<p style="font-size:1.6em">{escape(self.name)}</p>'
            f"<p>solved all {self.count} exercises of the path.</p><p>{escape(self.day)}</p></div>"
        )


def certificate(name: str) -> Certificate:
    """For the end of the path: a small certificate for `name`, once every exercise of lessons 00 to 09 is solved."""
    return Certificate(name)


def _stored(what: str) -> dict[str, Any]:
    """One table of what is kept; empty where nothing is, or where somebody else wrote the file."""
    path = file() if _kept() else None
    try:
        table = json.loads(path.read_text("utf-8"))[what] if path and path.exists() else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return table if isinstance(table, dict) else {}


def _keep(tables: dict[str, Any]) -> str:
    """Write what is kept. Returns why it could not be written; empty when it could."""
    path = file()
    try:
        write_whole(path, json.dumps({"format": 1, **tables}, indent=1) + "\n") if path else None
    except OSError as problem:
        return problem.strerror or str(problem)
    return ""


def _lesson_of(check: Callable[..., Any]) -> str | None:
    """The lesson of a checker; None where nothing is kept."""
    if file() is None or not _kept():
        return None
    module = check.__module__.rpartition(".")[2]
    return next((name for name in every_exercise() if module_of(name) == module), None)


def _name(check: Callable[..., Any]) -> str:
    return f"{check.__module__.rpartition('.')[2]}.{check.__name__}"


def _kept() -> bool:
    try:
        return current().mode in ("replay", "live")
    except NotStarted:
        return False


def _counts(lesson: str, days: dict[str, str]) -> tuple[int, int]:
    names = exercises_of(lesson)
    return sum(name in days for name in names), len(names)


def _ticks(lesson: str, days: dict[str, str]) -> str:
    return " ".join("✓" if name in days else "·" for name in exercises_of(lesson))
