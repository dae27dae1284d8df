"""One lesson in one kernel: which mode, which key, the banner, the notice under a cell, and what is written at the end."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from . import recording, standin
from .log import Entry, Log
from .recording import NotRecorded, Recording, Request, Response, Tape
from .scrub import FAKE_KEY, Scrubber, secrets_around
from .settings import (
    KEY,
    QUIET,
    SettingError,
    Variables,
    check_packages,
    mode_of,
    number_of,
    origin_of,
    others_of,
    read_dotenv,
    real_key,
    setting,
)
from .transport import LOOPBACK, Patch

OURS = ("openrouter.ai", "eu.openrouter.ai", "us.openrouter.ai", "api.openai.com")
STANDIN_DATE = "2026-11-22"
"""Recordings from the stand-in carry this date, so that two of them are the same bytes."""

RECORDED, STANDIN_NOW, WEATHER, LIVE = "recorded", "stand-in, not recorded", "stand-in, fault on demand", "live"


class BudgetSpent(BaseException):
    """The budget of this kernel is spent. A BaseException on purpose: an SDK would retry anything else."""


class Session:
    """Everything that is on between `start` and `stop`. It is the transport's source of answers."""

    def __init__(self, lesson: str, hosts: Sequence[str] = ()) -> None:
        dotenv = read_dotenv()
        self.lesson = lesson
        self.hosts = (*OURS, *([hosts] if isinstance(hosts, str) else hosts))
        self.log = Log()
        self.weather: standin.Weather | None = None
        self.unrecorded = 0
        self._served_by_standin = False
        real = real_key(dotenv)
        self.mode = mode_of(setting("COOKBOOK_MODE", dotenv) or ("live" if real else "replay"))
        self._speed = 0.0 if self.mode == "ci" else number_of("COOKBOOK_SPEED", dotenv, 1.0)
        self.budget = number_of("COOKBOOK_BUDGET_USD", dotenv, 0.50)
        self.origin = (
            origin_of(setting("COOKBOOK_RECORD_FROM", dotenv) or "openrouter") if self.mode == "record" else ""
        )
        self._networked = self.mode == "live" or self.origin not in ("", "standin")
        self.key = self._choose_key(real)
        self._ours = {self.key} if self._networked else {self.key, real, FAKE_KEY}
        self.scrubber = Scrubber({*secrets_around(dotenv), real or ""})
        self.path = recording.FOLDER / f"{lesson}.json"
        self.recording = Recording.load(self.path) if self.mode in ("replay", "ci") and self.path.exists() else None
        exchanges = self.recording.exchanges if self.recording else ()
        self._tape = Tape(exchanges)
        self.world, self._lock = standin.World(recorded=exchanges), threading.Lock()
        self._kept: list[dict[str, Any]] = []
        self._variables = Variables({**(others_of(dotenv) if self._networked else QUIET), KEY: self.key})
        self._patch = Patch(self)

    def _choose_key(self, real: str | None) -> str:
        if not self._networked:
            return FAKE_KEY
        if real:
            return real
        if self.mode == "live" or self.origin == "openrouter":
            raise SettingError(
                f"COOKBOOK_MODE={self.mode} needs a key: make one at https://openrouter.ai/settings/keys and put {KEY}=… into .env"
            )
        return FAKE_KEY

    def close(self) -> None:
        """Undo everything; in record mode write the recording."""
        self._patch.undo()
        try:
            if self.mode == "record":
                self._save()
        finally:
            self._variables.put_back()

    def _save(self) -> None:
        import openai

        exchanges = recording.without_repeats(e for e in self._kept if "response" in e)
        if not exchanges:
            print(f"{self.lesson}: no request was made, so {self.path.name} stays as it is.")
            return
        offline = self.origin == "standin" or self._served_by_standin
        Recording(
            lesson=self.lesson,
            source="standin"
            if offline
            else {"openrouter": "openrouter.ai"}.get(self.origin) or str(urlsplit(self.origin).hostname),
            recorded=STANDIN_DATE if offline else date.today().isoformat(),
            sdk=f"openai {openai.__version__}",
            exchanges=exchanges,
        ).save(self.path)

    # --- what the transport asks ---

    @property
    def speed(self) -> float:
        """How fast recordings play: 1 as recorded, 0 without waiting. A widget may ask for its own pace, except in ci."""
        asked = _pace.get()
        return self._speed if asked is None or self.mode == "ci" else asked

    def route(self, host: str) -> str:
        """Ours, pass (through to the network) or refuse."""
        if host in self.hosts:
            return "ours"
        return "pass" if self._networked or host in LOOPBACK else "refuse"

    def key_of(self, authorization: str | None) -> str:
        """Which key a request carries: the session's, another, or none."""
        token = (authorization or "").removeprefix("Bearer").strip()
        if token in self._ours and token:
            return "session"
        if self._networked:
            return "other" if token else "none"
        return self.world.secrets.get(
            token, "management" if token.startswith(standin.MANAGEMENT) else "other" if token else "none"
        )

    def clean(self, value: Any) -> Any:
        """Text or JSON without secrets."""
        return self.scrubber.value(value)

    def clean_events(self, events: list[list[Any]]) -> list[list[Any]]:
        """Stream events without secrets, also those split over two of them."""
        return self.scrubber.events(events)

    def address(self) -> dict[str, Any]:
        """Where requests go instead, when COOKBOOK_RECORD_FROM is a URL."""
        if "://" not in self.origin:
            return {}
        parts = urlsplit(self.origin)
        return {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port}

    def offline(self, request: Request) -> tuple[Response, str] | None:
        """The answer and where it comes from, or None for the network. Raises `NotRecorded` (ci) and `BudgetSpent`."""
        if self.weather:
            return self._ask_standin(request, self.weather), WEATHER
        if self._networked:
            self._check_budget()
            return None
        if self.mode == "record":
            answer = self._ask_standin(request)
            self._kept.append({"request": request, "response": _storable(answer, self.scrubber)})
            return answer, RECORDED
        found = self._tape.find(request)
        if found:
            return found, RECORDED
        if self.mode == "ci":
            raise NotRecorded(self._tape.explain(request))
        if not _labelled.get():
            self.unrecorded += 1
            if _ipython() is None:
                print(NOTICE.format(n="1 request was"), file=sys.stderr)
        return self._ask_standin(request), STANDIN_NOW

    def _ask_standin(self, request: Request, weather: standin.Weather | None = None) -> Response:
        """One request at a time: the world it changes is one."""
        with self._lock:
            self.world.weather = weather
            return standin.answer(request, self.world)

    def keep(self, request: Request, entry: Entry) -> Callable[[Response], None] | None:
        """In record mode a place for the answer, in the order of sending. Live: nothing is kept."""
        entry.source = LIVE
        if self.mode != "record":
            return None
        place: dict[str, Any] = {"request": request}
        self._kept.append(place)

        def put(answer: Response) -> None:
            if str((answer.get("headers") or {}).get("server", "")).startswith(standin.NAME):
                self._served_by_standin = True
            place["response"] = _storable(answer, self.scrubber)

        return put

    def _check_budget(self) -> None:
        live = [e for e in self.log.entries if e.source == LIVE]
        # a stream that was left early says no cost, but may have one
        left = sum(e.usage is None and _asks_for_a_stream(e.request.get("body")) for e in live)
        spent = sum(e.cost for e in live) + left * LEFT_EARLY
        if spent >= self.budget:
            raise BudgetSpent(
                f"This kernel has spent about ${spent:.4f} of its ${self.budget:.2f}: the request was not sent. Raise COOKBOOK_BUDGET_USD and restart the kernel to go on."
            )

    # --- what the reader sees ---

    def banner(self) -> str:
        """Mode, source and date of the recording, how to go live. Equal in replay and ci."""
        if self.mode == "live":
            return f"{self.lesson}: live. Requests go to openrouter.ai and are charged to your key; this kernel stops at ${self.budget:.2f}."
        if self.mode == "record":
            where = self.origin if "://" not in self.origin else urlsplit(self.origin).hostname
            return f"{self.lesson}: recording from {where}; written by helpers.stop()."
        if self.recording is None:
            return f"{self.lesson}: no recording; every answer comes from the offline stand-in, and no model writes it."
        n, r = len(self.recording.exchanges), self.recording
        return f"{self.lesson}: replaying {n} recorded answers (source: {r.source}, {r.recorded}).\nNo key, no network, no cost. To go live, put {KEY} into .env and restart the kernel."

    def source_name(self, entry: Entry | None) -> str:
        """The source of one answer, as receipts and tables print it."""
        if entry is None:
            return "unknown"
        if entry.source == RECORDED:
            return f"recorded ({self.recording.source if self.recording else self.origin})"
        return entry.source

    def invented(self, entry: Entry | None) -> bool:
        """Whether words, times and token counts come from the stand-in."""
        if entry is None or entry.source == LIVE:
            return False
        return entry.source != RECORDED or (self.recording.source if self.recording else self.origin) == "standin"


