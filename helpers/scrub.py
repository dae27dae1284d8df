"""Keep secrets out of recordings, logs and displays: keys, cookies, account ids, and keys split over two stream events."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

FAKE_KEY = "sk-or-v1-replay-only-this-is-not-a-key"
"""Set as OPENROUTER_API_KEY when there is no real one. Counts as "no key" everywhere."""

REMOVED = "[key removed]"
KEY_SHAPED = re.compile(
    r"\bsk-[A-Za-z0-9][A-Za-z0-9_\-]{15,}"  # OpenAI, OpenRouter, Anthropic, Langfuse's secret half
    r"|sk-(?:or-v1|ant-api\d\d|proj)-[A-Za-z0-9_\-]{12,}"  # also in the middle of a word
    r"|\b(?:pk|rk)-(?:lf|live|test)-[A-Za-z0-9_\-]{12,}"
    r"|\bsk-or-v1-[0-9a-f]{3,}\.\.\.[0-9a-f]{3,}"  # the label that GET /key shows
    r"|\b(?:gsk|xai|hf|ghp|gho|r8|tgp)[_\-][A-Za-z0-9]{20,}"
    r"|\bgithub_pat_[A-Za-z0-9_]{20,}"
    r"|\bAIza[A-Za-z0-9_\-]{30,}"
    r"|\bAKIA[A-Z0-9]{16}\b"
    r"|\beyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}"
)
ACCOUNT_FIELDS = {
    "user_id",
    "creator_user_id",
    "organization_id",
    "org_id",
    "workspace_id",
    "account_id",
    "external_user_id",
}
SECRET_NAMES = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$")


class Scrubber:
    """Replaces everything shaped like a key, and the exact values of the secrets it was told about."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({s for s in secrets if s and len(s) >= 8 and s != FAKE_KEY}, key=len, reverse=True)
        exact = "|".join(map(re.escape, known))
        self._pattern = re.compile(f"{exact}|{KEY_SHAPED.pattern}") if exact else KEY_SHAPED

    def text(self, text: str) -> str:
        """The text with every key replaced. The fake key stays: it is no secret."""
        return self._pattern.sub(lambda m: m[0] if m[0] == FAKE_KEY else REMOVED, text)

    def value(self, value: Any) -> Any:
        """The same through lists and objects; account, user and organisation ids are replaced whole."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(v) for v in value]
        if isinstance(value, Mapping):
            return {self.text(k): _anonymous(k, v) or self.value(v) for k, v in value.items()}
        return value

    def events(self, events: list[list[Any]]) -> list[list[Any]]:
        """Stream events, cleaned one by one and then across events: a key may arrive in several pieces."""
        parsed = [_parse(text) for _, text in events]
        joined = copy.deepcopy(parsed)  # across events first: alone, the first half of a key may look whole
        rows: dict[tuple[str | int, ...], list[tuple[int, str]]] = {}
        for number, value in enumerate(parsed):
            for path, text in _strings(value):
                rows.setdefault(path, []).append((number, text))
        for path, run in rows.items():
            for number, text in self._across(run):
                _put(joined[number], path, text)
        cleaned = [self.value(value) for value in joined]
        result = []
        for (at, text), old, new in zip(events, parsed, cleaned, strict=True):
            if old is None:
                text = self.text(text)
            elif old != new:
                text = "data: " + json.dumps(new, ensure_ascii=False, separators=(",", ":"))
            result.append([at, text])
        return result

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


def _anonymous(key: str, value: Any) -> str | None:
    return "user_removed" if key in ACCOUNT_FIELDS and isinstance(value, str) else None


def _parse(text: str) -> Any:
    """The JSON of a one-line `data:` event, else None."""
    if not text.startswith("data:") or "\n" in text:
        return None
    try:
        value = json.loads(text[5:])
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _strings(value: Any, path: tuple[str | int, ...] = ()) -> Iterable[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strings(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, (*path, index))


def _put(value: Any, path: tuple[str | int, ...], text: str) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = text
