"""One lesson in one kernel: which mode, which key, where each answer comes from, and what is written at the end."""

from __future__ import annotations

import atexit
import base64
import contextlib
import os
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from openrouter_standin import Faults, State, answer
from openrouter_standin.api.generation import recorded_generation
from openrouter_standin.fault_blocks import FaultBlocks
from openrouter_standin.names import LOOPBACK, NAME
from openrouter_standin.output.script import Script
from openrouter_standin.recent import Recent

from . import budget, local_server, notebook, settings
from .made_keys import MadeKeys, made_key
from .replay import forms, matching, recording
from .replay.clock import Clock
from .replay.log import Entry, Log
from .replay.matching import Cassette, NotRecorded
from .replay.patch import Patch
from .replay.recording import Recording, Request, Response
from .replay.scrub import FAKE_KEY, Scrubber, secrets_around
from .settings import KEY, SettingError

OURS = ("openrouter.ai", "eu.openrouter.ai", "us.openrouter.ai", "api.openai.com")
STANDIN_DATE = "2026-11-22"
"""Recordings from the stand-in carry this date, so that two of them are the same bytes."""
SCRIPTS = Path(__file__).parent / "scripts"
FILES = Path(__file__).parent / "lesson_files"
UNSCRIPTED = (
    "No model wrote this.\n"
    "You are offline and this request was not recorded, so the stand-in answers with fixed words. "
    "Everything around them (provider, tokens, cost, errors) follows the documented service."
)
NEVER_SENT = ("ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError")
"""Failures before a request could leave."""
RECORDED, STANDIN_NOW, FAULT, LIVE = "recorded", "stand-in, not recorded", "stand-in, fault on demand", "live"
LOCAL = "a server on this machine"


class NotStarted(RuntimeError):
    """A helper was asked before `start`."""


class Server(Protocol):
    """What a lesson starts beside itself."""

    running: bool

    def stop(self) -> None: ...


