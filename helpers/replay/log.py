"""Every exchange of this kernel: source, offsets, usage, cost; and the recorded clock that charts are drawn from.

An exchange is kept as it came and read when somebody asks; what is shown of it is scrubbed where it is shown.
"""

from __future__ import annotations

import bisect
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from openrouter_standin.words.writing import Writing

ABSURD = 1e9
"""US dollars that no answer costs."""


@dataclass(eq=False)
class Entry:
    """One exchange. Offsets are milliseconds from sending: recorded ones on replay, measured ones when live.

    Its `repr` leaves out what may hold a secret.
    """

    request: dict[str, Any] = field(repr=False)
    source: str
    start_ms: float = 0.0
    status: int | None = None
    failure: str | None = None
    head_ms: float | None = None
    end_ms: float | None = None
    events: list[tuple[float, str]] = field(default_factory=list, repr=False)
    pieces: list[tuple[float, int]] = field(default_factory=list, repr=False)
    """Of an answer in bytes, such as sound: when each piece came, and its bytes."""
    body: Any = field(default=None, repr=False)
    reserved: float = 0.0
    """US dollars that count towards the budget until the answer says what it cost."""
    recorded_from: str = ""
    """Who gave a recorded answer, where it is not whom the recording as a whole comes from."""
    written_by: Writing | None = field(default=None, repr=False)
    """The local model's answer, where one wrote the words."""
    _facts: dict[str, Any] = field(default_factory=dict, repr=False)
    _seen: int = 0

    @property
    def streamed(self) -> bool:
        return bool(self.events)

    @property
    def by_local_model(self) -> bool:
        """Whether a model on this machine wrote the words, and the stand-in none of them."""
        return self.written_by is not None and not self.written_by.problem

    @property
    def id(self) -> str | None:
        """The generation id."""
        return self._fact("id")

    @property
    def provider(self) -> str | None:
        return self._fact("provider")

    @property
    def model(self) -> str | None:
        """The model that served."""
        return self._fact("model")

    @property
    def usage(self) -> dict[str, Any] | None:
        """Read from the events that hold one, so that no other has to be parsed."""
        for _, text in self.events[self._seen :]:
            if '"usage"' in text:
                self._take(data_of(text))
        self._seen = len(self.events)
        return self._take(self.body).get("usage")

    @property
    def cost(self) -> float:
        """US dollars, as the answer says; 0 where it says nothing that can be a cost."""
        return self.known_cost or 0.0

    @property
    def known_cost(self) -> float | None:
        """The same; None where the answer says nothing that can be a cost."""
        cost = (self.usage or {}).get("cost")
        good = isinstance(cost, int | float) and not isinstance(cost, bool) and 0 <= cost < ABSURD
        return float(cost) if good else None

    def _fact(self, name: str) -> str | None:
        """What the body or the first event that says it says."""
        self._take(self.body)
        texts = iter(self.events)
        while name not in self._facts and (event := next(texts, None)):
            self._take(data_of(event[1]))
        return self._facts.get(name)

    def _take(self, value: Any) -> dict[str, Any]:
        """Keep what a piece of JSON says of id, usage and who served. Returns everything that is known."""
        if isinstance(value, dict):
            inner = value.get("response") if isinstance(value.get("response"), dict) else value
            kinds = {"id": str, "usage": dict, "provider": str, "model": str}
            self._facts |= {k: inner[k] for k, kind in kinds.items() if inner.get(k) and isinstance(inner[k], kind)}
        return self._facts


class Log:
    """The exchanges in the order in which they were sent.

    The recorded clock runs on recorded durations, not on wall time, so that a chart is equal on every run. Marks tie
    it to wall time: `recorded(ns)` answers what the recorded clock showed at a wall-clock instant. A request begins where
    the clock stands when it is sent. So calls made at the same time overlap as they did at speed 1; at speed 0, where the
    first may be answered before the second is sent, they can look like one after the other.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._by_id: dict[str, Entry] = {}
        self._lock = threading.RLock()
        self._walls: list[int] = []
        self._clock: list[float] = []
        self._now = 0.0
        self._pause: tuple[dict[str, Any] | None, float] = (None, 0.0)

    def find(self, identity: str) -> Entry | None:
        """The exchange whose answer has this generation id."""
        if identity not in self._by_id:
            self._by_id |= {entry.id: entry for entry in self.entries if entry.id}
        return self._by_id.get(identity)

    def sent(self, request: dict[str, Any], source: str, reserved: float = 0.0) -> Entry:
        """A request is on its way."""
        with self._lock:
            asked_again, seconds = self._pause
            if asked_again is not None and asked_again == request:
                self._waited(seconds * 1000)
            self._pause = (None, 0.0)
            entry = Entry(request, source, start_ms=self._now, reserved=reserved)
            self.entries.append(entry)
            self._mark(self._now)
        return entry

    def head(self, entry: Entry, status: int, ms: float, identity: str | None) -> None:
        """Status and headers are here."""
        with self._lock:
            entry.status, entry.head_ms = status, ms
            if identity:
                entry._facts["id"] = identity
                self._by_id[identity] = entry
            self._mark(entry.start_ms + ms)

    def event(self, entry: Entry, ms: float, text: str) -> None:
        """One stream event is handed to the reader."""
        with self._lock:
            entry.events.append((ms, text))
            self._mark(entry.start_ms + ms)

    def piece(self, entry: Entry, ms: float, number: int) -> None:
        """So many bytes of sound are handed to the reader."""
        with self._lock:
            entry.pieces.append((ms, number))
            self._mark(entry.start_ms + ms)

    def whole(self, request: dict[str, Any], response: dict[str, Any], source: str) -> Entry:
        """An exchange that was made elsewhere, and is over."""
        entry = self.sent(request, source)
        events = response.get("events") or []
        last = events[-1][0] if events else response.get("ms", 0)
        if "status" not in response:
            self.fail(entry, response.get("failure", ""), last)
            return entry
        self.head(entry, response["status"], last, (response.get("headers") or {}).get("x-generation-id"))
        for at, text in events:
            self.event(entry, at, text)
        self.end(entry, last, response.get("body"))
        return entry

    def end(self, entry: Entry, ms: float, body: Any = None) -> None:
        """Nothing more will come. `body`: the JSON of an answer that is not a stream."""
        with self._lock:
            if entry.end_ms is None:
                entry.end_ms, entry.body = ms, body
                self._mark(entry.start_ms + ms)
                self._learn_cost(body)

    def _learn_cost(self, body: Any) -> None:
        """An answer in bytes does not say what it cost: GET /generation does, and from then on its exchange knows."""
        record = body.get("data") if isinstance(body, dict) else None
        if not isinstance(record, dict) or "total_cost" not in record or not isinstance(record.get("id"), str):
            return
        found = self.find(record["id"])
        if found is not None and found.pieces:
            tokens = {
                name: record.get(f"tokens_{name.partition('_')[0]}") for name in ("prompt_tokens", "completion_tokens")
            }
            usage = {"cost": record["total_cost"], **{k: v for k, v in tokens.items() if v is not None}}
            found._take({"usage": usage, "provider": record.get("provider_name"), "model": record.get("model")})

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


def data_of(event: str) -> Any:
    """The JSON of an event's `data:` lines, or None. Streams of the Responses API have an `event:` line before them."""
    return parsed("\n".join(line[5:] for line in event.split("\n") if line.startswith("data:")))


def parsed(text: str | bytes) -> Any:
    """JSON, or None for what is not."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _next_tick() -> None:
    before = time.time_ns()
    while time.time_ns() == before:
        time.sleep(0)
