"""Every checker: the unedited answer, wrong answers with different sentences, right ones. They stand in answers/, one file
a lesson."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
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
        if module not in ANSWERS:
            pytest.skip(f"{LESSONS[module]} needs packages that are not here")
        if name not in more:
            more[name] = getattr(ANSWERS[module], "more", lambda checker: ())(checker)
        return getattr(getattr(helpers.checks, module), checker)(answer, *more[name])

    return judge


@pytest.mark.parametrize("name", NAMES)
def test_checker(name: str, verdict: Callable[[str, Any], Any]) -> None:
    module, checker = name.split(".")
    unedited, wrong, rights = ANSWERS[module].CASES[checker]
    sentences = {repr(verdict(name, answer)) for answer in wrong}
    assert len(wrong) >= 12, len(wrong)
    assert len(rights) >= 6, len(rights)
    assert len(sentences) >= 4, sentences
    for answer in [unedited, *wrong]:
        judged = verdict(name, answer)
        assert not judged, (answer, judged)
        assert repr(judged).startswith("→ Not yet: ")
        assert repr(judged).rstrip().endswith((".", "?"))
        assert "\n" not in repr(judged)
    for answer in rights:
        judged = verdict(name, answer)
        assert judged, (answer, judged)
        assert repr(judged).startswith("✓ Right: ")


FIRST_TOGETHER = {"order": ["together"]}
SENTENCES = [
    ("routing_options.cheap_but_precise", {"max_price": {"prompt": 9.5}}, "is above all: 9.5 cents are 0.095."),
    ("routing_options.cheap_but_precise", {"max_price": {"prompt": 9.5e-8}}, "is a price per token: write 0.095."),
    ("routing_options.cheap_but_precise", {"max_price": {"prompt": 0.095}, "quantizations": ["int4", "fp8"]}, "lets int4 in"),
    ("streaming.first_token", {"sort": "latency", "max_price": {"prompt": 20}}, "20 cents are 0.2."),
    ("outlive_failures.outlive", {**FIRST_TOGETHER, "max_price": {"prompt": 20}}, "20 cents are 0.2."),
    ("outlive_failures.outlive", {**FIRST_TOGETHER, "max_price": {"prompt": 0.1}}, "Together is never asked: "),
    ("outlive_failures.outlive", {**FIRST_TOGETHER, "max_price": {"prompt": 0.15}}, "exactly Together's price"),
    ("start_here.workshop_key", {"name": "a", "limit": 0.5}, "stays empty"),
    ("start_here.workshop_key", {"name": "a", "limit": 0.5, "reset": "weekly"}, "POST /keys has no field 'reset'"),
    ("routing_options.cheap_but_precise", {"max_price": {"promt": 0.09}}, "max_price knows no 'promt'"),
    ("routing_options.cheap_but_precise", {"only": ["novita"]}, "That is today: without max_price"),
    ("outlive_failures.outlive", {"order": ["togehter"], "max_price": {"prompt": 0.2}}, "no provider is called 'togehter' (order). Is it 'together'?"),
    ("streaming.survives", lambda chunks: (None, ""), "should give"),
    ("client_setup.remembers", [{"role": "user", "content": "My order number is 4711."}, {"role": "system", "content": "Thank you. What would you like to know?"}, {"role": "user", "content": "Where is it now?"}], "their role is 'assistant'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "said"), SENTENCES)
def test_a_usual_mistake_is_named(name: str, answer: Any, said: str, verdict: Callable[[str, Any], Any]) -> None:
    assert said in verdict(name, answer).sentence, verdict(name, answer)


def test_every_checker_that_a_lesson_calls_has_answers() -> None:
    called = {name for cell in CODE for name in re.findall(r"helpers\.checks\.(\w+\.\w+)\(", cell.source)}
    assert {name for name in called if name.split(".")[0] in ANSWERS} == set(NAMES)
    assert called


class Unsayable(Exception):
    """An error whose text raises."""

    def __str__(self) -> str:
        raise RuntimeError("str")


class Unshowable(dict):
    """A dict whose repr raises an error whose text raises; and there is nothing in it."""

    def __repr__(self) -> str:
        raise Unsayable


class ManyLines(str):
    """A text whose repr has several lines and no end."""

    def __repr__(self) -> str:
        return "x\n" * 10_000


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


def turns(*_: Any) -> Any:
    while True: pass  # fmt: skip  # noqa: E701


def unsayable(*_: Any) -> Any:
    raise Unsayable


async def waits(*_: Any) -> None:
    pass


class Waits:
    """An instance that is called like an async function."""

    async def __call__(self, *_: Any) -> None:
        pass


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [
        None,
        True,
        1,
        -1,
        1.5,
        float("nan"),
        float("inf"),
        10**400,
        Decimal("sNaN"),
        Fraction(1, 3),
        1j,
        ...,
        "",
        "x",
        b"x",
        "x" * 100_000,
        [],
        [[]],
        (),
        {},
        {1: 2},
        {None: 1},
        {"": ""},
        set(),
        iter([]),
        object(),
        Exception("x"),
        Unlookable(),
        Unshowable(),
        [Unshowable()],
        {"x": Unlookable()},
        ManyLines("x"),
        lambda: None,
        lambda *_: Unlookable(),
        lambda *_: Unshowable(),
        leaves,
        turns,
        unsayable,
        waits,
        Waits(),
        partial(waits),
        Waits,
        Unlookable,
        type,
        print,
        dict,
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_no_answer_makes_a_checker_fail(name: str, answer: Any, verdict: Callable[[str, Any], Any]) -> None:
    judged = verdict(name, answer)
    assert not judged
    assert repr(judged).startswith("→ Not yet: ")
    assert len(repr(judged)) < 1000
    assert "\n" not in repr(judged)


@pytest.mark.parametrize("name", NAMES)
def test_a_coroutine_is_an_answer_that_nobody_awaited(name: str, verdict: Callable[[str, Any], Any]) -> None:
    assert "await" in repr(verdict(name, waits()))


@pytest.mark.parametrize("name", NAMES)
def test_a_checker_leaves_the_answer_as_it_is(name: str, verdict: Callable[[str, Any], Any]) -> None:
    module, checker = name.split(".")
    for answer in ANSWERS[module].CASES[checker][2]:
        before = repr(answer)
        assert [repr(verdict(name, answer)), repr(answer)] == [repr(verdict(name, answer)), before]


def test_a_tracer_that_is_on_stays_on(verdict: Callable[[str, Any], Any]) -> None:
    seen: list[str] = []
    sys.settrace(lambda frame, event, _: seen.append(event))
    try:
        verdict("langchain.says_finished", lambda metadata: True)
        still = sys.gettrace()
    finally:
        sys.settrace(None)
    assert still is not None
    assert seen


def test_a_lesson_that_is_not_started_is_not_the_answer_s_fault() -> None:
    helpers.stop()
    with pytest.raises(RuntimeError, match=r"helpers\.start"):
        helpers.checks.tracing.slow_span("draft", [])


def test_what_an_answer_imports_for_the_first_time_stays_imported(verdict: Callable[[str, Any], Any]) -> None:
    """Else a second import would make second classes of the same names."""

    def test_imports(desk: Any, openrouter_standin: Any, waited: Any) -> None:
        import this  # noqa: F401

    assert not verdict("test_your_program.can_fail", test_imports)
    assert "this" in sys.modules
