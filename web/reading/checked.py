"""When a page was last checked, and with which versions: from the recordings and constraints.txt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from course import ROOT, Lesson, lessons

RECORDINGS = ROOT / "helpers" / "recordings"
HEAD = 400
"""So many characters of a recording hold its head; the rest can be megabytes."""


@dataclass(frozen=True)
class Checked:
    """One page's last check. `date`: as in 2026-11-22. `versions`: as in "openai 3.54.0"."""

    date: str
    versions: tuple[str, ...]
    source: str = ""

    def __str__(self) -> str:
        said = f"Last checked on {self.date} with {', '.join(self.versions)}."
        return f"{said} Answers recorded from: {self.source}." if self.source else said


def recording_head(name: str) -> dict[str, str]:
    """`recorded`, `source` and `sdk` of a lesson's recording. Raises `SystemExit` for one that does not name them."""
    with (RECORDINGS / f"{name}.json").open(encoding="utf-8") as file:
        found = dict(re.findall(r'"(recorded|source|sdk)": "([^"]+)"', file.read(HEAD)))
    if len(found) < 3:
        raise SystemExit(f"{name}.json does not begin with source, recorded and sdk: record the lesson anew.")
    return found


@cache
def pins() -> dict[str, str]:
    """The pinned version of every package of the course."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def of_lesson(lesson: Lesson) -> Checked:
    """When its recording was made; the SDK that made it, and the pinned versions of what it needs."""
    head = recording_head(lesson.name)
    needs = [f"{name} {pins()[name]}" for name in lesson.needs if name in pins()]
    return Checked(head["recorded"], (head["sdk"], *needs), head["source"])


def of_course() -> Checked:
    """The newest recording's date, for pages that are no lesson."""
    newest = max(recording_head(lesson.name)["recorded"] for lesson in lessons())
    return Checked(newest, (f"openai {pins()['openai']}",))


def facts(text: str) -> str:
    """The paragraph in which a lesson dates its facts; empty where it has none."""
    found = re.search(r"^Facts in this lesson: .*$", text, re.M)
    return found[0] if found else ""
