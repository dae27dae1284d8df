"""What a checker gives back: right, or not yet and what to look at next."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from inspect import iscoroutine, iscoroutinefunction
from numbers import Real
from sysconfig import get_paths
from typing import Any

from .. import exercises
from ..session import NotStarted
from ..show.markup import html_text

STEPS = 2_000_000
"""So many steps of Python's a reader's function may take for one made-up case; a right one takes a few hundred."""
LIBRARIES = (*{get_paths()[kind] for kind in ("stdlib", "purelib", "platlib")}, "<frozen ")
"""How the file names of Python's own and of installed code begin."""
WAITS = "this is an async function, and nothing waits for it here: write a plain def."
SHOWN = 200
"""So many characters of an answer a sentence quotes."""


class Verdict:
    """One sentence about an answer. Truthy when the answer does the job. `progress`: how far the lesson is, if it is kept."""

    def __init__(self, right: bool, sentence: str) -> None:
        self.right = right
        self.sentence = " ".join(sentence.splitlines())
        self.progress = ""

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return (
            f"{'✓ Right' if self.right else '→ Not yet'}: {self.sentence}{' ' if self.progress else ''}{self.progress}"
        )

    def _repr_html_(self) -> str:
        """A sign, a colour and a word; wrapped at words, which JupyterLab's plain text is not."""
        colour = "46,125,50" if self.right else "178,106,0"
        word, _, sentence = repr(self).partition(": ")
        style = f"border-left:4px solid rgb({colour});background:rgba({colour},.12);padding:4px 10px;max-width:48em"
        return f'<div style="{style}"><strong>{word}</strong>: {html_text(sentence)}</div>'


def right(sentence: str) -> Verdict:
    """The answer does the job."""
    return Verdict(True, sentence)


def not_yet(sentence: str) -> Verdict:
    """The answer does not do the job yet; the sentence says what would happen and where to look."""
    return Verdict(False, sentence)


def judged(check: Callable[..., Verdict]) -> Callable[..., Verdict]:
    """For a checker: it gives one sentence whatever it is given, also an answer that raises when it is looked at."""

    @wraps(check)
    def safely(answer: Any, *more: Any, **named: Any) -> Verdict:
        verdict = _verdict(check, answer, *more, **named)
        if verdict:
            verdict.progress = exercises.note(check)
        else:
            exercises.note_wrong(check, verdict.sentence)
        return verdict

    return safely


def _verdict(check: Callable[..., Verdict], answer: Any, *more: Any, **named: Any) -> Verdict:
    """What a checker says, or why this answer cannot be judged."""
    try:
        if iscoroutinefunction(answer):
            return not_yet(WAITS)
        if iscoroutine(answer):
            answer.close()
            return not_yet("this is a coroutine, which nobody has awaited: write await in front of the call.")
        return check(answer, *more, **named)
    except (NotStarted, ImportError, KeyboardInterrupt):  # not the answer's fault
        raise
    except Unfit as unfit:
        return not_yet(str(unfit))
    except BaseException as problem:
        return not_yet(f"this answer cannot be judged: looking at it raises {in_words(problem)}.")


def in_words(problem: BaseException) -> str:
    """An error as a sentence names it: its type, and the first line of what it says."""
    first = told(problem)
    return f"{type(problem).__name__}{': ' if first else ''}{first}"


def told(problem: BaseException) -> str:
    """The first line of what an error says, without its full stop; empty where it says nothing."""
    try:
        return str(problem).strip().partition("\n")[0].rstrip(".")
    except BaseException:  # a text that cannot be had either
        return ""


class Unfit(BaseException):
    """A function that cannot be tried, with the sentence that says why. `except Exception` in the reader's function does
    not swallow it."""


def called(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a reader's function returns. A loop that never ends is stopped: steps are counted, which no clock disturbs.

    Steps inside a library are not counted: importing pandas alone takes millions. Where a debugger is on already, it stays
    on, and nothing is counted.
    """
    if sys.gettrace() is not None:
        return function(*arguments)
    left = STEPS

    def count(frame: Any, event: str, _: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename.startswith(LIBRARIES):
            return None
        frame.f_trace_opcodes = True  # `while True: pass` on one line is no new line for Python
        left -= 1
        if left < 0:
            raise Unfit(f"the function is not done after {STEPS:,} steps: which of its loops never ends?")
        return count

    sys.settrace(count)
    try:
        found = function(*arguments)
    finally:
        sys.settrace(None)
    if iscoroutine(found):
        found.close()
        raise Unfit(WAITS)
    return found


def tried(what: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """The same; an error that the function raises becomes the verdict. `what`: how its sentence begins, up to the error:
    "stored raises"."""
    try:
        return called(function, *arguments)
    except Exception as problem:
        raise Unfit(f"{what} {in_words(problem)}.") from None


def is_number(value: object) -> bool:
    """A number that can be compared; `True`, NaN and the infinities are none."""
    return isinstance(value, Real | Decimal) and not isinstance(value, bool) and value == value and abs(value) < 1e300


def shown(value: object) -> str:
    """An answer as a sentence quotes it: on one line, cut where it is long, named by its type where it cannot be shown."""
    try:
        text = " ".join(repr(value).splitlines())
    except BaseException as problem:
        return f"a {type(value).__name__}, whose repr raises {type(problem).__name__}"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


__all__ = [
    "Unfit",
    "Verdict",
    "called",
    "in_words",
    "is_number",
    "judged",
    "not_yet",
    "right",
    "shown",
    "told",
    "tried",
]
