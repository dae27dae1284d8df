"""What the layer under the SDK asks its session. `Session` is the one that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from .clock import Clock
from .log import Entry, Log
from .recording import Request, Response


class Source(Protocol):
    """`reach`: "ours", "pass" or "refuse". `offline`: None means: ask the network, then `listen` and `settle`."""

    log: Log
    clock: Clock
    speed: float

    def reach(self, host: str) -> str: ...
    def key_of(self, authorization: str | None) -> str: ...
    def learn(self, secret: str) -> None: ...
    def offline(self, request: Request) -> tuple[Response, str] | None: ...
    def address(self, host: str) -> dict[str, Any]: ...
    def listen(self, request: Request) -> tuple[Entry, Callable[[Response], None]]: ...
    def settle(self, entry: Entry) -> None: ...
    def warn(self, sentence: str) -> None: ...
