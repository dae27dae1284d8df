"""What the helpers change where Python runs in a browser (Pyodide): it has no threads, and its loop is strict about time."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import Any

BATCHES = "OtelBatch"
"""How the threads are called with which OpenTelemetry sends spans in batches."""


def prepare() -> None:
    """Make the SDK and OpenTelemetry work in a browser. Does nothing on any other platform."""
    if sys.platform != "emscripten":
        return
    from pyodide.webloop import WebLoop  # a module that only Pyodide has

    # The transport for browsers warns at every client that limits and proxies are the browser's own business.
    warnings.filterwarnings("ignore", message="The following transport option")
    ThreadPoolExecutor.submit = run_at_once
    Thread.start, Thread.join = start_later(Thread.start), run_when_joined(Thread.join)
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


def start_later(start: Callable[..., None]) -> Callable[..., None]:
    """A `Thread.start` that leaves the work of OpenTelemetry's batches for `join`: at `shutdown` all spans are sent.

    Any other thread is started as before, and so raises `RuntimeError` in a browser: work that nobody waits for would
    never be done, in silence.
    """

    def begin(self: Thread) -> None:
        if not self.name.startswith(BATCHES):
            start(self)

    return begin


def run_when_joined(join: Callable[..., None]) -> Callable[..., None]:
    """A `Thread.join` that does the work which `start_later` left."""

    def finish(self: Thread, timeout: float | None = None) -> None:
        if self.name.startswith(BATCHES):
            self.run()  # a second time it does nothing
        else:
            join(self, timeout)

    return finish


def never_in_the_past(call_later: Callable[..., Any]) -> Callable[..., Any]:
    """A loop's `call_later` that takes a negative delay as "now".

    Pyodide's own raises `ValueError` for one, and a deadline of anyio that has just passed asks for one.
    """

    def later(self: Any, delay: float, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        return call_later(self, max(0, delay), callback, *args, context=context)

    return later
