"""An example value for a JSON schema: what the stand-in answers where a model would fill a form.

Values come from what the prompt offers (numbers, names, quoted words) where they fit, else from the schema itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .pattern import fits, matching

DEEP, NULL_DEEP = 4, 2
"""From the first depth on, fields that are not required and items that are not asked for are left out; from the second on,
what may be null is null, so that a schema that contains itself ends."""

DEEPEST, MOST = 40, 10_000
"""Nesting, and items or characters, at most: a schema may ask for any number."""
OFFERED = 50
"""Words of a prompt that a pattern is tried on, at most."""
SIMPLE = ("string", "number", "integer", "boolean")

FORMATS = {
    "date": "2026-11-22",
    "date-time": "2026-11-22T09:00:00Z",
    "time": "09:00:00Z",
    "duration": "P1D",
    "email": "reader@example.org",
    "idn-email": "reader@example.org",
    "hostname": "example.org",
    "uri": "https://example.org/",
    "url": "https://example.org/",
    "uri-reference": "/example",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}


class Hints:
    """What a prompt offers for the values: numbers, quoted words, and names (capitalised words inside a sentence)."""

    def __init__(self, prompt: str = "") -> None:
        self.quoted = re.findall(r"[\"“']([^\"”']{1,60})[\"”']", prompt)
        self.names = re.findall(r"(?<=[a-z,\d] )[A-Z][\w-]+(?: [A-Z][\w-]+)*(?:, [A-Z][\w-]+)*", prompt)
        self.named = [name for text in self.names for name in text.split(", ")]
        found = re.findall(r"(?<![\w.-])-?\d{1,12}(?:\.\d{1,6})?(?![\w.]\d|\w)", prompt)
        self.values = [float(n) if "." in n else int(n) for n in found]
        self._texts, self._numbers = iter([*self.quoted, *self.names]), iter(self.values)

    def text(self) -> str | None:
        """The next quoted word or name."""
        return next(self._texts, None)

    def number(self) -> float | None:
        """The next number."""
        return next(self._numbers, None)


def example(schema: Any, hints: Hints | None = None, name: str = "value") -> Any:
    """A value that satisfies `schema` (JSON Schema 2020-12, as far as providers take it). `name`: for texts."""
    root = schema if isinstance(schema, Mapping) else {}
    return _Maker(root, hints or Hints()).value(root, name, 0)


class _Maker:
    def __init__(self, root: Mapping[str, Any], hints: Hints) -> None:
        self.root, self.hints = root, hints
        self.taken: set[str] = set()
        self.numbered: Iterator[int] = iter(range(1, 10_000))

    def value(self, schema: Any, name: str, depth: int) -> Any:
        schema = self._flat(schema, depth) if depth < DEEPEST else {}
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            offered = [v for v in schema["enum"] if v in self.hints.quoted]
            return (offered or schema["enum"])[0]
        kind = schema.get("type") or self._guess(schema)
        if isinstance(kind, list):
            kind = next((k for k in kind if k != "null"), "null")
        makers = {"object": self._object, "array": self._array, "string": self._string, "number": self._number,
                  "integer": self._number}  # fmt: skip
        if kind in makers:
            return makers[kind](schema, name, depth)
        return {"boolean": True, "null": None}.get(kind, f"example {name}")

    def _guess(self, schema: Mapping[str, Any]) -> str:
        for word, kind in (("properties", "object"), ("items", "array"), ("minimum", "number"), ("maximum", "number")):
            if word in schema:
                return kind
        return "string"

    def _flat(self, schema: Any, depth: int) -> Mapping[str, Any]:
        """References followed, the first choice that is not null taken, `allOf` merged."""
        schema = sound(schema)
        for _ in range(20):  # a chain of references; more is a circle
            if "$ref" in schema:
                found = sound(self._found(schema["$ref"]))
                schema = {**found, **{k: v for k, v in schema.items() if k != "$ref"}}
            for word in ("anyOf", "oneOf"):
                if schema.get(word):
                    chosen = sound(self._choice(schema[word], depth))
                    schema = {**{k: v for k, v in schema.items() if k != word}, **chosen}
            for part in schema.get("allOf") or []:
                schema = _merged(schema, self._flat(part, depth + 1)) if depth < DEEPEST else schema
            schema = {k: v for k, v in schema.items() if k != "allOf"}
            if not {"$ref", "anyOf", "oneOf"} & set(schema):
                break
        return schema

    def _choice(self, offered: list[Any], depth: int) -> Any:
        """The first choice that is not null; deep down what ends a schema that contains itself."""
        choices = [c for c in offered if not (isinstance(c, Mapping) and c.get("type") == "null")]
        if not choices or (depth >= NULL_DEEP and len(choices) < len(offered)):
            return {"type": "null"}
        simple = [c for c in choices if isinstance(c, Mapping) and c.get("type") in SIMPLE]
        return simple[0] if simple and depth >= NULL_DEEP else choices[0]

    def _found(self, reference: str) -> Mapping[str, Any]:
        """The schema behind `#/$defs/Name`."""
        found: Any = self.root
        for step in str(reference).removeprefix("#").strip("/").split("/"):
            if step:
                found = found.get(step.replace("~1", "/").replace("~0", "~"), {}) if isinstance(found, Mapping) else {}
        return found if isinstance(found, Mapping) else {}

    def _object(self, schema: Mapping[str, Any], name: str, depth: int) -> dict[str, Any]:
        properties = schema.get("properties") or {}
        required = list(schema.get("required") or [])
        wanted = required if depth >= DEEP else [*properties, *(r for r in required if r not in properties)]
        made = {key: self.value(properties.get(key, {}), key, depth + 1) for key in wanted}
        missing = min(schema.get("minProperties") or 0, MOST) - len(made)
        extra = schema.get("additionalProperties")
        for n in range(max(missing, 0)):
            made[f"{name}_{n + 1}"] = self.value(extra, name, depth + 1) if isinstance(extra, Mapping) else "example"
        return made

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        first = [self.value(s, name, depth + 1) for s in schema.get("prefixItems") or []]
        least = min(schema.get("minItems") or 0, MOST)
        size = max(least, len(first), 0 if depth >= DEEP or schema.get("maxItems") == 0 else 1)
        items = schema.get("items", {})
        choices = self._flat(items, depth).get("enum") or []
        while len(first) < size and items is not False:
            n = len(first)
            made = choices[n % len(choices)] if choices else self.value(items, name, depth + 1)
            if schema.get("uniqueItems") and made in first:
                made = (
                    f"{made} {next(self.numbered)}" if isinstance(made, str) else n if isinstance(made, int) else made
                )
            first.append(made)
        return first

    def _string(self, schema: Mapping[str, Any], name: str, depth: int) -> str:
        if schema.get("pattern"):
            least, most = schema.get("minLength") or 0, schema.get("maxLength", MOST)
            offered = (t for t in [*self.hints.quoted, *self.hints.named][:OFFERED] if t not in self.taken)
            fitting = (t for t in offered if least <= len(t) <= most and fits(schema["pattern"], t))
            text = next(fitting, None) or matching(schema["pattern"], least)
            self.taken.add(text)
            return text
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]
        text = self.hints.text() or f"example {name.replace('_', ' ')}"
        least, most = min(schema.get("minLength") or 0, MOST), schema.get("maxLength")
        return (
            (text + " and so on" * (least // 9 + 1))[: max(least, len(text))][:most]
            if least > len(text)
            else text[:most]
        )

    def _number(self, schema: Mapping[str, Any], name: str, depth: int) -> float:
        whole = schema.get("type") == "integer" or (
            isinstance(schema.get("type"), list) and "integer" in schema["type"]
        )
        step = schema.get("multipleOf") or (1 if whole else None)
        low, high = _bounds(schema, step or 0.5)
        offered = self.hints.number()
        value = offered if offered is not None and (not whole or offered == int(offered)) else 1
        value = min(max(value, low), high)
        if step:
            value = -(-value // step) * step if value >= low else value
            value = value - step if value > high else value
        return int(value) if whole and value == int(value) else value


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


KEYWORDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("enum", "anyOf", "oneOf", "allOf", "prefixItems"), _is_list),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _is_number),
    "multipleOf": lambda v: _is_number(v) and v > 0,
    **dict.fromkeys(("minItems", "maxItems", "minLength", "maxLength", "minProperties"), _is_count),
    **dict.fromkeys(("pattern", "format", "$ref"), _is_text),
    "properties": _is_map,
    "required": lambda v: _is_list(v) and all(_is_text(name) for name in v),
    "type": lambda v: _is_text(v) or (_is_list(v) and all(_is_text(kind) for kind in v)),
}
"""What each keyword takes. Null and anything else count as absent."""


def sound(schema: Any) -> dict[str, Any]:
    """The schema without the keywords whose value is of a wrong type."""
    given = schema if isinstance(schema, Mapping) else {}
    return {k: v for k, v in given.items() if k not in KEYWORDS or KEYWORDS[k](v)}


def _bounds(schema: Mapping[str, Any], step: float) -> tuple[float, float]:
    low, high = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if isinstance(above, int | float) and not isinstance(above, bool):
        low = max(low, above + step)
    if isinstance(below, int | float) and not isinstance(below, bool):
        high = min(high, below - step)
    if low > high:
        low = high = (schema.get("minimum", above or 0) + schema.get("maximum", below or 0)) / 2
    return low, high


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two object schemas as one: properties and required names of both."""
    both = {**one, **other}
    if "properties" in one and "properties" in other:
        both["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        both["required"] = list(dict.fromkeys([*one["required"], *other["required"]]))
    return both
