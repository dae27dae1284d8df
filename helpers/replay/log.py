"""Every exchange of this kernel: source, offsets, usage, cost; and the recorded clock that charts are drawn from."""

from __future__ import annotations

import bisect
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Entry:
    """One exchange. Offsets are milliseconds from sending: recorded ones on replay, measured ones when live."""

    request: dict[str, Any]
    source: str
    start_ms: float = 0.0
    status: int | None = None
    failure: str | None = None
    head_ms: float | None = None
    end_ms: float | None = None
    events: list[tuple[float, str]] = field(default_factory=list)
    usage: dict[str, Any] | None = None
    id: str | None = None
    provider: str | None = None
    model: str | None = None

    @property
    def streamed(self) -> bool:
        return bool(self.events)

    @property
    def cost(self) -> float:
        """US dollars, as the answer says; 0 where it says nothing."""
        return float((self.usage or {}).get("cost") or 0)


class Log:
    """The exchanges in the order in which they were sent.

    The recorded clock runs on recorded durations, not on wall time, so that a chart is equal on every run. Marks tie
    it to wall time: `recorded(ns)` answers what the recorded clock showed at a wall-clock instant. A request begins where
    the clock stands when it is sent. So calls made at the same time overlap as they did at speed 1; at speed 0, where the
    first may be answered before the second is sent, they can look like one after the other.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.by_id: dict[str, Entry] = {}
        self._lock = threading.RLock()
        self._walls: list[int] = []
        self._clock: list[float] = []
        self._now = 0.0
        self._pause: tuple[dict[str, Any] | None, float] = (None, 0.0)

    def sent(self, request: dict[str, Any], source: str) -> Entry:
        """A request is on its way."""
        with self._lock:
            asked_again, seconds = self._pause
            if asked_again == request:
                self._waited(seconds * 1000)
            self._pause = (None, 0.0)
            entry = Entry(request, source, start_ms=self._now)
            self.entries.append(entry)
            self._mark(self._now)
        return entry

    def head(self, entry: Entry, status: int, ms: float, identity: str | None) -> None:
        """Status and headers are here."""
        with self._lock:
            entry.status, entry.head_ms, entry.id = status, ms, identity
            if identity:
                self.by_id[identity] = entry
            self._mark(entry.start_ms + ms)

    def event(self, entry: Entry, ms: float, text: str) -> None:
        """One stream event is handed to the reader."""
        with self._lock:
            entry.events.append((ms, text))
            self._mark(entry.start_ms + ms)
            if '"usage"' in text or entry.id is None:
                self._read(entry, data_of(text))

    def end(self, entry: Entry, ms: float, body: Any = None) -> None:
        """Nothing more will come. `body`: the JSON of an answer that is not a stream."""
        with self._lock:
            if entry.end_ms is None:
                entry.end_ms = ms
                self._mark(entry.start_ms + ms)
                if body:
                    self._read(entry, body)

    def fail(self, entry: Entry, failure: str, ms: float) -> None:
        """The connection failed: no answer."""
        with self._lock:
            entry.failure, entry.end_ms = failure, ms
            self._mark(entry.start_ms + ms)

    def pause(self, entry: Entry, seconds: float) -> None:
        """The answer asked for a wait (Retry-After): it counts on the recorded clock if the request is sent again."""
        with self._lock:
            self._pause = (entry.request, seconds)

    def recorded(self, wall_ns: int) -> float:
        """Milliseconds on the recorded clock at this wall-clock instant (`time.time_ns()`)."""
        with self._lock:
            place = bisect.bisect_right(self._walls, wall_ns)
            return self._clock[place - 1] if place else 0.0

    def _waited(self, ms: float) -> None:
        """The wait before a repeat: half-way between then and now, after what ended then and before what begins now."""
        _next_tick()
        self._now += ms
        self._walls.append((self._walls[-1] + time.time_ns()) // 2)
        self._clock.append(self._now)
        _next_tick()

    def _mark(self, clock: float) -> None:
        """Tie the recorded clock to the wall clock, between two ticks of it (Windows ticks every 16 ms)."""
        moved = clock > self._now
        self._now = max(self._now, clock)
        if moved:
            _next_tick()
        self._walls.append(time.time_ns())
        self._clock.append(self._now)
        if moved:
            _next_tick()

    def _read(self, entry: Entry, value: Any) -> None:
        """Take the id, the usage and who served out of the JSON of a body or an event."""
        if not isinstance(value, dict):
            return
        inner = value.get("response") if isinstance(value.get("response"), dict) else value
        if isinstance(inner.get("usage"), dict):
            entry.usage = inner["usage"]
        entry.provider, entry.model = inner.get("provider") or entry.provider, inner.get("model") or entry.model
        if isinstance(inner.get("id"), str):
            entry.id = inner["id"]
            self.by_id[entry.id] = entry


def data_of(event: str) -> Any:
    """The JSON of an event's `data:` lines, or None. Streams of the Responses API have an `event:` line before them."""
    return parsed("\n".join(line[5:] for line in event.split("\n") if line.startswith("data:")))


def parsed(text: str) -> Any:
    """JSON, or None for what is not."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _next_tick() -> None:
    before = time.time_ns()
    while time.time_ns() == before:
        time.sleep(0)
