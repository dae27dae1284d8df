"""What is asked of the routing rules: the checked preferences, the account's, the suffix, the request's other fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..endpoint import Endpoint


@dataclass(frozen=True)
class RoutingQuery:
    """`wants`: the checked `provider` object. `account`: account-wide `only`, `ignore`, `zdr`. `suffix`: nitro, floor,
    exacto, free or nothing. `model`: the id asked for; `models`: the fallback list, first model first. `request`: the
    request's other fields."""

    wants: Mapping[str, Any]
    account: Mapping[str, Any]
    suffix: str
    model: str
    models: Sequence[str]
    request: Mapping[str, Any]
    _lowered: dict[int, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def functions(self) -> list[str]:
        """The names of the function tools; server tools are not among them."""
        tools = [t for t in self.request.get("tools") or [] if isinstance(t, Mapping)]
        functions = [t.get("function") for t in tools if t.get("type", "function") == "function"]
        return [str(f.get("name")) if isinstance(f, Mapping) else "" for f in functions]

    def names(self, endpoint: Endpoint, listed: Iterable[str]) -> bool:
        """Whether the list names this endpoint, by its provider's slug, its provider's name or its tag."""
        return not endpoint.names.isdisjoint(self.lowered(listed))

    def lowered(self, names: Iterable[str]) -> frozenset[str]:
        """The names in lower case; a list is gone through once, however many endpoints ask."""
        if id(names) not in self._lowered:
            self._lowered[id(names)] = frozenset(name.strip().lower() for name in names)
        return self._lowered[id(names)]
