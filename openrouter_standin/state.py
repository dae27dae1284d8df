"""What the stand-in remembers between requests: a clock, an account, keys, sessions, caches, generations."""

from __future__ import annotations

import calendar
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import errors
from .billing.prompt_cache import PromptCache
from .ids import hash_of, iso, seconds_of
from .names import MANAGEMENT, kind_of_key
from .output.script import Script
from .recent import Recent
from .response_cache import ResponseCache

EPOCH = calendar.timegm((2026, 11, 22, 9, 0, 0))
"""The clock starts here every time, so that two runs give the same bytes."""
LONG = 10_000
"""Characters."""
STICKY_MS = 600_000
"""A session goes on where it was for ten minutes after its last request (docs, prompt caching, 2026-08)."""
MINUTE_MS, DAY_MS = 60_000, 86_400_000
SPANS = ("", "_daily", "_weekly", "_monthly")


@dataclass
class State:
    """Everything that one stand-in remembers. Use one for each test, or it remembers the one before.

    `script`: what is said to which prompt. `recorded_generation`: looks up the record of an answer that was made
    elsewhere, by its generation id. `credits`, `usage`, `limit`: US dollars of the account and of its key, whose limit is
    reset `limit_reset` (daily, weekly, monthly or None). `paid`: whether the account ever bought credits. `presets`: by slug,
    each `{"config": {...}, "system_prompt": text or None}`. `clock_ms`:
    nominal milliseconds since `EPOCH`; it moves with the duration of each answer, never with the wall clock.
    """

    script: Script = field(default_factory=Script)
    recorded_generation: Callable[[str], dict[str, Any] | None] = lambda identity: None
    credits: float = 10.0
    usage: float = 0.0
    limit: float = 5.0
    limit_reset: str | None = "weekly"
    paid: bool = True
    clock_ms: int = 0
    free_times: list[int] = field(default_factory=list)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    keys_made: int = 0
    presets: dict[str, dict[str, Any]] = field(default_factory=dict)
    prompt_cache: PromptCache = field(default_factory=PromptCache)
    response_cache: ResponseCache = field(default_factory=ResponseCache)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    """Held while something is read and written again, never while an answer is made."""
    _asked: Recent[str, int] = field(default_factory=lambda: Recent(5000))
    _sessions: Recent[tuple[str, str], tuple[str, str, int]] = field(default_factory=lambda: Recent(1000))
    _generations: Recent[str, dict[str, Any]] = field(default_factory=lambda: Recent(1000))
    _videos: Recent[str, dict[str, Any]] = field(default_factory=lambda: Recent(1000))

    @property
    def now(self) -> int:
        """Unix seconds on the stand-in's clock."""
        return EPOCH + self.clock_ms // 1000

    def seed_of(self, path: str, body: Any) -> str:
        """A text that is another one each time the very same request comes. Raises `ApiError` for what is not JSON."""
        try:
            fingerprint = json.dumps([path, body], sort_keys=True, allow_nan=False)
        except (
            ValueError,
            TypeError,
        ):  # NaN, a set: nothing that can come over HTTP, but a caller in process may have it
            raise errors.not_json() from None
        digest = hash_of(fingerprint)
        with self.lock:
            seen = self._asked.get(digest, 0)
            self._asked[digest] = seen + 1
        # a long request is its hash from here on: what is drawn hashes the seed again for each choice
        return f"{fingerprint if len(fingerprint) < LONG else digest}#{seen}"

    def owner_of(self, token: str, *accepted: str | None) -> str:
        """Whose key a token is, as `app.answer` takes it. A key that POST /keys made is its hash, also when it was deleted
        since. `accepted`: the tokens of the session's own key; None: any key is."""
        if token in self.secrets:
            return self.secrets[token]
        if token.startswith(MANAGEMENT):
            return "management"
        return kind_of_key(token, *accepted)

    def charge(self, key: str, cost: float) -> None:
        """Put a cost in US dollars on the account, and on the key that made the request if POST /keys made it."""
        with self.lock:
            self.usage += cost
            row = self.keys.get(key)
            if row is not None:
                row |= {f"usage{span}": row[f"usage{span}"] + cost for span in SPANS}
                row |= {"limit_remaining": left_of(row), "last_used_at": iso(self.now)}

    def advance(self, ms: int) -> None:
        """Move the clock on."""
        with self.lock:
            self.clock_ms += ms

    def check_key(self, key: str) -> None:
        """Raise 403 when the key has spent its limit."""
        left, reset = self.key_budget(key)
        if left == 0:
            raise errors.key_limit(reset)

    def is_good(self, key: str) -> bool:
        """Whether a key was made here, is not disabled and has not expired."""
        made_here = self.keys.get(key)
        if made_here is None or made_here["disabled"]:
            return False
        until = made_here["expires_at"]
        return until is None or (seconds_of(until) or 0) > self.now

    def key_budget(self, key: str) -> tuple[float | None, str | None]:
        """US dollars that a key may still spend (None: no limit), and when its limit is reset."""
        made_here = self.keys.get(key)
        if made_here:
            return made_here["limit_remaining"], made_here["limit_reset"]
        return max(0.0, self.limit - self.usage), self.limit_reset

    def count_free_request(self, used_up: str | None) -> None:
        """Count a request to a free model, or raise 429: 20 a minute, 50 a day. `used_up`: a limit that is gone anyway."""
        with self.lock:
            now = self.clock_ms
            self.free_times = [t for t in self.free_times if now - t < DAY_MS]
            in_a_minute = sum(now - t < MINUTE_MS for t in self.free_times)
            used_up = used_up or ("per-day" if len(self.free_times) >= errors.FREE_A_DAY else None)
            used_up = used_up or ("per-min" if in_a_minute >= errors.FREE_A_MINUTE else None)
            if not used_up:
                self.free_times.append(now)
                return
        self.advance(20_000)  # a client that asks again at once has waited, on the stand-in's clock
        raise errors.free_limit(used_up, self.now * 1000)

    def stick(self, session: tuple[str, str], tag: str, model: str) -> None:
        """The next request of this session goes first to this endpoint (sticky routing)."""
        self._sessions[session] = (tag, model, self.clock_ms + STICKY_MS)

    def stuck_to(self, session: tuple[str, str]) -> tuple[str, str] | None:
        """`(tag, model)` that served this session within the last ten minutes, or None."""
        tag, model, until = self._sessions.get(session, ("", "", 0))
        return (tag, model) if until > self.clock_ms else None

    def remember(self, record: dict[str, Any]) -> None:
        """Keep the record of a generation for GET /generation."""
        self._generations[record["id"]] = record

    def generation(self, identity: str) -> dict[str, Any] | None:
        """The record of a generation, made here or recorded elsewhere."""
        return self._generations.get(identity) or self.recorded_generation(identity)

    def keep_video(self, job: dict[str, Any]) -> None:
        """Keep a job of POST /videos."""
        self._videos[job["id"]] = job

    def video(self, identity: str) -> dict[str, Any] | None:
        """The job with this id, or None."""
        return self._videos.get(identity)

    def look_at_video(self, job: dict[str, Any]) -> int:
        """Count one more look at a job; how many there were with this one."""
        with self.lock:
            job["looks"] += 1
            return job["looks"]


def left_of(key: Mapping[str, Any]) -> float | None:
    """US dollars that a made key may still spend; None without a limit."""
    return None if key["limit"] is None else max(0.0, key["limit"] - key["usage"])
