"""The questions of notebooks/quizzes.toml as text: for the end of a lesson, and to vote on in a class.

A question is Markdown with one <details> an answer: it needs no kernel, no script and no trust, works by keyboard, in a dark
theme, on GitHub and in print. (jupyterquiz 2.9 was weighed: its output is a script with random names, which differs on each
run and does nothing in a notebook that is not trusted.)
"""

from __future__ import annotations

import html
import re
import tomllib
from dataclasses import dataclass
from functools import cache

from course import ROOT, Lesson

FILE = ROOT / "notebooks" / "quizzes.toml"
TAG, HEADING = "quiz", "## Check yourself"
VOTES = 2
"""So many questions of a lesson a class votes on."""


@dataclass(frozen=True)
class Answer:
    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    question: str
    answers: tuple[Answer, ...]


@cache
def questions() -> dict[str, list[Question]]:
    """The questions of each lesson, by its name. Raises `SystemExit` for one without exactly one right answer."""
    found = {}
    for lesson, rows in tomllib.loads(FILE.read_text("utf-8")).items():
        found[lesson] = [
            Question(row["question"], tuple(Answer(**answer) for answer in row["answers"])) for row in rows
        ]
        for one in found[lesson]:
            if sum(answer.right for answer in one.answers) != 1:
                raise SystemExit(f"{FILE.name}, [{lesson}]: exactly one answer is right of {one.question!r}.")
    return found


def of_a_lesson(lesson: Lesson) -> str:
    """The cell at the end of a lesson; empty where it has no questions."""
    rows = questions().get(lesson.name, [])
    parts = [f"**{row.question}**\n\n{_folded(row)}" for row in rows]
    return "\n\n".join([HEADING, "Choose an answer, then open it: each says why.", *parts]) if rows else ""


def votes(lessons: list[Lesson]) -> str:
    """For docs/teaching.md: the first questions of each lesson, with the reason for each answer."""
    parts = []
    for lesson in lessons:
        rows = questions().get(lesson.name, [])[:VOTES]
        parts += [
            f"### {lesson.link('../notebooks/', lesson.short)}",
            *(f"**{row.question}**\n\n{_listed(row)}" for row in rows),
        ]
    return "\n\n".join([*parts, ""])


def _folded(question: Question) -> str:
    return "\n".join(
        f"{n}. <details><summary>{_as_html(answer.text)}</summary>{_sign(answer)} {_as_html(answer.why)}</details>"
        for n, answer in enumerate(question.answers, 1)
    )


def _listed(question: Question) -> str:
    return "\n".join(f"{n}. {a.text} *{_sign(a)}* {a.why}" for n, a in enumerate(question.answers, 1))


def _sign(answer: Answer) -> str:
    return "✓ Right." if answer.right else "✗ No."


def _as_html(text: str) -> str:
    """Inside <details> a renderer reads no Markdown."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
