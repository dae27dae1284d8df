"""Which recorded answer belongs to a request: how a request is described, matched, and explained when it was never recorded."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .forms import described_form, shortened
from .recording import Request, Response

DEFAULT_HOST = "openrouter.ai"
MATCHED_HEADERS = re.compile(r"x-openrouter-(metadata|experimental-metadata|cache.*)$")
"""Request headers that change the answer; no others are stored."""
NOTHING = object()
_SORTED = json.JSONEncoder(sort_keys=True, ensure_ascii=False)  # one for all: json.dumps would make one each time


class NotRecorded(BaseException):
    """A request that has no recorded answer, where nothing else may answer it.

    A BaseException on purpose: the SDKs retry and wrap every Exception that comes out of a transport.
    """


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

    def find(self, request: Request, fits: Callable[[Response], bool] = lambda answer: True) -> Response | None:
        """The next recorded answer to this request that fits, or None."""
        key = fingerprint(request)
        with self._lock:
            answers = self._answers.get(key)
            if not answers:
                return None
            first = self._turn.get(key, 0)
            for turn in range(first, first + len(answers)):
                if fits(answers[turn % len(answers)]):
                    self._turn[key] = turn + 1
                    return answers[turn % len(answers)]
        return None

    def explain(self, request: Request) -> str:
        """Name the nearest recorded request, what differs field by field, and the two ways on."""
        way_on = "Restore the text of the cell, or set OPENROUTER_API_KEY to send it for real."
        what = f"{request['method']} {request['path']} was not recorded"
        if not self._requests:
            return f"{what}: this lesson has no recorded answers. {way_on}"
        compared = difflib.SequenceMatcher(None, b=fingerprint(request), autojunk=False)

        def likeness(recorded: Request) -> float:
            compared.set_seq1(fingerprint(recorded))
            return compared.quick_ratio()

        found = differences(normal(max(self._requests, key=likeness)), normal(request))[:8]
        lines = [f"  {where}: recorded {old}, now {new}" for where, old, new in found]
        return "\n".join([f"{what}. The nearest recorded request differs in:", *lines, way_on])


def describe(
    method: str,
    url_path: str,
    host: str,
    headers: Mapping[str, str],
    body: bytes,
    key: str,
    attach: Callable[[str, bytes], None] = lambda digest, data: None,
) -> Request:
    """A request in the recording's form. `key`: "session", "other" or "none". Only the headers that change an answer stay.
    `attach`: is handed the bytes of files that the body holds."""
    request: Request = {"method": method, "path": url_path}
    if host != DEFAULT_HOST:
        request["host"] = host
    if key != "session":
        request["key"] = key
    lower = {k.lower(): v for k, v in headers.items()}
    request["headers"] = {k: v for k, v in lower.items() if MATCHED_HEADERS.fullmatch(k)}
    request["body"] = describe_body(body, lower.get("content-type", ""), attach)
    return request


def describe_body(
    body: bytes, content_type: str, attach: Callable[[str, bytes], None] = lambda digest, data: None
) -> Any:
    """JSON as it is, a form by its fields; anything else by its hash, a multipart body without its random boundary."""
    if not body:
        return None
    form = described_form(body, content_type, attach)
    if form is not None:
        return form
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
    whole = normal(request)
    text = _SORTED.encode(whole)
    return _SORTED.encode(shortened(whole)) if '"input_audio"' in text else text


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
    kept: list[dict[str, Any]] = []
    seen: set[str] = set()
    for exchange in listed:
        key = fingerprint(exchange["request"])
        if key not in seen or any(answer != answers[key][0] for answer in answers[key]):
            kept.append(exchange)
        seen.add(key)
    return kept


def _short(value: Any, length: int | None = 80) -> str:
    text = "nothing" if value is NOTHING else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if length is None or len(text) <= length else text[: length - 3] + "…"
