"""The recording format, version 1: read, match, write, and explain a request that was never recorded.

One file a lesson, helpers/recordings/<lesson>.json. The format is described in CONTRIBUTING.md.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import (
    Any,
    Required,  # pydantic does not take the one of typing before Python 3.12
)

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from . import shared_bodies
from .layout import layout, write_whole

FORMAT = 1
DEFAULT_HOST = "openrouter.ai"
MATCHED_HEADERS = re.compile(r"x-openrouter-(metadata|experimental-metadata|cache.*)$")
KEPT_HEADERS = re.compile(r"content-type|x-generation-id|retry-after(-ms)?|x-ratelimit-.*|x-openrouter-cache-.*")
NOTHING = object()
FOLDER = Path(__file__).parent.parent / "recordings"

Request = dict[str, Any]
Response = dict[str, Any]


class RecordingError(ValueError):
    """A recording that cannot be read: one sentence that names the file, the place and the way on."""


class NotRecorded(BaseException):
    """A request that has no recorded answer, where nothing else may answer it.

    A BaseException on purpose: the SDKs retry and wrap every Exception that comes out of a transport.
    """


@dataclass
class Recording:
    """A lesson's exchanges, in the order in which they were sent."""

    lesson: str
    source: str
    recorded: str
    sdk: str = ""
    exchanges: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Read a file. Raises `RecordingError`."""
        again = f"Restore it with git, or record it again with `make record NB={path.stem[:2]}`."
        try:
            raw = json.loads(path.read_text("utf-8"))
        except json.JSONDecodeError as problem:
            raise RecordingError(f"{path}, line {problem.lineno}: not JSON any more ({problem.msg}). {again}") from None
        except UnicodeDecodeError as problem:
            raise RecordingError(f"{path}, byte {problem.start}: not UTF-8. {again}") from None
        except (ValueError, RecursionError) as problem:  # a number of thousands of digits, a thousand levels
            raise RecordingError(f"{path}: cannot be read ({type(problem).__name__}). {again}") from None
        found = raw.get("format") if isinstance(raw, dict) else None
        if found != FORMAT:
            raise RecordingError(
                f"{path}: recording format {found!r}, but this version of the course reads format {FORMAT}. {again}"
            )
        if not isinstance(raw.get("exchanges", []), list):
            raise RecordingError(f"{path}: exchanges is not a list. {again}")
        for number, exchange in enumerate(raw.get("exchanges") or [], 1):
            problem = _problem(exchange)
            if problem:
                raise RecordingError(f"{path}, exchange {number}: {problem}. {again}")
        try:
            exchanges = [shared_bodies.resolved(e, path.parent) for e in raw.get("exchanges") or []]
        except (OSError, ValueError) as problem:
            raise RecordingError(
                f"{path}: a body in {shared_bodies.FOLDER}/ cannot be read ({problem}). {again}"
            ) from None
        return cls(**{k: raw.get(k) or "" for k in ("lesson", "source", "recorded", "sdk")}, exchanges=exchanges)

    def save(self, path: Path) -> None:
        """Write the file, and the large bodies beside it: an interrupted recording leaves the old file whole.

        Raises `RecordingError`.
        """
        head = {
            "format": FORMAT,
            "lesson": self.lesson,
            "source": self.source,
            "recorded": self.recorded,
            "sdk": self.sdk,
        }
        try:
            exchanges = [shared_bodies.shared(e, path.parent) for e in self.exchanges]
            write_whole(path, layout({**head, "exchanges": exchanges}) + "\n")
        except OSError as problem:
            raise RecordingError(
                f"{path} cannot be written ({problem.strerror}): nothing is lost; make room or allow writing, then run helpers.stop() again."
            ) from None


class Cassette:
    """Finds the answers of a recording. The same request recorded several times is served in order, then from the start."""

    def __init__(self, exchanges: Iterable[Mapping[str, Any]]) -> None:
        self._answers: dict[str, list[Response]] = {}
        self._turn: dict[str, int] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        for exchange in exchanges:
            self._answers.setdefault(fingerprint(exchange["request"]), []).append(exchange["response"])
            self._requests.append(exchange["request"])

    def find(self, request: Request) -> Response | None:
        """The next recorded answer to this request, or None."""
        key = fingerprint(request)
        with self._lock:
            answers = self._answers.get(key)
            if not answers:
                return None
            turn = self._turn.get(key, 0)
            self._turn[key] = turn + 1
        return answers[turn % len(answers)]

    def explain(self, request: Request) -> str:
        """Name the nearest recorded request, what differs field by field, and the two ways on."""
        way_on = "Restore the text of the cell, or set OPENROUTER_API_KEY to send it for real."
        if not self._requests:
            return (
                f"{request['method']} {request['path']} was not recorded: this lesson has no recorded answers. {way_on}"
            )
        wanted = fingerprint(request)
        nearest = max(
            self._requests,
            key=lambda r: difflib.SequenceMatcher(None, fingerprint(r), wanted, autojunk=False).quick_ratio(),
        )
        lines = [
            f"  {where}: recorded {old}, now {new}" for where, old, new in differences(normal(nearest), normal(request))
        ]
        return "\n".join(
            [
                f"{request['method']} {request['path']} was not recorded. The nearest recorded request differs in:",
                *lines[:8],
                way_on,
            ]
        )


def describe(method: str, url_path: str, host: str, headers: Mapping[str, str], body: bytes, key: str) -> Request:
    """A request in the recording's form. `key`: "session", "other" or "none". Only the headers that change an answer stay."""
    request: Request = {"method": method, "path": url_path}
    if host != DEFAULT_HOST:
        request["host"] = host
    if key != "session":
        request["key"] = key
    lower = {k.lower(): v for k, v in headers.items()}
    request["headers"] = {k: v for k, v in lower.items() if MATCHED_HEADERS.fullmatch(k)}
    request["body"] = describe_body(body, lower.get("content-type", ""))
    return request


