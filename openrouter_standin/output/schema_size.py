"""How many values the smallest value of a schema has: endless for one that contains itself without a way out.

Counted before anything is made, so that no schema can keep the stand-in busy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .pattern import least_length
from .schema_form import Schema

CHARACTERS = 100
"""So many characters of a text count like one value."""
LONGEST = 10_000
"""Characters of one text at most; a longer one counts as more values than any example may have."""
PASSES = 20
"""How often the sizes of definitions that name each other are worked out, at most. What is not shown to end by then counts
as endless."""


class Sizes:
    """The least number of values for each schema. References are solved together: each is endless until it is shown to
    end, again and again until nothing changes."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._of_reference = dict.fromkeys(["#", *schema.references()], math.inf)
        self._memo: dict[int, float] = {}
        for _ in range(PASSES):
            changed, self._memo = False, {}
            for reference, before in reversed(self._of_reference.items()):  # what is named comes before what names it
                size = self._size(schema.root if reference == "#" else schema.found(reference))
                if size < before:
                    self._of_reference[reference], changed = size, True
            if not changed:
                break
        self._memo = {}

    def of(self, schema: Any) -> float:
        """Values that the smallest value of this schema has; infinite when it has none."""
        if id(schema) not in self._memo:
            self._memo[id(schema)] = self._size(schema)
        return self._memo[id(schema)]

    def _size(self, schema: Any) -> float:
        flat = self.schema.flat(schema)
        if "const" in flat or flat.get("enum"):
            return 1
        elsewhere = [min(map(self.of, flat[word])) for word in ("anyOf", "oneOf") if flat.get(word)]
        if "$ref" in flat:
            elsewhere.append(self._of_reference.get(flat["$ref"], 1))
        return (sum(elsewhere) or 1) + self._inside(flat)

    def _inside(self, flat: Mapping[str, Any]) -> float:
        """What its own fields, items and characters count."""
        required = sum(self.of(flat.get("properties", {}).get(name, {})) for name in flat.get("required") or [])
        extra = max(0, (flat.get("minProperties") or 0) - len(flat.get("required") or []))
        more = flat.get("additionalProperties")
        items = sum(self.of(item) for item in flat.get("prefixItems") or [])
        rest = max(0, (flat.get("minItems") or 0) - len(flat.get("prefixItems") or []))
        if rest:
            items += rest * self.of(flat.get("items", {}))
        length = max(flat.get("minLength") or 0, least_length(flat["pattern"]) if flat.get("pattern") else 0)
        text = length / CHARACTERS if length <= LONGEST else LONGEST * CHARACTERS
        return required + (extra * self.of(more) if extra and isinstance(more, Mapping) else extra) + items + text
