"""A dictionary that holds the most recent entries only, so that a server may run for weeks."""

from __future__ import annotations

import threading
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(dict[Key, Value]):
    """At most `most` entries; a new one drops the oldest. Threads may share it."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most, self._lock = most, threading.Lock()

    def __setitem__(self, key: Key, value: Value) -> None:
        with self._lock:
            self.pop(key, None)  # written again, it is the newest
            super().__setitem__(key, value)
            while len(self) > self._most:
                del self[next(iter(self))]
