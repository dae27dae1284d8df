"""The checkers of 23-test-your-program: a test, tried with a right and three wrong programs; faults that reproduce."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import openai

from openrouter_standin import StandIn

from .. import session
from .verdict import Unfit, Verdict, called, in_words, judged, not_yet, right, shown

LETTER = "Where is order 4711?"
BROKEN: Mapping[str, tuple[str, str]] = {
    "a program that asks again after a 402": ("if error.status_code == 402:", "if error.status_code == 402 and attempt < 2:\n                    continue\n                if error.status_code == 402:"),
    "a program that raises another error": ("raise OverBudget(error.message) from error", "raise Unavailable(error.message)"),
    "a program that says nothing": ("raise OverBudget(error.message) from error", "return openai.types.chat.ChatCompletion.model_construct(choices=[])"),
}  # fmt: skip
"""Programs that are wrong: which line is which other line in them."""


@judged
def can_fail(answer: Any) -> Verdict:
    """A test that passes with the right program, and fails with each wrong one."""
    if not callable(answer):
        return not_yet(f"test_empty_account is a function that takes desk, standin and waited, not {shown(answer)}.")
    source = (session.FILES / "23-test-your-program" / "replies.py").read_text("utf-8")
    problem = _run(answer, source)
    if problem is not None:
        return not_yet(f"with the right program the test fails: {in_words(problem)}.")
    for name, (before, after) in BROKEN.items():
        if before not in source:
            raise AssertionError(before)
        if _run(answer, source.replace(before, after)) is None:
            return not_yet(f"the test passes with {name} as well. What is different there?")
    return right("it passes with the right program, and fails with all three wrong ones.")


def _run(test: Any, source: str) -> BaseException | None:
    """What the test raises with this program, or None."""
    program = ModuleType("replies")
    exec(compile(source, "replies.py", "exec"), program.__dict__)
    waited: list[float] = []
    with _imported_as("replies", program), StandIn(script={LETTER: "On its way."}) as standin:
        desk = program.Desk(standin.url, standin.key, sleep=waited.append)
        try:
            called(test, desk, standin, waited)
        except (KeyboardInterrupt, SystemExit, Unfit):
            raise
        except BaseException as problem:  # what pytest.raises raises when nothing came is no Exception
            return problem
        finally:
            desk.client.close()
    return None


@contextmanager
def _imported_as(name: str, module: ModuleType) -> Iterator[None]:
    """Inside the block an import of this name gives this module.

    `unittest.mock.patch.dict` would also take away what was imported for the first time meanwhile, and a second import of
    it makes second classes, which no `except` of the first ones catches.
    """
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    finally:
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before


@judged
def reproduced(answer: Any) -> Verdict:
    """Faults that make the three incidents happen."""
    if not isinstance(answer, Mapping) or set(answer) != {"a", "b", "c"}:
        return not_yet(f"incidents is a dict with a, b and c, not {shown(answer)}.")
    for name, seen in (("a", _limited), ("b", _error_in_200), ("c", _broken)):
        faults = answer[name]
        if not isinstance(faults, Mapping) or not all(isinstance(field, str) for field in faults):
            return not_yet(f"{name} is a dict of faults, not {shown(faults)}.")
        with StandIn(script={LETTER: "one two three four five six seven eight nine ten eleven twelve"}) as standin:
            try:
                standin.faults(**faults)
            except (TypeError, ValueError) as problem:
                return not_yet(f"{name}: {in_words(problem)}.")
            with openai.OpenAI(base_url=standin.url, api_key=standin.key, max_retries=0) as client:
                wrong = seen(client)
        if wrong:
            return not_yet(f"{name}: {wrong}.")
    return right("all three happen again, as often as you like.")


def _asked(client: openai.OpenAI, **more: Any) -> Any:
    messages = [{"role": "user", "content": LETTER}]
    return client.chat.completions.create(model="openai/gpt-4o-mini", max_tokens=100, messages=messages, **more)


def _limited(client: openai.OpenAI) -> str:
    """What is different from two 429s that name five seconds, and then an answer."""
    for number in (1, 2):
        try:
            _asked(client)
            return f"request {number} is answered"
        except openai.APIStatusError as error:
            if error.status_code != 429:
                return f"request {number} gets a {error.status_code}, not a 429"
            if error.response.headers.get("retry-after") != "5":
                return f"the 429 names {error.response.headers.get('retry-after')} s, not 5 s"
        except openai.APIConnectionError as error:
            return f"request {number} gets no answer at all: {in_words(error)}"
    try:
        _asked(client)
    except openai.APIError as error:
        return f"the third request fails as well: {in_words(error)}"
    return ""


def _error_in_200(client: openai.OpenAI) -> str:
    """What is different from a 200 whose body is an error."""
    try:
        answer = _asked(client)
    except openai.APIError as error:
        return f"the SDK raises {in_words(error)}, and it was a 200"
    return "" if not answer.choices and getattr(answer, "error", None) else "it is a good answer"


def _broken(client: openai.OpenAI) -> str:
    """What is different from a stream that ends with an error after ten chunks."""
    try:
        stream = _asked(client, stream=True)
    except openai.APIError as error:
        return f"it fails before the first chunk: {in_words(error)}"
    pieces = 0
    try:
        for chunk in stream:
            pieces += any(choice.delta.content for choice in chunk.choices)
    except openai.APIError:
        return "" if pieces == 10 else f"it ends with an error after {pieces} chunks with words"
    return "the stream ends without an error"
