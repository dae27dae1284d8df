"""Every checker: the unedited answer, wrong answers with different sentences, right ones. They stand in answers/, one file
a lesson."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any

import pytest

import helpers
from notebooks import CODE, lessons, missing

LESSONS = {lesson.module: lesson.name for lesson in lessons()}
ANSWERS = {module: importlib.import_module(f"answers.{module}") for module in LESSONS if not missing(LESSONS[module])}
NAMES = [f"{module}.{checker}" for module, answers in ANSWERS.items() for checker in answers.CASES]


@pytest.fixture
def verdict() -> Callable[[str, Any], Any]:
    """`verdict("lesson.checker", answer)`."""
    helpers.start("99-test")
    more: dict[str, tuple[Any, ...]] = {}

    def judge(name: str, answer: Any) -> Any:
        module, checker = name.split(".")
        if name not in more:
            more[name] = getattr(ANSWERS[module], "more", lambda checker: ())(checker)
        return getattr(getattr(helpers.checks, module), checker)(answer, *more[name])

    return judge


@pytest.mark.parametrize("name", NAMES)
def test_checker(name: str, verdict: Callable[[str, Any], Any]) -> None:
    module, checker = name.split(".")
    unedited, wrong, rights = ANSWERS[module].CASES[checker]
    sentences = {repr(verdict(name, answer)) for answer in wrong}
    assert len(wrong) >= 3
    assert len(sentences) >= min(3, len(wrong)), sentences
    for answer in [unedited, *wrong]:
        judged = verdict(name, answer)
        assert not judged, (answer, judged)
        assert repr(judged).startswith("Not yet: ")
        assert repr(judged).rstrip().endswith((".", "?"))
        assert "\n" not in repr(judged)
    for answer in rights:
        judged = verdict(name, answer)
        assert judged, (answer, judged)
        assert repr(judged).startswith("Right: ")


def test_every_checker_that_a_lesson_calls_has_answers() -> None:
    called = {name for cell in CODE for name in re.findall(r"helpers\.checks\.(\w+\.\w+)\(", cell.source)}
    assert {name for name in called if name.split(".")[0] in ANSWERS} == set(NAMES)
    assert called


class Unlookable:
    """An answer that raises whenever somebody looks at it."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    def __bool__(self) -> bool:
        raise RuntimeError("bool")


def leaves(*_: Any, **__: Any) -> Any:
    raise SystemExit(1)


async def waits(*_: Any) -> None:
    pass


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [None, 1, "x", [], {}, {1: 2}, {None: 1}, Unlookable(), lambda *_: Unlookable(), leaves, waits, type, print],
    ids=lambda answer: type(answer).__name__,
)
def test_no_answer_makes_a_checker_fail(name: str, answer: Any, verdict: Callable[[str, Any], Any]) -> None:
    judged = verdict(name, answer)
    assert not judged
    assert repr(judged).startswith("Not yet: ")


def test_a_lesson_that_is_not_started_is_not_the_answer_s_fault() -> None:
    helpers.stop()
    with pytest.raises(RuntimeError, match=r"helpers\.start"):
        helpers.checks.tracing.slow_span("draft", [])
