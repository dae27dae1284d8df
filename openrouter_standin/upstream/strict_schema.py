"""What OpenAI demands of a schema that is to be kept strictly: every object closed, every property required.

Source: OpenAI's guide to structured outputs, and its refusals as public issues quote them (2025): outlines#1666, prism#813.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")
TABLES = ("properties", "$defs", "definitions")

Place = tuple[str, ...]


def first_breach(schema: Any) -> str | None:
    """The first rule that is broken, in OpenAI's words; None when all are kept."""
    if not isinstance(schema, Mapping):
        return None
    if schema.get("type") != "object":
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'."
    for place, inner in _schemas(schema):
        breach = _breach_of(inner)
        if breach:
            return f"In context={place!r}, {breach}"
    return None


def _breach_of(schema: Mapping[str, Any]) -> str | None:
    """What is wrong with one object schema."""
    properties = schema.get("properties")
    if schema.get("type") != "object" and not isinstance(properties, Mapping):
        return None
    if schema.get("additionalProperties") is not False:
        return "'additionalProperties' is required to be supplied and to be false."
    given = schema.get("required")
    required = {name for name in given if isinstance(name, str)} if isinstance(given, list) else set()
    for name in properties if isinstance(properties, Mapping) else ():
        if name not in required:
            return (
                "'required' is required to be supplied and to be an array including every key in properties."
                f" Missing '{name}'."
            )
    return None


def _schemas(schema: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Every schema within a schema, the outer one first, with the way to it."""
    waiting: deque[tuple[Place, Any]] = deque([((), schema)])
    while waiting:
        place, inner = waiting.popleft()
        if not isinstance(inner, Mapping):
            continue
        yield place, inner
        for key in TABLES:
            table = inner.get(key)
            waiting += [((*place, key, name), s) for name, s in table.items()] if isinstance(table, Mapping) else []
        for key in LISTS:
            listed = inner.get(key)
            waiting += [((*place, key, str(n)), s) for n, s in enumerate(listed)] if isinstance(listed, list) else []
        waiting.append(((*place, "items"), inner.get("items")))