class Session:
    """Everything that is on between `start` and `stop`. The layer under the SDK asks it for answers."""

    def __init__(self, lesson: str, hosts: Sequence[str] = ()) -> None:
        dotenv = settings.read_dotenv()
        self.lesson = lesson
        self.hosts = (*OURS, *([hosts] if isinstance(hosts, str) else hosts))
        self.log, self.clock, self.fault_blocks = Log(), Clock(), FaultBlocks()
        self._served_by_standin, self._own_authorization = False, None
        asked = settings.setting("COOKBOOK_MODE", dotenv)
        real = settings.real_key(dotenv, needed=asked not in ("replay", "ci"))
        self.mode = settings.mode_of(asked or ("live" if real else "replay"))
        self._speed = 0.0 if self.mode == "ci" else settings.number_of("COOKBOOK_SPEED", dotenv, 1.0)
        self.starts_systems = self.mode != "ci" and settings.starts_systems(dotenv)
        self.budget = settings.number_of("COOKBOOK_BUDGET_USD", dotenv, 0.50)
        self.origin = (
            settings.origin_of(settings.setting("COOKBOOK_RECORD_FROM", dotenv) or "openrouter")
            if self.mode == "record"
            else ""
        )
        self._networked = self.mode == "live" or self.origin not in ("", "standin")
        self.key = self._choose_key(real)
        self._accepted = {self.key} if self._networked else {self.key, real or self.key, FAKE_KEY}
        self.scrubber = Scrubber({*secrets_around(dotenv), real or ""})
        self.path = recording.FOLDER / f"{lesson}.json"
        self.recording = Recording.load(self.path) if self.mode in ("replay", "ci") and self.path.exists() else None
        exchanges = self.recording.exchanges if self.recording else []
        self._cassette = Cassette(exchanges)
        self.hosts = tuple({*self.hosts, *(e["request"].get("host", OURS[0]) for e in exchanges)})
        self.local_hosts = tuple(host for host in self.hosts if host in LOOPBACK)
        """Hosts of this machine whose answers a lesson records: those of a local server, which cost nothing."""
        self.local_model = settings.local_model(dotenv) if self.mode == "replay" else None
        self.state = State(
            script=Script(unscripted=UNSCRIPTED) if self.local_model else _script_of(lesson),
            local_model=self.local_model,
            history=_history_of(lesson),
            keys_made=sum(
                made_key(e["response"]) is not None for e in exchanges
            ),  # else a new one has a recorded one's hash
            recorded_generation=lambda identity: recorded_generation(identity, exchanges),
        )
        self._made_keys = MadeKeys(
            self.state, exchanges, exact=bool(self.recording and self.recording.source == "standin")
        )
        self._local_state = State(script=self.state.script, local_model=self.local_model)  # no account pays for it
        self._kept: list[dict[str, Any]] = []
        self._files: Recent[str, bytes] = Recent(8)
        """Files that were sent, by digest, for the stand-in."""
        self._servers: dict[str, Server] = {}
        self.local_name = ""
        """What the server of this machine is called in a recording, where its answers do not say."""
        words = {settings.WORDS: self.local_model.url} if self.local_model else {}  # a cell may ask whether it is there
        self._variables = settings.Variables(
            {**(settings.others_of(dotenv) if self._networked else settings.OFFLINE), KEY: self.key, **words}
        )
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
        """Undo everything; in record mode write the recording. Raises `RecordingError` when it cannot be written; then
        another `close` tries again."""
        self.stop_servers()
        self._patch.undo()
        self._variables.put_back()
        if self.mode == "record":
            self._save()

    def _save(self) -> None:
        import openai

        for secret in secrets_around({}):
            self.scrubber.learn(secret)  # also of variables that were set meanwhile
        kept = [e for e in self._kept if "response" in e]
        if not kept:
            print(f"{self.lesson}: no request was made, so {self.path.name} stays as it is.")
            return
        offline = self.origin == "standin" or self._served_by_standin
        same_again = offline and not any("source" in e["response"] for e in kept)
        Recording(
            lesson=self.lesson,
            source="standin" if offline else self._origin_name(),
            recorded=STANDIN_DATE if same_again else date.today().isoformat(),
            sdk=f"openai {openai.__version__}",
            exchanges=matching.without_repeats(_storable(e, self.scrubber) for e in kept),
        ).save(self.path)

    def stop_servers(self) -> None:
        """End every server that the lesson started."""
        while self._servers:
            self._servers.popitem()[1].stop()

    def recorded_run(self, asked: Request) -> dict[str, Any] | None:
        """What a program of another environment printed and sent when the lesson was recorded. Raises `NotRecorded` (ci)."""
        if self.mode == "record":
            return None
        found = self._cassette.find(asked)
        if found is None and self.mode == "ci":
            raise NotRecorded(self._cassette.explain(asked))
        return found["body"] if found else None

    def keep_run(self, asked: Request, told: dict[str, Any]) -> None:
        """Record what a program of another environment printed and sent, in record mode."""
        if self.mode == "record":
            self._kept.append({"request": asked, "response": {"status": 200, "ms": 0, "body": told}})

    def server(self, name: str, start: Callable[[], Server]) -> Server:
        """The server of this name that the lesson started; a cell that runs twice does not start two. It ends with the
        lesson."""
        if name not in self._servers or not self._servers[name].running:
            self._servers[name] = start()
        return self._servers[name]

    def runs_here(self, host: str, name: str) -> None:
        """A server of this machine runs: from now on it is asked itself, and nothing of it is replayed; in record mode its
        answers are recorded under this name."""
        self.local_name = name
        if self.mode == "record":
            return
        self.hosts = tuple(known for known in self.hosts if known != host)
        self.local_hosts = tuple(known for known in self.local_hosts if known != host)

    def learn(self, secret: str) -> None:
        """A value that was sent as a secret: it is kept out of everything from now on."""
        self.scrubber.learn(secret)

    def attach(self, digest: str, data: bytes) -> None:
        """A file that a request holds: the recording keeps its digest, the stand-in reads its bytes."""
        self._files[digest] = data

    def _ask_standin(self, request: Request, faults: Faults | None = None) -> Response:
        return answer(forms.with_files(request, self._files), self.state, faults)

    def _origin_name(self) -> str:
        return "openrouter.ai" if self.origin == "openrouter" else str(urlsplit(self.origin).hostname)

    # --- what the layer under the SDK asks ---

    @property
    def speed(self) -> float:
        """How fast recordings play: 1 as recorded, 0 without waiting. A widget may ask for its own pace, except in ci."""
        asked = notebook.pace()
        return self._speed if asked is None or self.mode == "ci" else asked

    def reach(self, host: str) -> str:
        """Ours, pass (through to the network) or refuse. A dot at the end of a name changes nothing."""
        if host.rstrip(".") in self.hosts:
            return "ours"
        return "pass" if self._networked or host in LOOPBACK else "refuse"

    def key_of(self, authorization: str | None) -> str:
        """Which key a request carries: the session's, another, or none; offline also one that POST /keys made."""
        if authorization and authorization == self._own_authorization:
            return "session"  # nearly every request has it, and it is known already
        token = (authorization or "").removeprefix("Bearer").strip()
        for secret in _told_by(token):
            self.scrubber.learn(secret)
        if token and token == os.environ.get(settings.MANAGEMENT_KEY):
            return "management"
        found = self.state.owner_of(token, *self._accepted)
        if found == "session":
            self._own_authorization = authorization
        return found

    def clean(self, value: Any) -> Any:
        """Text or JSON without secrets."""
        return self.scrubber.value(value)

    def address(self, host: str) -> dict[str, Any]:
        """Where requests to a host go instead, when COOKBOOK_RECORD_FROM is a URL; those to this machine go there."""
        if "://" not in self.origin or host in self.local_hosts:
            return {}
        parts = urlsplit(self.origin)
        return {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port}

    def offline(self, request: Request) -> tuple[Response, str] | None:
        """The answer and where it comes from, or None for the network. Raises `NotRecorded` (ci)."""
        local = request.get("host") in self.local_hosts
        faults = None if local else self.fault_blocks.current()
        if faults:
            return self._ask_standin(self.clean(request), faults), FAULT
        if self._networked or (local and self.mode == "record"):
            return None
        if self.mode == "record":
            made = self._ask_standin(self.clean(request))
            self._made_keys.note(request, made)
            self._kept.append({"request": request, "response": made})
            return made, RECORDED
        found = self._find(request)  # what is recorded holds no secret, so only a miss needs to be cleaned
        if found is None:
            request = self.clean(request)
            found = self._find(request)
        if found is not None:
            return self._made_keys.follow(request, found), RECORDED
        if self.mode == "ci":
            raise NotRecorded(self._cassette.explain(request))
        made = local_server.answer(request, self._local_state) if local else self._ask_standin(request)
        live = made.get("live")
        notebook.count_unrecorded(live.written_by if live else None)
        return made, STANDIN_NOW

    def _find(self, request: Request) -> Response | None:
        """The next recorded answer that is true of the keys that there are now."""
        return self._cassette.find(request, lambda recorded: not self._made_keys.is_outdated(request, recorded))

    def listen(self, request: Request) -> tuple[Entry, Callable[[Response], None]]:
        """A request goes to the network: its place in the log, and where its answer goes in record mode.

        Raises `BudgetSpent` instead.
        """
        local = request.get("host") in self.local_hosts
        entry = self.log.sent(request, LIVE, 0.0 if local else budget.KERNEL.reserve(request, self.budget))
        if local:
            entry.source = LOCAL
        place: dict[str, Any] = {"request": request}
        if self.mode == "record":
            self._kept.append(place)  # in the order of sending

        def keep(response: Response) -> None:
            place["response"] = response | (
                {"source": self.local_name or local_server.name_of(request, response)} if local else {}
            )
            self._made_keys.note(request, response)
            if str((response.get("headers") or {}).get("server", "")).startswith(NAME):
                self._served_by_standin = True

        return entry, keep

    def settle(self, entry: Entry) -> None:
        """The answer is here, or will not come: count what it cost. A refusal and a line that never stood cost nothing."""
        free = (
            entry.source == LOCAL
            or (entry.status or 0) >= 400
            or (entry.failure in NEVER_SENT and entry.status is None)
        )
        cost = 0.0 if free and entry.known_cost is None else entry.known_cost
        budget.KERNEL.settle(entry.reserved, cost)

    def warn(self, sentence: str) -> None:
        """One line under the cell."""
        print(sentence, file=sys.stderr)

    # --- what the reader sees ---

    def banner(self) -> str:
        """Mode, source and date of the recording, how to go live. Equal in replay and ci."""
        if self.mode == "live":
            return f"{self.lesson}: live. Requests go to openrouter.ai and are charged to your key; this kernel stops at ${self.budget:.2f}."
        if self.mode == "record":
            where = self.origin if "://" not in self.origin else urlsplit(self.origin).hostname
            return f"{self.lesson}: recording from {where}; written by helpers.stop()."
        return self._replay_banner() + self._words_banner()

    def _words_banner(self) -> str:
        if self.local_model is None:
            return ""
        return f"\nWhat was not recorded gets its words from the model at {self.local_model.url} (COOKBOOK_WORDS)."

    def _replay_banner(self) -> str:
        if self.recording is None:
            known = [path.stem for path in recording.FOLDER.glob("*.json")]
            close = get_close_matches(self.lesson, known, n=1)
            meant = f" Is it {close[0]!r}?" if close else ""
            return f"{self.lesson}: no recording.{meant} Every answer comes from the offline stand-in, and no model writes it."
        n, r = len(self.recording.exchanges), self.recording
        sources = " and ".join(dict.fromkeys(e["response"].get("source", r.source) for e in r.exchanges))
        return f"{self.lesson}: replaying {n} recorded answers (source: {sources}, {r.recorded}).\nNo key, no network, no cost. To go live, put {KEY} into .env and restart the kernel."

    def source_name(self, entry: Entry | None) -> str:
        """The source of one answer, as receipts and tables print it."""
        if entry is None:
            return "unknown"
        if entry.written_by is not None:
            problem, model = entry.written_by.problem, entry.written_by.model
            return f"{entry.source} ({problem})" if problem else f"{entry.source}; words by {model} on this machine"
        return f"recorded ({self._recorded_from(entry)})" if entry.source == RECORDED else entry.source

    def invented(self, entry: Entry | None) -> bool:
        """Whether words, times and token counts come from the stand-in."""
        if entry is None or entry.source in (LIVE, LOCAL) or entry.by_local_model:
            return False
        return entry.source != RECORDED or self._recorded_from(entry) == "standin"

    def _recorded_from(self, entry: Entry) -> str:
        return entry.recorded_from or (self.recording.source if self.recording else self.origin)


