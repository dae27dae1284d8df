"""What a checker gives back: right, or not yet and what to look at next."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from inspect import iscoroutinefunction
from numbers import Real
from typing import Any

from ..session import NotStarted


class Verdict:
    """One sentence about an answer. Truthy when the answer does the job."""

    def __init__(self, right: bool, sentence: str) -> None:
        self.right = right
        self.sentence = sentence

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{'Right' if self.right else 'Not yet'}: {self.sentence}"


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
        try:
            if iscoroutinefunction(answer):
                return not_yet("this is an async function, and nothing waits for it here: write a plain def.")
            return check(answer, *more, **named)
        except (NotStarted, ImportError):  # not the answer's fault
            raise
        except (Exception, SystemExit) as problem:
            return not_yet(f"this answer cannot be judged: looking at it raises {_named(problem)}.")

    return safely


def _named(problem: BaseException) -> str:
    try:
        first = str(problem).strip().partition("\n")[0].rstrip(".")
    except Exception:  # a text that cannot be had either
        first = ""
    return f"{type(problem).__name__}{': ' if first else ''}{first}"


def is_number(value: object) -> bool:
    """A number that can be compared; `True` is not one."""
    return isinstance(value, Real | Decimal) and not isinstance(value, bool) and value == value


__all__ = ["Verdict", "is_number", "judged", "not_yet", "right"]
