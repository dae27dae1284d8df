"""The dated tables in data/*.toml, and which of their rows is about a model."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Any


@cache
def load_table(name: str) -> dict[str, Any]:
    """A file of data/, by its name."""
    return tomllib.loads(resources.files(__package__).joinpath("data", name).read_text("utf-8"))


def fits(model: str, patterns: Iterable[str]) -> bool:
    """Whether a model id fits one of these patterns."""
    return any(fnmatchcase(model, pattern) for pattern in patterns)


def row_for(model: str, rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The first row whose `models` a model id fits, or None."""
    return next((row for row in rows if fits(model, row["models"])), None)
