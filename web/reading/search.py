"""What the search must know: the subject of each lesson, in the course's own words."""

from __future__ import annotations

import json
import re

from course import ROOT, Lesson, lessons
from reading.notebook import cells, sections

SCORER = ROOT / "web" / "reading" / "scorer.js"
ASKED = re.compile(r"\*\"(.+?)\"\*", re.S)
"""The questions that a lesson quotes in its first lines."""


def subject(lesson: Lesson) -> str:
    """Title, aims, tasks, headings and quoted questions of a lesson."""
    listed = cells(lesson.notebook)
    asked = ASKED.findall(listed[0].source)
    return " · ".join([lesson.title, lesson.learn, *lesson.tasks, *sections(listed), *asked])


def scorer() -> str:
    """The script that orders what is found, with the subjects of all lessons."""
    subjects = {f"notebooks/{lesson.name}": subject(lesson) for lesson in lessons()}
    return f"const SUBJECTS = {json.dumps(subjects, indent=1, ensure_ascii=False)};\n{SCORER.read_text('utf-8')}"
