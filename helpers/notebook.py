"""What a reader sees of the course around a cell: short tracebacks, and one line under a cell whose answer was not recorded."""

from __future__ import annotations

import atexit
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from openrouter_standin.words.writing import Writing

NOTICE = "Not recorded: {n} answered by the offline stand-in. Routing, cost and errors follow the documented service; no model wrote the words."
BY_MODEL = "Not recorded: {n} answered offline. The words are by {model} on this machine, not by the model that was asked for; routing, cost and errors follow the documented service."

_labelled: ContextVar[bool] = ContextVar("labelled", default=False)
_pace: ContextVar[float | None] = ContextVar("pace", default=None)
_hooked = False
_unrecorded: list[Writing | None] = []
"""One for each answer: who wrote it, None for the stand-in."""


def prepare() -> None:
    """Short tracebacks and the line under a cell, where IPython runs; nothing in a script."""
    global _hooked, _unrecorded
    _unrecorded = []
    shell = _ipython()
    if shell is None:
        return
    shell.InteractiveTB.set_mode("Minimal")
    shell.register_magic_function(_outside, "cell", "outside")
    if not _hooked:
        shell.events.register("post_run_cell", lambda result: _print_notice())
        _hooked = True


def _outside(line: str, cell: str) -> None:
    """`%%outside NAME`: run this cell as a program in another environment, or replay what it did."""
    from .systems.program import run_cell

    run_cell(line, cell)


def count_unrecorded(written_by: Writing | None) -> None:
    """A request was answered that is not in the recording: say so under the cell; in a script at the first one, and at
    the end how many there were. `written_by`: the local model's answer, where one is being written."""
    if _labelled.get():
        return
    _unrecorded.append(written_by)
    if _ipython() is None and len(_unrecorded) == 1:
        print(*_notices("1 request was", "{} requests were"), sep="\n", file=sys.stderr)


def _notices(one: str, several: str) -> list[str]:
    """What is to be said of the requests that were counted: a sentence for each writer and for each reason."""
    said: Counter[str] = Counter()
    for by in _unrecorded:
        if by is None or by.problem:
            reason = f" ({by.problem})" if by else ""
            said[NOTICE.removesuffix(".") + f"{reason}."] += 1
        else:
            said[BY_MODEL.replace("{model}", by.model)] += 1
    return [text.replace("{n}", one if n == 1 else several.format(n)) for text, n in said.items()]


@contextmanager
def labelled(speed: float | None = None) -> Iterator[None]:
    """For a widget, which prints the source of its answers itself: the line under a cell does not count them.

    `speed`: how fast they play. Both hold for the requests of this block, not for other tasks and threads.
    """
    tokens = _labelled.set(True), _pace.set(speed)
    try:
        yield
    finally:
        _labelled.reset(tokens[0])
        _pace.reset(tokens[1])


def pace() -> float | None:
    """The speed that the block around asks for, if it does."""
    return _pace.get()


def _print_notice() -> None:
    global _unrecorded
    for sentence in _notices("1 request in this cell was", "{} requests in this cell were"):
        print(sentence)
    _unrecorded = []


@atexit.register
def _print_total() -> None:
    if _ipython() is None and len(_unrecorded) > 1:
        print(f"Not recorded, in all: {len(_unrecorded)} requests.", file=sys.stderr)


def _ipython() -> Any:
    """The running IPython shell, without importing IPython into a script."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None