def describe_body(body: bytes, content_type: str) -> Any:
    """JSON as it is; anything else by its hash, a multipart body without its random boundary."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        boundary = re.search(r"boundary=\"?([^\";]+)", content_type)
        if boundary:
            body = body.replace(boundary[1].encode(), b"boundary")
        return {"sha256": hashlib.sha256(body).hexdigest()}


def normal(request: Mapping[str, Any]) -> Request:
    """A request with its defaults filled in."""
    return {"host": DEFAULT_HOST, "key": "session", "headers": {}, "body": None, **request}


def fingerprint(request: Mapping[str, Any]) -> str:
    """What a request is matched by; the order of keys does not matter."""
    return json.dumps(normal(request), sort_keys=True, ensure_ascii=False)


def differences(old: Any, new: Any, where: str = "") -> list[tuple[str, str, str]]:
    """Where two JSON values differ: path, old value, new value, each short enough to read."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [
            d
            for k in dict.fromkeys([*old, *new])
            for d in differences(old.get(k, NOTHING), new.get(k, NOTHING), f"{where}.{k}" if where else str(k))
        ]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [d for n, (a, b) in enumerate(zip(old, new, strict=True)) for d in differences(a, b, f"{where}[{n}]")]
    return [] if _short(old, None) == _short(new, None) else [(where, _short(old), _short(new))]


def without_repeats(exchanges: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The exchanges without those that a cassette would serve anyway: a request whose answers are all the same stays once."""
    listed = list(exchanges)
    answers: dict[str, list[Response]] = {}
    for exchange in listed:
        answers.setdefault(fingerprint(exchange["request"]), []).append(exchange["response"])
    once = {key for key, found in answers.items() if all(answer == found[0] for answer in found)}
    seen: set[str] = set()
    kept = []
    for exchange in listed:
        key = fingerprint(exchange["request"])
        if key not in once or key not in seen:
            kept.append(exchange)
        seen.add(key)
    return kept


def _short(value: Any, length: int | None = 80) -> str:
    text = "nothing" if value is NOTHING else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if length is None or len(text) <= length else text[: length - 3] + "…"


class _Request(TypedDict, total=False):
    method: Required[str]
    path: Required[str]
    host: str
    key: str
    headers: dict[str, str]
    body: Any


class _Response(TypedDict, total=False):
    status: int
    headers: dict[str, str]
    ms: int | float
    body: Any
    body_file: str
    events: list[tuple[int | float, str]]
    cut: bool
    failure: str
    message: str


class _Exchange(TypedDict):
    request: _Request
    response: _Response


_EXCHANGE = TypeAdapter(_Exchange)


def _problem(exchange: Any) -> str | None:
    """What is wrong with a stored exchange, or None."""
    try:
        response = _EXCHANGE.validate_json(json.dumps(exchange), strict=True)["response"]
    except ValidationError as wrong:
        first = wrong.errors()[0]
        return f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}"
    if "status" not in response:
        return None if "failure" in response else "the response has neither a status nor a failure"
    if not {"body", "events", shared_bodies.FIELD} & response.keys():
        return "the response has neither body nor events"
    if "events" not in response and "ms" not in response:
        return "the response has no ms"
    return None
