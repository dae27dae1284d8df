"""The clock that the replay waits on. A test puts another one in its place, and sees what was waited for."""

from __future__ import annotations

import threading
import time

import anyio
import anyio.lowlevel


class Clock:
    """The machine's own clock. Times are seconds."""

    def now(self) -> float:
        """A time that only moves on."""
        return time.monotonic()

    def wait(self, seconds: float, woken: threading.Event | None = None) -> bool:
        """Wait so long, or until `woken` is set; whether it was.

        An event gives way to an interrupt on every system, which `time.sleep` does not.
        """
        return (woken or threading.Event()).wait(seconds) if seconds > 0 else bool(woken and woken.is_set())

    async def wait_async(self, seconds: float, woken: anyio.Event | None = None) -> None:
        """The same for async code. Other tasks get their turn even where there is nothing to wait for, as on a network."""
        if seconds <= 0:
            await anyio.lowlevel.checkpoint()
            return
        if woken is None:
            await anyio.sleep(seconds)
            return
        with anyio.move_on_after(seconds):
            await woken.wait()
