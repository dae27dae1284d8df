"""What is asked of the routing rules: the checked preferences, the account's, the suffix, the request's other fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RoutingQuery:
    """`wants`: the checked `provider` object. `account`: account-wide `only`, `ignore`, `zdr`. `suffix`: nitro, floor,
    exacto, free or nothing. `models`: the fallback list, first model first. `request`: the request's other fields."""

    wants: Mapping[str, Any]
    account: Mapping[str, Any]
    suffix: str
    models: Sequence[str]
    request: Mapping[str, Any]
    _lowered: dict[int, frozenset[str]] = field(default_factory=dict)

    def lowered(self, names: Iterable[str]) -> frozenset[str]:
        """The names in lower case; a list is gone through once, however many endpoints ask."""
        if id(names) not in self._lowered:
            self._lowered[id(names)] = frozenset(name.strip().lower() for name in names)
        return self._lowered[id(names)]