def _asks_for_a_stream(body: Any) -> bool:
    return isinstance(body, dict) and body.get("stream") is True


LEFT_EARLY = 0.001
"""US dollars that a stream without a known cost counts towards the budget."""
NOTICE = "Not recorded: {n} answered by the offline stand-in. Routing, cost and errors follow the documented service; no model wrote the words."

_session: Session | None = None
_hooked = False


def start(lesson: str, hosts: Sequence[str] = (), needs: Sequence[str] = ()) -> None:
    """Begin a lesson: find the key, choose the mode, put the replay under the SDK, print one line.

    `lesson`: the notebook's name, such as "03-routing-options". `hosts`: further hosts whose answers are recorded.
    `needs`: packages beyond the course's own, such as "openai-agents". Starting twice is harmless. Raises `SettingError`
    (also for a missing package) and `RecordingError`, each with one sentence.
    """
    global _session
    shell = _ipython()
    if shell is not None:
        _hook(shell)  # first of all: what is raised below is one sentence too
    stop()
    check_packages(lesson, needs)
    _session = Session(lesson, hosts)
    print(_session.banner())


def stop() -> None:
    """End the lesson: undo the patch, close what is open, write the recording in record mode. Twice is harmless."""
    global _session
    if _session is not None:
        ended, _session = _session, None
        ended.close()


