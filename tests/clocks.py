"""Clocks that a test holds: what was waited for is asserted, not how long it took."""

from __future__ import annotations

import threading

import anyio

from helpers.replay.clock import Clock

PATIENCE_S = 60
"""How long a test waits for something that must happen, before it fails."""


class HeldClock(Clock):
    """Waits for nothing: it moves on by what is waited for, and writes it down. Seconds."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        """What `time.sleep` is to the machine's clock."""
        self.waits.append(seconds)
        self.time += seconds

    def wait(self, seconds: float, woken: threading.Event | None = None) -> bool:
        if woken and woken.is_set():
            return True
        if seconds > 1e-9:  # not what is left over of decimal fractions
            self.sleep(seconds)
        return False

    async def wait_async(self, seconds: float, woken: anyio.Event | None = None) -> None:
        await anyio.sleep(0)
        if not (woken and woken.is_set()):
            self.wait(seconds)


class EndlessClock(HeldClock):
    """Waits for ever, unless it is woken: a test that ends proves that something woke it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Event()
        """Set once something waits for an event."""

    def wait(self, seconds: float, woken: threading.Event | None = None) -> bool:
        if woken is None or seconds <= 0:
            return super().wait(seconds, woken)
        self.waiting.set()
        assert woken.wait(PATIENCE_S), "nothing woke the one who waits"
        return True

    async def wait_async(self, seconds: float, woken: anyio.Event | None = None) -> None:
        if woken is None or seconds <= 0:
            await super().wait_async(seconds, woken)
            return
        self.waiting.set()
        with anyio.fail_after(PATIENCE_S):
            await woken.wait()
