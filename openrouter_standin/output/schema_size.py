"""How many values the smallest value of a schema has: endless for one that contains itself without a way out.

Counted before anything is made, so that no schema can keep the stand-in busy.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

from .pattern import least_length
from .schema_form import Schema

CHARACTERS = 100
"""So many characters of a text count like one value."""
LONGEST = 10_000
"""Characters of one text at most; a longer one counts as more values than any example may have."""
ROUNDS = 20
"""How often each definition is worked out, at most, while those it names change. What is not shown to end by then counts as
endless."""


class Sizes:
    """The least number of values for each schema. References are solved together: each is endless until it is shown to
    end, and is worked out anew when one that it names gets a smaller size."""

    def __init__(self, schema: Schema, references: list[str]) -> None:
        self.schema = schema
        self._of_reference = dict.fromkeys(["#", *references], math.inf)
        self._memo: dict[int, float] = {}
        waiting = deque(reversed(self._of_reference))  # what is named comes before what names it
        left = ROUNDS * len(self._of_reference)
        while waiting and left:
            left, reference, self._memo = left - 1, waiting.popleft(), {}
            size = self._size(schema.root if reference == "#" else schema.found(reference))
            if size < self._of_reference[reference]:
                self._of_reference[reference] = size
                waiting += [r for r in self._of_reference if reference in schema.named_by(r) and r not in waiting]
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
