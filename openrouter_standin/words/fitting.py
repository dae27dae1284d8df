"""Whether what a local model wrote fits what was asked for: JSON by its schema, a call by its tool."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..output.schema_form import Schema

DEEPEST = 60
KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def fits_schema(text: str, schema: Any) -> bool:
    """Whether a text is JSON that has the types, the choices and the required properties of a schema.

    Lengths, ranges and patterns are not looked at. `schema`: None where any JSON object will do.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) if schema is None else _fits(value, schema, Schema(schema), DEEPEST)


def fits_tool(name: str, arguments: str, functions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a call names a tool that was offered, with arguments that it takes."""
    parameters = next((f.get("parameters") or {} for f in functions if f["name"] == name), None)
    return parameters is not None and fits_schema(arguments, {"type": "object", **parameters})


def _fits(value: Any, schema: Any, root: Schema, left: int) -> bool:
    if not left:
        return False
    rules = root.flat(schema)
    if "$ref" in rules:
        return _fits(value, root.found(rules["$ref"]), root, left - 1)
    kinds = rules.get("type", [])
    if kinds and not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    if "enum" in rules and value not in rules["enum"]:
        return False
    if "const" in rules and value != rules["const"]:
        return False
    choices = rules.get("anyOf") or rules.get("oneOf")
    if choices and not any(_fits(value, choice, root, left - 1) for choice in choices):
        return False
    if isinstance(value, list):
        return "items" not in rules or all(_fits(item, rules["items"], root, left - 1) for item in value)
    return not isinstance(value, dict) or _object_fits(value, rules, root, left)


def _object_fits(value: Mapping[str, Any], rules: Mapping[str, Any], root: Schema, left: int) -> bool:
    known = rules.get("properties") or {}
    if any(name not in value for name in rules.get("required") or ()):
        return False
    if rules.get("additionalProperties") is False and not value.keys() <= known.keys():
        return False
    return all(_fits(value[name], known[name], root, left - 1) for name in value.keys() & known.keys())


def _is(value: Any, kind: str) -> bool:
    """Whether a value has a JSON type; true and false are no numbers, and 2.0 is an integer."""
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, KINDS.get(kind, ())) or (
        kind == "integer" and isinstance(value, float) and value == int(value)
    )
