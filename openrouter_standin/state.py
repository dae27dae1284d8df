"""What the stand-in remembers between requests: a clock, an account, keys, sessions, caches, generations."""

from __future__ import annotations

import calendar
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from typing import Any

from . import errors, guardrails
from .batch import Batch
from .billing.ledger import Ledger, PastUsage, Sums
from .billing.prompt_cache import PromptCache
from .billing.spending import INTERVALS, Spending, window_of
from .endpoint import Endpoint
from .faults import Faults
from .ids import hash_of, iso, seconds_of
from .names import MANAGEMENT, kind_of_key
from .output.script import Script
from .recent import Recent
from .response_cache import ResponseCache
from .user import User
from .words.local_model import LocalModel

EPOCH = calendar.timegm((2026, 11, 22, 9, 0, 0))
"""The clock starts here every time, so that two runs give the same bytes."""
LONG = 10_000
"""Characters."""
STICKY_MS = 600_000
"""A session goes on where it was for ten minutes after its last request (docs, prompt caching, 2026-08)."""
MINUTE_MS, DAY_MS = 60_000, 86_400_000
SPANS = ("", *(f"_{interval}" for interval in INTERVALS))
OWN_KEY = "course key (stand-in)"
"""The label of the key that POST /keys did not make."""


@dataclass
class State:
    """Everything that one stand-in remembers. Use one for each test, or it remembers the one before.

    `script`: what is said to which prompt. `recorded_generation`: looks up the record of an answer that was made
    elsewhere, by its generation id. `credits`, `usage`, `limit`: US dollars of the account and of its key, whose limit is
    reset `limit_reset` (daily, weekly, monthly or None). With less than 10 dollars bought, 50 requests a day to free models. `paid`: whether the account ever bought credits. `presets`: by slug,
    each `{"config": {...}, "system_prompt": text or None}`. `clock_ms`:
    nominal milliseconds since `EPOCH`; it moves with the duration of each answer, never with the wall clock.
    `history`: earlier usage for GET /activity and POST /analytics/query, rows of `PastUsage` or dicts with its fields. It
    moves no money: `credits`, `usage` and what a key has left stay as they are. `local_model`: writes the words where the
    script has none. `user`: who presses Allow on the consent page.
    """

    script: Script = field(default_factory=Script)
    local_model: LocalModel | None = None
    recorded_generation: Callable[[str], dict[str, Any] | None] = lambda identity: None
    credits: float = 5.0
    usage: float = 0.0
    limit: float = 5.0
    limit_reset: str | None = "weekly"
    paid: bool = True
    clock_ms: int = 0
    history: InitVar[Sequence[PastUsage | Mapping[str, Any]]] = ()
    free_times: list[int] = field(default_factory=list)
    user: User = field(default_factory=User)
    users: dict[str, User] = field(default_factory=dict)
    """Who pays for keys that OAuth made, by id."""
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    keys_made: int = 0
    codes_made: int = 0
    guardrails: dict[str, dict[str, Any]] = field(default_factory=dict)
    guardrails_made: int = 0
    assignments: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Which guardrail a key has, by the hash of the key."""
    presets: dict[str, dict[str, Any]] = field(default_factory=dict)
    prompt_cache: PromptCache = field(default_factory=PromptCache)
    response_cache: ResponseCache = field(default_factory=ResponseCache)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    """Held while something is read and written again, never while an answer is made."""
    _spending: dict[str, Spending] = field(default_factory=dict)
    _asked: Recent[str, int] = field(default_factory=lambda: Recent(5000))
    _sessions: Recent[tuple[str, str], tuple[str, str, int]] = field(default_factory=lambda: Recent(1000))
    _generations: Recent[str, dict[str, Any]] = field(default_factory=lambda: Recent(1000))
    _videos: Recent[str, dict[str, Any]] = field(default_factory=lambda: Recent(1000))
    _codes: Recent[str, Any] = field(default_factory=lambda: Recent(1000))
    _batches: Recent[str, Batch] = field(default_factory=lambda: Recent(1000))
    _benchmark_times: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self, history: Sequence[PastUsage | Mapping[str, Any]]) -> None:
        self.ledger = Ledger()
        """What was used, as sums, for reports."""
        self.add_history(history)

    def add_history(self, history: Sequence[PastUsage | Mapping[str, Any]]) -> None:
        """Add earlier usage to the reports, as `State(history=…)` does. Raises `ValueError` for a row that cannot be."""
        self.ledger.add_past(history, self.named_key("session"))

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

    def named_key(self, key: str) -> tuple[str, str]:
        """Hash and name of a key, as reports of usage show them. `key`: as `app.answer` takes it."""
        made_here = self.keys.get(key)
        return (key, made_here["name"]) if made_here else (hash_of(key), OWN_KEY if key == "session" else key)

    def book(
        self, key: str, served: Endpoint, usage: Mapping[str, Any], user: Any = None, repeated: bool = False
    ) -> None:
        """Charge an answer, and add it to the sums of usage. `served`: the endpoint that gave it. `usage`: its usage object.
        `user`: the request's. `repeated`: whether the response cache gave it, which costs nothing."""
        if not repeated:
            self.charge(key, usage["cost"])
        if self.account_of(key) is not self:
            return  # the reports are those of this account
        self.ledger.record(self.now, served, self.named_key(key), user, Sums.of_usage(usage, repeated))

    def charge(self, key: str, cost: float) -> None:
        """Put a cost in US dollars on the account of the key, and on the key if it was made here."""
        with self.lock:
            self.account_of(key).usage += cost
            row = self.keys.get(key)
            if row is None and key != "session":
                return
            self._spending.setdefault(key, Spending()).add(cost, self.now)
            if row is not None:
                row |= {"usage": row["usage"] + cost, "last_used_at": iso(self.now)}
                self.refresh(key)

    def refresh(self, key: str) -> None:
        """Bring what a made key has spent in the running day, week and month up to the clock."""
        row = self.keys.get(key)
        if row is not None:
            row |= {f"usage_{interval}": self.spent_within(key, interval) for interval in INTERVALS}
            row["limit_remaining"] = left_of(row)

    def spent_within(self, key: str, interval: str | None) -> float:
        """US dollars that a key has spent in the running daily, weekly or monthly window; None: ever.

        All that the account spent counts for the session's key, until its first window is over.
        """
        made_here = self.keys.get(key)
        if interval is None:
            return made_here["usage"] if made_here else self.usage
        if not made_here and window_of(interval, self.now) == window_of(interval, EPOCH):
            return self.usage
        return self._spending.get(key, Spending()).within(interval, self.now)

    def account_of(self, key: str) -> State | User:
        """Whose money a key spends, with `credits`, `usage`, `paid` and `free_times`: this account's, or that of the user who
        let an app make it."""
        row = self.keys.get(key)
        return self.users.get(row.get("creator_user_id") or "", self) if row else self

    @property
    def own_keys(self) -> dict[str, dict[str, Any]]:
        """The made keys of this account, by hash: those that its management key sees."""
        return {digest: row for digest, row in self.keys.items() if self.account_of(digest) is self}

    def keep_oauth_code(self, code: Any, name: Callable[[int], str], user: User | None) -> str:
        """Keep a code that an app will exchange, and know the user who pays. `name`: the code, from a number of its own."""
        with self.lock:
            self.codes_made += 1
            text = name(self.codes_made)
            self._codes[text] = code
            if user:
                self.users[user.id] = user
        return text

    def oauth_code(self, text: str) -> Any:
        """The code with this text, or None."""
        return self._codes.get(text)

    def guardrail_of(self, key: str) -> dict[str, Any] | None:
        """The guardrail that is assigned to a key, if one is."""
        assigned = self.assignments.get(key)
        return self.guardrails[assigned["guardrail_id"]] if assigned else None

    def budgets_of(self, key: str) -> list[dict[str, Any]]:
        """Every layer of what a key may spend, in the order in which they are checked: its guardrail's, then its own limit."""
        layers, guardrail = [], self.guardrail_of(key)
        if guardrail and guardrail["limit_usd"] is not None:
            spent = self.spent_within(key, guardrail["reset_interval"])
            layers.append(guardrails.budget_of(guardrail, spent, self.now))
        limit, reset = self.limit_of(key)
        if limit is not None:
            layers.append(guardrails.budget("key_limit", limit, self.spent_within(key, reset), reset, self.now))
        return layers

    def limit_of(self, key: str) -> tuple[float | None, str | None]:
        """A key's own limit in US dollars (None: no limit), and when it is reset."""
        made_here = self.keys.get(key)
        return (made_here["limit"], made_here["limit_reset"]) if made_here else (self.limit, self.limit_reset)

    def adopt_key(self, row: dict[str, Any], secret: str = "") -> str:
        """Know a key from now on, also one that was made elsewhere. `row`: what POST /keys says of it. `secret`: the key
        itself, where it is known. Returns the key."""
        secret = secret or f"sk-or-v1-standin-{row['hash'][:8]}"
        self.keys[row["hash"]] = row
        self.secrets[secret] = row["hash"]
        return secret

    def forget_key(self, key: str) -> None:
        """A made key is deleted, with its guardrail's assignment. Its usage stays in the reports."""
        del self.keys[key]
        self._spending.pop(key, None)
        self.assignments.pop(key, None)

    def meet(self, faults: Faults) -> Faults:
        """The faults of the next request: the time that they let pass has passed. Raises what hits it before it is read."""
        met = faults.for_next_request()
        self.advance(met.later * 1000)
        met.refuse()
        return met

    def advance(self, ms: int) -> None:
        """Move the clock on."""
        with self.lock:
            self.clock_ms += ms

    def check_key(self, key: str) -> None:
        """Raise 403 when the budget of the key's guardrail or its own limit is spent."""
        for layer in self.budgets_of(key):
            if layer["remaining_usd"] > 0:
                continue
            if layer["guardrail_id"]:
                raise guardrails.budget_spent(layer)
            raise errors.key_limit(layer["reset_interval"])

    def is_good(self, key: str) -> bool:
        """Whether a key was made here, is not disabled and has not expired."""
        made_here = self.keys.get(key)
        if made_here is None or made_here["disabled"]:
            return False
        until = made_here["expires_at"]
        return until is None or (seconds_of(until) or 0) > self.now

    def key_budget(self, key: str) -> tuple[float | None, str | None]:
        """US dollars that a key may still spend (None: no limit), and when its limit is reset."""
        limit, reset = self.limit_of(key)
        return (None if limit is None else max(0.0, limit - self.spent_within(key, reset))), reset

    def count_free_request(self, used_up: str | None, key: str = "session") -> None:
        """Count a request to a free model, or raise 429: 20 a minute, 50 a day. `used_up`: a limit that is gone anyway."""
        with self.lock:
            now, times = self.clock_ms, self.account_of(key).free_times
            times[:] = [t for t in times if now - t < DAY_MS]
            in_a_minute = sum(now - t < MINUTE_MS for t in times)
            used_up = used_up or ("per-day" if len(times) >= errors.FREE_A_DAY else None)
            used_up = used_up or ("per-min" if in_a_minute >= errors.FREE_A_MINUTE else None)
            if not used_up:
                times.append(now)
                return
        self.advance(20_000)  # a client that asks again at once has waited, on the stand-in's clock
        raise errors.free_limit(used_up, self.now * 1000)

    def count_benchmark_request(self, key: str, per_minute: int, per_day: int) -> None:
        """Count a request to /benchmarks, or raise 429: so many a minute and key, so many a day."""
        with self.lock:
            now = self.clock_ms
            recent = [(at, asker) for at, asker in self._benchmark_times if now - at < DAY_MS]
            in_a_minute = sum(asker == key and now - at < MINUTE_MS for at, asker in recent)
            full = in_a_minute >= per_minute or len(recent) >= per_day
            self._benchmark_times = recent if full else [*recent, (now, key)]
        if full:
            self.advance(20_000)  # a client that asks again at once has waited, on the stand-in's clock
            raise errors.refusal(429, "Rate limit exceeded", user=False)

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

    def keep_batch(self, batch: Batch) -> None:
        """Keep a job of the Batch API."""
        with self.lock:
            self._batches[batch.id] = batch

    def batch(self, identity: str) -> Batch | None:
        """The batch with this id, or None."""
        return self._batches.get(identity)

    def batches(self) -> list[Batch]:
        """Every batch, oldest first."""
        with self.lock:
            return list(self._batches.values())

    def forget_batch(self, identity: str) -> None:
        """A batch is deleted. What it cost stays charged."""
        with self.lock:
            self._batches.pop(identity, None)

    def take_due_batches(self) -> list[Batch]:
        """The batches whose lines are to be run now; each is given out once."""
        with self.lock:
            due = [b for b in self._batches.values() if not (b.taken or b.problem) and b.due_ms <= self.clock_ms]
            for batch in due:
                batch.taken = True
        return due

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


def spent_of(key: Mapping[str, Any]) -> float:
    """US dollars that a made key has spent since its limit was last reset; ever, where it never is."""
    return key[f"usage_{key['limit_reset']}"] if key["limit_reset"] else key["usage"]


def left_of(key: Mapping[str, Any]) -> float | None:
    """US dollars that a made key may still spend until its limit is reset; None without a limit."""
    return None if key["limit"] is None else max(0.0, key["limit"] - spent_of(key))
