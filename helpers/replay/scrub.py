"""Keep secrets out of recordings and displays: keys, account ids, and keys split over two stream events."""

from __future__ import annotations

import base64
import copy
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import quote, quote_plus

_SHAPES = tomllib.loads(resources.files(__package__).joinpath("secret_shapes.toml").read_text("utf-8"))
START = r"(?:(?<![\w\-])|(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9a-fA-F]{2}))"
"""Where a key may begin: not inside a word, but right behind an escaped character of JSON or of an address."""
KEY_SHAPED = re.compile(
    rf"{START}(?:{'|'.join(_SHAPES['alone'].values())})|{'|'.join(_SHAPES['anywhere'].values())}", re.ASCII
)
FAKE_KEY = "sk-or-v1-replay-only-this-is-not-a-key"
"""Set as OPENROUTER_API_KEY when there is no real one. Counts as "no key" everywhere."""
REMOVED = "[key removed]"
SHORTEST = 8
"""Nothing shorter is a key."""
ACCOUNT_FIELDS = {"userid", "creatoruserid", "externaluserid", "organizationid", "orgid", "workspaceid", "accountid"}
SECRET_NAMES = re.compile(
    r"(KEYS?|TOKENS?|SECRETS?|PASSWD|PASSWORDS?|PASSPHRASE|(^|_)PASS|(^|_)PWD|CREDENTIALS?|DSN|AUTH|PAT|JWT|COOKIE|CONNECTION_STRING)(_ID|_?\d+)?$|_KEY_|SECRET_|(^|_)(DATABASE|DB|REDIS|BROKER|MONGODB|MONGO|POSTGRES|AMQP)_UR[LI]$"
)
"""Names of environment variables whose values are secrets."""
FOLDERS = ("PWD", "OLDPWD")
"""Names that only sound like a password's: the shell keeps folders in them."""
TOO_DEEP = "[nested too deep to be kept]"


class Scrubber:
    """Replaces everything shaped like a key, and the exact values of the secrets it was told about, encoded ones too."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known = {s for s in secrets if _is_secret(s)}
        self._compiled: re.Pattern[str] | None = None

    def learn(self, secret: str) -> None:
        """From now on this value is a secret too."""
        if secret not in self._known and _is_secret(secret):
            self._known.add(secret)
            self._compiled = None

    @property
    def _pattern(self) -> re.Pattern[str]:
        """Made when it is next needed: a program may use a thousand keys before anything is shown."""
        if self._compiled is None:
            forms = sorted({form for s in self._known for form in _forms(s)}, key=len, reverse=True)
            exact = "|".join(map(re.escape, forms))
            self._compiled = re.compile(f"{exact}|{KEY_SHAPED.pattern}", re.ASCII) if exact else KEY_SHAPED
        return self._compiled

    def text(self, text: str) -> str:
        """The text with every key replaced. The fake key stays: it is not a secret."""
        if len(text) < SHORTEST:
            return text
        return self._pattern.sub(lambda m: m[0] if FAKE_KEY in m[0] else REMOVED, text)

    def value(self, value: Any) -> Any:
        """The same through lists and objects, names of fields included; account, user and organisation ids are replaced
        whole. What is nested too deep to be looked through is left out."""
        try:
            return self._value(value)
        except RecursionError:
            return TOO_DEEP

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(v) for v in value]
        if isinstance(value, Mapping):
            return {
                self.text(k) if isinstance(k, str) else k: _anonymous(k, v) or self._value(v) for k, v in value.items()
            }
        if isinstance(value, int | float) and not isinstance(value, bool) and str(value) in self._known:
            return REMOVED
        return value

    def events(self, events: list[list[Any]]) -> list[list[Any]]:
        """Stream events, cleaned one by one and then across events: a key may arrive in several pieces."""
        parsed = [_Event.parse(text) for _, text in events]
        # first across events: alone, half a key may look whole
        joined = [_copied(e.value) for e in parsed]
        rows: dict[Path, list[tuple[int, str]]] = {}
        places: dict[tuple[int, Path], Path] = {}
        for number, value in enumerate(joined):
            for row, place, text in _strings(value):
                rows.setdefault(row, []).append((number, text))
                places[number, row] = place
        for row, run in rows.items():
            for number, text in self._across(run):
                joined[number] = _put(joined[number], places[number, row], text)
        return [
            [at, event.written(self.value(value), [self.text(line) for line in event.lines], text, self.text(text))]
            for (at, text), event, value in zip(events, parsed, joined, strict=True)
        ]

    def _across(self, run: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Join one field's pieces, find keys in the whole, and cut them out of the pieces they came in."""
        whole = "".join(text for _, text in run)
        spans = [m.span() for m in self._pattern.finditer(whole) if FAKE_KEY not in m[0] and m[0] != REMOVED]
        if not spans:
            return []
        changed, start = [], 0
        for number, text in run:
            end, new, done = start + len(text), "", start
            while spans and spans[0][1] <= start:
                spans.pop(0)
            for low, high in spans:
                if low >= end:
                    break
                new += whole[done : max(low, start)] + (REMOVED if low >= start else "")
                done = min(high, end)
            new += whole[done:end]
            if new != text:
                changed.append((number, new))
            start = end
        return changed


