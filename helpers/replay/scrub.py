"""Keep secrets out of recordings, logs and displays: keys, cookies, account ids, and keys split over two stream events."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FAKE_KEY = "sk-or-v1-replay-only-this-is-not-a-key"
"""Set as OPENROUTER_API_KEY when there is no real one. Counts as "no key" everywhere."""

REMOVED = "[key removed]"
SHORTEST = 8
"""Nothing shorter is a key."""
KEY_SHAPED = re.compile(
    r"\bsk-[A-Za-z0-9][A-Za-z0-9_\-]{15,}"  # OpenAI, OpenRouter, Anthropic, Langfuse's secret half
    r"|sk-(?:or-v1|ant-api\d\d|proj)-[A-Za-z0-9_\-]{12,}"  # also in the middle of a word
    r"|\b(?:pk|rk)-(?:lf|live|test)-[A-Za-z0-9_\-]{12,}"
    r"|\bsk-or-v1-[0-9a-f]{3,}\.\.\.[0-9a-f]{3,}"  # the label that GET /key shows
    r"|\b(?:gsk|xai|hf|ghp|gho|r8|tgp)[_\-][A-Za-z0-9]{20,}"
    r"|\bgithub_pat_[A-Za-z0-9_]{20,}"
    r"|\bAIza[A-Za-z0-9_\-]{30,}"
    r"|\bAKIA[A-Z0-9]{16}\b"
    r"|\b(?:user|org)_[A-Za-z0-9]{16,}"  # account ids
    r"|\beyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}"
)
ACCOUNT_FIELDS = {"userid", "creatoruserid", "externaluserid", "organizationid", "orgid", "workspaceid", "accountid"}
SECRET_NAMES = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$")


class Scrubber:
    """Replaces everything shaped like a key, and the exact values of the secrets it was told about."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({s for s in secrets if _is_secret(s)}, key=len, reverse=True)
        exact = "|".join(map(re.escape, known))
        self._pattern = re.compile(f"{exact}|{KEY_SHAPED.pattern}") if exact else KEY_SHAPED

    def text(self, text: str) -> str:
        """The text with every key replaced. The fake key stays: it is not a secret."""
        if len(text) < SHORTEST:
            return text
        return self._pattern.sub(lambda m: m[0] if m[0] == FAKE_KEY else REMOVED, text)

    def value(self, value: Any) -> Any:
        """The same through lists and objects; account, user and organisation ids are replaced whole."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(v) for v in value]
        if isinstance(value, Mapping):
            return {_key(k): _anonymous(k, v) or self.value(v) for k, v in value.items()}
        return value

    def events(self, events: list[list[Any]]) -> list[list[Any]]:
        """Stream events, cleaned one by one and then across events: a key may arrive in several pieces."""
        parsed = [_Event.parse(text) for _, text in events]
        joined = copy.deepcopy([e.value for e in parsed])  # first across events: alone, half a key may look whole
        rows: dict[Path, list[tuple[int, str]]] = {}
        places: dict[tuple[int, Path], Path] = {}
        for number, event in enumerate(parsed):
            for row, place, text in _strings(event.value):
                rows.setdefault(row, []).append((number, text))
                places[number, row] = place
        for row, run in rows.items():
            for number, text in self._across(run):
                _put(joined[number], places[number, row], text)
        cleaned = [self.value(value) for value in joined]
        return [
            [at, text if event.value == new else event.written(new)]
            for (at, text), event, new in zip(events, parsed, cleaned, strict=True)
        ]

    def _across(self, run: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Join one field's pieces, find keys in the whole, and cut them out of the pieces they came in."""
        whole = "".join(text for _, text in run)
        changed = []
        spans = [m.span() for m in self._pattern.finditer(whole) if m[0] != FAKE_KEY and m[0] != REMOVED]
        start = 0
        for number, text in run:
            end, new, done = start + len(text), "", start
            for low, high in spans:
                if low < end and high > start:
                    new += whole[done : max(low, start)] + (REMOVED if low >= start else "")
                    done = min(high, end)
            new += whole[done:end]
            if new != text:
                changed.append((number, new))
            start = end
        return changed


def secrets_around(extra: Mapping[str, str | None]) -> set[str]:
    """Values of secret-sounding variables, from the environment and from `extra` (a .env file)."""
    return {v for source in (os.environ, extra) for k, v in source.items() if v and SECRET_NAMES.search(k.upper())}


def _is_secret(text: str) -> bool:
    """A value worth hiding wherever it stands. A plain short word in a variable named …_TOKEN is not one."""
    return len(text) >= 16 or (len(text) >= SHORTEST and any(c.isdigit() for c in text)) if text != FAKE_KEY else False


def _key(name: Any) -> Any:
    """The key of a JSON object: only what is shaped like a key of the other kind is replaced."""
    return KEY_SHAPED.sub(REMOVED, name) if isinstance(name, str) and len(name) >= SHORTEST else name


def _anonymous(key: Any, value: Any) -> str | None:
    hidden = str(key).lower().replace("_", "") in ACCOUNT_FIELDS
    return "user_removed" if hidden and value is not None else None


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
        except ValueError:
            return cls([], {"text": text.removeprefix(": ")} if text.startswith(": ") else {"other": text})
        return cls([line for line in lines if not line.startswith("data:")], value)

    def written(self, value: Any) -> str:
        """The event again, with this value."""
        if not self.lines and isinstance(self.value, dict) and self.value.keys() <= {"text", "other"}:
            return ": " + value["text"] if "text" in value else value["other"]
        return "\n".join([*self.lines, "data: " + json.dumps(value, ensure_ascii=False, separators=(",", ":"))])


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
            yield from _strings(inner, (*row, number if known is None else known), (*place, number))


def _put(value: Any, place: Path, text: str) -> None:
    for step in place[:-1]:
        value = value[step]
    value[place[-1]] = text