class NotStarted(RuntimeError):
    """A helper was asked before `start`."""


def current() -> Session:
    """The running session. Raises `NotStarted` before `start`."""
    if _session is None:
        raise NotStarted(
            'The course is not started: run helpers.start("00-start-here") with the name of your notebook first.'
        )
    return _session


@contextmanager
def weather(**faults: Any) -> Iterator[standin.Weather]:
    """Bad weather on demand: inside the block every request is answered by the stand-in, in every mode.

    Takes the fields of `helpers.standin.Weather`, such as `down=["together"]`, `credits=0` or `break_after=20`.
    """
    session = current()
    before, session.weather = session.weather, standin.Weather(**faults)
    try:
        yield session.weather
    finally:
        session.weather = before


_labelled: ContextVar[bool] = ContextVar("labelled", default=False)
_pace: ContextVar[float | None] = ContextVar("pace", default=None)


@contextmanager
def labelled(speed: float | None = None) -> Iterator[None]:
    """For a widget, which prints the source of its answers itself: the notice under a cell does not count them.

    `speed`: how fast they play. Both hold for the requests of this block, not for other tasks and threads.
    """
    tokens = _labelled.set(True), _pace.set(speed)
    try:
        yield
    finally:
        _labelled.reset(tokens[0])
        _pace.reset(tokens[1])


def _storable(answer: Response, scrubber: Scrubber) -> Response:
    """An answer as it may be stored: allowed headers only, no secrets."""
    kept = dict(answer)
    if "headers" in kept:
        kept["headers"] = {
            k.lower(): v for k, v in kept["headers"].items() if recording.KEPT_HEADERS.fullmatch(k.lower())
        }
    if "events" in kept:
        return {
            **scrubber.value({k: v for k, v in kept.items() if k != "events"}),
            "events": scrubber.events(kept["events"]),
        }
    return scrubber.value(kept)


def _hook(shell: Any) -> None:
    """Short tracebacks, and one line under a cell whose answer was not recorded."""
    global _hooked
    shell.InteractiveTB.set_mode("Minimal")
    if not _hooked:
        shell.events.register("post_run_cell", lambda result: _notice())
        _hooked = True


def _notice() -> None:
    if _session is not None and _session.unrecorded:
        n, _session.unrecorded = _session.unrecorded, 0
        print(NOTICE.format(n="1 request in this cell was" if n == 1 else f"{n} requests in this cell were"))


def _ipython() -> Any:
    """The running IPython shell, without importing IPython into a script."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None
