"""The rules of a family's prompt cache, read from data/prompt_caches.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..tables import load_table, row_for

MINUTES = {"m": 1, "h": 60}
TTL = re.compile(r"([1-9][0-9]{0,3})([mh])")


@dataclass(frozen=True)
class CacheRules:
    """`least`: tokens that a beginning needs. `keep_ms`: nominal milliseconds that it lives after its last use. `mode`: what
    is cached, see data/prompt_caches.toml."""

    least: int
    mode: str
    keep_ms: int


@cache
def rules_for(model: str) -> CacheRules:
    """The rules of a model, by its id in the catalogue."""
    row = row_for(model, load_table("prompt_caches.toml")["cache"])  # its last row fits every model
    return CacheRules(row["least"], row["mode"], milliseconds(row.get("keep", "5m")) or 0)


def milliseconds(ttl: Any) -> int | None:
    """Milliseconds of a lifetime such as "5m" or "1h"; None for anything else."""
    found = TTL.fullmatch(ttl) if isinstance(ttl, str) else None
    return int(found[1]) * MINUTES[found[2]] * 60_000 if found else None
