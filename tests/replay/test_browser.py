"""What the helpers change in a browser's Python, simulated: no browser is needed."""

from __future__ import annotations

import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from helpers import browser


class StrictLoop:
    """As Pyodide's loop: it refuses a moment that has passed."""

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> tuple[float, Any, Any, Any]:
        if delay < 0:
            raise ValueError("Can't schedule in the past")
        return delay, callback, args, context


def no_threads(self: Thread) -> None:
    """As Pyodide's `Thread.start`."""
    raise RuntimeError("can't start new thread")


@pytest.fixture
def pyodide(monkeypatch: pytest.MonkeyPatch) -> type[StrictLoop]:
    """This process says that it is Pyodide; everything is put back at the end."""
    webloop = ModuleType("pyodide.webloop")
    webloop.WebLoop = type("WebLoop", (StrictLoop,), {"call_later": StrictLoop.call_later})
    monkeypatch.setitem(sys.modules, "pyodide", ModuleType("pyodide"))
    monkeypatch.setitem(sys.modules, "pyodide.webloop", webloop)
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(ThreadPoolExecutor, "submit", ThreadPoolExecutor.submit)
    monkeypatch.setattr(Thread, "start", no_threads)
    monkeypatch.setattr(Thread, "join", Thread.join)
    return webloop.WebLoop


def test_elsewhere_nothing_changes() -> None:
    before = ThreadPoolExecutor.submit
    browser.prepare()
    assert ThreadPoolExecutor.submit is before


def test_a_pool_needs_no_thread(pyodide: type[StrictLoop]) -> None:
    browser.prepare()
    with ThreadPoolExecutor() as pool:
        assert pool.submit(int, "12", base=8).result() == 10
        assert list(pool.map(abs, [-1, 2])) == [1, 2]
        failed = pool.submit(int, "no number")
    assert isinstance(failed.exception(), ValueError)


def test_opentelemetrys_batches_are_sent_at_shutdown(pyodide: type[StrictLoop]) -> None:
    browser.prepare()
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(kept))
    with provider.get_tracer("test").start_as_current_span("one"):
        pass
    assert kept.get_finished_spans() == ()
    provider.shutdown()
    assert [span.name for span in kept.get_finished_spans()] == ["one"]


def test_any_other_thread_fails_aloud(pyodide: type[StrictLoop]) -> None:
    browser.prepare()
    with pytest.raises(RuntimeError, match="can't start new thread"):
        Thread(target=print).start()


def test_a_deadline_that_has_just_passed_is_now(pyodide: type[StrictLoop]) -> None:
    with pytest.raises(ValueError):
        pyodide().call_later(-0.1, print)
    browser.prepare()
    assert pyodide().call_later(-0.1, print, "x", context="c") == (0, print, ("x",), "c")
    assert pyodide().call_later(2, print)[0] == 2


def test_the_warning_of_the_browsers_transport_is_silent_and_others_are_not(pyodide: type[StrictLoop]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        browser.prepare()
        warnings.warn("The following transport options are ignored: limits", stacklevel=1)
        warnings.warn("something else", stacklevel=1)
    assert [str(w.message) for w in caught] == ["something else"]
