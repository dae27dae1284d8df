"""What a reader sees of the course around a cell: short tracebacks, and one line under a cell whose answer was not recorded."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

NOTICE = "Not recorded: {n} answered by the offline stand-in. Routing, cost and errors follow the documented service; no model wrote the words."

_labelled: ContextVar[bool] = ContextVar("labelled", default=False)
_pace: ContextVar[float | None] = ContextVar("pace", default=None)
_hooked = False
_unrecorded = 0


def prepare() -> None:
    """Short tracebacks and the line under a cell, where IPython runs; nothing in a script."""
    global _hooked, _unrecorded
    _unrecorded = 0
    shell = _ipython()
    if shell is None:
        return
    shell.InteractiveTB.set_mode("Minimal")
    if not _hooked:
        shell.events.register("post_run_cell", lambda result: _print_notice())
        _hooked = True


def count_unrecorded() -> None:
    """A request was answered that is not in the recording: say so under the cell; in a script at the first one, and at
    the end how many there were."""
    global _unrecorded
    if _labelled.get():
        return
    _unrecorded += 1
    if _ipython() is None and _unrecorded == 1:
        print(NOTICE.format(n="1 request was"), file=sys.stderr)


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
    if _unrecorded:
        n, _unrecorded = _unrecorded, 0
        print(NOTICE.format(n="1 request in this cell was" if n == 1 else f"{n} requests in this cell were"))


@atexit.register
def _print_total() -> None:
    if _ipython() is None and _unrecorded > 1:
        print(f"Not recorded, in all: {_unrecorded} requests.", file=sys.stderr)


def _ipython() -> Any:
    """The running IPython shell, without importing IPython into a script."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None
