"""What the helpers change where Python runs in a browser (Pyodide): it has no threads, and its loop is strict about time."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


def prepare() -> None:
    """Make the SDK and OpenTelemetry work in a browser. Does nothing on any other platform."""
    if sys.platform != "emscripten":
        return
    from pyodide.webloop import WebLoop  # a module that only Pyodide has

    # The transport for browsers warns at every client that limits and proxies are the browser's own business.
    warnings.filterwarnings("ignore", message="The following transport option")
    ThreadPoolExecutor.submit = run_at_once
    WebLoop.call_later = never_in_the_past(WebLoop.call_later)


def run_at_once(self: ThreadPoolExecutor, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
    """In place of `ThreadPoolExecutor.submit`: a browser's Python cannot start a thread, so the work is done here and now.

    Returns a future that is done. What `fn` raises is in the future, as it would be with a thread.
    """
    future: Future = Future()
    try:
        future.set_result(fn(*args, **kwargs))
    except BaseException as problem:
        future.set_exception(problem)
    return future


def never_in_the_past(call_later: Callable[..., Any]) -> Callable[..., Any]:
    """A loop's `call_later` that takes a negative delay as "now".

    Pyodide's own raises `ValueError` for one, and a deadline of anyio that has just passed asks for one.
    """

    def later(self: Any, delay: float, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        return call_later(self, max(0, delay), callback, *args, context=context)

    return later
