"""Which faults a request meets: those of the block it is sent from, also when other tasks and threads have blocks of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .faults import Faults

_own: ContextVar[Faults | None] = ContextVar("faults", default=None)
_thread = threading.local()


class FaultBlocks:
    """The blocks that are open. A task meets the faults of its own block.

    A plain thread does not inherit the block it was started in, so one that never opened a block meets the faults of the
    latest block that is open.
    """

    def __init__(self) -> None:
        self._open: list[Faults] = []

    @contextmanager
    def block(self, faults: Faults) -> Iterator[Faults]:
        """These faults, until the block ends."""
        _thread.has_blocks = True
        token = _own.set(faults)
        self._open.append(faults)
        try:
            yield faults
        finally:
            self._open.remove(faults)
            try:
                _own.reset(token)
            except ValueError:  # a generator that another task ends: the block was never open there
                _own.set(None)

    def current(self) -> Faults | None:
        """The faults for a request that is sent here and now."""
        own = _own.get()
        if own is not None:
            return own if own in self._open else None
        if getattr(_thread, "has_blocks", False) or not self._open:
            return None
        return self._open[-1]
