"""The dated table of what providers refuse, read from data/refusals.toml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import Any

from ..tables import fits, load_table


@dataclass(frozen=True)
class Refusal:
    """One row: the requests that a provider refuses, and what it says then.

    `models`, `but`: patterns of model ids that it holds for, and that it does not. `providers`: display names; empty: all
    that serve these models. `when`: the name of a condition; the row may hold more fields, which the condition reads.
    `raw`: the provider's own words, with `$name` for what the condition found.
    """

    name: str
    models: tuple[str, ...]
    but: tuple[str, ...]
    providers: tuple[str, ...]
    when: str
    status: int
    raw: str
    settings: Mapping[str, Any]

    def holds_for(self, model: str, provider: str) -> bool:
        """Whether this row is about the model at this provider."""
        named = fits(model, self.models) and not fits(model, self.but)
        return named and (not self.providers or provider in self.providers)

    def said(self, found: Mapping[str, Any]) -> str:
        """The provider's words, with what the condition found in them; what it did not find is the row's `example`.

        The words are JSON, so what goes into them is escaped as JSON.
        """
        values = {**self.settings.get("example", {}), **found}
        escaped = {name: json.dumps(str(value), ensure_ascii=False)[1:-1] for name, value in values.items()}
        return Template(self.raw).safe_substitute(escaped)


@cache
def table() -> dict[str, Refusal]:
    """Every row, by its name."""
    return {row["name"]: _refusal(row) for row in load_table("refusals.toml")["refusal"]}


def _refusal(row: dict[str, Any]) -> Refusal:
    lists = {name: tuple(row.get(name, ())) for name in ("models", "but", "providers")}
    fixed = {name: row[name] for name in ("name", "when", "status")}
    return Refusal(**lists, **fixed, raw=row["raw"].strip(), settings=row)
