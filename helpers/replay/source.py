"""What the layer under the SDK asks its session. `Session` is the one that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from .clock import Clock
from .log import Entry, Log
from .recording import Request, Response


class Source(Protocol):
    """What the layer asks its session."""

    log: Log
    clock: Clock
    speed: float

    def reach(self, host: str) -> str: ...  # "ours", "pass" or "refuse"
    def key_of(self, authorization: str | None) -> str: ...
    def clean(self, value: Any) -> Any: ...
    def clean_events(self, events: list[list[Any]]) -> list[list[Any]]: ...
    def offline(self, request: Request) -> tuple[Response, str] | None: ...  # None: ask the network
    def address(self) -> dict[str, Any]: ...
    def keep(self, request: Request, entry: Entry) -> Callable[[Response], None] | None: ...
