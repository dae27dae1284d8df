"""An example value for a JSON schema: what the stand-in answers where a model would fill a form.

Values come from what the prompt offers (numbers, names, quoted words) where they fit, else from the schema itself. A schema
that contains itself gets the way out: the choice that does not lead back, and no field that need not be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .hints import Hints
from .pattern import fits, matching
from .schema_form import Schema
from .schema_size import Sizes

MOST = 10_000
"""Values of one example at most."""
SPARE = 2000
"""Values at most that are made although they are not required."""
DEFINITIONS = 300
"""Definitions that a schema may name."""
DEEP = 4
"""From this depth on, fields that are not required and items that are not asked for are left out."""
OFFERED = 50
"""Words of a prompt that a pattern is tried on, at most."""
CHAIN = 50
"""References that lead straight to another reference, at most."""

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


class Unfillable(ValueError):
    """A schema for which no example is made: one sentence that says why."""


def example(schema: Any, hints: Hints | None = None, name: str = "value") -> Any:
    """A value that satisfies `schema` (JSON Schema 2020-12, as far as providers take it). `name`: for texts.

    Raises `Unfillable` for a schema that has no value, or none of at most 10,000 values.
    """
    form = Schema(schema)
    try:
        references = form.references(DEFINITIONS)
        if len(references) > DEFINITIONS:
            raise Unfillable(f"names more than {DEFINITIONS} definitions")
        sizes = Sizes(form, references)
        least = sizes.of(form.root)
        if least == float("inf"):
            raise Unfillable("contains itself without a way out: it has no value")
        if least > MOST:
            raise Unfillable(f"asks for more than {MOST:,} values, or for a text of more than {MOST:,} characters")
        return _Maker(form, sizes, hints or Hints(), min(MOST - least, SPARE)).value(
            form.root, name, 0, frozenset({"#"})
        )
    except RecursionError:
        raise Unfillable("is nested too deep") from None


class _Maker:
    """Makes one value. `spare`: values that may be made beyond those that are required."""

    def __init__(self, form: Schema, sizes: Sizes, hints: Hints, spare: float) -> None:
        self.form, self.sizes, self.hints, self.spare = form, sizes, hints, spare
        self.taken: set[str] = set()
        self.numbered: Iterator[int] = iter(range(1, 10 * MOST))

    def value(self, schema: Any, name: str, depth: int, opened: frozenset[str]) -> Any:
        """`opened`: the references that this value is made inside of."""
        schema, opened = self._chosen(schema, opened)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            offered = (v for v in schema["enum"] if isinstance(v, str) and v in self.hints.words)
            return next(offered, schema["enum"][0])
        kind = schema.get("type") or self._guess(schema)
        if isinstance(kind, list):
            kind = next((k for k in kind if k != "null"), "null")
        if kind == "object":
            return self._object(schema, name, depth, opened)
        if kind == "array":
            return self._array(schema, name, depth, opened)
        if kind == "string":
            return self._string(schema, name)
        if kind in ("number", "integer"):
            return self._number(schema)
        return {"boolean": True, "null": None}.get(kind, f"example {name}")

    def _guess(self, schema: Mapping[str, Any]) -> str:
        for word, kind in (("properties", "object"), ("items", "array"), ("minimum", "number"), ("maximum", "number")):
            if word in schema:
                return kind
        return "string"

    def _chosen(self, schema: Any, opened: frozenset[str]) -> tuple[Mapping[str, Any], frozenset[str]]:
        """References followed, one of the choices taken."""
        flat: Mapping[str, Any] = self.form.flat(schema)
        for _ in range(CHAIN):
            if "$ref" in flat:
                opened = opened | {flat["$ref"]}
                target = self.form.flat(self.form.found(flat["$ref"]))
                flat = {**target, **{k: v for k, v in flat.items() if k != "$ref"}}
            for word in ("anyOf", "oneOf"):
                if flat.get(word):
                    chosen = self.form.flat(self._choice(flat[word], opened))
                    flat = {**{k: v for k, v in flat.items() if k != word}, **chosen}
            if not {"$ref", "anyOf", "oneOf"} & set(flat):
                break
        return flat, opened

    def _choice(self, offered: list[Any], opened: frozenset[str]) -> Any:
        """The first choice that is not null and does not lead back; else null; else the smallest."""
        for choice in offered:
            null = isinstance(choice, Mapping) and choice.get("type") == "null"
            if not null and not self._leads_back(choice, opened) and self.sizes.of(choice) <= MOST:
                return choice
        nulls = [c for c in offered if isinstance(c, Mapping) and c.get("type") == "null"]
        return nulls[0] if nulls else min(offered, key=self.sizes.of)

    def _leads_back(self, schema: Any, opened: frozenset[str]) -> bool:
        return not opened.isdisjoint(self.form.reached(schema))

    def _affords(self, schema: Any, opened: frozenset[str]) -> bool:
        """Whether a value that is not required may be made; it is paid for here."""
        size = self.sizes.of(schema)
        if self._leads_back(schema, opened) or size > self.spare:
            return False
        self.spare -= size
        return True

    def _object(self, schema: Mapping[str, Any], name: str, depth: int, opened: frozenset[str]) -> dict[str, Any]:
        properties, required = schema.get("properties") or {}, list(schema.get("required") or [])
        wanted, needed = required, set(required)
        if depth < DEEP:
            free = [p for p in properties if p in needed or self._affords(properties[p], opened)]
            wanted = [*free, *(r for r in required if r not in properties)]
        made = {key: self.value(properties.get(key, {}), key, depth + 1, opened) for key in wanted}
        extra = schema.get("additionalProperties")
        for n in range(max((schema.get("minProperties") or 0) - len(made), 0)):
            value = self.value(extra, name, depth + 1, opened) if isinstance(extra, Mapping) else "example"
            made[f"{name}_{n + 1}"] = value
        return made

    def _array(self, schema: Mapping[str, Any], name: str, depth: int, opened: frozenset[str]) -> list[Any]:
        made = [self.value(s, name, depth + 1, opened) for s in schema.get("prefixItems") or []]
        items, size = schema.get("items", {}), max(schema.get("minItems") or 0, len(made))
        if not size and depth < DEEP and schema.get("maxItems") != 0 and self._affords(items, opened):
            size = 1
        choices = self._chosen(items, opened)[0].get("enum") or []
        seen: set[Any] = set()
        while len(made) < size and items is not False:
            n = len(made)
            value = choices[n % len(choices)] if choices else self.value(items, name, depth + 1, opened)
            if schema.get("uniqueItems"):
                while repr(value) in seen and isinstance(value, str | int):
                    value = self._another(value)
                seen.add(repr(value))
            made.append(value)
        return made

    def _another(self, value: str | int) -> str | int:
        """Another value of the same kind."""
        return f"{value} {next(self.numbered)}" if isinstance(value, str) else next(self.numbered)

    def _string(self, schema: Mapping[str, Any], name: str) -> str:
        least, most = schema.get("minLength") or 0, schema.get("maxLength")
        if schema.get("pattern"):
            offered = (t for t in [*self.hints.quoted, *self.hints.named][:OFFERED] if t not in self.taken)
            longest = MOST if most is None else most
            fitting = (t for t in offered if least <= len(t) <= longest and fits(schema["pattern"], t))
            text = next(fitting, None) or matching(schema["pattern"], least)
            self.taken.add(text)
            return text
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]
        text = self.hints.text() or f"example {name.replace('_', ' ')}"
        if least > len(text):
            return (text + " and so on" * (least // 9 + 1))[:least][:most]
        return text[:most]

    def _number(self, schema: Mapping[str, Any]) -> float:
        kinds = schema.get("type")
        whole = "integer" in kinds if isinstance(kinds, list) else kinds == "integer"
        step = schema.get("multipleOf") or (1 if whole else None)
        low, high = _bounds(schema, 1 if whole else 0.5)
        offered = self.hints.number()
        value = offered if offered is not None and (not whole or offered == int(offered)) else 1
        value = min(max(value, low), high)
        if step:
            value = -(-value // step) * step
            value = high // step * step if value > high else value
        return int(value) if whole and value == int(value) else value


def _bounds(schema: Mapping[str, Any], step: float) -> tuple[float, float]:
    """The least and the greatest number; an exclusive bound is left by `step`."""
    low, high = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if isinstance(above, int | float) and not isinstance(above, bool):
        low = max(low, above + step)
    if isinstance(below, int | float) and not isinstance(below, bool):
        high = min(high, below - step)
    if low > high:
        low = high = (schema.get("minimum", above or 0) + schema.get("maximum", below or 0)) / 2
    return low, high
