"""The plugin `response-healing`: repairs what is nearly JSON (docs, response healing, 2026-08). Not for streams, and not
what `max_tokens` cut off."""

from __future__ import annotations

import json
import re
from typing import Any

ID = "response-healing"
_STRING = re.compile(r'("(?:\\.|[^"\\])*")')


def is_asked(body: dict[str, Any]) -> bool:
    """Whether the request has the plugin, switched on, and is no stream."""
    plugins = [p for p in body.get("plugins") or [] if isinstance(p, dict)]
    return not body.get("stream") and any(p.get("id") == ID and p.get("enabled") is not False for p in plugins)


def healed(text: str) -> str:
    """The JSON in this text; the text itself where there is none to be made of it."""
    start = min((place for place in (text.find("{"), text.find("[")) if place >= 0), default=-1)
    if start < 0:
        return text
    for candidate in (text, text[start : max(text.rfind("}"), text.rfind("]")) + 1], text[start:]):
        repaired = _repaired(candidate.strip())
        try:
            json.loads(repaired)
        except ValueError:
            continue
        return repaired
    return text


def _repaired(text: str) -> str:
    """Without commas in front of a closing bracket, with quotes around keys, and with the brackets that are missing."""
    parts = _STRING.split(text)  # every second one is a string, which stays as it is
    for n in range(0, len(parts), 2):
        parts[n] = re.sub(r"([{,]\s*)([A-Za-z_]\w*)(\s*:)", r'\1"\2"\3', parts[n])
        parts[n] = re.sub(r",(\s*[}\]])", r"\1", parts[n])
    open_ones = []
    for bracket in re.findall(r"[{}\[\]]", "".join(parts[::2])):
        if bracket in "{[":
            open_ones.append("}" if bracket == "{" else "]")
        elif open_ones:
            open_ones.pop()
    return "".join(parts).rstrip(", \n") + "".join(reversed(open_ones))