def secrets_around(extra: Mapping[str, str | None]) -> set[str]:
    """Values of secret-sounding variables, from the environment and from `extra` (a .env file)."""
    return {
        value
        for source in (os.environ, extra)
        for name, value in source.items()
        if value and name not in FOLDERS and SECRET_NAMES.search(name.upper())
    }


def _is_secret(text: str) -> bool:
    """A value worth hiding wherever it stands. A plain short word in a variable named …_TOKEN is not one."""
    return len(text) >= 16 or (len(text) >= SHORTEST and any(c.isdigit() for c in text)) if text != FAKE_KEY else False


def _forms(secret: str) -> Iterator[str]:
    """The value as it may stand in a text: plain, percent-encoded, escaped as JSON once and twice, and as base64 at each
    of its three alignments."""
    once, ascii_once = json.dumps(secret, ensure_ascii=False)[1:-1], json.dumps(secret)[1:-1]
    whole = quote(secret, safe="", errors="surrogateescape")
    yield from (secret, whole, quote(secret, errors="surrogateescape"), once, ascii_once)
    yield from (json.dumps(once, ensure_ascii=False)[1:-1], json.dumps(ascii_once)[1:-1])
    data = secret.encode("utf-8", "replace")
    yield from (quote_plus(secret, errors="surrogateescape"), whole.lower() if "%" in whole else whole)
    yield from (escape(secret), data.hex(), once.replace("/", "\\/"))
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + data)
        first = (0, 2, 3)[before]  # characters that hold bits of what stands before the value
        inside = whole[first : (before + len(data)) * 8 // 6].decode()
        yield from (inside, inside.replace("+", "-").replace("/", "_"))


def _anonymous(key: Any, value: Any) -> str | None:
    """What stands for an account's id; None for any other field, and for a schema that only describes such a field."""
    hidden = str(key).lower().replace("_", "") in ACCOUNT_FIELDS
    return "user_removed" if hidden and value is not None and not isinstance(value, Mapping) else None


Path = tuple[str | int, ...]


@dataclass
class _Event:
    """A stream event: the JSON of its `data:` lines with its other lines, or else its text."""

    lines: list[str]
    value: Any

    @classmethod
    def parse(cls, text: str) -> _Event:
        lines = text.split("\n")
        data = "\n".join(line[5:].strip() for line in lines if line.startswith("data:"))
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return cls([], {"text": text.removeprefix(": ")} if text.startswith(": ") else {"other": text})
        return cls([line for line in lines if not line.startswith("data:")], value)

    def written(self, value: Any, lines: list[str], before: str, cleaned: str) -> str:
        """The event with this value and these lines; as it was before, if nothing changed. `cleaned`: its whole text without
        secrets, which also shows those in a field that JSON drops because its name stands there twice."""
        if value == self.value and lines == self.lines and before == cleaned:
            return before
        if not self.lines and isinstance(self.value, dict) and self.value.keys() <= {"text", "other"}:
            return ": " + value["text"] if "text" in value else value["other"]
        return "\n".join([*lines, "data: " + json.dumps(value, ensure_ascii=False, separators=(",", ":"))])


def _strings(value: Any, row: Path = (), place: Path = ()) -> Iterator[tuple[Path, Path, str]]:
    """Every text in a value: the row it belongs to across events, its place in this one, the text.

    Elements of a list that carry an `index` (choices, tool calls) belong to the row of that index.
    """
    if isinstance(value, str):
        yield row, place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strings(inner, (*row, key), (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            known = inner.get("index") if isinstance(inner, Mapping) else None
            yield from _strings(inner, (*row, known if isinstance(known, int | str) else number), (*place, number))


def _copied(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except RecursionError:
        return TOO_DEEP


def _put(value: Any, place: Path, text: str) -> Any:
    """The value with this text at this place of it."""
    if not place:
        return text
    inner = value
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = text
    return value
