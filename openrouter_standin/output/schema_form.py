"""The form of a JSON schema: keywords with a wrong value count as absent, references are followed, `allOf` is merged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


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


COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties")
LOWER = ("minimum", "exclusiveMinimum", "minItems", "minLength", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxItems", "maxLength")
MANY = 10**9
"""More than anything may have: counts are cut here, or they would not fit into a float."""
KEYWORDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("enum", "anyOf", "oneOf", "allOf", "prefixItems"), _is_list),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _is_number),
    "multipleOf": lambda v: _is_number(v) and v > 1e-9,
    **dict.fromkeys(COUNTS, _is_count),
    **dict.fromkeys(("pattern", "format", "$ref"), _is_text),
    "properties": _is_map,
    "required": lambda v: _is_list(v) and all(_is_text(name) for name in v),
    "type": lambda v: _is_text(v) or (_is_list(v) and all(_is_text(kind) for kind in v)),
}
"""What each keyword takes. Null and anything else count as absent."""


def sound(schema: Any) -> dict[str, Any]:
    """The schema without the keywords whose value is of a wrong type."""
    given = schema if isinstance(schema, Mapping) else {}
    kept = {k: v for k, v in given.items() if k not in KEYWORDS or KEYWORDS[k](v)}
    return kept | {k: min(kept[k], MANY) for k in COUNTS if k in kept}


class Schema:
    """A schema with its definitions. What is looked up twice is worked out once, so that a schema that names the same
    definition in many places costs no more than one that names it once."""

    def __init__(self, root: Any) -> None:
        self.root = root if isinstance(root, Mapping) else {}
        self._flat: dict[int, dict[str, Any]] = {}
        self._found: dict[str, Any] = {}
        self._reached: dict[int, frozenset[str]] = {}
        self._reached_from: dict[str, frozenset[str]] = {}
        self._named: dict[str, dict[str, None]] = {}

    def found(self, reference: str) -> Any:
        """The schema behind `#/$defs/Name`; empty for a reference that leads nowhere."""
        if reference not in self._found:
            here: Any = self.root
            for step in str(reference).removeprefix("#").strip("/").split("/"):
                if step:
                    here = here.get(step.replace("~1", "/").replace("~0", "~"), {}) if isinstance(here, Mapping) else {}
            self._found[reference] = here if isinstance(here, Mapping) else {}
        return self._found[reference]

    def flat(self, schema: Any) -> dict[str, Any]:
        """The schema without unsound keywords, with the parts of its `allOf` merged into it. References and choices stay."""
        if not isinstance(schema, Mapping):
            return {}
        if id(schema) not in self._flat:
            self._flat[id(schema)] = {}  # what contains itself through allOf adds nothing to itself
            made = sound(schema)
            for part in made.pop("allOf", []):
                inner = self.flat(part)
                target = self.flat(self.found(inner["$ref"])) if "$ref" in inner else {}
                made = _merged(made, {**target, **{k: v for k, v in inner.items() if k != "$ref"}})
            self._flat[id(schema)] = made
        return self._flat[id(schema)]

    def references(self, most: int) -> list[str]:
        """Every reference that can be come to from the root, each after the one that leads to it; more than `most` are not
        looked for."""
        found: dict[str, None] = {}
        waiting: list[Any] = [self.root]
        while waiting and len(found) <= most:
            for reference in _named_in(waiting.pop()):
                if reference not in found and reference != "#":
                    found[reference] = None
                    waiting.append(self.found(reference))
        return list(found)

    def reached(self, schema: Any) -> frozenset[str]:
        """Every reference that can be come to from this part of the schema."""
        if not isinstance(schema, Mapping | list):
            return frozenset()
        if id(schema) not in self._reached:
            found = _named_in(schema)
            self._reached[id(schema)] = frozenset(found).union(*map(self._behind, found))
        return self._reached[id(schema)]

    def _behind(self, reference: str) -> frozenset[str]:
        """Every reference that can be come to from what is behind this one."""
        if reference not in self._reached_from:
            found: dict[str, None] = {}
            waiting = [reference]
            while waiting:
                new = [r for r in self.named_by(waiting.pop()) if r not in found]
                found |= dict.fromkeys(new)
                waiting += new
            self._reached_from[reference] = frozenset(found)
        return self._reached_from[reference]

    def named_by(self, reference: str) -> dict[str, None]:
        """The references that stand in what is behind this one."""
        if reference not in self._named:
            self._named[reference] = _named_in(self.root if reference == "#" else self.found(reference))
        return self._named[reference]


def _named_in(schema: Any) -> dict[str, None]:
    """The references that stand in this part of a schema itself, in an order that is always the same."""
    found: dict[str, None] = {}
    waiting: list[Any] = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, Mapping):
            if isinstance(value.get("$ref"), str):
                found[value["$ref"]] = None
            waiting += [v for k, v in value.items() if k not in ("$defs", "definitions", "enum", "const")]
    return found


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two object schemas as one: properties and required names of both."""
    both = {**one, **other}
    if "properties" in one and "properties" in other:
        both["properties"] = {**one["properties"], **other["properties"]}
    for keys, tighter in ((LOWER, max), (UPPER, min)):
        both |= {key: tighter(one[key], other[key]) for key in keys if key in one and key in other}
    if "required" in one and "required" in other:
        both["required"] = list(dict.fromkeys([*one["required"], *other["required"]]))
    return both