def _told_by(token: str) -> Iterator[str]:
    """A token, without the name of its scheme; of `Basic` also what it holds."""
    scheme, _, value = token.rpartition(" ")
    yield value
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            yield from base64.b64decode(value, validate=True).decode("utf-8", "replace").split(":", 1)


def _script_of(lesson: str) -> Script:
    """What the stand-in says in a lesson."""
    path = SCRIPTS / f"{lesson}.toml"
    return Script.load(path, UNSCRIPTED) if path.exists() else Script(unscripted=UNSCRIPTED)


def _history_of(lesson: str) -> list[dict[str, Any]]:
    """What the stand-in's account used before a lesson began: the table `history` of its script."""
    path = SCRIPTS / f"{lesson}.toml"
    return tomllib.loads(path.read_text("utf-8")).get("history", []) if path.exists() else []


def _storable(exchange: dict[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    """An exchange as it may be stored: allowed headers only, no secrets."""
    response = dict(exchange["response"])
    if "headers" in response:
        headers = {k.lower(): v for k, v in response["headers"].items()}
        response["headers"] = {k: v for k, v in headers.items() if recording.KEPT_HEADERS.fullmatch(k)}
    events = response.pop("events", None)
    cleaned = scrubber.value(response) | ({} if events is None else {"events": scrubber.events(events)})
    return {"request": scrubber.value(forms.shortened(exchange["request"])), "response": cleaned}


_session: Session | None = None


def start(lesson: str, hosts: Sequence[str] = (), needs: Sequence[str] = ()) -> None:
    """Begin a lesson: find the key, choose the mode, put the replay under the SDK, print one line.

    `lesson`: the notebook's name, such as "03-routing-options". `hosts`: further hosts whose answers are recorded.
    `needs`: packages beyond the course's own, such as "openai-agents". Starting twice is harmless. Raises `SettingError`
    (also for a missing package) and `RecordingError`, each with one sentence.
    """
    global _session
    notebook.prepare()  # first of all: what is raised below is one sentence too
    stop()
    settings.check_packages(lesson, needs)
    _session = Session(lesson, hosts)
    print(_session.banner())


@atexit.register
def _end_what_was_started() -> None:
    """A kernel that ends without `stop` leaves no server behind; a recording is written by `stop` alone."""
    if _session is not None:
        _session.stop_servers()


def stop() -> None:
    """End the lesson: undo the patch, close what is open, write the recording in record mode. Twice is harmless.

    Raises `RecordingError` when the recording cannot be written; nothing is lost then, and another `stop` tries again.
    """
    global _session
    if _session is not None:
        _session.close()  # what cannot be saved stays, and another stop() tries again
        _session = None


def current() -> Session:
    """The running session. Raises `NotStarted` before `start`."""
    if _session is None:
        raise NotStarted(
            'The course is not started: run helpers.start("00-start-here") with the name of your notebook first.'
        )
    return _session


def files() -> Path:
    """The folder with the pictures and documents of the running lesson. Raises `FileNotFoundError` where it has none."""
    folder = FILES / current().lesson
    if not folder.is_dir():
        raise FileNotFoundError(f"Lesson {current().lesson} has no files of its own.")
    return folder


def faults(**fields: Any) -> AbstractContextManager[Faults]:
    """Faults on demand: inside the block every request is answered by the stand-in, in every mode.

    Takes the fields of `openrouter_standin.Faults`, such as `down=["together"]`, `credits=0` or `break_after=20`. Raises
    `ValueError` with one sentence for a fault that cannot happen.
    """
    known = Faults.__dataclass_fields__
    for name in fields.keys() - known.keys():
        close = get_close_matches(name, known, n=1)
        meant = f" Is it {close[0]!r}?" if close else f" There are {', '.join(sorted(known))}."
        raise ValueError(f"There is no fault {name!r}.{meant}")
    return current().fault_blocks.block(Faults(**fields))
